import { type Sql } from '@quan-so/persistence';
import { type Outgoing } from './message.js';
import { type Shipment } from './transport.js';

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

/** What a shard has to send. */
export interface Waiting extends Shard {
  readonly rows: readonly UnsentRow[];
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

/**
 * Unsent rows of each shard by their state, not by `id > last`: identity values are given before COMMIT, so a reader with a
 * cursor walks past rows that become visible later (2,936 of 13,530 lost under 8 writers, measured). Shards that have none
 * are not in the answer.
 */
export async function unsentRows(lock: Sql, shards: readonly Shard[], limit: number): Promise<Waiting[]> {
  const rows = await lock<UnsentRow & { n: number }>(
    'relay-unsent-rows',
    `SELECT s.n::int AS n, o.* FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS s (topic, shard, n)
      CROSS JOIN LATERAL (SELECT id, event_id, subject, type, envelope, traceparent, created_at FROM outbox
        WHERE topic = s.topic AND shard = s.shard AND published_at IS NULL ORDER BY id LIMIT $3) AS o ORDER BY s.n, o.id`,
    [...columns(shards), limit],
  );
  return shards.flatMap(({ topic, shard }, index) => {
    const own = rows.filter(({ n }) => n === index + 1);
    return own.length === 0 ? [] : [{ topic, shard, rows: own }];
  });
}

/**
 * By time too: of twenty days only those of the batch are looked into. Not waited for until it is on the disk: a mark that
 * a crash of the server takes back is a second sending, which the inbox knows, and what was sent is with the broker.
 */
export async function markSent(lock: Sql, rows: readonly Outgoing[]): Promise<void> {
  const text = `UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[]) AND created_at >= $2
    AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL`;
  await lock('relay-mark', text, [rows.map(({ id }) => id), oldestOf(rows)]);
}

function oldestOf(rows: readonly Outgoing[]): Date {
  return new Date(Math.min(...rows.map(({ createdAt }) => createdAt.getTime())));
}

/**
 * Marks and numbers in one statement on the connection that holds the locks: whoever lost them cannot number. On the disk
 * when it returns: consumers keep these numbers. The traceparent becomes that of the producer span, which is what a broker
 * would carry in a header.
 */
export async function markNumbered(lock: Sql, shipments: readonly Shipment[]): Promise<void> {
  const rows = shipments.flatMap(({ topic, shard, rows: own }) => own.map(({ id, traceparent }, n) => ({ topic, shard, id, traceparent, n: n + 1 })));
  await lock(
    'relay-mark-numbered',
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::int[]) AS g (topic, shard, id, traceparent, n)
     ), last AS (
       INSERT INTO relay_position AS r (topic, shard, position) SELECT topic, shard, count(*) FROM given GROUP BY topic, shard ORDER BY topic, shard
       ON CONFLICT (topic, shard) DO UPDATE SET position = r.position + excluded.position RETURNING topic, shard, position
     ), many AS (SELECT topic, shard, count(*) AS count FROM given GROUP BY topic, shard)
     UPDATE outbox o SET published_at = now(), traceparent = g.traceparent, position = last.position - many.count + g.n
       FROM given g JOIN last USING (topic, shard) JOIN many USING (topic, shard)
      WHERE o.id = g.id AND o.created_at >= $6`,
    [
      rows.map(({ topic }) => topic),
      rows.map(({ shard }) => shard),
      rows.map(({ id }) => id),
      rows.map(({ traceparent }) => traceparent),
      rows.map(({ n }) => n),
      oldestOf(shipments.flatMap(({ rows: own }) => own)),
    ],
  );
}

/** More is not counted: the longer the outbox, the less a look at it may cost. */
const MOST_COUNTED = 100_000;

/**
 * What waits to be sent, `most` at most. The oldest is the first of a shard, found from shard to shard in the index of what
 * is unsent: also of a topic that this release tells no more.
 */
export async function unsent(sql: Sql, most = MOST_COUNTED): Promise<{ count: number; oldestMs: number }> {
  const text = `WITH RECURSIVE first AS (
      (SELECT topic, shard, created_at FROM outbox WHERE published_at IS NULL ORDER BY topic, shard, id LIMIT 1)
      UNION ALL
      SELECT next.* FROM first CROSS JOIN LATERAL (SELECT topic, shard, created_at FROM outbox
        WHERE published_at IS NULL AND (topic, shard) > (first.topic, first.shard) ORDER BY topic, shard, id LIMIT 1) AS next
    ) SELECT (SELECT count(*)::int FROM (SELECT FROM outbox WHERE published_at IS NULL LIMIT $1) AS found) AS count,
      coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000, 0)::float8 AS oldest_ms FROM first`;
  const [row] = await sql<{ count: number; oldest_ms: number }>('relay-state', text, [most]);
  return { count: row?.count ?? 0, oldestMs: Math.max(0, Math.round(row?.oldest_ms ?? 0)) };
}

/** The highest id of what is not sent yet. */
export async function lastUnsent(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ last: string | null }>('relay-last', 'SELECT max(id) AS last FROM outbox WHERE published_at IS NULL');
  return row?.last ?? null;
}

export async function isUnsentUpTo(sql: Sql, id: string): Promise<boolean> {
  const text = 'SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND id <= $1) AS waits';
  const [row] = await sql<{ waits: boolean }>('relay-waits', text, [id]);
  return row?.waits ?? false;
}

function columns(shards: readonly Shard[]): [string[], number[]] {
  return [shards.map(({ topic }) => topic), shards.map(({ shard }) => shard)];
}
