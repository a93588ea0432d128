import { KafkaContext, KafkaParser, KafkaRequestDeserializer, Server, Transport, type CustomTransportStrategy } from '@nestjs/microservices';
import { type Database, type Work } from '@quan-so/persistence';
import { isObservable, lastValueFrom } from 'rxjs';
import { z } from 'zod';
import { Consumer } from './consumer.js';
import { type KafkaSettings } from './kafka-settings.js';
import { KafkaTransport } from './kafka-transport.js';
import { idOfPlace, storable, type Message } from './message.js';
import { Progress } from './progress.js';
import { readersOf, type Consumption, type Handler, type Reader } from './routes.js';

export { type KafkaSettings } from './kafka-settings.js';

export interface QuanSoKafkaOptions {
  /** Also the group. */
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  readonly kafka: KafkaSettings;
  /** For a service whose own handlers (`@Consumes`) shall be served by the same loop. */
  readonly definition?: Consumption;
  readonly handlers?: readonly object[];
}

/** Nest hides what a handler threw, so nobody can tell whether it passes: a few tries, then it parks. */
const TRIES = 3;

interface Raw {
  readonly topic: string;
  readonly shard: number;
  readonly message: Message;
}

/**
 * Nest's transport over our loop: an unmodified `@EventPattern('<topic>')` handler gets what Nest's own Kafka server would
 * give it, once per message, and a failing one parks instead of stopping the partition. Its effects are its own affair; what
 * must be exactly once goes through `@Consumes` and its transaction.
 */
export class QuanSoKafka extends Server implements CustomTransportStrategy {
  override readonly transportId = Transport.KAFKA;
  override readonly propagatesEventHandlerErrors = true;
  readonly #o: QuanSoKafkaOptions;
  readonly #parser = new KafkaParser();
  readonly #progress = new Progress();
  #consumer: Consumer | undefined;
  #transport: KafkaTransport | undefined;

  constructor(options: QuanSoKafkaOptions) {
    super();
    this.#o = options;
    this.initializeSerializer({});
    this.deserializer = new KafkaRequestDeserializer();
  }

  override listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  override async close(): Promise<void> {
    this.#consumer?.stop();
    await this.#transport?.close();
  }

  /** How it goes is in the state of messaging and in the log. */
  override on(): never {
    throw new Error('QuanSoKafka tells no events');
  }

  override unwrap<T>(): T {
    if (this.#transport === undefined) throw new Error('QuanSoKafka does not listen yet');
    return this.#transport as T;
  }

  async #start(): Promise<void> {
    const { service, database, work, kafka, definition = { consumes: [] }, handlers = [] } = this.#o;
    const readers = readersOf(service, definition, handlers);
    for (const topic of this.messageHandlers.keys()) {
      if (readers.has(topic)) throw new TypeError(`${service}: ${topic} is taken by @Consumes and by @EventPattern`);
      readers.set(topic, this.#readerOf(topic));
    }
    this.#consumer = new Consumer({ service, database, work, readers, transport: 'kafka', progress: this.#progress });
    this.#transport = new KafkaTransport({ service, database, work }, kafka);
    const { topics } = this.#consumer;
    if (topics.length > 0) await this.#transport.consume(topics, (batch) => this.#consumer?.take(batch) ?? Promise.resolve(false), this.#progress, (places) => this.#consumer?.only(places));
  }

  #readerOf(topic: string): Reader {
    if (this.messageHandlers.get(topic)?.isEventHandler !== true) {
      // A reply goes to the topic that the message names: whoever may ask makes us write where we may write.
      throw new TypeError(`${topic}: services ask each other by HTTP, @MessagePattern has no place here`);
    }
    const handler: Handler = {
      tries: TRIES,
      alone: true,
      take: async (items) => {
        for (const item of items) await this.#dispatch(item as Raw);
      },
    };
    return (shard, message) => {
      const id = idOf(message) ?? idOfPlace(topic, shard, message);
      return { message, id, key: storable(message.key ?? id, 200), type: undefined, attributes: {}, given: { handler, item: { topic, shard, message } } };
    };
  }

  async #dispatch({ topic, shard, message }: Raw): Promise<void> {
    const { key, value, headers, position, at } = message;
    const raw = this.#parser.parse({ key, value, headers, offset: String(position), timestamp: String(at), topic, partition: shard }) as object;
    const { data } = (await this.deserializer.deserialize(raw, { channel: topic })) as { data: unknown };
    const args = [raw, shard, topic, undefined, async () => undefined, undefined];
    const context = new KafkaContext(args as unknown as ConstructorParameters<typeof KafkaContext>[0]);
    const handler = this.getHandlerByPattern(topic);
    // The hooks answer nothing in their types, so success and failure are handed out by hand.
    await new Promise<void>((resolve, reject) => {
      this.runWithProcessingHooks(context, async (end) => {
        try {
          const result: unknown = await handler?.(data, context);
          // A stream that ends without a value is a success too; without a default it would be an error, for ever.
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(wordsOf(error)));
        } finally {
          end();
        }
      });
    });
  }
}

/** Nest throws plain objects: `{ status, message }`. */
function wordsOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}

const identified = z.object({ specversion: z.string(), id: z.uuid() });

/** The id of a CloudEvent in the message; a stock producer sends none. */
function idOf({ value }: Message): string | undefined {
  try {
    return identified.safeParse(JSON.parse(value)).data?.id;
  } catch {
    return undefined;
  }
}
