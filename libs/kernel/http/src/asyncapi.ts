import { AuditEntry, cloudEvent, EventsMissed, isCounted, RECKONINGS, SHARDS, topicOf, type EventDef, type Text } from '@quan-so/contract';
import { Components } from './openapi-components.js';
import { exampleOf } from './openapi-example.js';
import { jsonSchemaOf, type JsonSchema } from './openapi-schemas.js';

export interface AsyncApiInput {
  readonly service: string;
  readonly title: Text;
  readonly version: string;
  /** Told on `<kind>.<service>`, of which the service is the only writer. */
  readonly publishes: readonly EventDef[];
  /** Heard from the topics of other services. */
  readonly consumes: readonly { readonly event: EventDef; readonly from: readonly string[] }[];
}

interface Flow {
  readonly action: 'send' | 'receive';
  readonly topic: string;
  readonly event: EventDef;
}

interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, { readonly action: Flow['action'] } & Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly messages: Readonly<Record<string, unknown>> };
  readonly [member: string]: unknown;
}

interface Channel {
  readonly address: string;
  readonly messages: Record<string, { readonly $ref: string }>;
  readonly [member: string]: unknown;
}

/**
 * The AsyncAPI 3.0 document of a service: one channel per topic, one operation per topic and event type, every message
 * a CloudEvent in structured JSON whose `data` has a schema of its own.
 */
export function asyncApiOf({ service, title, version, publishes, consumes }: AsyncApiInput): AsyncApiDocument {
  const flows: Flow[] = [
    ...eventsTold(publishes, consumes).map((event): Flow => ({ action: 'send', topic: topicOf(event.kind, service), event })),
    ...eventsHeard(consumes).flatMap(({ event, from }) => from.map((producer): Flow => ({ action: 'receive', topic: topicOf(event.kind, producer), event }))),
  ];
  return {
    asyncapi: '3.0.0',
    id: `urn:quan-so:${service}`,
    info: {
      title: `Quận Số · ${title.vi} / ${title.en}`,
      version,
      description: INTRODUCTION,
      contact: { name: 'Đơn vị vận hành nền tảng này / the operator of this platform' },
      license: { name: 'Theo chính quyền vận hành / as the authority that runs it decides' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: channelsOf(flows),
    operations: Object.fromEntries(flows.map((flow) => [`${flow.action}.${flow.topic}.${flow.event.name}`, operationOf(flow)])),
    components: messagesAndSchemas(flows),
  };
}

/** What a service tells: its own events, who did and saw what in it, on every topic how much it has told, and what it misses of others. */
export function eventsTold(publishes: readonly EventDef[], consumes: AsyncApiInput['consumes']): readonly EventDef[] {
  const own = new Set([...publishes, AuditEntry]);
  const counted = new Set([...own].map(({ kind }) => kind).filter(isCounted));
  return [...own, ...[...counted].map((kind) => RECKONINGS[kind]), ...(consumes.length > 0 ? [EventsMissed] : [])];
}

/** What a service hears: the events it asks for, and on each of their topics how much was told. */
function eventsHeard(consumes: AsyncApiInput['consumes']): AsyncApiInput['consumes'] {
  const kinds = new Set(consumes.map(({ event }) => event.kind).filter(isCounted));
  const reckonings = [...kinds].map((kind) => {
    const from = consumes.filter(({ event }) => event.kind === kind).flatMap((one) => one.from);
    return { event: RECKONINGS[kind], from: [...new Set(from)] };
  });
  return [...consumes, ...reckonings];
}

const INTRODUCTION = `Ít nhất một lần, đúng thứ tự trong một khoá ("subject"); trùng thì bỏ theo "id". Người nghe chấp nhận mục mới và loại sự kiện lạ.

At least once, in order within a key ("subject"); drop what has an "id" already seen. Readers take new members and skip unknown types.`;

function channelsOf(flows: readonly Flow[]): Record<string, Channel> {
  const channels: Record<string, Channel> = {};
  for (const { topic, event } of flows) {
    const channel = (channels[topic] ??= {
      address: topic,
      description: 'Khoá của thông điệp là "subject". / The key of a message is its "subject".',
      messages: {},
      bindings: { kafka: { topic, partitions: SHARDS[event.kind], bindingVersion: '0.5.0' } },
    });
    channel.messages[event.type] = { $ref: `#/components/messages/${event.type}` };
  }
  return channels;
}

function operationOf({ action, topic, event }: Flow): { action: Flow['action'] } & Record<string, unknown> {
  return {
    action,
    channel: { $ref: `#/channels/${topic}` },
    summary: event.description,
    messages: [{ $ref: `#/channels/${topic}/messages/${event.type}` }],
  };
}

function messagesAndSchemas(flows: readonly Flow[]): AsyncApiDocument['components'] {
  const components = new Components();
  const envelope = components.add(cloudEvent, 'event');
  // One message for an event, whoever tells it; its example comes from the first topic.
  const first = [...new Map(flows.toReversed().map((flow) => [flow.event.type, flow])).values()].toReversed();
  const datas = first.map((flow) => ({ ...flow, data: components.add(flow.event.schema, 'event') }));
  const named = components.finish();
  const schemas: Record<string, JsonSchema> = { CloudEvent: withoutData(envelope), ...named };
  const messages: Record<string, unknown> = {};
  for (const { event, topic, data } of datas) {
    schemas[event.type] = data;
    messages[event.type] = messageOf(event, topic, exampleOf(data, named, true));
  }
  return { messages, schemas };
}

/** What the data are is each event's own matter. */
function withoutData(envelope: JsonSchema): JsonSchema {
  const { data: _, ...properties } = envelope.properties ?? {};
  return { ...envelope, properties, required: (envelope.required ?? []).filter((name) => name !== 'data') };
}

function messageOf(event: EventDef, topic: string, data: unknown): unknown {
  const own: JsonSchema = { type: 'object', properties: { type: { const: event.type }, data: { $ref: `#/components/schemas/${event.type}` } }, required: ['data'] };
  return {
    name: event.type,
    title: event.name,
    summary: event.description,
    contentType: 'application/cloudevents+json',
    headers: {
      type: 'object',
      properties: {
        'content-type': { type: 'string', const: 'application/cloudevents+json' },
        traceparent: { type: 'string', maxLength: 55, description: 'W3C Trace Context.' },
      },
    },
    payload: { allOf: [{ $ref: '#/components/schemas/CloudEvent' }, own] },
    bindings: { kafka: { key: { type: 'string', maxLength: 200, description: 'subject' }, bindingVersion: '0.5.0' } },
    examples: [{ name: event.name, payload: envelopeExample(event, topic, data) }],
  };
}

function envelopeExample(event: EventDef, topic: string, data: unknown): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: '01997e3c-8f00-7000-8000-000000000001',
    source: `/${topic.slice(topic.indexOf('.') + 1)}`,
    type: event.type,
    subject: '01997e3c-8f00-7000-8000-000000000002',
    time: '2026-11-24T09:00:00.000+07:00',
    datacontenttype: 'application/json',
    data,
  };
}

/** The JSON Schema of an event's data by itself: a promise to whoever hears it, kept compatible for ever. */
export function eventSchemaOf(event: EventDef): JsonSchema & { $schema: string; $id: string; title: string } {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:quan-so:event:${event.type}`,
    title: event.type,
    description: event.description,
    ...jsonSchemaOf(event.schema, 'event'),
  };
}
