/** The promises that have a run of their own, by their numbers; the README says which test keeps the others. */
import { PartError } from '../../../tools/real/cache.js';
import { brokerAway, databaseRestarts, hangs, orderlyStops } from './away.js';
import { clockJumps, collectorHangs, diskFull } from './ground-changes.js';
import { overload, roll } from './load.js';
import { poisonScene } from './poison.js';

/** Of a scene: a steady stream, no blows but those it asks for. @type {import('../run.js').Options} */
const QUIET = { transport: 'kafka', seed: 42, kills: 0, freezes: 0, terms: 0, restarts: 0, quietMs: 3_000, rate: 30, workers: 12, drainMs: 180_000, repeats: 1_000 };

/** @typedef {{ vi: string, en: string, sizes?: Partial<import('../run.js').Options>, scene?: (seconds: number) => import('../run.js').Scene, seconds: number }} Promised */

/** @type {Record<string, Promised>} */
export const PROMISES = {
  R4: { vi: 'gửi lại cùng khoá, cùng lúc và qua sự cố', en: 'the same key again, at once and across crashes', sizes: { twinEvery: 1, kills: 20, quietMs: 1_500, rate: 15, repeats: 10_000 }, seconds: 0 },
  R5: { vi: 'sự kiện hỏng mười hai kiểu', en: 'twelve kinds of poison', scene: poisonScene, seconds: 60 },
  R6: { vi: 'bên chuyển sự kiện vắng mặt', en: 'the broker is away', scene: brokerAway, seconds: 60 },
  R7: { vi: 'khởi động lại cơ sở dữ liệu', en: 'restarts of the database', sizes: { restarts: 5 }, scene: databaseRestarts, seconds: 0 },
  R8: { vi: 'đĩa của cơ sở dữ liệu đầy', en: 'the disk of the database is full', scene: (seconds) => diskFull('postgres', seconds), seconds: 15 },
  'R8-broker': { vi: 'đĩa của bên chuyển đầy', en: 'the disk of the broker is full', scene: (seconds) => diskFull('kafka', seconds), seconds: 15 },
  R9: { vi: 'đồng hồ nhảy', en: 'clock jumps', scene: clockJumps, seconds: 5 },
  R10: { vi: 'khởi động lại lần lượt dưới tải', en: 'a roll through all processes under load', scene: roll, seconds: 0 },
  R11: { vi: 'SIGSTOP rồi SIGCONT', en: 'zombies', sizes: { freezes: 6 }, seconds: 0 },
  R12: { vi: 'quá tải mười lần', en: 'ten times the load', scene: overload, seconds: 30 },
  R13: { vi: 'phụ thuộc treo', en: 'what it stands on hangs', scene: hangs, seconds: 30 },
  R14: { vi: 'dừng êm dưới tải', en: 'orderly stops under load', sizes: { terms: 20, quietMs: 1_500 }, scene: orderlyStops, seconds: 0 },
  R19: { vi: 'nơi nhận vết treo', en: 'the collector hangs', sizes: { terms: 4, quietMs: 5_000 }, scene: collectorHangs, seconds: 0 },
};

/**
 * @param {string} name
 * @param {number | undefined} times how often, or for how many seconds; the small size without it
 * @param {'kafka' | 'local'} [transport]
 * @returns {{ vi: string, en: string, options: import('../run.js').Options, scene: import('../run.js').Scene | undefined }}
 */
export function promiseNamed(name, times, transport = 'kafka') {
  const promised = PROMISES[name];
  if (promised === undefined) throw new PartError(`Không có lời hứa / there is no promise "${name}": ${Object.keys(PROMISES).join(', ')}.`);
  const { vi, en, sizes = {}, scene, seconds } = promised;
  const counted = /** @type {('kills' | 'freezes' | 'terms' | 'restarts')[]} */ (['kills', 'freezes', 'terms', 'restarts']).filter((kind) => sizes[kind] !== undefined);
  const sized = times === undefined || seconds > 0 ? {} : Object.fromEntries(counted.map((kind) => [kind, times]));
  return { vi, en, options: { ...QUIET, ...sizes, ...sized, transport }, scene: scene?.(seconds > 0 ? (times ?? seconds) : seconds) };
}
