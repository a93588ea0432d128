/** R6, R7, R13, R14: what stands below or beside is away, slow, or told to stop. */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk } from '../../../tools/real/process.js';
import { during, must, noneDied, untilAcknowledged } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */
/** @typedef {import('../run.js').Scene} Scene */

/** R6. @param {number} seconds @returns {Scene} */
export function brokerAway(seconds) {
  const least = 15;
  return {
    play: async ({ ground: { kafka }, client, tell }) => {
      if (kafka === undefined) return ['there is no broker: --transport kafka'];
      await sleep(5_000);
      process.kill(kafka.pid(), 'SIGKILL');
      const seen = await during(client, () => sleep(seconds * 1_000));
      await kafka.again();
      tell(`broker away ${seconds} s: acknowledged ${seen.acknowledged}, 503 ${seen.shed}, other 5xx ${seen.failed}, longest without an answer ${seen.gapMs} ms`);
      return [...must(seen.acknowledged > seconds, `only ${seen.acknowledged} acknowledged`), ...must(seen.shed + seen.failed === 0, `refused ${seen.shed + seen.failed}`)];
    },
    judge: (end) => {
      const limit = Math.max(least, seconds / 4);
      end.tell(`drained in ${end.drainSeconds} s`);
      return [...must(end.drainSeconds <= limit, `drained in ${end.drainSeconds} s, promised ${limit} s`), ...noneDied(end)];
    },
  };
}

/** R7: the plan's restarts; between two answers lie ten seconds at most. @returns {Scene} */
export function databaseRestarts() {
  return {
    judge: (end) => {
      end.tell(`longest without an answer ${Math.round(end.client.longestGapMs)} ms, database back in ${end.striker.struck.slowestDatabaseMs} ms at most`);
      return [...must(end.client.longestGapMs <= 10_000, `${Math.round(end.client.longestGapMs)} ms without an answer`), ...noneDied(end)];
    },
  };
}

/** R14: the plan's SIGTERMs. @returns {Scene} */
export function orderlyStops() {
  return {
    judge: (end) => {
      const { again, sent, failed } = end.client.counts;
      end.tell(`of ${sent} requests ${again} were sent again`);
      return [...must(failed === 0, `${failed} answers 5xx other than 503`), ...noneDied(end)];
    },
  };
}

/** R13: the broker hangs (not gone: silent), then the database does. @param {number} seconds @returns {Scene} */
export function hangs(seconds) {
  return {
    play: async (stage) => [...(await brokerHangs(stage, seconds)), ...(await databaseHangs(stage, seconds))],
    judge: noneDied,
  };
}

/** @param {Stage} stage @param {number} seconds */
async function brokerHangs({ ground: { kafka }, client, tell }, seconds) {
  if (kafka === undefined) return [];
  const pid = kafka.pid();
  process.kill(pid, 'SIGSTOP');
  const seen = await during(client, () => sleep(seconds * 1_000)).finally(() => process.kill(pid, 'SIGCONT'));
  tell(`broker silent ${seconds} s: acknowledged ${seen.acknowledged}, 503 ${seen.shed}, longest without an answer ${seen.gapMs} ms`);
  return [...must(seen.shed + seen.failed === 0, `broker silent: refused ${seen.shed + seen.failed}`), ...must(seen.gapMs <= 2_000, `broker silent: ${seen.gapMs} ms without an answer`)];
}

/** @param {Stage} stage @param {number} seconds */
async function databaseHangs({ ground, client, tell }, seconds) {
  const pids = [ground.postgres.pid(), ...childrenOf(ground.postgres.pid())];
  for (const pid of pids) signal(pid, 'SIGSTOP');
  const probe = { slowest: 0, unanswered: 0 };
  const seen = await during(client, () => probeLive(ground.bases(), seconds, probe)).finally(() => {
    for (const pid of pids) signal(pid, 'SIGCONT');
  });
  const back = await untilAcknowledged(client, 15_000);
  tell(`database silent ${seconds} s: 503 ${seen.shed}, other 5xx ${seen.failed}, /health/live slowest ${probe.slowest} ms; acknowledged again after ${back} ms`);
  return [
    ...must(seen.failed === 0, `database silent: ${seen.failed} answers 5xx other than 503`),
    ...must(probe.unanswered === 0 && probe.slowest <= 1_000, `database silent: /health/live ${probe.slowest} ms, unanswered ${probe.unanswered}`),
    ...must(back <= 10_000, `database silent: first acknowledged ${back} ms after`),
  ];
}

/** A route that needs no database must stay quick. @param {readonly string[]} bases @param {number} seconds @param {{ slowest: number, unanswered: number }} probe */
async function probeLive(bases, seconds, probe) {
  for (const ends = Date.now() + seconds * 1_000; Date.now() < ends; await sleep(200)) {
    for (const base of bases) {
      const began = performance.now();
      if (!(await answersOk(`${base}/health/live`))) probe.unanswered += 1;
      probe.slowest = Math.max(probe.slowest, Math.round(performance.now() - began));
    }
  }
}

/** @param {number} parent */
function childrenOf(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => parentOf(pid) === parent);
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop()?.trim().split(' ')[1]);
  } catch {
    return 0;
  }
}

/** @param {number} pid @param {NodeJS.Signals} name */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // A backend that ended meanwhile.
  }
}
