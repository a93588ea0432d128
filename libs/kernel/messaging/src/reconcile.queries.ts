import { uuidv7From } from '@quan-so/language';
import { uuidv7, type Sql } from '@quan-so/persistence';

/** Events of a topic whose ids fall into `[from, to)`. */
export interface Window {
  readonly topic: string;
  readonly from: Date;
  readonly to: Date;
}

const BITS = `('x' || right(replace(event_id::text, '-', ''), 16))::bit(64)::bigint`;
/** An id is made before its row's transaction began, or after it; and clocks of database and process differ. */
const MARGIN = `interval '2 minutes'`;
/** Distinct: what was sent again stands in the outbox twice. */
const TOLD = `SELECT DISTINCT ON (event_id) event_id, shard, type, created_at FROM outbox
  WHERE topic = $1 AND event_id >= $2 AND event_id < $3 AND created_at >= $4::timestamptz - ${MARGIN} AND created_at < $5::timestamptz + ${MARGIN}
  ORDER BY event_id, id`;

function valuesOf({ topic, from, to }: Window): unknown[] {
  return [topic, firstIdOf(from), firstIdOf(to), from, to];
}

/** The smallest UUIDv7 of an instant. */
function firstIdOf(at: Date): string {
  return uuidv7From(at.getTime(), new Uint8Array(10));
}

/** Whether more than `most` rows were told in a window; reads no more than that, so that it ends however wide a window is. */
export async function isMoreThan(sql: Sql, window: Window, most: number): Promise<boolean> {
  const text = `SELECT count(*)::int AS count FROM (SELECT FROM outbox WHERE topic = $1 AND created_at >= $2::timestamptz - ${MARGIN} AND created_at < $3::timestamptz + ${MARGIN} LIMIT $4) t`;
  const [row] = await sql<{ count: number }>('reconcile-more-than', text, [window.topic, window.from, window.to, most + 1]);
  return (row?.count ?? 0) > most;
}

/** What the owner has in its outbox of a window. */
export async function windowOf(sql: Sql, window: Window): Promise<{ count: number; digest: string; oldest: Date | null }> {
  const text = `SELECT count(*)::int AS count, coalesce(bit_xor(${BITS}), 0)::text AS digest, min(created_at) AS oldest FROM (${TOLD}) t`;
  const [row] = await sql<{ count: number; digest: string; oldest: Date | null }>('reconcile-window', text, valuesOf(window));
  return row ?? { count: 0, digest: '0', oldest: null };
}

export interface ToldOfShard {
  readonly shard: number;
  readonly type: string;
  readonly count: number;
  readonly digest: string;
}

export function toldBy(sql: Sql, window: Window): Promise<ToldOfShard[]> {
  const text = `SELECT shard, type, count(*)::int AS count, bit_xor(${BITS})::text AS digest FROM (${TOLD}) t GROUP BY shard, type ORDER BY shard, type`;
  return sql<ToldOfShard>('reconcile-told', text, valuesOf(window));
}

/**
 * Puts what was told in a window into the outbox again, with its ids and in its order. Copies, not the same rows marked as
 * unsent: places that others have yet to read stay where they are. Without a traceparent, since a replay is a new trace.
 */
export async function sendAgain(sql: Sql, window: Window): Promise<void> {
  await sql(
    'reconcile-send-again',
    `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, traceparent, created_at)
     SELECT event_id, kind, topic, shard, subject, type, envelope, NULL, now() FROM (
       SELECT DISTINCT ON (event_id) * FROM outbox
        WHERE topic = $1 AND event_id >= $2 AND event_id < $3 AND created_at >= $4::timestamptz - ${MARGIN} AND created_at < $5::timestamptz + ${MARGIN}
        ORDER BY event_id, id) told
      ORDER BY id`,
    valuesOf(window),
  );
}

