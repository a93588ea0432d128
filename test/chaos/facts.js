/** What is in the databases and the log after a run, read from outside with plain SQL and Kafka's own tool. */

/** @typedef {(name: string, text: string, values: readonly unknown[]) => Promise<Record<string, any>[]>} Read */

/**
 * @typedef {object} Facts
 * @property {Map<string, { code: string, version: number, state: string }>} dossiers by id
 * @property {Map<string, { version: number, state: string }[]>} history              by dossier, in order
 * @property {Map<string, { dossier: string, version: number }>} keys                  idempotency keys with their answer
 * @property {Map<string, number>} told         `dossier/version` → facts told of it
 * @property {Map<string, number>} audited      dossier → audit entries of changes
 * @property {string[]} waiting                 rows of outboxes that nobody sends: how many of which service, topic and type
 * @property {Map<string, number>} records      dossier → current version in the warehouse
 * @property {Map<string, Set<number>>} recordHistory
 * @property {number} counted                   sum of the warehouse's counters, kept by adding effects
 * @property {number} parked                    in all services
 * @property {Set<string>} sent                 `dossier/version` in the log that carries them
 * @property {string[]} disorder                places where the log tells a version before an earlier one
 */

const CHUNK = 20_000;
/** Longer than any relay waits between two tries. What is younger is on its way: services tell of themselves every few seconds. */
const ON_ITS_WAY = '10 seconds';

/** @param {{ read: (service: string) => Read, services: readonly string[], log: () => Promise<string[]> }} from @returns {Promise<Facts>} */
export async function readFacts({ read, services, log }) {
  const dossiers = read('dossiers');
  const warehouse = read('warehouse');
  const history = await pages(dossiers, 'chaos-history', 'SELECT dossier_id AS id, version, to_state AS state, dossier_id || lpad(version::text, 9, \'0\') AS at FROM dossier_history');
  const records = await pages(warehouse, 'chaos-records', "SELECT key, version, key::text AS at FROM record WHERE dataset = 'dossiers'");
  const versions = await pages(warehouse, 'chaos-versions', "SELECT key, version, key || lpad(version::text, 9, '0') AS at FROM record_history WHERE dataset = 'dossiers'");
  const told = await pages(dossiers, 'chaos-told', "SELECT subject, (envelope::json->'data'->>'version')::int AS version, lpad(id::text, 19, '0') AS at FROM outbox WHERE topic = 'records.dossiers' AND type = 'vn.quanso.data.record-changed.v1'");
  const audited = await pages(dossiers, 'chaos-audited', "SELECT envelope::json->'data'->'objects'->>0 AS object, lpad(id::text, 19, '0') AS at FROM outbox WHERE topic = 'audit.dossiers' AND envelope::json->'data'->>'kind' = 'change'");
  const keys = await pages(dossiers, 'chaos-keys', 'SELECT key, id, version, key::text AS at FROM idempotency_key');
  const rows = await pages(dossiers, 'chaos-dossiers', 'SELECT id, code, version, state, id::text AS at FROM dossier');
  const [counted] = await warehouse('chaos-counted', "SELECT coalesce(sum(records), 0)::int AS n FROM record_counter WHERE dataset = 'dossiers'", []);
  const waiting = await Promise.all(services.map((service) => waitingIn(service, read(service))));
  const parked = await Promise.all(services.map((service) => sum(read(service), 'chaos-parked', 'SELECT count(*)::int AS n FROM parked')));
  return {
    dossiers: new Map(rows.map(({ id, code, version, state }) => [id, { code, version, state }])),
    history: grouped(history, ({ id }) => id, ({ version, state }) => ({ version, state })),
    keys: new Map(keys.map(({ key, id, version }) => [key, { dossier: id, version }])),
    told: countedBy(told, ({ subject, version }) => `${subject}/${version}`),
    audited: countedBy(audited, ({ object }) => String(object).replace('dossier:', '')),
    waiting: waiting.flat(),
    records: new Map(records.map(({ key, version }) => [key, version])),
    recordHistory: new Map([...grouped(versions, ({ key }) => key, ({ version }) => version)].map(([key, list]) => [key, new Set(list)])),
    counted: counted?.n ?? 0,
    parked: parked.reduce((a, b) => a + b, 0),
    ...readLog(await log()),
  };
}

/**
 * What was sent, and versions whose first sending comes before that of an earlier version of the same key. A repeat after a
 * crash is no disorder: the inbox knows it. Lines as `DumpLogSegments` prints them; a partition's segments in their order.
 * @param {readonly string[]} segments
 */
export function readLog(segments) {
  /** @type {Map<string, number>} */
  const last = new Map();
  /** @type {Set<string>} */
  const sent = new Set();
  const disorder = [];
  for (const segment of segments) {
    for (const [, key = '', version = ''] of segment.matchAll(/ key: (\S+) payload: .*?"version":(\d+)/g)) {
      sent.add(`${key}/${version}`);
      const before = last.get(key) ?? 0;
      if (Number(version) > before + 1) disorder.push(`${key}: ${before} → ${version}`);
      last.set(key, Math.max(before, Number(version)));
    }
  }
  return { sent, disorder };
}

/** What a service told and nobody sends. @param {string} service @param {Read} read @returns {Promise<string[]>} */
export async function waitingIn(service, read) {
  const text = `SELECT topic, type, count(*)::int AS n FROM outbox WHERE published_at IS NULL AND created_at < clock_timestamp() - interval '${ON_ITS_WAY}' GROUP BY topic, type ORDER BY topic, type`;
  return (await read('chaos-waiting', text, [])).map(({ topic, type, n }) => `${service}: ${n} ${topic} ${type}`);
}

/** @param {Read} read @param {string} name @param {string} text */
async function sum(read, name, text) {
  const [row] = await read(name, text, []);
  return Number(row?.n ?? 0);
}

/** A whole table in pieces, each well within the time a statement has. `at` orders it. @param {Read} read @param {string} name @param {string} text */
async function pages(read, name, text) {
  const all = [];
  for (let after = ''; ; ) {
    const rows = await read(name, `SELECT * FROM (${text}) AS t WHERE at COLLATE "C" > $1 ORDER BY at COLLATE "C" LIMIT ${CHUNK}`, [after]);
    // Not by spreading: an argument list has a limit.
    for (const row of rows) all.push(row);
    if (rows.length < CHUNK) return all;
    after = rows.at(-1)?.at;
  }
}

/** @template T @param {readonly Record<string, any>[]} rows @param {(row: Record<string, any>) => string} by @param {(row: Record<string, any>) => T} of @returns {Map<string, T[]>} */
function grouped(rows, by, of) {
  const groups = new Map();
  for (const row of rows) {
    const key = by(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [of(row)]);
    else group.push(of(row));
  }
  return groups;
}

/** @param {readonly Record<string, any>[]} rows @param {(row: Record<string, any>) => string} by */
function countedBy(rows, by) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const row of rows) counts.set(by(row), (counts.get(by(row)) ?? 0) + 1);
  return counts;
}
