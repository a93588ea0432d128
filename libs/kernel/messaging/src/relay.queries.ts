import { type Sql } from '@quan-so/persistence';
import { type Outgoing } from './message.js';

/** A topic's shard in the lists of SQL. */
export interface Shard {
  readonly topic: string;
  readonly shard: number;
}

export interface UnsentRow {
  readonly id: string;
  readonly event_id: string;
  readonly subject: string;
  readonly type: string;
  readonly envelope: string;
  readonly traceparent: string | null;
  readonly created_at: Date;
}

/** Takes the locks that are free; a session holds them until it closes or is lost. */
export async function lockShards(lock: Sql, wanted: readonly Shard[]): Promise<Shard[]> {
  return lock<Shard>(
    'relay-lock',
    `SELECT topic, shard FROM unnest($1::text[], $2::int[]) AS s (topic, shard)
      WHERE pg_try_advisory_lock(hashtext('quan-so relay ' || topic), shard)`,
    columns(wanted),
  );
}

/** How many of these shards nobody holds the lock of; as PostgreSQL lists a lock of two numbers. */
export async function unownedShards(sql: Sql, shards: readonly Shard[]): Promise<number> {
  const text = `SELECT count(*)::int AS unowned FROM unnest($1::text[], $2::int[]) AS s (topic, shard)
    WHERE NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = hashtext('quan-so relay ' || s.topic)::oid AND l.objid = s.shard::oid)`;
  const [row] = await sql<{ unowned: number }>('relay-unowned', text, columns(shards));
  return row?.unowned ?? 0;
}

/** Which of these shards have something to send: one probe of the partial index each. */
export async function unsentShards(lock: Sql, owned: readonly Shard[]): Promise<Shard[]> {
  return lock<Shard>(
    'relay-unsent-shards',
    `SELECT s.topic, s.shard FROM unnest($1::text[], $2::int[]) AS s (topic, shard)
      WHERE EXISTS (SELECT FROM outbox o WHERE o.topic = s.topic AND o.shard = s.shard AND o.published_at IS NULL)`,
    columns(owned),
  );
}

/**
 * Unsent rows by their state, not by `id > last`: identity values are given before COMMIT, so a reader with a cursor walks
 * past rows that become visible later (2,936 of 13,530 lost under 8 writers, measured).
 */
export async function unsentRows(lock: Sql, { topic, shard }: Shard, limit: number): Promise<UnsentRow[]> {
  return lock<UnsentRow>(
    'relay-unsent-rows',
    `SELECT id, event_id, subject, type, envelope, traceparent, created_at FROM outbox
      WHERE topic = $1 AND shard = $2 AND published_at IS NULL ORDER BY id LIMIT $3`,
    [topic, shard, limit],
  );
}

/** By time too: of twenty days only those of the batch are looked into. */
export async function markSent(lock: Sql, rows: readonly Outgoing[]): Promise<void> {
  const text = 'UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[]) AND created_at >= $2';
  await lock('relay-mark', text, [rows.map(({ id }) => id), oldestOf(rows)]);
}

function oldestOf(rows: readonly Outgoing[]): Date {
  return new Date(Math.min(...rows.map(({ createdAt }) => createdAt.getTime())));
}

/**
 * Marks and numbers in one statement on the connection that holds the lock: whoever lost the lock cannot number. The
 * traceparent becomes that of the producer span, which is what a broker would carry in a header.
 */
export async function markNumbered(lock: Sql, { topic, shard }: Shard, rows: readonly Outgoing[]): Promise<void> {
  await lock(
    'relay-mark-numbered',
    `WITH last AS (
       INSERT INTO relay_position AS r (topic, shard, position) VALUES ($1, $2, $3)
       ON CONFLICT (topic, shard) DO UPDATE SET position = r.position + $3 RETURNING position
     )
     UPDATE outbox o SET published_at = now(), traceparent = n.traceparent, position = last.position - $3 + n.n
       FROM unnest($4::bigint[], $5::text[]) WITH ORDINALITY AS n (id, traceparent, n), last
      WHERE o.id = n.id AND o.created_at >= $6`,
    [topic, shard, rows.length, rows.map(({ id }) => id), rows.map(({ traceparent }) => traceparent), oldestOf(rows)],
  );
}

/** What waits to be sent; `last` is the highest id of all. */
export async function unsent(sql: Sql): Promise<{ count: number; oldestMs: number; last: string | null }> {
  const text = `SELECT count(*)::int AS count, max(id) AS last,
    coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000, 0)::float8 AS oldest_ms
    FROM outbox WHERE published_at IS NULL`;
  const [row] = await sql<{ count: number; oldest_ms: number; last: string | null }>('relay-state', text, []);
  return { count: row?.count ?? 0, oldestMs: Math.max(0, Math.round(row?.oldest_ms ?? 0)), last: row?.last ?? null };
}

export async function isUnsentUpTo(sql: Sql, id: string): Promise<boolean> {
  const text = 'SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND id <= $1) AS waits';
  const [row] = await sql<{ waits: boolean }>('relay-waits', text, [id]);
  return row?.waits ?? false;
}

function columns(shards: readonly Shard[]): [string[], number[]] {
  return [shards.map(({ topic }) => topic), shards.map(({ shard }) => shard)];
}
