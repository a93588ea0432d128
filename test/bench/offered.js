/** Load at a fixed rate, whatever the answers do: what waits behind a slow answer counts from when it was due. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Offered
 * @property {number} begun
 * @property {number} failed       threw
 * @property {number[]} latencies  ms from the moment each was due to its end, of those that did not fail
 * @property {Summary} late        how late this program itself began them (ms): what the machine adds to every latency
 * @property {unknown[]} errors    the first ten
 */

/**
 * Begins `rate` calls a second for `seconds`; resolves when all have ended. `send(i, due)` gets the moment it was due, by
 * `performance.now()`.
 * @param {{ rate: number, seconds: number, send: (i: number, due: number) => Promise<unknown> }} given
 * @returns {Promise<Offered>}
 */
export async function offered({ rate, seconds, send }) {
  const total = Math.round(rate * seconds);
  const gap = 1_000 / rate;
  const from = performance.now();
  const latencies = /** @type {number[]} */ ([]);
  const late = /** @type {number[]} */ ([]);
  const errors = /** @type {unknown[]} */ ([]);
  const running = /** @type {Promise<void>[]} */ ([]);
  let failed = 0;
  const one = async (/** @type {number} */ i, /** @type {number} */ due) => {
    try {
      await send(i, due);
      latencies.push(performance.now() - due);
    } catch (error) {
      failed += 1;
      if (errors.length < 10) errors.push(error);
    }
  };
  for (let i = 0; i < total; ) {
    const now = performance.now();
    for (; i < total && from + i * gap <= now; i += 1) {
      late.push(now - (from + i * gap));
      running.push(one(i, from + i * gap));
    }
    if (i < total) await sleep(Math.max(0, from + i * gap - performance.now()));
  }
  await Promise.all(running);
  return { begun: total, failed, latencies, late: summaryOf(late), errors };
}

/** The value below which `p` of a hundred lie (nearest rank). @param {readonly number[]} sorted rising @param {number} p */
export function percentile(sorted, p) {
  if (sorted.length === 0) throw new RangeError('nothing was measured');
  return Number(sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]);
}

/** @typedef {{ count: number, p50: number, p90: number, p99: number, max: number }} Summary */

/** @param {readonly number[]} values ms @returns {Summary} to a hundredth */
export function summaryOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ p) => Math.round(percentile(sorted, p) * 100) / 100;
  return { count: sorted.length, p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}
