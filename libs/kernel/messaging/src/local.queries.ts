import { type Sql } from '@quan-so/persistence';
import { type Message } from './message.js';

interface Row {
  readonly position: string;
  readonly subject: string;
  readonly envelope: string;
  readonly traceparent: string | null;
  readonly created_at: Date;
}

/** The owner's log after a place. Its numbers are gapless and given in the order of commits, so a cursor is safe here. */
export async function readLog(sql: Sql, topic: string, shard: number, after: number, limit: number): Promise<Message[]> {
  const rows = await sql<Row>(
    'local-read-log',
    `SELECT position, subject, envelope, traceparent, created_at FROM outbox
      WHERE topic = $1 AND shard = $2 AND position > $3 ORDER BY position LIMIT $4`,
    [topic, shard, after, limit],
  );
  return rows.map(({ position, subject, envelope, traceparent, created_at }) => ({
    position: Number(position),
    key: subject,
    value: envelope,
    headers: traceparent === null ? {} : { traceparent },
    at: created_at.getTime(),
  }));
}

/** The last number given in each shard of a topic. */
export async function readEnds(sql: Sql, topic: string): Promise<{ shard: number; position: number }[]> {
  const text = 'SELECT shard, position FROM relay_position WHERE topic = $1';
  const rows = await sql<{ shard: number; position: string }>('local-read-ends', text, [topic]);
  return rows.map(({ shard, position }) => ({ shard, position: Number(position) }));
}
