/** An outbox that is full, and how fast it becomes rows of the warehouse. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Meter } from '../cpu.js';

/** @typedef {import('./ground.js').Ground} Ground */

const VERSIONS = 5;
const AT_ONCE = 5_000;
const LIMIT_MS = 120_000;
const LOCK = `SELECT count(pg_advisory_lock(hashtext('quan-so relay records.dossiers'), shard)) FROM generate_series(0, 3) AS shard`;

/**
 * @param {Ground} ground
 * @param {{ events: number, audited: boolean }} given `audited`: with an audit entry beside each, as commands leave them
 * @returns {Promise<{ events: number, bytes: number, seconds: number, perSecond: number, cpu: Record<string, number> }>} µs an event
 */
export async function drain(ground, { events, audited }) {
  const keys = Array.from({ length: Math.ceil(events / VERSIONS) }, () => uuidv7());
  const session = await ground.session();
  // Whoever holds these locks is the relay: the running one loses its session, and what is told meanwhile stays.
  const locked = session.sql('bench-lock', LOCK);
  await ground.sql.dossiers('bench-cut', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dossiers-own'`);
  await locked;
  const bytes = await fill(ground, session.sql, keys, audited);
  const before = await taken(ground);
  const meter = new Meter(ground.parts);
  meter.start();
  await session.close();
  const owned = await untilOwned(ground);
  await untilTaken(ground, before + keys.length * VERSIONS);
  const { cpu } = meter.stop();
  const last = await checkDrained(ground, keys);
  const seconds = (last - owned) / 1_000;
  const told = keys.length * VERSIONS;
  return { events: told, bytes, seconds: Number(seconds.toFixed(2)), perSecond: Math.round(told / seconds), cpu: Object.fromEntries(Object.entries(cpu).map(([name, us]) => [name, Number((us / told).toFixed(1))])) };
}

/** Version by version of all dossiers, as their days go on. @param {Ground} ground @param {import('./ground.js').Sql} sql @param {readonly string[]} keys @param {boolean} audited */
async function fill(ground, sql, keys, audited) {
  const { shardOf } = await import('@quan-so/contract');
  const [sample] = await ground.sql.dossiers('bench-sample', `SELECT r.envelope AS record, a.envelope AS audit FROM outbox r JOIN outbox a ON a.subject = 'dossier:' || r.subject WHERE r.topic = 'records.dossiers' AND a.topic = 'audit.dossiers' AND r.envelope LIKE '%record-changed%' LIMIT 1`);
  const record = JSON.parse(String(sample?.record));
  const audit = JSON.parse(String(sample?.audit));
  let bytes = 0;
  /** @type {any[][]} */
  let rows = [];
  const flush = async () => {
    const columns = [0, 1, 2, 3, 4, 5, 6].map((at) => rows.map((row) => row[at]));
    rows = [];
    await sql('bench-fill', `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at) SELECT event_id, kind, topic, shard, subject, type, envelope, now() FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY AS r(event_id, kind, topic, shard, subject, type, envelope, n) ORDER BY n`, columns);
  };
  for (let version = 1; version <= VERSIONS; version += 1) {
    for (const [i, key] of keys.entries()) {
      const id = uuidv7();
      const code = `H99.05.01-261126-${String(i + 1).padStart(6, '0')}`;
      const envelope = JSON.stringify({ ...record, id, subject: key, data: { ...record.data, key, version, code, status: String(version), body: { ...record.data.body, id: key, code, version } } });
      bytes += Buffer.byteLength(envelope);
      rows.push([id, 'records', 'records.dossiers', shardOf('records', key), key, record.type, envelope]);
      if (audited) {
        const auditId = uuidv7();
        const subject = `dossier:${key}`;
        rows.push([auditId, 'audit', 'audit.dossiers', shardOf('audit', subject), subject, audit.type, JSON.stringify({ ...audit, id: auditId, subject, data: { ...audit.data, id: auditId, objects: [subject] } })]);
      }
      if (rows.length >= AT_ONCE) await flush();
    }
  }
  if (rows.length > 0) await flush();
  return Math.round(bytes / (keys.length * VERSIONS));
}

function uuidv7() {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  const version = `7${hex.slice(13, 16)}`;
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16) + hex.slice(18, 20);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}-${variant}-${hex.slice(20)}`;
}

/** Places of the warehouse in the log of the dossiers, all shards. @param {Ground} ground */
async function taken({ sql }) {
  const [row] = await sql.warehouse('bench-taken', `SELECT coalesce(sum(position), 0)::float8 AS n FROM consumer_position WHERE topic = 'records.dossiers'`);
  return Number(row?.n);
}

/** When the relay has its shards again (ms since 1970). @param {Ground} ground */
async function untilOwned({ sql }) {
  for (const ends = Date.now() + LIMIT_MS; Date.now() < ends; await sleep(5)) {
    const [row] = await sql.dossiers('bench-owned', `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'dossiers-own' AND l.classid = hashtext('quan-so relay records.dossiers')::oid`);
    if (Number(row?.n) === 4) return Date.now();
  }
  throw new Error('nobody took the shards');
}

/** @param {Ground} ground @param {number} until */
async function untilTaken(ground, until) {
  for (const ends = Date.now() + LIMIT_MS; Date.now() < ends; await sleep(50)) if ((await taken(ground)) >= until) return;
  throw new Error(`the warehouse has not taken all after ${LIMIT_MS / 1_000} s`);
}

/** Each version of each dossier once, the last one current, nothing unsent of them; answers when the last was committed. @param {Ground} ground @param {readonly string[]} keys */
async function checkDrained({ sql }, keys) {
  for (const ends = Date.now() + LIMIT_MS; ; await sleep(100)) {
    const [unsent] = await sql.dossiers('bench-unsent', 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    if (Number(unsent?.n) === 0) break;
    if (Date.now() > ends) throw new Error(`${unsent?.n} unsent`);
  }
  const [row] = await sql.warehouse(
    'bench-drained',
    `SELECT count(*)::int AS versions, count(DISTINCT key)::int AS keys, (SELECT count(*)::int FROM record WHERE dataset = 'dossiers' AND key = ANY($1::uuid[]) AND version = $2) AS current,
            (SELECT count(*)::int FROM parked) AS parked, max(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float8 * 1000 AS at
       FROM record_history WHERE dataset = 'dossiers' AND key = ANY($1::uuid[]) AND version <= $2`,
    [keys, VERSIONS],
  );
  const seen = [row?.versions, row?.keys, row?.current, row?.parked].map(Number).join(' ');
  const wanted = [keys.length * VERSIONS, keys.length, keys.length, 0].join(' ');
  if (seen !== wanted) throw new Error(`versions, dossiers, current ones, parked: ${seen} instead of ${wanted}`);
  return Number(row?.at);
}
