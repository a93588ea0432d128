import { SHARDS, topicOf, type EventDef, type TopicKind } from '@quan-so/contract';
import { inSpan, log, type Logger } from '@quan-so/observability';
import { type Connection, type Database, type Sql } from '@quan-so/persistence';
import { type Outgoing } from './message.js';
import { backoff, Signal, sleep } from './pause.js';
import { lockShards, unownedShards, unsentRows, unsentShards, type Shard, type UnsentRow } from './relay.queries.js';
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
/** A partition's batch is one record batch, and a broker takes at most 1 MiB of it by default; 500 large events are more. */
const BATCH_BYTES = 512_000;
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

  /** Takes free shards and begins to send where something waits; whether it found anything. */
  async #look(): Promise<boolean> {
    const lock = await this.#connected();
    const isOwned = new Set(this.#owned.map(keyOf));
    const wanted = this.#shards.filter((shard) => !isOwned.has(keyOf(shard)));
    // Asked for again and again: an owner that died gives its shards free within one poll.
    if (wanted.length > 0) this.#owned.push(...(await lockShards(lock.sql, wanted)));
    const waiting = this.#owned.length === 0 ? [] : await unsentShards(lock.sql, this.#owned);
    for (const shard of waiting) {
      const key = keyOf(shard);
      if (this.#sending.has(key)) continue;
      this.#sending.set(key, this.#drain(lock, shard).finally(() => this.#ended(key)));
    }
    return waiting.length > 0;
  }

  #ended(key: string): void {
    this.#sending.delete(key);
    this.#o.progress.done(`send ${key}`);
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
  async #drain(lock: Connection, shard: Shard): Promise<void> {
    let failures = 0;
    while (!this.#stopped.signal.aborted && this.#lock === lock) {
      this.#o.progress.mark(`send ${keyOf(shard)}`);
      try {
        const rows = await unsentRows(lock.sql, shard, BATCH);
        if (rows.length === 0) return;
        await this.#send(lock, shard, atMost(rows, BATCH_BYTES));
        failures = 0;
      } catch (error) {
        // Without an end: the outbox is the buffer, and its oldest row is what the alarm looks at.
        failures += 1;
        this.#log.warn('sending waits', { topic: shard.topic, shard: shard.shard, attempt: failures, error });
        await sleep(backoff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS), this.#stopped.signal);
      }
    }
  }

  async #send(lock: Connection, { topic, shard }: Shard, rows: readonly UnsentRow[]): Promise<void> {
    let settle: (outcome: { error: unknown } | undefined) => void = () => undefined;
    const sent = new Promise<{ error: unknown } | undefined>((resolve) => (settle = resolve));
    const outgoing: Outgoing[] = [];
    const spans = rows.map((row) =>
      inSpan(`send ${topic}`, this.#spanOf(topic, shard, row), async (span) => {
        outgoing.push(outgoingOf(row, span.traceparent));
        const failed = await sent;
        if (failed !== undefined) throw failed.error;
      }),
    );
    // The spans throw what the send throws; it is heard here once.
    const ended = Promise.allSettled(spans);
    try {
      await this.#o.transport.send(lock.sql, topic, shard, outgoing);
      settle(undefined);
    } catch (error) {
      settle({ error });
      throw error;
    } finally {
      await ended;
    }
  }

  #spanOf(topic: string, shard: number, row: UnsentRow): Parameters<typeof inSpan>[1] {
    const { data, traceparent } = JSON.parse(row.envelope) as { data?: unknown; traceparent?: string };
    const attributes = {
      ...attributesOf(data),
      'messaging.system': this.#o.transport.name,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(shard),
      'messaging.message.id': row.event_id,
      'quanso.event.type': row.type,
    } as const;
    // What is sent again has no trace of its own row: a new one, linked to the command that told it.
    const links = row.traceparent === null && traceparent !== undefined ? [traceparent] : [];
    return { kind: 'producer', service: this.#o.service, parent: row.traceparent ?? 'root', links, attributes };
  }
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
