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
