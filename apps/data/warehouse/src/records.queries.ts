import { type UnitScope } from '@quan-so/auth';
import { type RecordChangedData } from '@quan-so/contracts-data';
import { type Sql } from '@quan-so/persistence';
import { scopeOf, searchTextOf, type Heard, type StoredVersion } from './record.rules.js';

export interface RecordRow {
  readonly key: string;
  readonly version: number;
  readonly code: string;
  readonly unit: string;
  readonly receiving_unit: string;
  readonly status: string;
  readonly title: string;
  readonly changed_at: Date;
  readonly trace_id: string | null;
  readonly command: string | null;
  readonly body: RecordChangedData['body'];
}

const COLUMNS = 'r.key, r.version, r.code, r.unit, r.receiving_unit, r.status, r.title, r.changed_at, r.trace_id, r.body';
/** Of a record as it is now: the command stands with its version in the history. */
const RECORD_COLUMNS = `${COLUMNS},
       (SELECT h.command FROM record_history h WHERE h.dataset = r.dataset AND h.key = r.key AND h.version = r.version) AS command`;

/**
 * Takes a batch in one statement. Every version goes into the history, once, whatever the order of arrival; the first told
 * of a version stays. Of each record the latest of the batch becomes the record, in key order; an older version changes
 * nothing. Counters follow from what each row was (`old`, PostgreSQL 18) and is. A body goes once and unescaped: all of
 * them are one JSON array.
 */
const TAKE = `
WITH given AS (
  SELECT * FROM ROWS FROM (
    unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[],
           $11::text[], $12::text[], $13::text[]),
    jsonb_array_elements($14::jsonb)
  ) WITH ORDINALITY
    AS g(dataset, key, version, code, unit, receiving_unit, status, title, changed_at, trace_id, command, scope, search_key, body, n)
), kept AS (
  INSERT INTO record_history (dataset, key, version, code, unit, receiving_unit, status, title, changed_at, trace_id, command, body)
  SELECT dataset, key, version, code, unit, receiving_unit, status, title, changed_at, trace_id, command, body FROM given
  ON CONFLICT (dataset, key, version) DO NOTHING
), taken AS (
  INSERT INTO record AS r (dataset, key, version, code, unit, receiving_unit, scope, status, title, search_key, changed_at, trace_id, body)
  SELECT dataset, key, version, code, unit, receiving_unit, string_to_array(scope, ' '), status, title, search_key, changed_at, trace_id, body
    FROM given WHERE n <= $15 ORDER BY dataset, key
  ON CONFLICT (dataset, key) DO UPDATE SET
    version = excluded.version, code = excluded.code, unit = excluded.unit, receiving_unit = excluded.receiving_unit,
    scope = excluded.scope, status = excluded.status, title = excluded.title, search_key = excluded.search_key,
    changed_at = excluded.changed_at, trace_id = excluded.trace_id, body = excluded.body
  WHERE r.version < excluded.version
  RETURNING new.dataset, new.unit, new.receiving_unit, new.status,
            old.unit AS old_unit, old.receiving_unit AS old_receiving_unit, old.status AS old_status
), deltas AS (
  SELECT dataset, unit, receiving_unit, status, sum(n)::int AS n FROM (
    SELECT dataset, unit, receiving_unit, status, 1 AS n FROM taken
    UNION ALL
    SELECT dataset, old_unit, old_receiving_unit, old_status, -1 FROM taken WHERE old_unit IS NOT NULL
  ) AS d GROUP BY dataset, unit, receiving_unit, status HAVING sum(n) <> 0
)
INSERT INTO record_counter AS c (dataset, unit, receiving_unit, status, records)
SELECT dataset, unit, receiving_unit, status, n FROM deltas ORDER BY dataset, unit, receiving_unit, status
ON CONFLICT (dataset, unit, receiving_unit, status) DO UPDATE SET records = c.records + excluded.records`;

/** `latest` has one version of each record, the highest; `earlier` the others of the batch. */
export async function takeVersions(sql: Sql, latest: readonly StoredVersion[], earlier: readonly StoredVersion[]): Promise<void> {
  const all = [...latest, ...earlier];
  await sql('take-records', TAKE, [
    all.map((v) => v.dataset),
    all.map((v) => v.key),
    all.map((v) => v.version),
    all.map((v) => v.code),
    all.map((v) => v.unit),
    all.map((v) => v.receivingUnit),
    all.map((v) => v.status),
    all.map((v) => v.title),
    all.map((v) => v.changedAt),
    all.map((v) => v.traceId),
    all.map((v) => v.command),
    latest.map((v) => scopeOf([v.unit, v.receivingUnit]).join(' ')),
    latest.map(searchTextOf),
    `[${all.map((v) => v.body).join(',')}]`,
    latest.length,
  ]);
}

/** Remembers how far the owners of these datasets have been heard. Last in the transaction: one row per dataset is shared by all. */
export async function keepHeard(sql: Sql, heard: readonly Heard[]): Promise<void> {
  await sql(
    'keep-heard',
    `INSERT INTO dataset_heard AS h (dataset, heard_at, changed_at)
     SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
     ON CONFLICT (dataset) DO UPDATE SET heard_at = greatest(h.heard_at, excluded.heard_at), changed_at = greatest(h.changed_at, excluded.changed_at)`,
    [heard.map((h) => h.dataset), heard.map((h) => h.at), heard.map((h) => h.changedAt)],
  );
}