/** Up to when this service has counted a topic of its own, for update; undefined while another process counts. */
export async function lockReckoned(sql: Sql, topic: string, first: Date): Promise<Date | undefined> {
  await sql('reconcile-begin', 'INSERT INTO reckoned (topic, up_to) VALUES ($1, $2) ON CONFLICT DO NOTHING', [topic, first]);
  const rows = await sql<{ up_to: Date }>('reconcile-lock', 'SELECT up_to FROM reckoned WHERE topic = $1 FOR UPDATE SKIP LOCKED', [topic]);
  return rows[0]?.up_to;
}

export async function setReckoned(sql: Sql, topic: string, upTo: Date): Promise<void> {
  await sql('reconcile-reckoned', 'UPDATE reckoned SET up_to = $2 WHERE topic = $1', [topic, upTo]);
}

/** Keeps what a shard says it told; answers the sum of all shards once every one of them has said it, and forgets them. */
export async function hearShard(
  sql: Sql,
  window: Window,
  said: { readonly shard: number; readonly count: number; readonly digest: string },
  shards: number,
): Promise<{ count: string; digest: string } | undefined> {
  const place = [window.topic, window.from, window.to];
  // Shards are taken side by side: without a turn each would see the others' rows uncommitted, and nobody the last one.
  await sql('reconcile-turn', `SELECT pg_advisory_xact_lock(hashtextextended('quan-so reckoning ' || $1, 0))`, [window.topic]);
  await sql(
    'reconcile-hear',
    `INSERT INTO reckoning AS r (topic, from_at, to_at, shard, count, digest) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (topic, from_at, to_at, shard) DO UPDATE SET count = excluded.count, digest = excluded.digest`,
    [...place, said.shard, said.count, said.digest],
  );
  const [sum] = await sql<{ shards: number; count: string; digest: string }>(
    'reconcile-sum',
    `SELECT count(*)::int AS shards, sum(count)::text AS count, bit_xor(digest)::text AS digest FROM reckoning WHERE topic = $1 AND from_at = $2 AND to_at = $3`,
    place,
  );
  if (sum === undefined || sum.shards < shards) return undefined;
  // Those that were never completed go with the ones a day later.
  await sql('reconcile-forget', `DELETE FROM reckoning WHERE topic = $1 AND (from_at = $2 AND to_at = $3 OR to_at < $3::timestamptz - interval '1 day')`, place);
  return sum;
}

/** What was heard of a window; what could not even be read has an id of its place, not of its teller, and does not count. */
export async function heardOf(sql: Sql, { topic, from, to }: Window): Promise<{ count: string; digest: string }> {
  const text = `SELECT count(*)::text AS count, coalesce(bit_xor(${BITS}), 0)::text AS digest FROM inbox i
    WHERE topic = $1 AND event_id >= $2 AND event_id < $3
      AND NOT EXISTS (SELECT FROM parked p WHERE p.topic = i.topic AND p.event_id = i.event_id AND p.type IS NULL)`;
  const [row] = await sql<{ count: string; digest: string }>('reconcile-heard', text, [topic, firstIdOf(from), firstIdOf(to)]);
  return row ?? { count: '0', digest: '0' };
}

/** Moves how far a topic was compared; answers how far it was before. Windows of the past do not move it. */
export async function moveUpTo(sql: Sql, { topic, to }: Window): Promise<Date | undefined> {
  const [row] = await sql<{ before: Date | null }>(
    'reconcile-move',
    `WITH before AS (SELECT up_to FROM reckoned_up_to WHERE topic = $1), moved AS (
       INSERT INTO reckoned_up_to AS r (topic, up_to) VALUES ($1, $2) ON CONFLICT (topic) DO UPDATE SET up_to = greatest(r.up_to, excluded.up_to))
     SELECT (SELECT up_to FROM before) AS before`,
    [topic, to],
  );
  return row?.before ?? undefined;
}

export interface Gap {
  readonly kind: 'POSITIONS' | 'COUNT' | 'RECKONING';
  readonly topic: string;
  readonly shard?: number;
  readonly from: Date | null;
  readonly to: Date;
  readonly told?: string;
  readonly heard?: string;
  readonly missing?: number;
}

