/**
 * A table of a million: copies of dossiers that the service itself has made, moved back by whole weeks, each with its own
 * id, code, name and whole history, by statements over sets. A copy differs from a dossier of the service in this alone: it
 * names no personal number and no telephone, for those are sealed to an id.
 */
import { received } from '../dossier.js';

/** @typedef {import('./client.js').LifeClient} LifeClient */

/** How many in a hundred end where: most have ended long ago. The first step is behind each. */
const KINDS = /** @type {const} */ ([
  { kind: 'withdrawn', share: 80 },
  { kind: 'returned', share: 10 },
  { kind: 'received', share: 4 },
  { kind: 'processing', share: 3 },
  { kind: 'proposed', share: 2 },
  { kind: 'reviewed', share: 1 },
]);
/** Stands in a template where the number of a copy will stand. */
const MARK = '7000001';
const CHUNK = 20_000;
/** Weeks back; the code of the day has four digits, and there are some hundred such weeks. */
const WEEKS = 130;
const UNITS = ['H99.05.01', 'H99.05.02', 'H99.05.03', 'H99.05.04', 'H99.05.05', 'H99.05.06', 'H99.05.11'];

/** Dossiers made over HTTP, one of each kind; answers kind → id. @param {LifeClient} client */
async function templates(client) {
  /** @type {Record<string, string>} */
  const made = {};
  for (const { kind } of KINDS) made[kind] = (await client.until(kind, { ...received(0), ...unsealed() })).id;
  return made;
}

function unsealed() {
  return { summary: `Xây nhà ở riêng lẻ tại thửa ${MARK}, tờ bản đồ số 3, khu phố 2`, applicant: { kind: 'citizen', name: `Nguyễn Thị Đặng Thử ${MARK}`, address: 'Tổ 3, phường Sao Mai 1' } };
}

/** Every date of a document so many days earlier; nothing else of its text changes, nor the order of its names. */
const EARLIER = `
CREATE OR REPLACE FUNCTION bench_earlier(given text, dates text[], days integer) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY dates LOOP
    given := replace(given, '"' || one || 'T', '"' || to_char(one::date - days, 'YYYY-MM-DD') || 'T');
  END LOOP;
  RETURN given;
END $$`;

const PLAN = `
CREATE TABLE bench_template AS
SELECT d.*, k.kind, k.low, k.high,
       (SELECT array_agg(DISTINCT m[1] ORDER BY m[1]) FROM dossier_history h, regexp_matches(h.document::text, '"(\\d{4}-\\d{2}-\\d{2})T', 'g') m WHERE h.dossier_id = d.id) AS dates
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) AS k(id, kind, low, high) JOIN dossier d USING (id)`;

/** Dates are replaced from the earliest on, so that none is moved twice. */
const COPY = `
WITH numbered AS (
  SELECT n, t.*, (ARRAY[${UNITS.map((unit) => `'${unit}'`).join(', ')}])[1 + n % ${UNITS.length}] AS desk,
         7 * (3 + n / ${UNITS.length} % ${WEEKS}) AS days, 1 + n / ${UNITS.length * WEEKS} AS serial
    FROM generate_series($1::int, $2::int) n JOIN bench_template t ON n % 100 >= t.low AND n % 100 < t.high
), named AS (
  SELECT *, uuidv7(make_interval(days => -days)) AS copy, to_char(received_at - make_interval(days => days), 'YYMMDD') AS yymmdd FROM numbered
), coded AS (
  SELECT *, desk || '-' || yymmdd || '-' || lpad(serial::text, 4, '0') AS copy_code FROM named
), inserted AS (
  INSERT INTO dossier (id, version, code, sender_digest, state, status, procedure_code, procedure_version, calendar_code, calendar_version,
                       unit, receiving_unit, assignee, received_at, due_at, applicant_index, search_key, document)
  SELECT copy, version, copy_code, sender_digest, state, status, procedure_code, procedure_version, calendar_code, calendar_version,
         unit, desk, assignee, received_at - make_interval(days => days), due_at - make_interval(days => days), applicant_index,
         replace(regexp_replace(search_key, '^( \\S+){5}', ' ' || lower(replace(desk, '.', ' ')) || ' ' || yymmdd || ' ' || lpad(serial::text, 4, '0')), '${MARK}', n::text),
         bench_earlier(replace(replace(replace(replace(document::text, id::text, copy::text), code, copy_code), receiving_unit, desk), '${MARK}', n::text), dates, days)::json
    FROM coded
)
INSERT INTO dossier_history (dossier_id, version, at, command, from_state, to_state, actor, note, trace_id, document)
SELECT copy, h.version, h.at - make_interval(days => days), h.command, h.from_state, h.to_state, h.actor, h.note, h.trace_id,
       bench_earlier(replace(replace(replace(replace(h.document::text, c.id::text, copy::text), code, copy_code), receiving_unit, desk), '${MARK}', n::text), dates, days)::json
  FROM coded c JOIN dossier_history h ON h.dossier_id = c.id`;