export interface HeardRow {
  readonly dataset: string;
  readonly heard_at: Date;
  readonly changed_at: Date;
}

export function listHeard(sql: Sql): Promise<HeardRow[]> {
  return sql('heard', 'SELECT dataset, heard_at, changed_at FROM dataset_heard');
}

export interface CounterRow {
  readonly dataset: string;
  readonly unit: string;
  readonly receiving_unit: string;
  readonly status: string;
  readonly records: number;
}

export function listCounters(sql: Sql): Promise<CounterRow[]> {
  return sql('counters', 'SELECT dataset, unit, receiving_unit, status, records FROM record_counter WHERE records > 0 ORDER BY dataset, unit, status');
}

/** What records are asked for. `words` are search words; `after` the key of the last row seen. */
export interface RecordFilter {
  readonly dataset: string;
  readonly scope: UnitScope;
  readonly code?: string | undefined;
  readonly unit?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly changedFrom?: string | undefined;
  readonly changedBefore?: string | undefined;
  readonly words?: readonly string[];
  readonly after?: string | undefined;
  readonly limit: number;
}

/** So many search words help the trigram index; every further word is only compared. */
const INDEXED_WORDS = 3;

/**
 * Records of the filter, latest made first (keys are UUIDv7). Conditions that are not asked are not in the statement, so
 * each combination has its own plan; its name is made of their letters (PostgreSQL keeps 63 bytes of a name).
 */
export function findRecords(sql: Sql, filter: RecordFilter): Promise<RecordRow[]> {
  const values: unknown[] = [filter.dataset, filter.limit];
  const conditions: string[] = ['r.dataset = $1'];
  let name = 'records';
  const where = (letter: string, condition: (...places: string[]) => string, ...given: readonly unknown[]): void => {
    if (given.includes(undefined)) return;
    conditions.push(condition(...given.map((value) => `$${values.push(value)}`)));
    name += `.${letter}`;
  };
  const { scope } = filter;
  const words = [...(filter.words ?? [])].sort((a, b) => b.length - a.length).map(beginsWord);
  where('c', (code) => `r.code = ${code}`, filter.code);
  where('u', (unit) => `r.scope @> ARRAY[${unit}::text]`, filter.unit);
  where('s', (status) => `r.status = ANY(${status}::text[])`, filter.status);
  where('f', (from) => `r.changed_at >= ${from}::timestamptz`, filter.changedFrom);
  where('b', (before) => `r.changed_at < ${before}::timestamptz`, filter.changedBefore);
  for (const word of words.slice(0, INDEXED_WORDS)) where('q', (pattern) => `r.search_key LIKE ${pattern}`, word);
  if (words.length > INDEXED_WORDS) where('m', (patterns) => `r.search_key LIKE ALL(${patterns}::text[])`, words.slice(INDEXED_WORDS));
  if (!scope.all) where('t', scopeCondition, scope.units, scope.exactUnits);
  where('a', (after) => `r.key < ${after}::uuid`, filter.after);
  return sql(name, `SELECT ${RECORD_COLUMNS} FROM record r WHERE ${conditions.join(' AND ')} ORDER BY r.key DESC LIMIT $2`, values);
}

function scopeCondition(trees: string, exact: string): string {
  return `(r.scope && ${trees}::text[] OR r.unit = ANY(${exact}::text[]) OR r.receiving_unit = ANY(${exact}::text[]))`;
}

/** A LIKE pattern: some word begins with this one. Words hold letters and digits only; the escape keeps it so by itself. */
function beginsWord(word: string): string {
  return `% ${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** One record within the scope; undefined when there is none, or none the caller may see. */
export async function findRecord(sql: Sql, dataset: string, key: string, scope: UnitScope): Promise<RecordRow | undefined> {
  const [everything, trees, exact] = scope.all ? [true, [], []] : [false, scope.units, scope.exactUnits];
  const [row] = await sql<RecordRow>(
    'record-by-key',
    `SELECT ${RECORD_COLUMNS} FROM record r WHERE r.dataset = $1 AND r.key = $2 AND ($3 OR ${scopeCondition('$4', '$5')})`,
    [dataset, key, everything, trees, exact],
  );
  return row;
}

export type VersionRow = RecordRow & { readonly superseded_at: Date | null };

/** Versions of a record, newest first, below `before` when given. */
export function listVersions(sql: Sql, dataset: string, key: string, before: number | undefined, limit: number): Promise<VersionRow[]> {
  return sql<VersionRow>(
    'record-versions',
    `SELECT ${COLUMNS}, r.command,
            (SELECT n.changed_at FROM record_history n
              WHERE n.dataset = r.dataset AND n.key = r.key AND n.version > r.version ORDER BY n.version LIMIT 1) AS superseded_at
       FROM record_history r WHERE r.dataset = $1 AND r.key = $2 AND r.version < $3 ORDER BY r.version DESC LIMIT $4`,
    [dataset, key, before ?? 2_147_483_647, limit],
  );
}
