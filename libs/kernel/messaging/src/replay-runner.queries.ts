import { type Sql } from '@quan-so/persistence';
import { storable } from './message.js';

/** What is to be taken next: the first parked event of the next key of the oldest running replay. */
export interface Next {
  readonly replay: string;
  readonly perSecond: number;
  readonly n: number;
  readonly topic: string;
  readonly shard: number;
  readonly key: string;
  /** The parked event; nulls when the key has none left. */
  readonly id: string | null;
  readonly eventId: string | null;
  readonly position: string | null;
  readonly message: string | null;
  readonly traceparent: string | null;
  readonly parkedAt: Date | null;
}

const NEXT = `
SELECT r.id AS replay, r.per_second AS "perSecond", k.n, k.topic, k.shard, k.key, p.id, p.event_id AS "eventId", p.position, p.message, p.traceparent, p.parked_at AS "parkedAt"
FROM (SELECT id, per_second FROM replay WHERE state = 'running' AND selection ->> 'of' <> 'window' ORDER BY applied_at LIMIT 1) r
JOIN LATERAL (SELECT * FROM replay_key k WHERE k.replay = r.id AND k.outcome IS NULL ORDER BY n LIMIT 1) k ON true
LEFT JOIN LATERAL (SELECT * FROM parked p WHERE p.topic = k.topic AND p.key = k.key ORDER BY p.id LIMIT 1) p ON true`;

export async function findNext(sql: Sql): Promise<Next | undefined> {
  return (await sql<Next>('replay-next', NEXT))[0];
}

/**
 * The replay for this one event, if it still runs and is below its cap and no other process or person has it; then the place
 * of the shard, whose lock every consumer takes first: nothing of this key comes in meanwhile. Whether the event is still
 * the first of its key.
 */
export async function claim(sql: Sql, next: Next): Promise<'claimed' | 'full' | 'not now'> {
  const [row] = await sql<{ full: boolean }>(
    'replay-claim',
    `SELECT done + failed >= cap AS full FROM replay WHERE id = $1 AND state = 'running' FOR UPDATE SKIP LOCKED`,
    [next.replay],
  );
  if (row === undefined) return 'not now';
  if (row.full) return 'full';
  await lockPlace(sql, next);
  const [first] = await sql<{ id: string }>('replay-first', 'SELECT id FROM parked WHERE topic = $1 AND key = $2 ORDER BY id LIMIT 1 FOR UPDATE', [next.topic, next.key]);
  return (first?.id ?? null) === next.id ? 'claimed' : 'not now';
}

async function lockPlace(sql: Sql, { topic, shard }: Next): Promise<void> {
  await sql('replay-lock-place', 'SELECT 1 FROM consumer_position WHERE topic = $1 AND shard = $2 ORDER BY transport FOR UPDATE', [topic, shard]);
}

export async function settleTaken(sql: Sql, next: Next): Promise<void> {
  await sql(
    'replay-taken',
    `WITH gone AS (DELETE FROM parked WHERE id = $1), key AS (UPDATE replay_key SET done = done + 1 WHERE replay = $2 AND n = $3)
     UPDATE replay SET done = done + 1 WHERE id = $2`,
    [next.id, next.replay, next.n],
  );
}

export interface Failure {
  readonly reason: 'CONTRACT' | 'HANDLER';
  readonly error: string;
  readonly detail: string | undefined;
  readonly stack: string | undefined;
  readonly traceparent: string;
}

/** It stays where it is, first of its key, with what it failed with now; the key waits for another plan. */
export async function settleFailed(sql: Sql, next: Next, failure: Failure): Promise<void> {
  const kept = (text: string | undefined, longest: number): string | null => (text === undefined ? null : storable(text, longest));
  await sql(
    'replay-failed',
    `WITH parked AS (UPDATE parked SET tries = tries + 1, tried_at = now(), reason = $4, error = $5, detail = $6, stack = $7, traceparent = $8 WHERE id = $1),
       key AS (UPDATE replay_key SET outcome = 'failed' WHERE replay = $2 AND n = $3)
     UPDATE replay SET failed = failed + 1 WHERE id = $2`,
    [next.id, next.replay, next.n, failure.reason, kept(failure.error, 200), kept(failure.detail, 2_000), kept(failure.stack, 8_000), failure.traceparent],
  );
}

export async function settleKey(sql: Sql, next: Next): Promise<void> {
  await sql('replay-key-done', `UPDATE replay_key SET outcome = 'done' WHERE replay = $1 AND n = $2`, [next.replay, next.n]);
}

/** Ends a replay whose keys are done or that reached its cap; keys on which more parked meanwhile are looked at once more. */
export async function finishReplays(sql: Sql): Promise<void> {
  await sql(
    'replay-look-again',
    `UPDATE replay_key k SET outcome = NULL FROM replay r
      WHERE r.id = k.replay AND r.state = 'running' AND r.done + r.failed < r.cap AND k.outcome = 'done'
        AND EXISTS (SELECT FROM parked p WHERE p.topic = k.topic AND p.key = k.key)`,
  );
  await sql(
    'replay-finish',
    `UPDATE replay r SET state = 'done', ended_at = now() WHERE state = 'running' AND selection ->> 'of' <> 'window'
       AND (r.done + r.failed >= r.cap OR NOT EXISTS (SELECT FROM replay_key k WHERE k.replay = r.id AND k.outcome IS NULL))`,
  );
}
