import { SHARDS, topicOf, type EventDef, type TopicKind } from '@quan-so/contract';
import { count, errorType, log, openSpan, type Logger, type OpenSpan } from '@quan-so/observability';
import { type Connection, type Database, type Sql } from '@quan-so/persistence';
import { type Outgoing } from './message.js';
import { atMostMs, backoff, Signal, sleep } from './pause.js';
import { lockShards, unownedShards, unsentRows, type Shard, type UnsentRow, type Waiting } from './relay.queries.js';
import { type Progress } from './progress.js';
import { attributesOf } from './routes.js';
import { type Transport } from './transport.js';

export interface RelayOptions {
  readonly service: string;
  readonly database: Database;
  readonly publishes: readonly EventDef[];
  readonly transport: Transport;
  readonly progress: Progress;
}

const BATCH = 500;
/** More than this of a shard goes by itself, 500 at a time. */
const TOGETHER = 50;
const TOGETHER_MS = 20;
/** A partition's batch is one record batch, and a broker takes at most 1 MiB of it by default; 500 large events are more. */
const BATCH_BYTES = 800_000;
const SHORT_POLL_MS = 200;
const LONG_POLL_MS = 1_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/**
 * Sends what was committed and not yet sent. A shard has one owner among all processes of the service (advisory lock of a
 * connection of its own), who sends in id order with one send in flight: an outbox row is written while the lock of its
 * aggregate is held, so within a key the order of ids is the order of commits.
 */
