/** One side through one round: a fresh database, two phases, each from a full log to the last committed place, then every row looked at. */
import { rmSync } from 'node:fs';
import { Meter } from '../cpu.js';
import { inserts, updates } from './events.js';
import { factsOfSink, factsOfWarehouse } from './facts.js';

/** @typedef {<R = Record<string, any>>(text: string, values?: readonly unknown[]) => Promise<R[]>} Sql */
/**
 * Whoever takes events from the log into its database.
 * @typedef {object} Reader
 * @property {'quan-so' | 'debezium-jdbc'} name
 * @property {string} topic
 * @property {string} group
 * @property {Sql} sql
 * @property {import('../cpu.js').Parts} parts  process and postgres
 * @property {() => Promise<void>} alive        throws when it is gone
 * @property {() => Promise<void>} hold         takes nothing while the log is filled
 * @property {() => Promise<void>} resume
 * @property {() => Promise<void>} stop
 */
/** @typedef {{ events: number, fresh: number, process: number, postgres: number, broker: number, perCpuSecond: number, perSecond: number, bytes: number }} Phase CPU in µs an event */
/** @typedef {{ inserts: Phase, updates: Phase, stale: number }} Measured */

const READ_MS = 900_000;
/** New records before a phase is measured: statements are prepared, caches warm. */
const WARM = 4_000;
/** Far from those that are counted. */
const WARM_FROM = 2_000_000;

/**
 * @param {object} given
 * @param {(dir: string) => Promise<Reader>} given.open
 * @param {import('./log.js').Log} given.log
 * @param {() => number} given.brokerPid
 * @param {(seed: number) => import('./events.js').Events} given.eventsOf
 * @param {number} given.seed @param {number} given.fresh new records, and later versions of them @param {string} given.dir
 * @param {(line: string) => void} given.tell
 * @returns {Promise<Measured>}
 */
export async function runSide({ open, log, brokerPid, eventsOf, seed, fresh, dir, tell }) {
  const events = eventsOf(seed);
  const reader = await open(dir);
  try {
    const write = reader.name === 'quan-so' ? (/** @type {import('./events.js').Told} */ told) => events.event(told) : (/** @type {import('./events.js').Told} */ told) => events.row(told);
    const phase = async (/** @type {string} */ name, /** @type {Uint32Array} */ codes) => {
      const measured = await runPhase(reader, { log, brokerPid, codes, write });
      tell(`${reader.name} ${name}: ${measured.events} sự kiện / events, µs CPU: ${measured.process} + ${measured.postgres} PostgreSQL; ${measured.perSecond}/s`);
      return measured;
    };
    const warm = inserts({ seed, from: WARM_FROM, fresh: WARM });
    await phase('warm', warm);
    const [first, later] = [inserts({ seed, from: 0, fresh }), updates({ seed, from: 0, fresh })];
    const inserted = await phase('inserts', first);
    const updated = await phase('updates', later);
    const look = reader.name === 'quan-so' ? factsOfWarehouse : factsOfSink;
    const { stale } = await look(reader.sql, events, [warm, first, later]);
    return { inserts: inserted, updates: updated, stale };
  } finally {
    await reader.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * @param {Reader} reader
 * @param {{ log: import('./log.js').Log, brokerPid: () => number, codes: Uint32Array, write: (told: import('./events.js').Told) => import('./log.js').Written }} given
 * @returns {Promise<Phase>}
 */
async function runPhase(reader, { log, brokerPid, codes, write }) {
  await reader.hold();
  const { bytes } = await log.fill(reader.topic, codes, write);
  const meter = new Meter({ ...reader.parts, broker: () => [brokerPid()] });
  meter.start();
  await reader.resume();
  await log.untilRead(reader.group, reader.topic, reader.alive, READ_MS);
  const { cpu, us } = meter.stop();
  const each = (/** @type {string} */ part) => Math.round(((cpu[part] ?? 0) / codes.length) * 10) / 10;
  const [process, postgres] = [each('process'), each('postgres')];
  const events = codes.length;
  return {
    events, fresh: new Set(codes).size, process, postgres, broker: each('broker'),
    perCpuSecond: Math.round(1_000_000 / (process + postgres)), perSecond: Math.round((events * 1_000_000) / us), bytes: Math.round(bytes / events),
  };
}
