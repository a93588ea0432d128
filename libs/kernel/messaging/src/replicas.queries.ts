import { formatInstant } from '@quan-so/language';
import { type Sql } from '@quan-so/persistence';
import { type ReplicaItem } from './replicas.js';

const UPSERT = `
WITH moved AS (
  INSERT INTO replica_heard AS h (source, generation) VALUES ($1, 1)
  ON CONFLICT (source) DO UPDATE SET generation = h.generation + 1
)
INSERT INTO replica (source, kind, code, version, valid_from, valid_to, published_at, body)
SELECT $1, kind, code, version, valid_from, valid_to, published_at, body
FROM unnest($2::text[], $3::text[], $4::int[], $5::date[], $6::date[], $7::timestamptz[], $8::jsonb[])
  AS r (kind, code, version, valid_from, valid_to, published_at, body)
ON CONFLICT (source, kind, code, version) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to,
  published_at = excluded.published_at, body = excluded.body`;

export async function upsertReplicas(sql: Sql, source: string, items: readonly ReplicaItem[]): Promise<void> {
  if (items.length === 0) return;
  await sql('replica-take', UPSERT, [
    source,
    items.map((item) => item.kind),
    items.map((item) => item.code),
    items.map((item) => item.version),
    items.map((item) => item.validFrom),
    items.map((item) => item.validTo),
    items.map((item) => item.publishedAt),
    items.map((item) => JSON.stringify(item.body)),
  ]);
}

export async function upsertHeard(sql: Sql, source: string, at: string): Promise<void> {
  const text = `INSERT INTO replica_heard AS h (source, heard_at) VALUES ($1, $2)
    ON CONFLICT (source) DO UPDATE SET heard_at = greatest(h.heard_at, excluded.heard_at)`;
  await sql('replica-heard', text, [source, at]);
}

/**
 * One number that every change of any source moves, and the oldest of the beats of these sources; null when one of them was
 * never heard. Without sources: of those that were ever heard.
 */
export async function readHeard(sql: Sql, sources?: readonly string[]): Promise<{ generation: string; heardAt: Date | null }> {
  const text = `SELECT coalesce((SELECT sum(generation) FROM replica_heard), 0)::text AS generation,
    CASE WHEN bool_and(h.heard_at IS NOT NULL) THEN min(h.heard_at) END AS heard_at
    FROM unnest(coalesce($1::text[], ARRAY(SELECT source FROM replica_heard))) AS s (source) LEFT JOIN replica_heard h USING (source)`;
  const [row] = await sql<{ generation: string; heard_at: Date | null }>('replica-read-heard', text, [sources ?? null]);
  return { generation: row?.generation ?? '0', heardAt: row?.heard_at ?? null };
}

interface Row {
  readonly kind: string;
  readonly code: string;
  readonly version: number;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly published_at: Date;
  readonly body: unknown;
}

/** Every version of a kind, by code and version: some hundred rows at most. */
export async function loadKind(sql: Sql, kind: string): Promise<readonly ReplicaItem[]> {
  const text = `SELECT kind, code, version, valid_from, valid_to, published_at, body FROM replica WHERE kind = $1
    ORDER BY code, version`;
  const rows = await sql<Row>('replica-load-kind', text, [kind]);
  return rows.map((row) => ({
    kind: row.kind,
    code: row.code,
    version: row.version,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    publishedAt: formatInstant(row.published_at.getTime()),
    body: row.body,
  }));
}
