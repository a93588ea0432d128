import { EventsMissed, topicOf, type EventDef } from '@quan-so/contract';
import { type Database, type Work } from '@quan-so/persistence';
import { Asker, type AskerPace } from './asker.js';
import { Consumer } from './consumer.js';
import { countParked, positionsOf } from './consumer.queries.js';
import { LocalTransport, type LocalBroker } from './local.js';
import { mendingOf } from './mender.js';
import { Progress } from './progress.js';
import { Relay } from './relay.js';
import { isUnsentUpTo, lastUnsent, unsent } from './relay.queries.js';
import { hearingOf, topicsOf } from './reconciler.js';
import { Reckoner, type ReckonerPace } from './reckoner.js';
import { ReplayRunner } from './replay-runner.js';
import { Resender } from './resender.js';
import { readersOf, type Consumption } from './routes.js';
import { type KafkaSettings } from './kafka-settings.js';
import { type Transport } from './transport.js';
import { Upkeep } from './upkeep.js';

/** Numbers for health, alarms and tests. */
export interface MessagingState {
  /** Events committed and not sent yet (100,000 are that many or more), and how long the oldest of them has been waiting (ms). */
  readonly unsent: number;
  readonly oldestUnsentMs: number;
  /** Shards this process sends; others of the same service may own the rest. */
  readonly owned: number;
  /** Shards that no process sends. */
  readonly unowned: number;
  /** How long the oldest event that came and has no effect yet has been waiting (ms); 0 when caught up. */
  readonly waitingMs: number;
  /** Events aside, those behind others included. */
  readonly parked: number;
  /** Events that were gone before they were taken: a log was cut. Anything but 0 calls for a replay. */
  readonly missing: number;
}

export interface Messaging {
  /** Resolves when sending and taking have begun. */
  start(): Promise<void>;
  /** Takes no more, ends what runs, gives its shards to others. */
  stop(): Promise<void>;
  state(): Promise<MessagingState>;
  /** What has shown no progress for longest and for how long; asks nobody. Above STALLED_MS only a new process helps. */
  slowest(): { readonly what: string; readonly ms: number } | undefined;
  /** Whether handlers of this service take a topic in its transaction, so that they can be run again. */
  takes(topic: string): boolean;
  /** Something was applied by an operator: looked at now. */
  wakeReplays(): void;
  /** Resolves when all that this service had told is sent, and all it could take has its effect or is parked. */
  settled(): Promise<void>;
}

export interface MessagingOptions {
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  readonly definition: Consumption & { readonly publishes: readonly EventDef[] };
  /** Instances whose methods carry `@Consumes`. */
  readonly handlers: readonly object[];
  readonly transport: { readonly kind: 'local'; readonly broker: LocalBroker } | { readonly kind: 'kafka'; readonly config: KafkaSettings };
  /** Services that hear this one; what they miss is sent again by itself. Whoever deploys draws it from the definitions. */
  readonly heardBy?: readonly string[];
  /** How often what was told is counted, and what is missing asked for again; for tests. */
  readonly reckoning?: ReckonerPace;
  readonly asking?: AskerPace;
}

const LOOK_MS = 20;

/** Messaging of one service: its relay and its one loop. Throws TypeError when definition and handlers differ. */
export function createMessaging(options: MessagingOptions): Messaging {
  return new ServiceMessaging(options);
}

class ServiceMessaging implements Messaging {
  readonly #o: MessagingOptions;
  readonly #consumer: Consumer;
  readonly #progress = new Progress();
  #transport: Transport | undefined;
  #relay: Relay | undefined;
  readonly #upkeep: Upkeep;
  readonly #reckoner: Reckoner;
  readonly #replays: ReplayRunner;
  readonly #asker: Asker;
  readonly #resender: Resender;
  /** Topics whose counts are compared. */
  readonly #reckoned: ReadonlySet<string>;
  /** What it may tell, by kind: who hears others also says what it misses. */
  readonly #told: readonly EventDef[];
  #stopped = false;
  #looking: Promise<MessagingState> | undefined;

