import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cloudEvent, EventsMissed, RECKONINGS, shardOf, topicOf, type CloudEvent, type EventDef } from '@quan-so/contract';
import { RecordChanged, ReferenceBeat, ReferencePublished } from '@quan-so/contracts-data';
import { AuditEntry } from '@quan-so/contracts-security';
import { uuidv7, type Database } from '@quan-so/persistence';

/** Every type of event that services tell; a new one comes here with its golden events (`tools/api` asks for them). */
export const EVENTS: readonly EventDef[] = [RecordChanged, ReferencePublished, ReferenceBeat, AuditEntry, RECKONINGS.records, EventsMissed];

export interface Golden {
  /** Name of its file, without the ending. */
  readonly name: string;
  /** As it was told, byte by byte. */
  readonly text: string;
  readonly event: CloudEvent<Record<string, unknown>>;
}

const CONTRACTS = resolve(import.meta.dirname, '..', '..', 'libs', 'contracts');

/** The golden events of a type in the order in which they were told. */
export function goldenOf({ layer, type }: EventDef): readonly Golden[] {
  const folder = join(CONTRACTS, layer, 'corpus', type);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const read = files.map((file): Golden => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { name: file.slice(0, -5), text, event: cloudEvent.parse(JSON.parse(text)) as Golden['event'] };
  });
  return read.sort((a, b) => Date.parse(a.event.time) - Date.parse(b.event.time));
}

/**
 * Puts them into the outbox of the service that told them then, as rows that wait to be sent: byte by byte, but with ids of
 * now, since whoever takes an event older than what its inbox remembers parks it as STALE.
 */
export async function putInOutbox({ sql, service }: Database, event: EventDef, old: readonly Golden[]): Promise<void> {
  const golden = old.map(({ text, event: envelope }) => {
    const id = uuidv7();
    return { event: { ...envelope, id }, text: text.replace(envelope.id, id) };
  });
  const of = (value: (one: Pick<Golden, 'text' | 'event'>) => unknown): unknown[] => golden.map(value);
  await sql(
    'test-golden',
    `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, traceparent, created_at)
     SELECT id, $1, $2, shard, subject, $3, envelope, traceparent, now()
       FROM unnest($4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS g (id, shard, subject, envelope, traceparent, n) ORDER BY n`,
    [
      ...[event.kind, topicOf(event.kind, service), event.type],
      ...[of((one) => one.event.id), of((one) => shardOf(event.kind, one.event.subject)), of((one) => one.event.subject), of((one) => one.text)],
      of((one) => one.event.traceparent ?? null),
    ],
  );
}
