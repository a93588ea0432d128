/** The promises that have a run of their own, by their numbers; the README says which test keeps the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from '../../../tools/real/cache.js';
import { brokerAway, databaseRestarts, hangs, orderlyStops } from './away.js';
import { clockJumps, collectorHangs, diskFull } from './ground-changes.js';
import { overload } from './load.js';
import { poisonScene } from './poison.js';
import { restored } from './restore.js';
import { roll } from './roll.js';

/** @typedef {import('../run.js').Options} Options */
/**
 * @typedef {object} Promised
 * @property {string} vi
 * @property {string} en
 * @property {readonly [small: number, full: number]} sizes  the smallest that shows it, and the one that is promised
 * @property {string} unit                                   Vietnamese / English
 * @property {(size: number) => Partial<Options>} [options]
 * @property {(size: number) => import('../run.js').Scene} [scene]
 */

/** Of a scene: a steady stream, no blows but those it asks for. @type {Options} */
const QUIET = { transport: 'kafka', seed: 42, kills: 0, freezes: 0, terms: 0, restarts: 0, quietMs: 3_000, rate: 30, workers: 12, drainMs: 180_000, repeats: 1_000 };
/** Whoever is not answered for so long will not be. */
const SILENT_MS = 60_000;
const TIMES = 'lần / times';
const SECONDS = 'giây / seconds';

/** @type {Record<string, Promised>} */
export const PROMISES = {
  R4: { vi: 'gửi lại cùng khoá, cùng lúc và qua sự cố', en: 'the same key again, at once and across crashes', sizes: [500, 10_000], unit: 'khoá / keys', options: (keys) => ({ twinEvery: 1, kills: Math.ceil(keys / 100), quietMs: 2_000, rate: 20, repeats: 10_000 }), scene: sameKey },
  R5: { vi: 'sự kiện hỏng mười hai kiểu không giữ ai lại', en: 'twelve kinds of poison hold nobody back', sizes: [2_400, 50_000], unit: 'sự kiện, 1 % hỏng / events, 1 % poison', options: () => ({ rate: 60, workers: 24 }), scene: poisonScene },
  R6: { vi: 'bên chuyển sự kiện vắng mặt', en: 'the broker is away', sizes: [60, 300], unit: SECONDS, scene: brokerAway },
  R7: { vi: 'cơ sở dữ liệu khởi động lại', en: 'the database restarts', sizes: [5, 50], unit: TIMES, options: (restarts) => ({ restarts }), scene: databaseRestarts },
  R8: { vi: 'đĩa của cơ sở dữ liệu đầy', en: 'the disk of the database is full', sizes: [15, 30], unit: SECONDS, scene: (seconds) => diskFull('postgres', seconds) },
  'R8-broker': { vi: 'đĩa của bên chuyển đầy', en: 'the disk of the broker is full', sizes: [15, 30], unit: SECONDS, scene: (seconds) => diskFull('kafka', seconds) },
  R9: { vi: 'đồng hồ nhảy', en: 'the clock jumps', sizes: [5, 15], unit: 'giây mỗi lần nhảy, tám lần / seconds after each of eight jumps', scene: clockJumps },
  R10: { vi: 'từ bản N lên N+1 rồi về N dưới tải', en: 'from version N to N+1 and back under load', sizes: [1, 1], unit: TIMES, scene: roll },
  R11: { vi: 'tiến trình ngủ rồi thức dậy (SIGSTOP)', en: 'zombies (SIGSTOP)', sizes: [6, 100], unit: TIMES, options: (freezes) => ({ freezes }) },
  R12: { vi: 'quá tải mười lần', en: 'ten times the load', sizes: [30, 60], unit: SECONDS, scene: overload },
  R13: { vi: 'thứ nó dựa vào treo', en: 'what it stands on hangs', sizes: [30, 60], unit: SECONDS, scene: hangs },
  R14: { vi: 'dừng êm dưới tải (SIGTERM)', en: 'orderly stops under load (SIGTERM)', sizes: [20, 200], unit: TIMES, options: (terms) => ({ terms, quietMs: 500 }), scene: orderlyStops },
  R16: { vi: 'mất hết rồi khôi phục đến một thời điểm', en: 'all is lost and put back to an instant', sizes: [10, 60], unit: 'giây mỗi đoạn / seconds of each part', scene: restored },
  R19: { vi: 'nơi nhận vết treo', en: 'the collector of traces hangs', sizes: [4, 20], unit: 'lần SIGTERM / SIGTERMs', options: (terms) => ({ terms }), scene: collectorHangs },
};

/** R4: the kills of the plan, then on until so many keys have been answered. @param {number} keys @returns {import('../run.js').Scene} */
function sameKey(keys) {
  return {
    play: async ({ client, sight, plan }) => {
      await plan();
      while (client.acknowledged < keys && performance.now() - client.latest.at < SILENT_MS) await sleep(500);
      sight.least('khoá, mỗi khoá gửi 2–5 lần cùng lúc / keys, each sent 2 to 5 times at once', client.acknowledged, keys);
      sight.most('trả lời không giống nhau / answers that differ', client.counts.parted.length, 0);
    },
  };
}

/**
 * @param {string} name
 * @param {{ times?: number | undefined, full?: boolean, transport?: 'kafka' | 'local' }} how `times` is a size of its own
 */
export function promiseNamed(name, { times, full = false, transport = 'kafka' } = {}) {
  const promised = PROMISES[name];
  if (promised === undefined) throw new PartError(`Không có lời hứa / there is no promise "${name}": ${Object.keys(PROMISES).join(', ')}.`);
  const { vi, en, sizes, unit, options, scene } = promised;
  const size = times ?? sizes[full ? 1 : 0];
  /** @type {Options} */
  const sized = { ...QUIET, ...options?.(size), transport, promise: name };
  return { promise: name, vi, en, unit, size, full: size >= sizes[1], options: sized, scene: scene?.(size) };
}
