/** The other end of writer-main.js: a service as a process of its own. */
import { fork } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ begun: number, late: import('../offered.js').Summary, due: number[], committed: number[] }} PacedDone */
/**
 * @typedef {object} Writer
 * @property {number} pid
 * @property {(what: { rate: number, seconds: number, from: number }) => Promise<PacedDone>} paced
 * @property {(what: { count: number, from: number, chunk: number }) => Promise<{ ended: number }>} bulk
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ name: string, dir: string, database: import('../../../tools/real/postgres.js').ServiceDatabase | undefined, kafka?: string }} given
 * @returns {Promise<Writer>}
 */
export async function startWriter({ name, dir, database, kafka }) {
  const log = join(dir, `${name}.log`);
  const out = openSync(log, 'a', 0o600);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(join(import.meta.dirname, 'writer-main.js'), [JSON.stringify({ ...database, kafka })], { cwd: dir, env: { ...env, OTEL_TRACES_EXPORTER: 'none' }, stdio: ['ignore', out, out, 'ipc'], execArgv: execArgv() });
  closeSync(out);
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve, reject) => {
    child.on('message', (/** @type {{ ready?: true, id: number, value?: unknown, error?: string }} */ said) => {
      if (said.ready) return resolve(undefined);
      const one = asked.get(said.id);
      asked.delete(said.id);
      if (said.error === undefined) one?.resolve(said.value);
      else one?.reject(new Error(`${name}: ${said.error}`));
    });
    child.once('exit', (code) => {
      const error = new Error(`${name} ended (${code})\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
      reject(error);
      for (const one of asked.values()) one.reject(error);
    });
  });
  await ready;
  let last = 0;
  const ask = (/** @type {object} */ what) =>
    new Promise((resolve, reject) => {
      last += 1;
      asked.set(last, { resolve, reject });
      child.send({ id: last, ...what });
    });
  return {
    pid: child.pid ?? 0,
    paced: (what) => /** @type {Promise<PacedDone>} */ (ask({ paced: what })),
    bulk: (what) => /** @type {Promise<{ ended: number }>} */ (ask({ bulk: what })),
    stop: async () => {
      // It ends by itself then, and its profile is written.
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** A profile of the service is written into this folder when one is named. */
function execArgv() {
  const folder = process.env.QUANSO_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