  constructor(options: MessagingOptions) {
    this.#o = options;
    const { service, database, work, definition, handlers, transport } = options;
    const hearing = hearingOf(service, definition);
    const counted = new Set([...definition.publishes.map(({ kind }) => kind), 'audit' as const].map((kind) => topicOf(kind, service)));
    this.#resender = new Resender({ service, work });
    const mending = mendingOf(service, counted, options.heardBy ?? [], () => this.#resender.wake());
    const consumes = [...definition.consumes, ...hearing.consumes, ...mending.consumes];
    const readers = readersOf(service, { consumes }, [...handlers, ...hearing.handlers, ...mending.handlers]);
    this.#told = definition.consumes.length === 0 ? definition.publishes : [...definition.publishes, EventsMissed];
    this.#asker = new Asker({ service, work, ...(options.asking === undefined ? {} : { pace: options.asking }) });
    this.#replays = new ReplayRunner({ service, database, work, readers });
    this.#reckoner = new Reckoner({ service, work, publishes: definition.publishes, ...(options.reckoning === undefined ? {} : { pace: options.reckoning }) });
    this.#reckoned = topicsOf(hearing);
    this.#consumer = new Consumer({ service, database, work, readers, transport: transport.kind, progress: this.#progress, reckoned: this.#reckoned });
    this.#upkeep = new Upkeep(database);
    work.onCommit(() => this.#relay?.wake());
  }

  async start(): Promise<void> {
    const { service, database } = this.#o;
    this.#transport = await this.#connect();
    this.#relay = new Relay({ service, database, publishes: this.#told, transport: this.#transport, progress: this.#progress });
    this.#relay.start();
    this.#upkeep.start();
    this.#reckoner.start();
    this.#replays.start();
    this.#resender.start();
    if (this.#told.includes(EventsMissed)) this.#asker.start();
    if (this.#consumer.topics.length > 0) await this.#transport.consume(this.#consumer.topics, (batch) => this.#consumer.take(batch), this.#progress, (places) => this.#consumer.only(places));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#consumer.stop();
    const loops = [this.#replays, this.#reckoner, this.#asker, this.#resender];
    await Promise.all([this.#transport?.stopConsuming(), ...loops.map((loop) => loop.stop())]);
    await this.#relay?.stop();
    await this.#upkeep.stop();
    await this.#transport?.close();
  }

  /** One look at a time: probes and collections that come while one waits for a slow database wait with it. */
  state(): Promise<MessagingState> {
    return (this.#looking ??= this.#look().finally(() => (this.#looking = undefined)));
  }

  async #look(): Promise<MessagingState> {
    const { sql } = this.#o.database;
    const [{ count, oldestMs }, parked, unowned = 0] = await Promise.all([unsent(sql), countParked(sql), this.#relay?.unowned(sql)]);
    return { unsent: count, oldestUnsentMs: oldestMs, owned: this.#relay?.owned ?? 0, unowned, ...this.#consumer.state(), parked };
  }

  slowest(): { readonly what: string; readonly ms: number } | undefined {
    return this.#progress.slowest();
  }

  takes(topic: string): boolean {
    return this.#consumer.topics.includes(topic);
  }

  wakeReplays(): void {
    this.#replays.wake();
    this.#resender.wake();
  }

  async settled(): Promise<void> {
    const { sql } = this.#o.database;
    const last = await lastUnsent(sql);
    await this.#until(async () => last === null || !(await isUnsentUpTo(sql, last)));
    const { topics, transport } = this.#consumer;
    if (topics.length === 0) return;
    const ends = (await this.#transport?.ends(topics)) ?? new Map<string, number>();
    await this.#until(async () => {
      const positions = await positionsOf(sql, transport, topics);
      return [...ends].every(([place, end]) => (positions.get(place) ?? -1) >= end);
    });
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      if (this.#stopped) throw new Error('messaging was stopped');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** kafkajs and Nest's microservices cost start time; without Kafka they are not loaded. */
  async #connect(): Promise<Transport> {
    const { service, database, work, transport } = this.#o;
    if (transport.kind === 'local') {
      const kinds = new Set([...this.#told.map(({ kind }) => kind), 'audit' as const]);
      return new LocalTransport(transport.broker, database, [...kinds].map((kind) => topicOf(kind, service)));
    }
    const { KafkaTransport } = await import('./kafka-transport.js');
    return new KafkaTransport({ service, database, work, reckoned: this.#reckoned }, transport.config);
  }
}
