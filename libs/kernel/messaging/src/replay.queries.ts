import { type Sql } from '@quan-so/persistence';
import { type Head, type ReplayState } from './operate.rules.js';
import { type ReplayView, type Selection } from './operate.schema.js';
import { type Window } from './reconcile.queries.js';

export interface ReplayRow {
  readonly id: string;
  readonly version: number;
  readonly state: ReplayState;
  readonly selection: Selection;
  readonly digest: string;
  readonly messages: number;
  readonly keys: number;
  readonly oldest: Date | null;
  readonly processed: number;
  readonly left_over: number;
  readonly cap: number;
  readonly per_second: number;
  readonly done: number;
  readonly failed: number;
  readonly because: string;
  readonly by_username: string;
  readonly planned_at: Date;
  readonly ended_at: Date | null;
}

const HEADS = `
SELECT h.id, h.topic, h.shard, h.key, h.event_id AS "eventId", h.reason, h.tries, n.messages, n.oldest
FROM (SELECT DISTINCT ON (topic, key) * FROM parked WHERE ($1::text IS NULL OR topic = $1) AND ($2::text IS NULL OR key = $2) ORDER BY topic, key, id) h
CROSS JOIN LATERAL (SELECT count(*)::int AS messages, min(parked_at) AS oldest FROM parked p WHERE p.topic = h.topic AND p.key = h.key) n
WHERE $3::text IS NULL OR h.reason = $3
ORDER BY h.id`;

/** Keys with parked events by their first one, in the order in which these parked. */
export function findHeads(sql: Sql, topic: string | undefined, key: string | undefined, reason: string | undefined): Promise<Head[]> {
  return sql<Head>('replay-heads', HEADS, [topic ?? null, key ?? null, reason ?? null]);
}

export async function findParkedEvent(sql: Sql, eventId: string): Promise<{ topic: string; key: string } | undefined> {
  const rows = await sql<{ topic: string; key: string }>('replay-find-event', 'SELECT topic, key FROM parked WHERE event_id = $1 ORDER BY id LIMIT 1', [eventId]);
  return rows[0];
}

export async function isTaken(sql: Sql, eventId: string): Promise<boolean> {
  return (await sql('replay-is-taken', 'SELECT 1 FROM inbox WHERE event_id = $1 LIMIT 1', [eventId])).length > 0;
}

/** How many events of these keys earlier replays have brought to their effect. */
export async function countProcessed(sql: Sql, keys: readonly { readonly topic: string; readonly key: string }[]): Promise<number> {
  const [row] = await sql<{ done: number }>(
    'replay-count-processed',
    `SELECT coalesce(sum(k.done), 0)::int AS done FROM unnest($1::text[], $2::text[]) AS w (topic, key) JOIN replay_key k USING (topic, key)`,
    [keys.map(({ topic }) => topic), keys.map(({ key }) => key)],
  );
  return row?.done ?? 0;
}

