/** What scenes have in common: waiting, counting, watching how old the newest fact is at the warehouse. */
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('../run.js').Stage} Stage */

/** What several promises look at. */
export const WORDS = {
  acknowledged: 'lệnh được xác nhận trong lúc đó / commands acknowledged meanwhile',
  failed: '5xx ngoài 503 / 5xx other than 503',
  shed: 'trả lời 503 hoặc 429 / answers 503 or 429',
  gap: 'lâu nhất không ai được trả lời, ms / longest time without an answer, ms',
  cut: 'yêu cầu không có trả lời / requests without an answer',
  turned: 'kết nối bị từ chối, tiến trình kế trả lời / connections refused, the next process answered',
  back: 'lệnh đầu tiên được xác nhận sau đó, ms / first command acknowledged after it, ms',
};

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

/** What was counted while something was done. @param {import('../client.js').Client} client @param {() => Promise<unknown>} work */
export async function during(client, work) {
  const { acknowledged } = client;
  const before = { ...client.counts, why: { ...client.counts.why } };
  client.longestGapMs = 0;
  client.took = [];
  const began = performance.now();
  await work();
  return {
    p99: quantile(client.took.sort((a, b) => a - b), 0.99),
    acknowledged: client.acknowledged - acknowledged,
    sent: client.counts.sent - before.sent,
    shed: client.counts.shed - before.shed,
    failed: client.counts.failed - before.failed,
    cut: client.counts.cut - before.cut,
    turned: client.counts.turned - before.turned,
    why: Object.entries(client.counts.why).map(([code, count]) => /** @type {const} */ ([code, count - (before.why[code] ?? 0)])).filter(([, count]) => count > 0),
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