/** One record per window, however often it is found. What is less apart than before is asked for from the beginning. */
export async function keepGap(sql: Sql, gap: Gap): Promise<void> {
  const values = [gap.kind, gap.topic, gap.from, gap.to, gap.told ?? null, gap.heard ?? null];
  const known = await sql(
    'reconcile-gap-known',
    `UPDATE gap SET told = $5, heard = $6,
       in_vain = CASE WHEN abs($5::bigint - $6::bigint) < abs(told - heard) THEN 0 ELSE in_vain END,
       given_up_at = CASE WHEN abs($5::bigint - $6::bigint) < abs(told - heard) THEN NULL ELSE given_up_at END
      WHERE kind = $1 AND topic = $2 AND from_at IS NOT DISTINCT FROM $3 AND to_at = $4 AND mended_at IS NULL AND kind <> 'POSITIONS' RETURNING id`,
    values,
  );
  if (known.length > 0) return;
  await sql(
    'reconcile-gap',
    `INSERT INTO gap (id, kind, topic, from_at, to_at, told, heard, shard, missing, found_at) VALUES ($7, $1, $2, $3, $4, $5, $6, $8, $9, now())`,
    [...values, uuidv7(), gap.shard ?? null, gap.missing ?? null],
  );
}

export interface AskedGap {
  readonly topic: string;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly told: string | null;
  readonly heard: string | null;
  readonly asks: number;
}

/** So often is asked without anything having come of it. */
const MOST_IN_VAIN = 5;

/** Open gaps that were not asked for yet, or not within this time; each is counted as asked. Not those that no outbox keeps any more. */
export function gapsToAsk(sql: Sql, againMs: number, limit: number): Promise<AskedGap[]> {
  return sql<AskedGap>(
    'reconcile-ask',
    `UPDATE gap SET asks = asks + 1, in_vain = in_vain + 1, asked_at = now() WHERE id IN (
       SELECT id FROM gap WHERE mended_at IS NULL AND given_up_at IS NULL AND kind <> 'POSITIONS' AND from_at > now() - interval '14 days'
          AND in_vain < $3 AND (asked_at IS NULL OR asked_at <= now() - $1 * interval '1 millisecond')
        ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING topic, from_at, to_at, told, heard, asks`,
    [againMs, limit, MOST_IN_VAIN],
  );
}

/** Gaps whose last ask was in vain too, or that no outbox keeps any more: from here on they are for somebody, told once. */
export function giveUpGaps(sql: Sql, againMs: number): Promise<{ topic: string }[]> {
  return sql<{ topic: string }>(
    'reconcile-give-up',
    `UPDATE gap SET given_up_at = now() WHERE mended_at IS NULL AND given_up_at IS NULL AND kind <> 'POSITIONS'
        AND (from_at <= now() - interval '14 days' OR (in_vain >= $2 AND asked_at <= now() - $1 * interval '1 millisecond'))
     RETURNING topic`,
    [againMs, MOST_IN_VAIN],
  );
}

/** Both sides agree on a window: what was open inside it is mended, and jumps over places once nothing else is open before. */
export async function mendGaps(sql: Sql, { topic, from, to }: Window): Promise<number> {
  const mended = await sql(
    'reconcile-mend',
    `UPDATE gap SET mended_at = now() WHERE topic = $1 AND mended_at IS NULL AND kind <> 'POSITIONS' AND from_at >= $2 AND to_at <= $3 RETURNING id`,
    [topic, from, to],
  );
  await sql(
    'reconcile-mend-positions',
    `UPDATE gap g SET mended_at = now() WHERE topic = $1 AND mended_at IS NULL AND kind = 'POSITIONS'
       AND to_at < (SELECT up_to FROM reckoned_up_to WHERE topic = $1)
       AND NOT EXISTS (SELECT FROM gap o WHERE o.topic = $1 AND o.kind <> 'POSITIONS' AND o.mended_at IS NULL AND o.from_at <= g.to_at)`,
    [topic],
  );
  return mended.length;
}
