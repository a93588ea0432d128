import { type ReferenceKind } from '@quan-so/contracts-data';
import { type Sql } from '@quan-so/persistence';
import { type VersionPeriod } from './reference.rules.js';

export type Body = Readonly<Record<string, unknown>>;

export interface ItemRow {
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly version: number;
  /** Dates as text: a civil date is no instant. */
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly published_at: Date;
  readonly revision: number;
  readonly body: Body;
}

const COLUMNS = 'kind, code, version, valid_from::text, valid_to::text, published_at, revision, body';
const IN_FORCE = "valid_from <= $2::date AND (valid_to IS NULL OR valid_to >= $2::date)";
/** Publications take turns (`takeTurn`), so the next number is nobody else's. */
const NEXT_REVISION = '(SELECT coalesce(max(revision), 0) + 1 FROM reference_item)';

/** Items of a kind in force on a day, by code, after `after`. */
export function listInForce(sql: Sql, kind: ReferenceKind, on: string, after: string, limit: number): Promise<ItemRow[]> {
  return sql<ItemRow>('reference-in-force', `SELECT ${COLUMNS} FROM reference_item WHERE kind = $1 AND ${IN_FORCE} AND code > $3 ORDER BY code LIMIT $4`, [kind, on, after, limit]);
}

export async function findInForce(sql: Sql, kind: ReferenceKind, code: string, on: string): Promise<ItemRow | undefined> {
  const [row] = await sql<ItemRow>('reference-by-code', `SELECT ${COLUMNS} FROM reference_item WHERE kind = $1 AND ${IN_FORCE} AND code = $3`, [kind, on, code]);
  return row;
}

/** Every version of everything: a few hundred rows, read when a change is checked against the rest. */
export function listAll(sql: Sql): Promise<ItemRow[]> {
  return sql<ItemRow>('reference-all', `SELECT ${COLUMNS} FROM reference_item ORDER BY kind, code, version`);
}

export async function insertItem(
  sql: Sql,
  item: VersionPeriod & { kind: ReferenceKind; code: string; publishedAt: Date; proposalId: string | null; body: Body },
): Promise<void> {
  await sql(
    'reference-insert',
    `INSERT INTO reference_item (kind, code, version, valid_from, valid_to, published_at, proposal_id, body, revision)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${NEXT_REVISION})`,
    [item.kind, item.code, item.version, item.validFrom, item.validTo, item.publishedAt, item.proposalId, JSON.stringify(item.body)],
  );
}

/** Ends a version; the body shows the same last day. */
export async function closeItem(sql: Sql, kind: ReferenceKind, code: string, version: number, validTo: string): Promise<ItemRow> {
  const [row] = await sql<ItemRow>(
    'reference-close',
    `UPDATE reference_item SET valid_to = $4::date, body = jsonb_set(body, '{validTo}', to_jsonb($4::text)), revision = ${NEXT_REVISION}
      WHERE kind = $1 AND code = $2 AND version = $3 RETURNING ${COLUMNS}`,
    [kind, code, version, validTo],
  );
  if (row === undefined) throw new Error('the version to close is gone');
  return row;
}

/**
 * Everything that is told on the catalogue's topic is told one after the other: publications, seed and beats take this lock
 * first. Answers the moment, read after the lock was had, so that a beat never claims what is still being published.
 */
export async function takeTurn(sql: Sql): Promise<Date> {
  await sql('catalog-turn', "SELECT pg_advisory_xact_lock(hashtextextended('catalog: one publication at a time', 0))");
  const [row] = await sql<{ at: Date }>('catalog-moment', "SELECT date_trunc('milliseconds', clock_timestamp()) AS at");
  if (row === undefined) throw new Error('the database tells no time');
  return row.at;
}

export interface SeedRow {
  readonly authority: string;
  readonly name: string;
  readonly pack_digest: string;
}

export async function findSeed(sql: Sql): Promise<SeedRow | undefined> {
  const [row] = await sql<SeedRow>('seed-find', 'SELECT authority, name, pack_digest FROM seed');
  return row;
}

export async function insertSeed(sql: Sql, seed: { authority: string; name: string; digest: string; at: Date }): Promise<void> {
  await sql('seed-insert', 'INSERT INTO seed (authority, name, pack_digest, seeded_at) VALUES ($1, $2, $3, $4)', [seed.authority, seed.name, seed.digest, seed.at]);
}

/** Takes the beat of this moment; false when there was one less than `apartMs` ago. */
export async function takeBeat(sql: Sql, at: Date, apartMs: number): Promise<boolean> {
  const rows = await sql<{ one: boolean }>(
    'beat-take',
    `INSERT INTO beat AS b (at) VALUES ($1)
     ON CONFLICT (one) DO UPDATE SET at = excluded.at WHERE b.at <= excluded.at - $2 * interval '1 millisecond' RETURNING one`,
    [at, apartMs],
  );
  return rows.length === 1;
}
