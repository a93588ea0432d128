import { errorType, inSpan, log, type Logger } from '@quan-so/observability';
import { type Database, type Tx, type Work } from '@quan-so/persistence';
import { Loop, type Turn } from './loop.js';
import { replicasChanged } from './replicas.js';
import { claim, findNext, finishReplays, settleFailed, settleKey, settleTaken, type Failure, type Next } from './replay-runner.queries.js';
import { type Entry, type Reader } from './routes.js';
import { isTransient } from './transient.js';

export interface ReplayRunnerOptions {
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  readonly readers: ReadonlyMap<string, Reader>;
}

/** Of replays that another process took in hand and left; one's own are woken. */
const POLL_MS = 5_000;
/** A consumer that began before the last event of a key went may park one more behind it. */
const GRACE_MS = 50;

/** What may be thrown at a step although nothing is wrong: the world moved on between looking and locking. */
class NotNow extends Error {}

/**
 * Runs what operators applied: one event after the other through the same reader and handler as the loop, each in its own
 * transaction with the deletion of its parked row. Of several processes one at a time (row lock of the replay).
 */
export class ReplayRunner {
  readonly #o: ReplayRunnerOptions;
  readonly #log: Logger;
  readonly #loop: Loop;

  constructor(options: ReplayRunnerOptions) {
    this.#o = options;
    this.#log = log(options.service);
    this.#loop = new Loop(
      (turn) => this.#round(turn),
      (error, attempt) => {
        if (!(error instanceof NotNow)) this.#log.warn('a replay waits', { attempt, error });
      },
    );
  }

  start(): void {
    this.#loop.start();
  }

  /** Something was applied or resumed. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #round({ rest, sleep }: Turn): Promise<void> {
    const { sql } = this.#o.database;
    const next = await findNext(sql);
    if (next === undefined) {
      await finishReplays(sql);
      await rest(POLL_MS);
    } else if (next.id === null) {
      await settleKey(sql, next);
      await sleep(GRACE_MS);
      await finishReplays(sql);
    } else {
      await this.#replay(next);
      await sleep(1_000 / next.perSecond);
    }
  }

  /** A trace of its own, linked to the one in which the event failed. */
  async #replay(next: Next): Promise<void> {
    const attributes = {
      'messaging.operation.name': 'replay',
      'messaging.operation.type': 'process',
      'messaging.destination.name': next.topic,
      'messaging.destination.partition.id': String(next.shard),
      'messaging.consumer.group.name': this.#o.service,
      'messaging.message.id': next.eventId ?? '',
    } as const;
    const links = next.traceparent === null ? [] : [next.traceparent];
    await inSpan(`replay ${next.topic}`, { kind: 'consumer', service: this.#o.service, parent: 'root', links, attributes }, async (span) => {
      const entry = this.#read(next);
      if (entry !== undefined) span.set(entry.attributes);
      try {
        const isFull = await this.#take(next, entry);
        if (isFull) await finishReplays(this.#o.database.sql);
      } catch (error) {
        if (error instanceof NotNow || isTransient(error)) throw error;
        const failure = failureOf(entry, error, span.traceparent);
        await this.#park(next, failure);
        span.fail(failure.error);
        this.#log.error('a replayed event failed again', { topic: next.topic, partition: next.shard, eventId: next.eventId ?? '', reason: failure.reason, error });
      }
    });
  }

  #read(next: Next): Entry | undefined {
    const message = { position: Number(next.position), key: next.key, value: next.message ?? '', headers: {}, at: next.parkedAt?.getTime() ?? 0 };
    return this.#o.readers.get(next.topic)?.(next.shard, message);
  }

  async #take(next: Next, entry: Entry | undefined): Promise<boolean> {
    const isFull = await this.#o.work.internal('message.replay', async (tx) => {
      const claimed = await claim(tx.sql, next);
      if (claimed === 'full') return true;
      if (claimed === 'not now') throw new NotNow('the replay was paused, or its key moved on');
      await effect(entry, tx);
      await settleTaken(tx.sql, next);
      return false;
    });
    replicasChanged(this.#o.database);
    return isFull;
  }

  async #park(next: Next, failure: Failure): Promise<void> {
    await this.#o.work.internal('message.replay', async (tx) => {
      if ((await claim(tx.sql, next)) === 'claimed') await settleFailed(tx.sql, next, failure);
    });
  }
}

async function effect(entry: Entry | undefined, tx: Tx): Promise<void> {
  // Kept and not dropped: whoever took it away from the definition decides what becomes of it.
  if (entry === undefined) throw new Untaken('nobody takes this type of event here any more');
  const { given } = entry;
  if ('broken' in given) throw new Broken(given.broken);
  await given.handler.take([given.item], tx);
}

class Untaken extends Error {
  override readonly name = 'Untaken';
}

class Broken extends Error {
  override readonly name = 'Broken';
}

function failureOf(entry: Entry | undefined, error: unknown, traceparent: string): Failure {
  if (entry !== undefined && error instanceof Broken) return { reason: 'CONTRACT', error: errorType(error), detail: error.message, stack: undefined, traceparent };
  const thrown = error instanceof Error ? error : new Error(String(error));
  return { reason: 'HANDLER', error: errorType(error), detail: thrown.message, stack: thrown.stack, traceparent };
}
