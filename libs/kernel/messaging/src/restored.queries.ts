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

/** Answers those that no other process has settled before. */
export async function settle(sql: Sql, incidents: readonly string[]): Promise<string[]> {
  const text = 'UPDATE restored SET settled_at = now() WHERE incident = ANY($1::text[]) AND settled_at IS NULL RETURNING incident';
  const rows = await sql<{ incident: string }>('restored-settle', text, [incidents]);
  return rows.map(({ incident }) => incident);
}

/** Places of a log that is gone: what comes now is counted from its own beginning. */
export async function forgetPlaces(sql: Sql, places: readonly { readonly topic: string; readonly shard: number }[]): Promise<void> {
  const text = `DELETE FROM consumer_position USING unnest($1::text[], $2::int[]) AS p (topic, shard)
    WHERE consumer_position.transport = 'kafka' AND consumer_position.topic = p.topic AND consumer_position.shard = p.shard`;
  await sql('restored-forget-places', text, [places.map(({ topic }) => topic), places.map(({ shard }) => shard)]);
}
