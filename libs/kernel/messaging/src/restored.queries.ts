import { type Sql } from '@quan-so/persistence';

/** That this database was put back, and nobody of this service has met it yet. */
export interface Restored {
  readonly incident: string;
  readonly scope: 'all' | 'alone';
  readonly restored_to: Date;
  readonly declared_at: Date;
}

export function unsettled(sql: Sql): Promise<Restored[]> {
  return sql<Restored>('restored-unsettled', 'SELECT incident, scope, restored_to, declared_at FROM restored WHERE settled_at IS NULL ORDER BY declared_at');
}

/** Whether it is ours to set the group back; held by the session, and asked again it stays so. */
export async function turn(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ ours: boolean }>('restored-turn', `SELECT pg_try_advisory_lock(hashtextextended('quan-so: one sets the group back at a time', 0)) AS ours`);
  return row?.ours === true;
}

/** Answers those that no other process has settled before. */
export async function settle(sql: Sql, incidents: readonly string[]): Promise<string[]> {
  const text = 'UPDATE restored SET settled_at = now() WHERE incident = ANY($1::text[]) AND settled_at IS NULL RETURNING incident';
  const rows = await sql<{ incident: string }>('restored-settle', text, [incidents]);
  return rows.map(({ incident }) => incident);
}

/** When the newest of what was told began; undefined when nothing was told. Ids come in the order of the ends of transactions. */
export async function lastTold(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }>('restored-last-told', 'SELECT max(created_at) AS at FROM (SELECT created_at FROM outbox ORDER BY id DESC LIMIT 100000) AS late');
  return row?.at ?? undefined;
}

/** The timeline on which this database was last found level with the broker. */
export async function notedTimeline(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ timeline: string }>('timeline-noted', 'SELECT timeline FROM noted_timeline');
  return row?.timeline;
}

export async function noteTimeline(sql: Sql, timeline: string): Promise<void> {
  const text = `INSERT INTO noted_timeline (timeline, noted_at) VALUES ($1, now())
    ON CONFLICT (here) DO UPDATE SET timeline = excluded.timeline, noted_at = excluded.noted_at`;
  await sql('timeline-note', text, [timeline]);
}

/**
 * Places behind the end of a log: what comes now is counted from that end. Without a place the group, which may remember
 * one, would look like that of a database that was put back. One that another process has moved meanwhile stays.
 */
export async function endPlaces(sql: Sql, places: readonly { readonly topic: string; readonly shard: number; readonly next: number; readonly high: number }[]): Promise<void> {
  const text = `UPDATE consumer_position AS c SET position = p.high - 1, moved_at = now()
    FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) AS p (topic, shard, next, high)
    WHERE c.transport = 'kafka' AND c.topic = p.topic AND c.shard = p.shard AND c.position = p.next - 1`;
  await sql('restored-end-places', text, [places.map(({ topic }) => topic), places.map(({ shard }) => shard), places.map(({ next }) => next), places.map(({ high }) => high)]);
}
