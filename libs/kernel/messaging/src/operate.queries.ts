import { type Sql } from '@quan-so/persistence';
import { type Reason } from './operate.schema.js';

export interface ParkedRow {
  readonly id: string;
  readonly event_id: string;
  readonly topic: string;
  readonly shard: number;
  readonly position: string;
  readonly key: string;
  readonly type: string | null;
  readonly reason: Reason;
  readonly error: string | null;
  readonly faults: string | null;
  readonly stack: string | null;
  readonly tries: number;
  readonly parked_at: Date;
  readonly behind: number;
  readonly traceparent: string | null;
}

export interface ParkedFilter {
  readonly topic?: string | undefined;
  readonly key?: string | undefined;
  readonly reason?: string | undefined;
}

/** Of the words of an error only those about a schema: what a handler or a driver says may quote data. */
const LIST = `
SELECT p.id, p.event_id, p.topic, p.shard, p.position, p.key, p.type, p.reason, p.error, p.stack, p.tries, p.parked_at, p.traceparent,
  CASE WHEN p.reason = 'CONTRACT' THEN p.detail END AS faults,
  (SELECT count(*)::int FROM parked b WHERE b.topic = p.topic AND b.key = p.key AND b.id > p.id) AS behind
FROM parked p
WHERE p.id > $1 AND ($2::text IS NULL OR p.topic = $2) AND ($3::text IS NULL OR p.key = $3) AND ($4::text IS NULL OR p.reason = $4)
  AND (NOT $5::boolean OR NOT EXISTS (SELECT FROM parked e WHERE e.topic = p.topic AND e.key = p.key AND e.id < p.id))
ORDER BY p.id LIMIT $6`;

/** Parked events after an id; without a filter only the first of each key. */
export function listParked(sql: Sql, { topic, key, reason }: ParkedFilter, after: string, limit: number): Promise<ParkedRow[]> {
  const headsOnly = topic === undefined && key === undefined && reason === undefined;
  return sql<ParkedRow>('operate-list-parked', LIST, [after, topic ?? null, key ?? null, reason ?? null, headsOnly, limit]);
}

export interface Counts {
  readonly contract: number;
  readonly handler: number;
  readonly behind: number;
  readonly stale: number;
  readonly since: Date | null;
  readonly gaps: number;
  readonly running: number;
}

/** Of parked events the oldest 100,000 are looked at: the more there are, the less a look may cost. */
export async function countForState(sql: Sql): Promise<Counts> {
  const [row] = await sql<Counts>(
    'operate-count',
    `SELECT count(*) FILTER (WHERE reason = 'CONTRACT')::int AS contract, count(*) FILTER (WHERE reason = 'HANDLER')::int AS handler,
       count(*) FILTER (WHERE reason = 'BEHIND')::int AS behind,
       count(*) FILTER (WHERE reason = 'STALE')::int AS stale, min(parked_at) AS since,
       (SELECT count(*)::int FROM gap WHERE mended_at IS NULL) AS gaps, (SELECT count(*)::int FROM replay WHERE state = 'running') AS running
     FROM (SELECT reason, parked_at FROM parked ORDER BY id LIMIT 100000) AS found`,
  );
  return row ?? { contract: 0, handler: 0, behind: 0, stale: 0, since: null, gaps: 0, running: 0 };
}

export interface GapRow {
  readonly id: string;
  readonly kind: 'POSITIONS' | 'COUNT' | 'RECKONING';
  readonly topic: string;
  readonly from_at: Date | null;
  readonly to_at: Date;
  readonly told: string | null;
  readonly heard: string | null;
  readonly missing: string | null;
  readonly found_at: Date;
  readonly asks: number;
  readonly asked_at: Date | null;
  readonly given_up_at: Date | null;
}

/** Open gaps; ids are UUIDv7, so their order is that in which they were found. */
export function listGaps(sql: Sql, after: string, limit: number): Promise<GapRow[]> {
  return sql<GapRow>(
    'operate-list-gaps',
    `SELECT id, kind, topic, from_at, to_at, told, heard, missing, found_at, asks, asked_at, given_up_at FROM gap
      WHERE mended_at IS NULL AND id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
}
