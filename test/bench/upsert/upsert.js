/**
 * N13: from Kafka into the warehouse. New records, then later versions of them, a fifth of the events twice and some late,
 * taken by our warehouse (inbox, history, counters) and by Debezium's JDBC sink (the records alone) into the same table.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PartError } from '../../../tools/real/cache.js';
import { startKafka } from '../../../tools/real/kafka.js';
import { interleaved, ratioOf, valueOf } from '../rounds.js';
import { short } from '../result.js';
import { PEERS } from '../parts.js';
import { Events, inserts, LATE, outOfOrder, REPEATED, updates } from './events.js';
import { topology } from './ground.js';
import { openHouse } from './house.js';
import { Log } from './log.js';
import { runSide } from './sides.js';
import { openSink, openWorker } from './sink.js';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const AUTHORITY = 'quan-sao-mai';
/** New records of a round: with repeats and as many later versions they make 1,000,000 events a side; then 50,000. */
const LARGE = 400_000;
const SMALL = 20_000;
const QUICK = 2_000;
/** The JVM reads so long before anything is measured. */
const WARM_MS = 60_000;
/** Events need no inbox that is older than they are. */
const BEGAN_BEFORE_MS = 3_600_000;

/** @typedef {import('./sides.js').Measured} Measured */
/** @typedef {import('../rounds.js').Round<Measured>} Round */

/** @param {import('../scenes.js').How} how */
async function run({ rounds, quick, seed, dir, tell }) {
  if (!existsSync(join(ROOT, 'apps', 'data', 'warehouse', 'dist', 'main.js'))) throw new PartError('apps/data/warehouse chưa được dịch / is not built: npm run build.');
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  try {
    const sizes = quick ? [QUICK] : Array.from({ length: rounds }, (_, i) => (i === 0 ? LARGE : SMALL));
    const ground = await openGround(dir, undo);
    const worker = await openWorker(ground, join(dir, 'connect'));
    undo.push(() => worker.stop());
    const sideOf = (/** @type {string} */ name, /** @type {number} */ fresh, /** @type {number} */ n) => ({ ...ground, seed: seed + n, fresh, dir: join(dir, name), tell });
    const house = (/** @type {number} */ fresh, /** @type {number} */ n) => runSide({ ...sideOf('house', fresh, n), open: (at) => openHouse(ground, at) });
    const sink = (/** @type {number} */ fresh, /** @type {number} */ n) => runSide({ ...sideOf('sink', fresh, n), open: (at) => openSink(worker, at) });
    if (!quick) await warmUp((n) => sink(SMALL / 4, n), tell);
    const done = await interleaved({
      rounds: sizes.length, tell,
      sides: [
        { name: 'quan-so', run: (round) => house(sizes[round - 1] ?? SMALL, round) },
        { name: 'debezium-jdbc', run: (round) => sink(sizes[round - 1] ?? SMALL, round) },
      ],
    });
    return reportOf(done, sizes, seed);
  } finally {
    for (const step of undo.splice(0).reverse()) await step();
  }
}

/** @param {string} dir @param {(() => Promise<unknown>)[]} undo */
async function openGround(dir, undo) {
  const { startTestIssuer } = await import('@quan-so/testing');
  const { shardOf } = await import('@quan-so/contract');
  const words = await import('../../../apps/data/warehouse/dist/record.rules.js');
  const issuer = await startTestIssuer();
  undo.push(() => issuer.stop());
  const kafka = await startKafka({ dir: join(dir, 'kafka'), ...topology() });
  undo.push(() => kafka.stop());
  const log = new Log(kafka, shardOf);
  await log.open();
  undo.push(() => log.close());
  const eventsOf = (/** @type {number} */ seed) => new Events(seed, Date.now() - BEGAN_BEFORE_MS, words);
  return { root: ROOT, pack: join(ROOT, 'deploy', 'authorities', AUTHORITY), issuer: issuer.issuer, kafka, log, brokerPid: kafka.pid, eventsOf };
}

