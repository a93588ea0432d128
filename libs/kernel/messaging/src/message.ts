import { createHash } from 'node:crypto';
import { uuidv7From } from '@quan-so/language';

/** What a transport hands to the loop: text and its place, nothing of the broker's own types. */
export interface Message {
  /** Place in its topic and shard, counted up one by one. */
  readonly position: number;
  readonly key: string | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was told; milliseconds since 1970. */
  readonly at: number;
}

/** Messages of one topic and shard in their order; none when there is no more of it after all. */
export interface Batch {
  readonly topic: string;
  readonly shard: number;
  readonly messages: readonly Message[];
  /** More messages are known to wait behind these. */
  readonly more: boolean;
  /** Says to the broker that work goes on; does not throw. */
  heartbeat(): Promise<void>;
}

/** A row of the outbox on its way out. */
export interface Outgoing {
  readonly id: string;
  readonly eventId: string;
  readonly subject: string;
  readonly type: string;
  readonly envelope: string;
  readonly createdAt: Date;
  /** Of the producer span: what is done with the message becomes its child. */
  readonly traceparent: string;
}

export function last(messages: readonly Message[]): Message {
  const message = messages.at(-1);
  if (message === undefined) throw new RangeError('an empty batch');
  return message;
}

/** Texts that PostgreSQL refuses (NUL, half of a surrogate pair) would make parking itself fail, for ever. */
export function storable(text: string, longest = 1_000_000): string {
  return text.slice(0, longest).replace(/[\u0000\p{Surrogate}]/gu, '\ufffd');
}

/** The id of a message that brings none: the same message has the same place, so this dedups it as well. */
export function idOfPlace(topic: string, shard: number, { position, at }: Message): string {
  return uuidv7From(Math.max(0, Math.trunc(at)), createHash('sha256').update(`${topic}/${shard}/${position}`).digest().subarray(0, 10));
}