export class Relay {
  readonly #o: RelayOptions;
  readonly #log: Logger;
  readonly #shards: readonly Shard[];
  readonly #signal = new Signal();
  readonly #stopped = new AbortController();
  readonly #sending = new Map<string, Promise<void>>();
  #lock: Connection | undefined;
  #owned: Shard[] = [];
  /** A look left out shards that were sending. */
  #passedBy = false;
  #running: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#o = options;
    this.#log = log(options.service);
    // A change writes its audit entry in its own transaction, so every service tells audit entries.
    const kinds = new Set<TopicKind>([...options.publishes.map(({ kind }) => kind), 'audit']);
    this.#shards = [...kinds].flatMap((kind) =>
      Array.from({ length: SHARDS[kind] }, (_, shard) => ({ topic: topicOf(kind, options.service), shard })),
    );
  }

  get owned(): number {
    return this.#owned.length;
  }

  /** Shards that no process of the service sends: normal for a moment after a start, a fault when it lasts. */
  async unowned(sql: Sql): Promise<number> {
    return this.#owned.length === this.#shards.length ? 0 : unownedShards(sql, this.#shards);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was committed: looked at now instead of at the next poll. The poll is the truth, this is the haste. */
  wake(): void {
    this.#signal.raise();
  }

  /** Ends the sends that run and gives the shards to others. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#signal.raise();
    await this.#running;
  }

  async #run(): Promise<void> {
    let poll = SHORT_POLL_MS;
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      this.#o.progress.mark('look');
      try {
        const found = await this.#look();
        failures = 0;
        poll = found ? SHORT_POLL_MS : Math.min(LONG_POLL_MS, poll * 2);
      } catch (error) {
        failures += 1;
        this.#log.warn('the relay waits for its database', { attempt: failures, error });
        await this.#release();
        await sleep(backoff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS), this.#stopped.signal);
        continue;
      }
      await this.#signal.wait(poll);
    }
    this.#o.progress.done('look');
    await Promise.all(this.#sending.values());
    await this.#release();
  }

  /**
   * Takes free shards and sends what waits in those that send nothing now; whether it found anything. A little of many shards
   * goes together: at 500 commands a second each statement and each request then carries several events instead of one.
   */
  async #look(): Promise<boolean> {
    const lock = await this.#connected();
    const isOwned = new Set(this.#owned.map(keyOf));
    const wanted = this.#shards.filter((shard) => !isOwned.has(keyOf(shard)));
    // Asked for again and again: an owner that died gives its shards free within one poll.
    if (wanted.length > 0) this.#owned.push(...(await lockShards(lock.sql, wanted)));
    const idle = this.#owned.filter((shard) => !this.#sending.has(keyOf(shard)));
    this.#passedBy ||= idle.length < this.#owned.length;
    if (idle.length === 0) return this.#owned.length > 0;
    const waiting = await unsentRows(lock.sql, idle, TOGETHER);
    for (const shard of waiting) if (shard.rows.length === TOGETHER) void this.#begin(lock, [shard], this.#drain(lock, shard));
    const few = waiting.filter(({ rows }) => rows.length < TOGETHER);
    // Waited for, so that what is told meanwhile goes together again; not for long, since one broker may hang for some.
    if (few.length > 0) await atMostMs(TOGETHER_MS, this.#begin(lock, few, this.#together(lock, few)));
    return waiting.length > 0;
  }

  /** What `sending` leaves is sent on, each shard by itself, before anybody can look at it: one send in flight per shard. */
  #begin(lock: Connection, shards: readonly Shard[], sending: Promise<readonly Shard[]>): Promise<void> {
    const keys = shards.map(keyOf);
    const ended = sending.then((left) => {
      this.#ended(keys);
      for (const shard of left) void this.#begin(lock, [shard], this.#drain(lock, shard));
    });
    for (const key of keys) this.#sending.set(key, ended);
    return ended;
  }

  #ended(keys: readonly string[]): void {
    for (const key of keys) {
      this.#sending.delete(key);
      this.#o.progress.done(`send ${key}`);
    }
    // Something may have been told of a shard while it was sending and was passed by.
    if (this.#passedBy) this.#signal.raise();
    this.#passedBy = false;
  }

  /** Sends a little of several shards at once; when that fails, all of them are left, so that one which cannot be sent holds no other. */
  async #together(lock: Connection, waiting: readonly Waiting[]): Promise<readonly Shard[]> {
    for (const shard of waiting) this.#o.progress.mark(`send ${keyOf(shard)}`);
    try {
      await this.#send(
        lock,
        waiting.map((shard) => ({ ...shard, rows: atMost(shard.rows, BATCH_BYTES) })),
      );
      return [];
    } catch (error) {
      this.#log.warn('sending of several shards at once failed; each is sent by itself', { error });
      return waiting;
    }
  }

  async #connected(): Promise<Connection> {
    if (this.#lock !== undefined) return this.#lock;
    const connection = await this.#o.database.connection();
    const lock = { ...connection, sql: inTurn(connection.sql) };
    this.#lock = lock;
    lock.onLost(() => {
      if (this.#lock !== lock) return;
      this.#lock = undefined;
      this.#owned = [];
      this.#signal.raise();
    });
    return lock;
  }

  async #release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    this.#owned = [];
    await lock?.close();
  }

  /**
   * Sends a shard until nothing waits. Rows are read on the connection that holds the lock, right before the send: the
   * reading is the fence. An owner that lost the lock meanwhile can at most send something twice, which the inbox absorbs.
   */
  async #drain(lock: Connection, shard: Shard): Promise<readonly Shard[]> {
    let failures = 0;
    while (!this.#stopped.signal.aborted && this.#lock === lock) {
      this.#o.progress.mark(`send ${keyOf(shard)}`);
      try {
        const [waiting] = await unsentRows(lock.sql, [shard], BATCH);
        if (waiting === undefined) return [];
        await this.#send(lock, [{ ...waiting, rows: atMost(waiting.rows, BATCH_BYTES) }]);
        failures = 0;
      } catch (error) {
        // Without an end: the outbox is the buffer, and its oldest row is what the alarm looks at.
        failures += 1;
        this.#log.warn('sending waits', { topic: shard.topic, shard: shard.shard, attempt: failures, error });
        await sleep(backoff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS), this.#stopped.signal);
      }
    }
    return [];
  }

  async #send(lock: Connection, waiting: readonly Waiting[]): Promise<void> {
    const spans: OpenSpan[] = [];
    const shipments = waiting.map(({ topic, shard, rows }) => ({
      topic,
      shard,
      rows: rows.map((row) => {
        const span = openSpan(`send ${topic}`, this.#spanOf(topic, shard, row));
        spans.push(span);
        return outgoingOf(row, span.traceparent);
      }),
    }));
    try {
      await this.#o.transport.send(lock.sql, shipments);
      for (const { topic, rows } of shipments) count('quanso_events_sent_total', { service: this.#o.service, topic }, rows.length);
    } catch (error) {
      for (const span of spans) span.fail(errorType(error));
      throw error;
    } finally {
      for (const span of spans) span.end();
    }
  }

  #spanOf(topic: string, shard: number, row: UnsentRow): Parameters<typeof openSpan>[1] {
    const attributes = () => ({
      ...attributesOf((JSON.parse(row.envelope) as { data?: unknown }).data),
      'messaging.system': this.#o.transport.name,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(shard),
      'messaging.message.id': row.event_id,
      'quanso.event.type': row.type,
    });
    return { kind: 'producer', service: this.#o.service, parent: row.traceparent ?? 'root', links: originOf(row), attributes };
  }
}

/** What is sent again has no trace of its own row: a new one, linked to the command that told it. */
function originOf({ traceparent, envelope }: UnsentRow): readonly string[] {
  if (traceparent !== null || !envelope.includes('"traceparent"')) return [];
  const { traceparent: origin } = JSON.parse(envelope) as { traceparent?: string };
  return origin === undefined ? [] : [origin];
}

/** Shards are sent side by side, but a connection takes one statement after the other. */
function inTurn(sql: Sql): Sql {
  let last: Promise<unknown> = Promise.resolve();
  return <R>(name: string, text: string, values?: readonly unknown[]) => {
    const next = last.then(() => sql<R>(name, text, values));
    last = next.catch(() => undefined);
    return next;
  };
}

function outgoingOf(row: UnsentRow, traceparent: string): Outgoing {
  return {
    id: row.id,
    eventId: row.event_id,
    subject: row.subject,
    type: row.type,
    envelope: row.envelope,
    createdAt: row.created_at,
    traceparent,
  };
}

/** As many rows from the beginning as stay below the bytes, one at least. */
function atMost(rows: readonly UnsentRow[], bytes: number): readonly UnsentRow[] {
  let sum = 0;
  const end = rows.findIndex(({ envelope }) => (sum += Buffer.byteLength(envelope)) > bytes);
  return end === -1 ? rows : rows.slice(0, Math.max(1, end));
}

function keyOf({ topic, shard }: Shard): string {
  return `${topic}/${shard}`;
}
