import { cloudEvent, topicOf, type CloudEvent, type EventDef } from '@quan-so/contract';
import { errorType, type Attrs } from '@quan-so/observability';
import { type z } from 'zod';
import { consumedBy, type ConsumerTx, type Received, type TakeBatch } from './consumes.js';
import { idOfPlace, storable, type Message } from './message.js';
import { mayHoldInfinity, ofParsedJson } from './parsed-json.js';

/** Takes items of one kind in their order. */
export interface Handler {
  /** How often one event is tried before it parks. */
  readonly tries: number;
  /** Its effects are not undone by a rollback: each event gets a transaction of its own, so none is repeated for another. */
  readonly alone?: true;
  take(items: readonly unknown[], tx: ConsumerTx): Promise<void>;
}

/** A message as the loop needs it: who takes what, or why nobody can. */
export interface Entry {
  readonly message: Message;
  readonly id: string;
  /** Events of a key keep their order, also behind a parked one. */
  readonly key: string;
  readonly type: string | undefined;
  readonly attributes: Attrs;
  readonly given: { readonly handler: Handler; readonly item: unknown } | { readonly broken: string };
}

/** Reads a message of one topic; undefined when its type is not asked for here. */
export type Reader = (shard: number, message: Message) => Entry | undefined;

export interface Consumption {
  readonly consumes: readonly { readonly event: EventDef; readonly from: readonly string[] }[];
}

interface Route {
  /** As the contract has it, and for what came out of JSON.parse. */
  readonly whole: z.ZodType;
  readonly schema: z.ZodType;
  readonly handler: Handler;
}

/**
 * Who takes what, by topic. Nest logs a message that has no handler and commits its offset, which loses it; here a
 * definition and its handlers that differ are a defect found at start.
 */
export function readersOf(service: string, definition: Consumption, handlers: readonly object[]): Map<string, Reader> {
  const routes = new Map<string, Map<string, Route>>();
  for (const { event, from, take } of handlers.flatMap(consumedBy)) {
    for (const producer of from) {
      const topic = topicOf(event.kind, producer);
      const types = routes.get(topic) ?? new Map<string, Route>();
      if (types.has(event.type)) throw new TypeError(`${service}: two handlers take ${event.type} of ${producer}`);
      routes.set(topic, types.set(event.type, { whole: event.schema, schema: ofParsedJson(event.schema), handler: { tries: 1, take: take as TakeBatch<unknown> as Handler['take'] } }));
    }
  }
  const wanted = definition.consumes.flatMap(({ event, from }) => from.map((producer) => `${topicOf(event.kind, producer)} ${event.type}`));
  const taken = [...routes].flatMap(([topic, types]) => [...types.keys()].map((type) => `${topic} ${type}`));
  for (const one of wanted) if (!taken.includes(one)) throw new TypeError(`${service}: nobody takes ${one}`);
  for (const one of taken) if (!wanted.includes(one)) throw new TypeError(`${service}: ${one} is taken but not in its definition`);
  return new Map([...routes].map(([topic, types]) => [topic, (shard, message) => read(topic, types, shard, message)]));
}

function read(topic: string, types: ReadonlyMap<string, Route>, shard: number, message: Message): Entry | undefined {
  try {
    const envelope = cloudEvent.safeParse(JSON.parse(message.value));
    if (!envelope.success) return broken(topic, shard, message, faultsOf(envelope.error.issues));
    const event = envelope.data as CloudEvent;
    const route = types.get(event.type);
    if (route === undefined) return undefined;
    const data = (mayHoldInfinity(message.value) ? route.whole : route.schema).safeParse(event.data);
    const known = { message, id: event.id, key: storable(event.subject), type: event.type };
    if (!data.success) return { ...known, attributes: {}, given: { broken: faultsOf(data.error.issues) } };
    const item: Received = { event: { ...event, data: data.data }, producer: topic.slice(topic.indexOf('.') + 1) };
    return { ...known, attributes: attributesOf(data.data), given: { handler: route.handler, item } };
  } catch (error) {
    // Not JSON, or nested until the stack ends.
    return broken(topic, shard, message, errorType(error));
  }
}

/** What cannot be read has no id and perhaps no key: it is known by its place. */
function broken(topic: string, shard: number, message: Message, why: string): Entry {
  const id = idOfPlace(topic, shard, message);
  return { message, id, key: storable(message.key ?? id, 200), type: undefined, attributes: {}, given: { broken: why } };
}

/** Where and how it breaks, never the values: they may be personal. */
function faultsOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string }[]): string {
  return issues.slice(0, 20).map(({ path, code }) => `/${path.map(String).join('/')}: ${code ?? 'invalid'}`).join('; ');
}

/** What a span says of an event: traces are found by the code of the dossier. */
export function attributesOf(data: unknown): Attrs {
  if (typeof data !== 'object' || data === null) return {};
  const { dataset, code } = data as { dataset?: unknown; code?: unknown };
  if (typeof dataset !== 'string') return {};
  return { 'quanso.dataset': dataset, 'quanso.dossier.code': dataset === 'dossiers' && typeof code === 'string' ? code : undefined };
}
