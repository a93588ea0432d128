/**
 * From a transition to the row that others read: how long it takes at a steady rate, and how fast a full outbox becomes rows
 * of the warehouse. On Kafka, with services as processes of their own, and without a broker.
 */
import { join } from 'node:path';
import { spreadOf } from '../rounds.js';
import { short } from '../result.js';
import { Desk } from './desk.js';
import { drain } from './drain.js';
import { openGround } from './ground.js';
import { receiveFor, transitions } from './load.js';
import { openPeople } from './people.js';

/** @typedef {import('./ground.js').Transport} Transport @typedef {import('./load.js').Measured} Measured @typedef {Awaited<ReturnType<typeof drain>>} Drained */
/** @typedef {{ transport: Transport, round: number, offered: readonly Measured[], drained: Drained, audited: Drained }} Round */
/** @typedef {{ rates: readonly number[], seconds: number, events: number }} Sizes */

const TRANSPORTS = /** @type {const} */ (['kafka', 'local']);
const FULL = { rates: [100, 500], seconds: 12, events: 40_000 };
const QUICK = { rates: [20], seconds: 3, events: 2_000 };
const WARM = { rate: 100, seconds: 5 };
const P50_MS = 15;
const P99_MS = 50;
const PER_SECOND = 10_000;

/** @type {import('../scenes.js').Scene} */
export const scene = {
  title: { vi: 'Từ một bước giải quyết tới dòng trong kho dữ liệu', en: 'From a transition to the row in the warehouse' },
  rounds: 3,
  run: async ({ rounds, quick, dir, tell }) => {
    const sizes = quick ? QUICK : FULL;
    /** @type {Round[]} */
    const done = [];
    for (const transport of TRANSPORTS) done.push(...(await roundsOn(transport, join(dir, transport), rounds, sizes, tell)));
    return {
      versions: { postgresql: '18', kafka: '4.3.1', durability: 'fsync=on, synchronous_commit=on, acks=all' },
      sizes: { ...sizes, bytes: done[0]?.drained.bytes },
      rounds: done,
      ratios: [],
      targets: TRANSPORTS.flatMap((transport) => targetsOf(transport, done, sizes)),
      tables: [latencyTable(done, sizes), drainTable(done), costTable(done, sizes)],
    };
  },
};

/** @param {Transport} transport @param {string} dir @param {number} rounds @param {Sizes} sizes @param {(line: string) => void} tell */
async function roundsOn(transport, dir, rounds, sizes, tell) {
  const people = await openPeople();
  const ground = await openGround(transport, dir, people.issuer).catch(async (error) => {
    await people.stop();
    throw error;
  });
  const desk = new Desk(ground.bases, people.token);
  let next = 1;
  const offeredOnce = async (/** @type {number} */ rate, /** @type {number} */ seconds) => {
    const dossiers = await receiveFor(desk, { rate, seconds, from: next });
    next += dossiers.length;
    return transitions(ground, desk, { rate, seconds, dossiers });
  };
  /** @type {Round[]} */
  const done = [];
  try {
    await desk.opened(next++);
    if (sizes !== QUICK) await offeredOnce(WARM.rate, WARM.seconds);
    for (let round = 1; round <= rounds; round += 1) {
      tell(`${transport}: vòng / round ${round} of ${rounds}`);
      const offered = [];
      for (const rate of sizes.rates) offered.push(await offeredOnce(rate, sizes.seconds));
      const drained = await drain(ground, { events: sizes.events, audited: false });
      done.push({ transport, round, offered, drained, audited: await drain(ground, { events: sizes.events, audited: true }) });
    }
  } finally {
    desk.close();
    await ground.stop();
    await people.stop();
  }
  return done;
}

/** @param {readonly Round[]} done @param {Transport} transport @param {number} rate @param {(one: Measured) => number} pick */
const offeredOf = (done, transport, rate, pick) => spreadOf(done.filter((one) => one.transport === transport).flatMap(({ offered }) => offered.filter((one) => one.rate === rate).map(pick)));

/** Of two ways to look, the worse: all commits of the warehouse, and those asked for through its API. @param {'p50' | 'p99'} p @returns {(one: Measured) => number} */
const worse = (p) => ({ readable, seen }) => Math.max(readable[p], seen[p]);

