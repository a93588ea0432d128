/**
 * Puts the databases of charts/datastores back to an instant, all of them, in the one order that is right: the platform is
 * stopped, the server goes back and stays closed, the broker's log is cut, the services are told, the platform comes up.
 *
 *     node tools/charts/restore.js --to 2026-11-26T10:00:00+07:00 --incident flood       what it would do; changes nothing
 *     … --confirm 2026-11-26T10:00:00+07:00                                              does it
 *
 * Node built-ins and kubectl alone. The same command again goes on where one that was interrupted ended.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askedFor, BEFORE, elsewhereOf, pausedOf, readState, WRONG } from './restore.rules.js';

const PATIENCE_MS = 3_600_000;
const STOP_MS = 120_000;
const LOOK_MS = 2_000;

/** @typedef {ReturnType<typeof askedFor>} Asked */

/** @param {Asked} asked */
async function main(asked) {
  const cluster = clusterOf(asked);
  const elsewhere = elsewhereOf(JSON.parse(cluster.kubectl(asked.namespace, 'get', 'secret', '-o', 'json')).items, asked.datastores);
  if (elsewhere.length > 0) throw new Error(`${WRONG.elsewhere} ${elsewhere.join(', ')}`);
  // One that did not come to its instant is asked again, for the same or for another.
  const state = await cluster.until('postgres-0', (one) => one, { mayHaveFailed: true });
  for (const base of state.bases) console.log(`base ${base}`);
  if (!asked.confirmed) throw new Error(`${WRONG.unconfirmed} --confirm ${asked.given}`);
  const began = performance.now();
  if (!state.done.includes(asked.incident)) {
    await cluster.pause();
    // Asked once: the server may be on its way already.
    if (state.asked !== asked.incident) console.log(cluster.exec('postgres-0', '/restore', 'ask', asked.to, asked.incident, asked.to).trim());
    cluster.kubectl(asked.datastores, 'delete', 'pod', 'postgres-0', '--wait=true');
    await cluster.until('postgres-0', ({ closed }) => closed !== undefined);
  }
  const { closed } = await cluster.until('postgres-0', (one) => one);
  if (closed !== undefined) {
    if (closed.incident !== asked.incident) throw new Error(`${WRONG.other} ${closed.incident}`);
    await cluster.pause();
    console.log(cluster.exec('kafka-0', '/cut', closed.to).trim());
    console.log(cluster.exec('postgres-0', '/restore', 'open').trim());
  }
  cluster.resume();
  // The bases from before lead to the time that was given up.
  const backup = `postgres-backup-${asked.incident}`;
  if (cluster.kubectl(asked.datastores, 'get', 'job', backup, '--ignore-not-found', '-o', 'name').trim() === '') cluster.kubectl(asked.datastores, 'create', 'job', backup, '--from=cronjob/postgres-backup');
  console.log(`Xong / done: ${Math.round((performance.now() - began) / 1_000)} s. /restore forget: ${WRONG.forget}`);
}

/** @param {Asked} asked */
function clusterOf({ namespace, datastores, kubectl: program }) {
  const kubectl = (/** @type {string} */ place, /** @type {string[]} */ ...args) => execFileSync(program, ['-n', place, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const exec = (/** @type {string} */ pod, /** @type {string[]} */ ...words) => kubectl(datastores, 'exec', pod, '--', ...words);
  const places = /** @type {const} */ ([[namespace, 'app.kubernetes.io/part-of=quan-so'], [datastores, 'app.kubernetes.io/name=keycloak']]);
  const gone = async (/** @type {string} */ place, /** @type {string} */ label) => {
    const running = () => kubectl(place, 'get', 'pod', '-l', label, '--field-selector', 'status.phase=Running', '-o', 'name').trim();
    for (const ends = performance.now() + STOP_MS; running() !== ''; await sleep(LOOK_MS)) if (performance.now() > ends) throw new Error(`${WRONG.running} ${running()}`);
  };
  const deployments = (/** @type {string} */ place, /** @type {string} */ label) => /** @type {{ items: import('./restore.rules.js').Deployment[] }} */ (JSON.parse(kubectl(place, 'get', 'deployment', '-l', label, '-o', 'json'))).items;
  return {
    kubectl,
    exec,
    /** Who stands still is remembered on itself, so that a second command knows it. */
    pause: async () => {
      for (const [place, label] of places) {
        for (const { name, replicas } of pausedOf(deployments(place, label))) {
          kubectl(place, 'annotate', 'deployment', name, `${BEFORE}=${replicas}`, '--overwrite');
          kubectl(place, 'scale', 'deployment', name, '--replicas=0');
        }
        await gone(place, label);
      }
    },
    resume: () => {
      for (const [place, label] of places.toReversed()) {
        const waiting = deployments(place, label).filter(({ metadata }) => metadata.annotations?.[BEFORE] !== undefined);
        for (const { metadata } of waiting) {
          kubectl(place, 'scale', 'deployment', metadata.name, `--replicas=${metadata.annotations?.[BEFORE]}`);
          kubectl(place, 'annotate', 'deployment', metadata.name, `${BEFORE}-`);
        }
        for (const { metadata } of waiting) kubectl(place, 'rollout', 'status', 'deployment', metadata.name, '--timeout=600s');
      }
    },
    /** The state of the server once it can be asked and `holds`. @param {string} pod @param {(state: import('./restore.rules.js').State) => unknown} holds @param {{ mayHaveFailed?: boolean }} [options] */
    until: async (pod, holds, { mayHaveFailed = false } = {}) => {
      for (const ends = performance.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
        try {
          const state = readState(execFileSync(program, ['-n', datastores, 'exec', pod, '--', '/restore', 'state'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
          if (state.failed !== undefined && !mayHaveFailed) throw new Error(`${WRONG.failed} ${state.failed}: kubectl -n ${datastores} logs ${pod}`);
          if (holds(state)) return state;
        } catch (error) {
          // A pod on its way up answers nothing yet.
          if (!(error instanceof Error && 'status' in error) || performance.now() > ends) throw error;
        }
      }
    },
  };
}

try {
  await main(askedFor(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
