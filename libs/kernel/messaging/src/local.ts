import { SHARDS, type TopicKind } from '@quan-so/contract';
import { log, type Logger } from '@quan-so/observability';
import { type Database, type Sql } from '@quan-so/persistence';
import { positionsOf } from './consumer.queries.js';
import { readEnds, readLog } from './local.queries.js';
import { type Batch, type Message } from './message.js';
import { Signal } from './pause.js';
import { type Progress } from './progress.js';
import { markNumbered } from './relay.queries.js';
import { type Ends, type Shipment, type Take, type Transport } from './transport.js';

const BATCH = 500;
const POLL_MS = 1_000;

/**
 * Hands events from service to service within one process, without a broker: the kept outbox of the owner is the log, read
 * through the owner's own Database. A consumer's place lives in the consumer's database, in the transaction of its inbox.
 */
export class LocalBroker {
  readonly #sources = new Map<string, Database>();
  readonly #ears = new Map<string, Set<() => void>>();

  /** The owner of these topics is here and can be read. */
  offer(topics: readonly string[], database: Database): void {
    for (const topic of topics) {
      this.#sources.set(topic, database);
      this.#wakeAll(topic);
    }
  }

  /** The owner goes; who listens waits until it comes again. */
  withdraw(topics: readonly string[], database: Database): void {
    for (const topic of topics) if (this.#sources.get(topic) === database) this.#sources.delete(topic);
  }

  sourceOf(topic: string): Database | undefined {
    return this.#sources.get(topic);
  }

  /** Something of this topic's shard can be read. */
  told(topic: string, shard: number): void {
    for (const ear of this.#ears.get(`${topic}/${shard}`) ?? []) ear();
  }

  listen(topic: string, shard: number, ear: () => void): void {
    const place = `${topic}/${shard}`;
    this.#ears.set(place, (this.#ears.get(place) ?? new Set()).add(ear));
  }

  unlisten(topic: string, shard: number, ear: () => void): void {
    this.#ears.get(`${topic}/${shard}`)?.delete(ear);
  }

  async close(): Promise<void> {
    this.#sources.clear();
    this.#ears.clear();
  }

  #wakeAll(topic: string): void {
    for (let shard = 0; shard < shardsOf(topic); shard += 1) this.told(topic, shard);
  }
}

/** The place of one service at the broker. */
export class LocalTransport implements Transport {
  readonly name = 'local';
  readonly #broker: LocalBroker;
  readonly #database: Database;
  readonly #topics: readonly string[];
  readonly #log: Logger;
  readonly #readers: Promise<void>[] = [];
  readonly #signals: Signal[] = [];
  #stopped = false;

  /** @param topics those this service writes */
  constructor(broker: LocalBroker, database: Database, topics: readonly string[]) {
    this.#broker = broker;
    this.#database = database;
    this.#topics = topics;
    this.#log = log(database.service);
    broker.offer(topics, database);
  }

  async send(lock: Sql, shipments: readonly Shipment[]): Promise<void> {
    await markNumbered(lock, shipments);
    for (const { topic, shard } of shipments) this.#broker.told(topic, shard);
  }

  async consume(topics: readonly string[], take: Take, progress: Progress): Promise<void> {
    for (const topic of topics) {
      for (let shard = 0; shard < shardsOf(topic); shard += 1) this.#readers.push(this.#read(topic, shard, take, progress));
    }
  }

  async ends(topics: readonly string[]): Promise<Ends> {
    const ends = new Map<string, number>();
    for (const topic of topics) {
      const source = this.#broker.sourceOf(topic);
      // An owner that is not here tells nothing that could be waited for.
      if (source === undefined) continue;
      for (const { shard, position } of await readEnds(source.sql, topic)) ends.set(`${topic}/${shard}`, position);
    }
    return ends;
  }

  async stopConsuming(): Promise<void> {
    this.#stopped = true;
    for (const signal of this.#signals) signal.raise();
    await Promise.all(this.#readers);
  }

  async close(): Promise<void> {
    this.#broker.withdraw(this.#topics, this.#database);
  }

  /** Reads one shard for ever: from the place stored, or from the beginning of what the owner kept. */
  async #read(topic: string, shard: number, take: Take, progress: Progress): Promise<void> {
    const loop = `read ${topic}/${shard}`;
    const signal = new Signal();
    this.#signals.push(signal);
    const ear = (): void => signal.raise();
    this.#broker.listen(topic, shard, ear);
    const batchOf = (messages: readonly Message[]): Batch => ({ topic, shard, messages, more: messages.length === BATCH, heartbeat: async () => undefined });
    let place: number | undefined;
    while (!this.#stopped) {
      progress.mark(loop);
      const from = (place ??= await this.#stored(topic, shard));
      const messages = from === undefined ? undefined : await this.#next(topic, shard, from);
      if (messages === undefined || messages.length === 0) {
        // More was promised when the batch before was a full one.
        if (messages !== undefined) await take(batchOf(messages));
        await signal.wait(POLL_MS);
        continue;
      }
      // The batch now shows its own progress.
      progress.done(loop);
      // A batch that was not taken comes again, unless all this is being stopped.
      if (await take(batchOf(messages))) place = messages.at(-1)?.position;
    }
    progress.done(loop);
    this.#broker.unlisten(topic, shard, ear);
  }

  /** The place in our own database; the beginning when nothing was taken yet, undefined when it cannot be read now. */
  async #stored(topic: string, shard: number): Promise<number | undefined> {
    try {
      const positions = await positionsOf(this.#database.sql, this.name, [topic]);
      return positions.get(`${topic}/${shard}`) ?? 0;
    } catch (error) {
      this.#waits(topic, shard, error);
      return undefined;
    }
  }

  /** Nothing when the owner is not here, undefined when it cannot be read now: it is asked again. */
  async #next(topic: string, shard: number, after: number): Promise<readonly Message[] | undefined> {
    const source = this.#broker.sourceOf(topic);
    if (source === undefined) return [];
    try {
      return await readLog(source.sql, topic, shard, after, BATCH);
    } catch (error) {
      this.#waits(topic, shard, error);
      return undefined;
    }
  }

  #waits(topic: string, shard: number, error: unknown): void {
    if (!this.#stopped) this.#log.warn('reading events waits', { topic, shard, error });
  }
}

function shardsOf(topic: string): number {
  return SHARDS[topic.slice(0, topic.indexOf('.')) as TopicKind];
}