/** @param {Transport} transport @param {readonly Round[]} done @param {Sizes} sizes @returns {import('../scenes.js').Target[]} */
function targetsOf(transport, done, { rates }) {
  const latencies = rates.flatMap((rate) =>
    /** @type {const} */ ([['p50', P50_MS], ['p99', P99_MS]]).map(([p, limit]) => {
      const { median, min, max } = offeredOf(done, transport, rate, worse(p));
      return { vi: `${transport}, ${rate}/s: trả lời → đọc được, ${p}`, en: `${transport}, ${rate}/s: answered → readable, ${p}`, wanted: `≤ ${limit} ms`, got: `${short(median)} (${short(min)}–${short(max)}) ms`, met: median <= limit };
    }),
  );
  const { median, min, max } = spreadOf(done.filter((one) => one.transport === transport).map(({ drained }) => drained.perSecond));
  return [...latencies, { vi: `${transport}: xả hộp thư đi`, en: `${transport}: drain`, wanted: `≥ ${PER_SECOND}/s`, got: `${short(median)} (${short(min)}–${short(max)})/s`, met: median >= PER_SECOND }];
}

/** @param {readonly Round[]} done @param {Sizes} sizes @returns {import('../scenes.js').Table} */
function latencyTable(done, { rates }) {
  const value = (/** @type {Transport} */ transport, /** @type {number} */ rate, /** @type {'answered' | 'readable' | 'whole' | 'seen' | 'late'} */ what) =>
    /** @type {const} */ (['p50', 'p99']).map((p) => short(offeredOf(done, transport, rate, (one) => one[what][p]).median)).join(' / ');
  return {
    title: { vi: 'ms, p50 / p99, giữa các vòng', en: 'ms, p50 / p99, median of rounds' },
    columns: ['', 'due → answered', 'answered → committed in the warehouse', 'due → committed', 'answered → seen through the API (4/s)', 'begun late', 'shed'],
    rows: TRANSPORTS.flatMap((transport) => rates.map((rate) => [`${transport} ${rate}/s`, ...(/** @type {const} */ (['answered', 'readable', 'whole', 'seen', 'late'])).map((what) => value(transport, rate, what)), short(offeredOf(done, transport, rate, ({ shed }) => shed).median)])),
  };
}

/** @param {readonly Round[]} done @returns {import('../scenes.js').Table} */
function drainTable(done) {
  const parts = ['dossiers', 'warehouse', 'platform', 'postgres', 'kafka'];
  const row = (/** @type {string} */ name, /** @type {readonly Drained[]} */ drained) => {
    const median = (/** @type {(one: Drained) => number} */ pick) => short(spreadOf(drained.map(pick)).median);
    return [name, median((one) => one.perSecond), ...parts.map((part) => (drained[0]?.cpu[part] === undefined ? '' : median((one) => Number(one.cpu[part]))))];
  };
  return {
    title: { vi: 'Xả: sự kiện bản ghi mỗi giây, µs CPU mỗi sự kiện', en: 'Drain: record events a second, CPU µs an event' },
    columns: ['', '/s', ...parts],
    rows: TRANSPORTS.flatMap((transport) => {
      const own = done.filter((one) => one.transport === transport);
      return [row(transport, own.map(({ drained }) => drained)), row(`${transport}, audit entries too`, own.map(({ audited }) => audited))];
    }),
  };
}

/** @param {readonly Round[]} done @param {Sizes} sizes @returns {import('../scenes.js').Table} */
function costTable(done, { rates }) {
  const parts = ['dossiers', 'warehouse', 'platform', 'postgres', 'kafka', 'client'];
  return {
    title: { vi: 'µs CPU mỗi bước', en: 'CPU µs a transition' },
    columns: ['', ...parts],
    rows: TRANSPORTS.flatMap((transport) => rates.map((rate) => [`${transport} ${rate}/s`, ...parts.map((part) => (done.some((one) => one.transport === transport && one.offered[0]?.cpu[part] !== undefined) ? short(offeredOf(done, transport, rate, ({ cpu }) => Number(cpu[part])).median) : ''))])),
  };
}
