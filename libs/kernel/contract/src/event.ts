import { z } from 'zod';

export type Layer = 'applications' | 'platform' | 'data' | 'security';

/**
 * What a topic carries. One topic per producing service and kind (`records.dossiers`, `audit.dossiers`): one writer each.
 * `missing` is the way back: what a service did not hear, said to whoever told it.
 */
export type TopicKind = 'records' | 'audit' | 'reference' | 'missing';

export interface EventDef<S extends z.ZodType = z.ZodType> {
  /** CloudEvents type: `vn.quanso.<layer>.<event>.v<n>`. */
  readonly type: string;
  readonly layer: Layer;
  readonly name: string;
  readonly version: number;
  readonly kind: TopicKind;
  readonly schema: S;
  readonly description: string;
}

export type DataOf<E extends EventDef> = z.output<E['schema']>;

const NAME = /^[a-z]+(-[a-z]+)*$/;

/** Declares an event: one object from which type, JSON Schema, AsyncAPI and topic rights come. */
export function defineEvent<S extends z.ZodType>(event: {
  layer: Layer;
  name: string;
  version: number;
  kind: TopicKind;
  schema: S;
  description: string;
}): EventDef<S> {
  if (!NAME.test(event.name)) throw new TypeError(`event ${event.name}: past tense in kebab case`);
  return Object.freeze({ ...event, type: `vn.quanso.${event.layer}.${event.name}.v${event.version}` });
}

/** The topic on which `producer` tells events of this kind. */
export function topicOf(kind: TopicKind, producer: string): string {
  return `${kind}.${producer}`;
}

/**
 * In how many shards a topic of each kind is told: order holds within a shard, on Kafka a shard is a partition.
 * Reference data has one, so that a beat really comes after everything told before it. The numbers are for ever: with
 * another number a key would move to another shard and overtake its own events.
 */
export const SHARDS: Readonly<Record<TopicKind, number>> = Object.freeze({ records: 4, audit: 4, reference: 1, missing: 1 });

/** The shard of a subject: FNV-1a (32 bits) of its UTF-8 bytes, modulo the number of shards. */
export function shardOf(kind: TopicKind, subject: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(subject)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % SHARDS[kind];
}

/** CloudEvents 1.0 in structured JSON; `id` is a UUIDv7, `subject` the ordering key; neither is ever personal. */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().max(100),
  type: z.string().max(200),
  subject: z.string().min(1).max(200),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().max(55).optional(),
  data: z.unknown(),
});
export type CloudEvent<D = unknown> = Omit<z.output<typeof cloudEvent>, 'data'> & { data: D };