export async function insertReplay(sql: Sql, row: Omit<ReplayRow, 'done' | 'failed' | 'ended_at'>): Promise<void> {
  await sql(
    'replay-insert',
    `INSERT INTO replay (id, version, state, selection, digest, messages, keys, oldest, processed, left_over, cap, per_second, because, by_username, planned_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[row.id, row.version, row.state, JSON.stringify(row.selection), row.digest, row.messages, row.keys, row.oldest, row.processed],
      ...[row.left_over, row.cap, row.per_second, row.because, row.by_username, row.planned_at],
    ],
  );
}

export async function insertKeys(sql: Sql, replay: string, heads: readonly Head[]): Promise<void> {
  await sql(
    'replay-insert-keys',
    `INSERT INTO replay_key (replay, n, topic, shard, key)
     SELECT $1, n, topic, shard, key FROM unnest($2::text[], $3::int[], $4::text[]) WITH ORDINALITY AS k (topic, shard, key, n)`,
    [replay, heads.map(({ topic }) => topic), heads.map(({ shard }) => shard), heads.map(({ key }) => key)],
  );
}

const COLUMNS =
  'id, version, state, selection, digest, messages, keys, oldest, processed, left_over, cap, per_second, done, failed, because, by_username, planned_at, ended_at';

export async function findReplay(sql: Sql, id: string): Promise<ReplayRow | undefined> {
  return (await sql<ReplayRow>('replay-find', `SELECT ${COLUMNS} FROM replay WHERE id = $1`, [id]))[0];
}

/** With its row lock: the runner holds it while it takes one event, so an act comes between two of them. */
export async function lockReplay(sql: Sql, id: string): Promise<ReplayRow | undefined> {
  return (await sql<ReplayRow>('replay-lock', `SELECT ${COLUMNS} FROM replay WHERE id = $1 FOR UPDATE`, [id]))[0];
}

/** Newest first, before an id (UUIDv7). */
export function listReplays(sql: Sql, before: string, limit: number): Promise<ReplayRow[]> {
  return sql<ReplayRow>('replay-list', `SELECT ${COLUMNS} FROM replay WHERE id < $1 ORDER BY id DESC LIMIT $2`, [before, limit]);
}

export async function updateState(sql: Sql, row: ReplayRow): Promise<void> {
  await sql(
    'replay-act',
    `UPDATE replay SET version = $2, state = $3, because = $4, by_username = $5, ended_at = $6, done = $7,
       applied_at = CASE WHEN $3 = 'running' THEN coalesce(applied_at, now()) ELSE applied_at END WHERE id = $1`,
    [row.id, row.version, row.state, row.because, row.by_username, row.ended_at, row.done],
  );
}

export async function insertAct(sql: Sql, act: { replay: string; version: number; act: string; by: string; because: string; answer: ReplayView }): Promise<void> {
  await sql('replay-insert-act', `INSERT INTO replay_act (replay, version, act, by_username, because, done_at, answer) VALUES ($1, $2, $3, $4, $5, now(), $6)`, [
    ...[act.replay, act.version, act.act, act.by, act.because, JSON.stringify(act.answer)],
  ]);
}

/** What was answered to the act that made this version. */
export async function answerOf(sql: Sql, replay: string, version: number): Promise<ReplayView> {
  const [row] = await sql<{ answer: ReplayView }>('replay-answer', 'SELECT answer FROM replay_act WHERE replay = $1 AND version = $2', [replay, version]);
  if (row === undefined) throw new Error(`replay ${replay} has no act ${version}`);
  return row.answer;
}

/** Whether this window is being sent again already, or would be if nobody had paused it. */
export async function isSentAgain(sql: Sql, { topic, from, to }: Window): Promise<boolean> {
  const rows = await sql(
    'replay-is-sent-again',
    `SELECT 1 FROM replay WHERE state IN ('running', 'paused') AND selection ->> 'of' = 'window' AND selection ->> 'topic' = $1
       AND coalesce(sent_up_to, (selection ->> 'from')::timestamptz) <= $2 AND (selection ->> 'to')::timestamptz >= $3 LIMIT 1`,
    [topic, from, to],
  );
  return rows.length > 0;
}

export interface NextWindow {
  readonly id: string;
  readonly topic: string;
  readonly from: string;
  readonly to: string;
  readonly sentUpTo: Date | null;
  readonly perSecond: number;
}

/** The oldest window that is to be sent again, with its row lock: of several processes one sends it. */
export async function lockNextWindow(sql: Sql): Promise<NextWindow | undefined> {
  const rows = await sql<NextWindow>(
    'replay-next-window',
    `SELECT id, selection ->> 'topic' AS topic, selection ->> 'from' AS "from", selection ->> 'to' AS "to", sent_up_to AS "sentUpTo", per_second AS "perSecond"
       FROM replay WHERE state = 'running' AND selection ->> 'of' = 'window' ORDER BY planned_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return rows[0];
}

export async function settleSlice(sql: Sql, id: string, { count, upTo, isLast }: { count: number; upTo: Date; isLast: boolean }): Promise<void> {
  await sql(
    'replay-settle-slice',
    `UPDATE replay SET done = done + $2, sent_up_to = $3, state = CASE WHEN $4 THEN 'done' ELSE state END, ended_at = CASE WHEN $4 THEN now() END WHERE id = $1`,
    [id, count, upTo, isLast],
  );
}
