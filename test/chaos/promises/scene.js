/** What scenes have in common: waiting, watching how old the newest fact is at the warehouse, judging. */
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('../run.js').Stage} Stage */

/**
 * @typedef {object} Promised
 * @property {string} vi
 * @property {string} en
 * @property {Partial<import('../run.js').Options>} options  against the sizes of a scene
 * @property {import('../run.js').Scene} [scene]
 */

const LOOK_MS = 20;
const BETWEEN_MS = 200;
const PATIENCE_MS = 60_000;

/**
 * Measures until told to stop: from an acknowledgement to its version in the warehouse, one command at a time.
 * @param {Stage} stage
 * @returns {{ stop: () => Promise<number[]> }} milliseconds, sorted
 */
export function watchLag({ client, read }) {
  let over = false;
  /** @type {number[]} */
  const seen = [];
  const running = (async () => {
    while (!over) {
      const { d, v, at } = client.latest;
      if (d !== '' && (await arrives(read('warehouse'), d, v))) seen.push(performance.now() - at);
      await sleep(BETWEEN_MS);
    }
  })();
  const stop = async () => {
    over = true;
    await running;
    return seen.sort((a, b) => a - b);
  };
  return { stop };
}

/** @param {import('../facts.js').Read} read @param {string} d @param {number} v */
async function arrives(read, d, v) {
  const ends = performance.now() + PATIENCE_MS;
  while (performance.now() < ends) {
    const rows = await read('chaos-arrived', 'SELECT 1 AS n FROM record_history WHERE dataset = $1 AND key = $2 AND version = $3', ['dossiers', d, v]).catch(() => []);
    if (rows.length > 0) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/** The value below which `share` of the sorted numbers lie. @param {readonly number[]} sorted @param {number} share */
export function quantile(sorted, share) {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
}

/** A sentence when it is not so. @param {boolean} holds @param {string} otherwise @returns {string[]} */
export function must(holds, otherwise) {
  return holds ? [] : [otherwise];
}

/** What was counted while something was done. @param {import('../client.js').Client} client @param {() => Promise<unknown>} work */
export async function during(client, work) {
  const { acknowledged } = client;
  const { shed, failed } = client.counts;
  client.longestGapMs = 0;
  client.took = [];
  const began = performance.now();
  await work();
  return {
    p99: quantile(client.took.sort((a, b) => a - b), 0.99),
    acknowledged: client.acknowledged - acknowledged,
    shed: client.counts.shed - shed,
    failed: client.counts.failed - failed,
    gapMs: Math.round(Math.max(client.longestGapMs, performance.now() - Math.max(client.latest.at, began))),
  };
}

/** How long until the next command is acknowledged, NaN when none is. @param {import('../client.js').Client} client @param {number} limitMs */
export async function untilAcknowledged(client, limitMs) {
  const began = performance.now();
  const before = client.acknowledged;
  while (client.acknowledged === before) {
    if (performance.now() - began > limitMs) return Number.NaN;
    await sleep(LOOK_MS);
  }
  return Math.round(performance.now() - began);
}

/** @param {import('../run.js').End} end */
export function noneDied({ ground }) {
  return ground.instances.flatMap(({ died }) => died).map((one) => `ended by itself: ${one}`);
}