const COUNTERS = `
INSERT INTO code_counter (unit, day, last)
SELECT receiving_unit, to_date(split_part(code, '-', 2), 'YYMMDD'), max(split_part(code, '-', 3)::int) FROM dossier GROUP BY 1, 2
ON CONFLICT (unit, day) DO UPDATE SET last = greatest(code_counter.last, excluded.last)`;

/** Rows come from the service's own: looking up again whether each has its dossier would only cost time. */
const SETTINGS = '-c session_replication_role=replica -c work_mem=64MB -c maintenance_work_mem=512MB';
/** As many as there are cores on the smallest machine. */
const SESSIONS = 2;

/**
 * @param {{ open: (more: { connections: number, settings: string }) => ReturnType<typeof import('./database.js').databaseOf> }} side
 * @param {LifeClient} client @param {number} rows @param {(line: string) => void} tell
 */
export async function fill(side, client, rows, tell) {
  const made = await templates(client);
  const { sql, close } = side.open({ connections: SESSIONS, settings: SETTINGS });
  try {
    await sql("ALTER SYSTEM SET max_wal_size = '8GB'");
    await sql('SELECT pg_reload_conf()');
    const indexes = await withoutIndexes(sql);
    await sql(EARLIER);
    await sql(planOf(made));
    await Promise.all(Array.from({ length: SESSIONS }, (_, session) => copy(sql, session, rows, tell)));
    await sql(COUNTERS);
    tell('chỉ mục / indexes');
    await Promise.all(indexes.map(({ indexdef }) => sql(indexdef)));
    await sql('DROP TABLE bench_template');
    await sql('DROP FUNCTION bench_earlier');
    await Promise.all(['dossier', 'dossier_history'].map((table) => sql(`VACUUM (ANALYZE) ${table}`)));
    await sql('ALTER SYSTEM RESET max_wal_size');
    await sql('SELECT pg_reload_conf()');
    await sql('CHECKPOINT');
  } finally {
    await close();
  }
}

/** Every second chunk. @param {import('./database.js').Sql} sql @param {number} session @param {number} rows @param {(line: string) => void} tell */
async function copy(sql, session, rows, tell) {
  for (let from = session * CHUNK; from < rows; from += SESSIONS * CHUNK) {
    const end = Math.min(from + CHUNK, rows);
    await sql(COPY, [from, end - 1]);
    if (end % 200_000 === 0) tell(`${end} / ${rows}`);
  }
}

/** @param {Record<string, string>} made */
function planOf(made) {
  const bounds = KINDS.map(({ kind, share }, i) => ({ kind, low: KINDS.slice(0, i).reduce((sum, one) => sum + one.share, 0), share }));
  return PLAN.replace('$1::uuid[], $2::text[], $3::int[], $4::int[]', valuesOf(bounds, made));
}

/** @param {readonly { kind: string, low: number, share: number }[]} bounds @param {Record<string, string>} made */
function valuesOf(bounds, made) {
  const list = (/** @type {readonly (string | number)[]} */ values, /** @type {string} */ type) => `ARRAY[${values.map((value) => `'${value}'`).join(', ')}]::${type}[]`;
  return [list(bounds.map(({ kind }) => made[kind] ?? ''), 'uuid'), list(bounds.map(({ kind }) => kind), 'text'), list(bounds.map(({ low }) => low), 'int'), list(bounds.map(({ low, share }) => low + share), 'int')].join(', ');
}

/** Indexes for finding are made again at the end: a tenth of the time. @param {import('./database.js').Sql} sql */
async function withoutIndexes(sql) {
  const indexes = await sql(
    `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'dossier'
        AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
  );
  for (const { indexname } of indexes) await sql(`DROP INDEX ${indexname}`);
  return /** @type {{ indexdef: string }[]} */ (indexes);
}
