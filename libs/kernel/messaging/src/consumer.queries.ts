import { type Sql } from '@quan-so/persistence';
import { storable } from './message.js';

export interface Taken {
  /** Ids that were not taken before. */
  readonly fresh: ReadonlySet<string>;
  /** Ids that the inbox may have forgotten: whether they were taken, nobody knows. */
  readonly stale: ReadonlySet<string>;
  /** Keys with a parked event. */
  readonly blocked: ReadonlySet<string>;
  /** The place before this batch; undefined when nothing of this shard was taken yet. */
  readonly before: number | undefined;
}

const TAKE = `
WITH before AS (
  SELECT position FROM consumer_position WHERE transport = $1 AND topic = $2 AND shard = $3
), moved AS (
  INSERT INTO consumer_position AS p (transport, topic, shard, position, moved_at) VALUES ($1, $2, $3, $4, now())
  ON CONFLICT (transport, topic, shard) DO UPDATE SET position = greatest(p.position, excluded.position), moved_at = now()
), fresh AS (
  INSERT INTO inbox (event_id, topic, taken_at)
  SELECT id, $2, now() FROM unnest($5::uuid[]) AS id WHERE id >= (SELECT floor FROM inbox_floor)
  ON CONFLICT DO NOTHING RETURNING event_id
)
SELECT (SELECT position FROM before) AS before,
  ARRAY(SELECT event_id::text FROM fresh) AS fresh,
  ARRAY(SELECT s.id::text FROM unnest($5::uuid[]) AS s (id) WHERE s.id < (SELECT floor FROM inbox_floor)
    AND NOT EXISTS (SELECT FROM parked p WHERE p.topic = $2 AND p.event_id = s.id)) AS stale,
  ARRAY(SELECT DISTINCT key FROM parked WHERE topic = $2 AND key = ANY($6::text[])) AS blocked`;

/** Inbox, position and guard of keys in one statement, at the beginning of the transaction of the effects. */
export async function takeIn(
  sql: Sql,
  place: { transport: string; topic: string; shard: number; position: number },
  entries: readonly { readonly id: string; readonly key: string }[],
): Promise<Taken> {
  const values = [place.transport, place.topic, place.shard, place.position, entries.map(({ id }) => id), entries.map(({ key }) => key)];
  const [row] = await sql<{ before: string | null; fresh: string[]; stale: string[]; blocked: string[] }>('consumer-take', TAKE, values);
  return {
    fresh: new Set(row?.fresh),
    stale: new Set(row?.stale),
    blocked: new Set(row?.blocked),
    before: row?.before === null || row?.before === undefined ? undefined : Number(row.before),
  };
}

export interface ParkedEvent {
  readonly position: number;
  readonly key: string;
  readonly id: string;
  readonly type: string | undefined;
  readonly reason: 'CONTRACT' | 'HANDLER' | 'BEHIND' | 'STALE';
  readonly error: string | undefined;
  readonly detail: string | undefined;
  readonly stack: string | undefined;
  readonly traceparent: string | undefined;
  readonly message: string;
}

const PARK = `
INSERT INTO parked (topic, shard, position, key, event_id, type, reason, error, detail, stack, traceparent, message, parked_at)
SELECT $1, $2, position, key, event_id, type, reason, error, detail, stack, traceparent, message, now()
FROM unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
  WITH ORDINALITY AS p (position, key, event_id, type, reason, error, detail, stack, traceparent, message, n)
ORDER BY n`;

export async function park(sql: Sql, topic: string, shard: number, events: readonly ParkedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const texts = (of: (event: ParkedEvent) => string | undefined, longest: number) =>
    events.map((event) => {
      const text = of(event);
      return text === undefined ? null : storable(text, longest);
    });
  await sql('consumer-park', PARK, [
    topic,
    shard,
    events.map((event) => event.position),
    texts((event) => event.key, 200),
    events.map((event) => event.id),
    texts((event) => event.type, 200),
    events.map((event) => event.reason),
    texts((event) => event.error, 200),
    texts((event) => event.detail, 2_000),
    texts((event) => event.stack, 8_000),
    texts((event) => event.traceparent, 55),
    texts((event) => event.message, 1_000_000),
  ]);
}

/** Last places taken, by `topic/shard`. */
export async function positionsOf(sql: Sql, transport: string, topics: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ topic: string; shard: number; position: string }>(
    'consumer-positions',
    'SELECT topic, shard, position FROM consumer_position WHERE transport = $1 AND topic = ANY($2::text[])',
    [transport, topics],
  );
  return new Map(rows.map(({ topic, shard, position }) => [`${topic}/${shard}`, Number(position)]));
}

/** 100,000 are that many or more. */
export async function countParked(sql: Sql): Promise<number> {
  const [row] = await sql<{ parked: number }>('consumer-count-parked', 'SELECT count(*)::int AS parked FROM (SELECT FROM parked LIMIT 100000) AS found', []);
  return row?.parked ?? 0;
}
