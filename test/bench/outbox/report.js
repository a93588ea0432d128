/** What the rounds of the outbox scene say: pure. */
import { summaryOf } from '../offered.js';
import { spreadText } from '../result.js';
import { ratioOf, spreadOf, valueOf } from '../rounds.js';

/** @typedef {import('./outbox.js').Shown} Shown */
/** @typedef {import('../rounds.js').Round<Shown>} Round */

const SIDES = /** @type {const} */ (['relay', 'poll50', 'best']);
const NAMES = { relay: 'relay', poll50: 'Debezium, poll 50 ms', best: 'Debezium, poll 1 ms' };

/** @param {readonly Round[]} rounds @param {import('./outbox.js').Sizes} sizes @param {Readonly<Record<string, { version: string }>>} peers @returns {import('../scenes.js').Report} */
export function reportOf(rounds, sizes, peers) {
  return {
    versions: { debezium: peers['debezium-postgres']?.version ?? '', connect: peers['connect']?.version ?? '' },
    sizes: { ...sizes, eventBytes: 1_900, shards: 4, doubledByPeer: total(rounds, 'twice'), disorderedByPeer: total(rounds, 'disordered') },
    rounds: rounds.map(kept),
    ratios: ratiosOf(rounds, sizes),
    targets: targetsOf(rounds, sizes),
    tables: [latencyTable(rounds, sizes), cpuTable(rounds), pacedTable(rounds, sizes), memoryTable(rounds)],
  };
}

/** CPU of what carries events from the outbox to the broker: what the service uses more than one that only writes; Connect. @param {Readonly<Record<string, number>>} cpu @param {string} side @param {number} writing µs an event that the writing alone takes */
function carriedFor(cpu, side, writing) {
  return side === 'relay' ? Number(cpu['service']) - writing : Number(cpu['connect']);
}

/**
 * µs an event in the drain, and at a rate: of the carrier, PostgreSQL and the broker. The writing of the relay's side costs what the
 * bare service of the same round used for the same.
 * @param {Readonly<Record<string, Shown>>} results @param {string} side @param {number} [rate]
 */
export function perEvent(results, side, rate) {
  const run = runOf(results[side], rate);
  const bare = runOf(results['best'], rate);
  const writing = (bare.cpu.bare / bare.events) * run.events;
  const each = (/** @type {number} */ us) => us / run.events;
  return { carrier: each(Math.max(1, carriedFor(run.cpu, side, writing))), postgres: each(run.cpu.postgres), kafka: each(run.cpu.kafka) };
}

/** @param {Shown | undefined} shown @param {number | undefined} rate */
function runOf(shown, rate) {
  const run = rate === undefined ? shown?.drain : shown?.paced.find((one) => one.rate === rate);
  if (run === undefined) throw new RangeError('no such run');
  return run;
}

/** @param {Shown} shown @param {number} rate */
function p99Of(shown, rate) {
  return summaryOf(/** @type {import('./outbox.js').PacedRun} */ (runOf(shown, rate)).fromCommit).p99;
}

/** @param {readonly Round[]} rounds @param {(results: Readonly<Record<string, Shown>>) => number} of */
function spread(rounds, of) {
  return spreadOf(rounds.map(({ results }) => of(results)));
}

/** @param {readonly Round[]} rounds @param {import('./outbox.js').Sizes} sizes */
function ratiosOf(rounds, { rates }) {
  const carrier = (/** @type {number | undefined} */ rate) => spread(rounds, (results) => perEvent(results, 'best', rate).carrier / perEvent(results, 'relay', rate).carrier);
  const whole = (/** @type {Readonly<Record<string, Shown>>} */ results, /** @type {string} */ side) => Object.values(perEvent(results, side)).reduce((a, b) => a + b, 0);
  return [
    ...rates.flatMap((rate) => [
      { vi: `p99 từ COMMIT, ${rate}/s: relay so với poll 50 ms`, en: `p99 from COMMIT, ${rate}/s: relay to poll 50 ms`, spread: ratioOf(rounds, 'relay', 'poll50', (shown) => p99Of(shown, rate)) },
      { vi: `p99 từ COMMIT, ${rate}/s: relay so với poll 1 ms`, en: `p99 from COMMIT, ${rate}/s: relay to poll 1 ms`, spread: ratioOf(rounds, 'relay', 'best', (shown) => p99Of(shown, rate)) },
    ]),
    { vi: 'sự kiện mỗi CPU-giây, hàng đợi: relay so với Connect', en: 'events per CPU-second, backlog: relay to Connect', spread: carrier(undefined) },
    ...rates.map((rate) => ({ vi: `sự kiện mỗi CPU-giây, ${rate}/s: relay so với Connect (poll 1 ms)`, en: `events per CPU-second, ${rate}/s: relay to Connect (poll 1 ms)`, spread: carrier(rate) })),
    { vi: 'như trên, hàng đợi, cả PostgreSQL và broker', en: 'the same, backlog, with PostgreSQL and broker', spread: spread(rounds, (results) => whole(results, 'best') / whole(results, 'relay')) },
    { vi: 'bộ nhớ (PSS): Connect so với phần relay thêm vào', en: 'memory (PSS): Connect to what the relay adds', spread: spread(rounds, (results) => Number(results['best']?.pss.connect) / added(results)) },
  ];
}

/** At the end of the relay's turn both services have written the same. @param {Readonly<Record<string, Shown>>} results */
function added(results) {
  const pss = results['relay']?.pss;
  return Math.max(1, Number(pss?.service) - Number(pss?.bare));
}