/** @param {(n: number) => Promise<unknown>} sink @param {(line: string) => void} tell */
async function warmUp(sink, tell) {
  tell('làm nóng JVM / warming the JVM up');
  for (let n = 100, until = Date.now() + WARM_MS; Date.now() < until; n += 1) await sink(n);
}

/** @param {readonly Round[]} rounds @param {readonly number[]} sizes @param {number} seed @returns {import('../scenes.js').Report} */
function reportOf(rounds, sizes, seed) {
  const per = (/** @type {'inserts' | 'updates'} */ phase) => ratioOf(rounds, 'quan-so', 'debezium-jdbc', (one) => one[phase].perCpuSecond);
  const [inserted, updated] = [per('inserts'), per('updates')];
  const staleOf = (/** @type {string} */ name) => rounds.reduce((sum, { results }) => sum + (results[name]?.stale ?? 0), 0);
  const [ours, theirs] = [staleOf('quan-so'), staleOf('debezium-jdbc')];
  const shown = (/** @type {{ median: number, min: number, max: number }} */ s) => `${short(s.median)} (${short(s.min)}–${short(s.max)})`;
  const [first, later] = [inserts({ seed: seed + 1, from: 0, fresh: sizes[0] ?? 0 }), updates({ seed: seed + 1, from: 0, fresh: sizes[0] ?? 0 })];
  return {
    versions: { 'debezium-connector-jdbc': PEERS['debezium-jdbc']?.version ?? '', 'kafka-connect': PEERS.connect?.version ?? '' },
    sizes: {
      'new records by round': sizes, 'events of the first round': first.length + later.length, repeated: REPEATED, late: LATE,
      'behind a later version': outOfOrder(later, first), 'bytes of an event': rounds[0]?.results['quan-so']?.inserts.bytes, 'bytes of a row of the sink': rounds[0]?.results['debezium-jdbc']?.inserts.bytes,
    },
    rounds,
    ratios: [
      { vi: 'Bản ghi mới mỗi giây CPU, so với Debezium', en: 'New records per CPU-second, to Debezium', spread: inserted },
      { vi: 'Phiên bản sau mỗi giây CPU, so với Debezium', en: 'Later versions per CPU-second, to Debezium', spread: updated },
    ],
    targets: [
      { vi: 'Bản ghi mới mỗi giây CPU', en: 'New records per CPU-second', wanted: '≥ 2', got: shown(inserted), met: inserted.median >= 2 },
      { vi: 'Phiên bản sau mỗi giây CPU', en: 'Later versions per CPU-second', wanted: '≥ 1', got: shown(updated), met: updated.median >= 1 },
      { vi: 'Bản ghi bị bản cũ ghi đè, của ta', en: 'Records overwritten by an older version, ours', wanted: '0', got: `${ours} (Debezium: ${theirs})`, met: ours === 0 },
    ],
    tables: [tableOf(rounds)],
  };
}

/** @param {readonly Round[]} rounds @returns {import('../scenes.js').Table} */
function tableOf(rounds) {
  const rows = ['quan-so', 'debezium-jdbc'].flatMap((side) =>
    /** @type {const} */ (['inserts', 'updates']).map((phase) => {
      const of = (/** @type {'process' | 'postgres' | 'broker' | 'perCpuSecond' | 'perSecond'} */ name) => short(valueOf(rounds, side, (one) => one[phase][name]).median);
      return [`${side} ${phase}`, of('process'), of('postgres'), of('broker'), of('perCpuSecond'), of('perSecond')];
    }),
  );
  const columns = ['', 'µs process', 'µs PostgreSQL', 'µs broker', 'per CPU-s', 'per second'];
  return { title: { vi: 'CPU mỗi sự kiện (trung vị các vòng)', en: 'CPU of an event (median of the rounds)' }, columns, rows };
}

/** @type {import('../scenes.js').Scene} */
export const scene = { title: { vi: 'Kafka → kho dữ liệu', en: 'Kafka → warehouse' }, rounds: 3, run };
