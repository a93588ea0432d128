import {
  AuditEntry,
  auditFact,
  shardOf,
  topicOf,
  type Actor,
  type AuditFact,
  type CloudEvent,
  type DataOf,
  type EventDef,
  type TopicKind,
} from '@quan-so/contract';
import { formatInstant } from '@quan-so/language';
import { type Sql } from './sql.js';
import { uuidv7 } from './uuidv7.js';

/** A row of `outbox` before it has a number. */
export interface OutboxRow {
  readonly eventId: string;
  readonly kind: TopicKind;
  readonly topic: string;
  readonly shard: number;
  readonly subject: string;
  readonly type: string;
  readonly envelope: string;
  readonly traceparent: string | undefined;
}

/** Who tells, when, and in which trace. */
export interface Telling {
  readonly service: string;
  readonly at: Date;
  readonly traceparent: string | undefined;
}

const LONGEST_SUBJECT = 200;
/** The contract's bound of one audit fact; more objects become more facts. */
const OBJECTS_OF_A_FACT = 200;

/** Makes the row of one event. Data that break the event's schema are a defect here and now, not later at its readers. */
export function rowOf<E extends EventDef>(event: E, subject: string, data: DataOf<E>, { service, at, traceparent }: Telling): OutboxRow {
  const checked = event.schema.safeParse(data);
  if (!checked.success) {
    const places = checked.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.code}`);
    throw new TypeError(`event ${event.type} breaks its schema: ${[...new Set(places)].join(', ')}`);
  }
  if (subject === '' || subject.length > LONGEST_SUBJECT) throw new TypeError(`event ${event.type}: a subject has 1–${LONGEST_SUBJECT} characters`);
  const id = uuidv7();
  const envelope: CloudEvent = {
    specversion: '1.0',
    id,
    source: `/${service}`,
    type: event.type,
    subject,
    time: formatInstant(at.getTime()),
    datacontenttype: 'application/json',
    ...(traceparent === undefined ? {} : { traceparent }),
    data: checked.data,
  };
  return {
    eventId: id,
    kind: event.kind,
    topic: topicOf(event.kind, service),
    shard: shardOf(event.kind, subject),
    subject,
    type: event.type,
    envelope: JSON.stringify(envelope),
    traceparent,
  };
}

/** What is the same in every audit fact of one piece of work. */
export interface Deed {
  readonly kind: AuditFact['kind'];
  readonly action: string;
  readonly actor: Actor;
  readonly purpose: string | undefined;
  readonly requestId: string;
  readonly traceId: string;
}

/** The audit entries of a deed on these objects: one, or one per 200 objects. They follow the order of their first object. */
export function auditRows(deed: Deed, objects: readonly string[], fields: readonly string[], telling: Telling): OutboxRow[] {
  const { kind, id, username, client, positions } = deed.actor;
  const outcome = deed.kind === 'change' ? 'done' : objects.length > 0 ? 'shown' : 'none';
  return partsOf(objects, OBJECTS_OF_A_FACT).map((part) => {
    const fact: AuditFact = {
      ...{ id: uuidv7(), at: formatInstant(telling.at.getTime()), kind: deed.kind, service: telling.service, action: deed.action },
      actor: { kind, id, username, client, positions: [...positions] },
      ...{ purpose: deed.purpose ?? null, objects: [...part], fields: [...fields], outcome, requestId: deed.requestId, traceId: deed.traceId },
    };
    return rowOf(AuditEntry, part[0] ?? `actor:${id}`, auditFact.parse(fact), telling);
  });
}

function partsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (items.length <= size) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Writes all rows, numbered in the order given. */
export const INSERT_OUTBOX = `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, traceparent, created_at)
     SELECT event_id, kind, topic, shard, subject, type, envelope, traceparent, now()
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[])
            WITH ORDINALITY AS r(event_id, kind, topic, shard, subject, type, envelope, traceparent, n)
      ORDER BY n`;

/** The values of INSERT_OUTBOX. */
export function outboxColumns(rows: readonly OutboxRow[]): readonly unknown[] {
  return [
    rows.map((row) => row.eventId),
    rows.map((row) => row.kind),
    rows.map((row) => row.topic),
    rows.map((row) => row.shard),
    rows.map((row) => row.subject),
    rows.map((row) => row.type),
    rows.map((row) => row.envelope),
    rows.map((row) => row.traceparent ?? null),
  ];
}

export async function insertOutbox(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length > 0) await sql('outbox-insert', INSERT_OUTBOX, outboxColumns(rows));
}
