/** R6, R7, R13, R14: what stands below or beside is away, slow, or told to stop. */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk } from '../../../tools/real/process.js';
import { during, untilAcknowledged, WORDS } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */
/** @typedef {import('../run.js').Scene} Scene */

/** A drain of seconds says nothing about its speed. */
const LEAST_DRAIN_SECONDS = 15;
const BACK_MS = 10_000;

/** R6. @param {number} seconds @returns {Scene} */
export function brokerAway(seconds) {
  return {
    play: async ({ ground, client, sight }) => {
      const kafka = brokerOf(ground);
      await sleep(5_000);
      process.kill(kafka.pid(), 'SIGKILL');
      const seen = await during(client, () => sleep(seconds * 1_000));
      await kafka.again();
      sight.least(WORDS.acknowledged, seen.acknowledged, seconds);
      sight.most('bị từ chối / refused (5xx, 429)', seen.shed + seen.failed, 0);
      sight.tell(WORDS.gap, seen.gapMs);
    },
    judge: ({ sight, drainSeconds }) => sight.most('tiêu hết hàng đợi, giây / drained, s', drainSeconds, Math.max(LEAST_DRAIN_SECONDS, seconds / 4)),
  };
}

/** R7: the plan's restarts; between two answers lie ten seconds at most. @returns {Scene} */
export function databaseRestarts() {
  return {
    play: async ({ client, sight, plan, striker }) => {
      const seen = await during(client, plan);
      sight.most(WORDS.gap, seen.gapMs, BACK_MS);
      sight.most(WORDS.failed, seen.failed, 0);
      sight.tell('cơ sở dữ liệu trở lại, ms / the database listens again, ms', striker.struck.slowestDatabaseMs);
    },
  };
}

/**
 * R14: the plan's SIGTERMs. A request has failed when it was answered 5xx or not at all; a connection that was refused
 * carried none, and whoever stands in front asks the next process at once.
 * @returns {Scene}
 */
export function orderlyStops() {
  return {
    play: async ({ client, sight, plan }) => {
      const seen = await during(client, plan);
      const lost = seen.cut + seen.failed + seen.shed;
      sight.most('yêu cầu hỏng khi không gửi lại, % / requests failed without sending again, %', Math.round((1_000_000 * lost) / seen.sent) / 10_000, 0.01);
      sight.tell('yêu cầu / requests', seen.sent);
      for (const [code, count] of seen.why) sight.tell(code, count);
      sight.most(WORDS.failed, seen.failed, 0);
      sight.tell(WORDS.turned, seen.turned);
    },
  };
}

/** R13: the broker hangs (not gone: silent), then the database does. @param {number} seconds @returns {Scene} */
export function hangs(seconds) {
  return {
    play: async (stage) => {
      await brokerHangs(stage, seconds);
      await databaseHangs(stage, seconds);
    },
  };
}

/** @param {Stage} stage @param {number} seconds */
async function brokerHangs({ ground, client, sight }, seconds) {
  const pid = brokerOf(ground).pid();
  process.kill(pid, 'SIGSTOP');
  const seen = await during(client, () => sleep(seconds * 1_000)).finally(() => process.kill(pid, 'SIGCONT'));
  sight.most('bên chuyển im lặng: bị từ chối / broker silent: refused', seen.shed + seen.failed, 0);
  sight.most('bên chuyển im lặng: lâu nhất không trả lời, ms / broker silent: longest without an answer, ms', seen.gapMs, 2_000);
}

/** @param {Stage} stage @param {number} seconds */
async function databaseHangs({ ground, client, sight }, seconds) {
  const pids = [ground.postgres.pid(), ...childrenOf(ground.postgres.pid())];
  for (const pid of pids) signal(pid, 'SIGSTOP');
  const probe = { slowest: 0, unanswered: 0 };
  const seen = await during(client, () => probeLive(ground.bases(), seconds, probe)).finally(() => {
    for (const pid of pids) signal(pid, 'SIGCONT');
  });
  const back = await untilAcknowledged(client, 15_000);
  sight.most(WORDS.failed, seen.failed, 0);
  sight.tell(WORDS.shed, seen.shed);
  sight.most('/health/live không trả lời / unanswered', probe.unanswered, 0);
  sight.most('/health/live chậm nhất, ms / slowest, ms', probe.slowest, 1_000);
  sight.most(WORDS.back, back, BACK_MS);
}

/** @param {import('../ground.js').Ground} ground */
export function brokerOf({ kafka }) {
  if (kafka === undefined) throw new Error('there is no broker: --transport kafka');
  return kafka;
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
