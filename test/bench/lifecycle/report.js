/** What the rounds of a scene of lives say: pure. */
import { PEERS } from '../parts.js';
import { spreadText } from '../result.js';
import { ratioOf, valueOf } from '../rounds.js';

/** @typedef {import('./lifecycle.js').Shown} Shown */
/** @typedef {import('../rounds.js').Round<Shown>} Round */

const HOUSE = 'house';
const TYPEORM = /** @type {const} */ (['typeorm-express', 'typeorm-fastify']);
const ENGINE = 'operaton';
const SIDES = [HOUSE, ...TYPEORM, ENGINE];

/** CPU of a life (µs): its process and its PostgreSQL. @param {Shown} shown */
export const whole = ({ lives, cpu }) => (cpu.node + cpu.postgres) / lives;
/** @param {Shown} shown */
const process = ({ lives, cpu }) => cpu.node / lives;
/** @param {Shown} shown */
const database = ({ lives, cpu }) => cpu.postgres / lives;

/** @param {readonly Round[]} rounds @param {import('./lifecycle.js').Sizes} sizes @returns {import('../scenes.js').Report} */
export function reportOf(rounds, sizes) {
  const ratio = (/** @type {string} */ side, /** @type {(shown: Shown) => number} */ pick) => ratioOf(rounds, side, HOUSE, pick);
  const ratios = [...TYPEORM, ENGINE].flatMap((side) => [
    { vi: `${side} so với ta, CPU cả thảy`, en: `${side} to ours, CPU in all`, spread: ratio(side, whole) },
    { vi: `${side} so với ta, tiến trình`, en: `${side} to ours, process`, spread: ratio(side, process) },
    { vi: `${side} so với ta, PostgreSQL`, en: `${side} to ours, PostgreSQL`, spread: ratio(side, database) },
  ]);
  const target = (/** @type {string} */ side, /** @type {number} */ least) => {
    const spread = ratio(side, whole);
    return { vi: `vòng đời mỗi CPU-giây so với ${side}`, en: `lives per CPU-second to ${side}`, wanted: `≥ ${least}`, got: spreadText(spread), met: spread.median >= least };
  };
  return {
    versions: { nest: '12.5.1', typeorm: '1.1.1', operaton: PEERS['operaton']?.version ?? '' },
    sizes: { ...sizes, stepsOfALife: 5 },
    rounds,
    ratios,
    targets: [...TYPEORM.map((side) => target(side, 5)), target(ENGINE, 8)],
    tables: [cpuTable(rounds, SIDES), latencyTable(rounds, SIDES)],
  };
}

/** @param {readonly Round[]} rounds @param {readonly string[]} sides @returns {import('../scenes.js').Table} */
export function cpuTable(rounds, sides) {
  const text = (/** @type {string} */ side, /** @type {(shown: Shown) => number} */ pick) => spreadText(valueOf(rounds, side, pick));
  const perSecond = (/** @type {Shown} */ { lives, us }) => (lives * 1e6) / us;
  return {
    title: { vi: 'CPU mỗi vòng đời (µs)', en: 'CPU of a life (µs)' },
    columns: ['', 'tiến trình / process', 'PostgreSQL', 'cả thảy / in all', 'vòng đời/giây / lives/s'],
    rows: sides.map((side) => [side, text(side, process), text(side, database), text(side, whole), text(side, perSecond)]),
  };
}

/** @param {readonly Round[]} rounds @param {readonly string[]} sides @returns {import('../scenes.js').Table} */
export function latencyTable(rounds, sides) {
  const text = (/** @type {string} */ side, /** @type {number} */ step, /** @type {'p50' | 'p99'} */ p) => spreadText(valueOf(rounds, side, ({ steps }) => Number(steps[step]?.[p])));
  const names = ['tiếp nhận / receive', 'phân công / assign', 'trình / propose', 'duyệt / review', 'đọc / read'];
  return {
    title: { vi: 'Độ trễ (ms) khi chạy hết sức, mọi kết nối cùng lúc', en: 'Latency (ms) at full load, all connections at once' },
    columns: ['', ...names.flatMap((name) => [`${name} p50`, 'p99'])],
    rows: sides.map((side) => [side, ...names.flatMap((_, step) => [text(side, step, 'p50'), text(side, step, 'p99')])]),
  };
}