/** @param {readonly Round[]} rounds @param {import('./outbox.js').Sizes} sizes */
function targetsOf(rounds, { rates }) {
  const worst = (/** @type {'poll50' | 'best'} */ peer) => {
    const all = rates.map((rate) => ratioOf(rounds, 'relay', peer, (shown) => p99Of(shown, rate)));
    return all.reduce((a, b) => (a.median > b.median ? a : b));
  };
  const [fifty, best] = [worst('poll50'), worst('best')];
  const events = spread(rounds, (results) => perEvent(results, 'best').carrier / perEvent(results, 'relay').carrier);
  return [
    { vi: 'p99 từ COMMIT so với poll 50 ms, mức tải tệ nhất', en: 'p99 from COMMIT to poll 50 ms, at the worst rate', wanted: '≤ 0.1', got: spreadText(fifty), met: fifty.median <= 0.1 },
    { vi: 'p99 từ COMMIT so với cấu hình tốt nhất, mức tải tệ nhất', en: 'p99 from COMMIT to the best setting, at the worst rate', wanted: '≤ 1', got: spreadText(best), met: best.median <= 1 },
    { vi: 'sự kiện mỗi CPU-giây, hàng đợi', en: 'events per CPU-second, backlog', wanted: '≥ 4', got: spreadText(events), met: events.median >= 4 },
  ];
}

/** @param {readonly Round[]} rounds @param {import('./outbox.js').Sizes} sizes @returns {import('../scenes.js').Table} */
function latencyTable(rounds, { rates }) {
  const rows = rates.flatMap((rate) =>
    SIDES.map((side) => {
      const runs = rounds.map(({ results }) => /** @type {import('./outbox.js').PacedRun} */ (runOf(results[side], rate)));
      const commit = summaryOf(runs.flatMap(({ fromCommit }) => fromCommit));
      const due = summaryOf(runs.flatMap(({ fromDue }) => fromDue));
      return [`${rate}/s ${NAMES[side]}`, commit.p50, commit.p99, commit.max, due.p50, due.p99];
    }),
  );
  return { title: { vi: 'Độ trễ (ms), mọi vòng gộp lại', en: 'Latency (ms), all rounds together' }, columns: ['', 'COMMIT p50', 'COMMIT p99', 'max', 'due p50', 'due p99'], rows };
}

/** @param {readonly Round[]} rounds @returns {import('../scenes.js').Table} */
function cpuTable(rounds) {
  const rows = /** @type {const} */ (['relay', 'best']).map((side) => {
    const part = (/** @type {'carrier' | 'postgres' | 'kafka'} */ name) => spreadText(spread(rounds, (results) => perEvent(results, side)[name]));
    const rate = valueOf(rounds, side, ({ drain }) => (Number(drain?.events) * 1e6) / Number(drain?.us));
    return [NAMES[side], part('carrier'), part('postgres'), part('kafka'), spreadText(rate)];
  });
  return { title: { vi: 'Hàng đợi: CPU mỗi sự kiện (µs); ghi và đọc cùng lúc', en: 'Backlog: CPU an event (µs); written and read at once' }, columns: ['', 'relay | Connect', 'PostgreSQL', 'broker', 'events/s'], rows };
}

/** @param {readonly Round[]} rounds @param {import('./outbox.js').Sizes} sizes @returns {import('../scenes.js').Table} */
function pacedTable(rounds, { rates }) {
  const rows = rates.flatMap((rate) =>
    SIDES.map((side) => {
      const part = (/** @type {'carrier' | 'postgres' | 'kafka'} */ name) => spreadText(spread(rounds, (results) => perEvent(results, side, rate)[name]));
      return [`${rate}/s ${NAMES[side]}`, part('carrier'), part('postgres'), part('kafka')];
    }),
  );
  return { title: { vi: 'Theo nhịp: CPU mỗi sự kiện (µs)', en: 'Paced: CPU an event (µs)' }, columns: ['', 'relay | Connect', 'PostgreSQL', 'broker'], rows };
}

/** @param {readonly Round[]} rounds @returns {import('../scenes.js').Table} */
function memoryTable(rounds) {
  const mb = (/** @type {(results: Readonly<Record<string, Shown>>) => number} */ of) => spreadText(spread(rounds, (results) => of(results) / 1e6));
  const rows = [
    ['relay', mb(added), mb((results) => Number(results['relay']?.pss.service)), mb((results) => Number(results['relay']?.pss.bare))],
    ['Kafka Connect', mb((results) => Number(results['best']?.pss.connect)), '', ''],
  ];
  return { title: { vi: 'Bộ nhớ thêm vào (PSS, MB)', en: 'Memory added (PSS, MB)' }, columns: ['', 'added', 'service with', 'service without'], rows };
}

/** @param {readonly Round[]} rounds @param {'twice' | 'disordered'} what */
function total(rounds, what) {
  return rounds.reduce((sum, { results }) => sum + Number(results['poll50']?.wrong[what]) + Number(results['best']?.wrong[what]), 0);
}

/** Without the lists of every latency. @param {Round} given */
function kept({ round, order, results }) {
  const shown = Object.entries(results).map(([name, one]) => {
    const paced = one.paced.map(({ fromCommit, fromDue, ...rest }) => ({ ...rest, fromCommit: summaryOf(fromCommit), fromDue: summaryOf(fromDue) }));
    return [name, { ...one, paced }];
  });
  return { round, order, results: Object.fromEntries(shown) };
}
