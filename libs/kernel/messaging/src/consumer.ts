import { count, inSpan, isSampled, log, errorType, type Logger, type SpanHandle } from '@quan-so/observability';
import { type Database, type Sql, type Tx, type Work } from '@quan-so/persistence';
import { park, takeIn, type Taken } from './consumer.queries.js';
import { counted, notYet, parkedOf, sort, type Step } from './fates.js';
import { last, type Batch, type Message } from './message.js';
import { backoff, sleep } from './pause.js';
import { openProcess } from './process-span.js';
import { keepGap } from './reconcile.queries.js';
import { replicasChanged } from './replicas.js';
import { type Entry, type Reader } from './routes.js';
import { type Progress } from './progress.js';
import { isTransient } from './transient.js';
import { Waiting } from './waiting.js';

export interface ConsumerOptions {
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  readonly readers: ReadonlyMap<string, Reader>;
  /** Its name: positions are counted by transport. */
  readonly transport: 'local' | 'kafka';
  readonly progress: Progress;
  /** Topics whose counts are compared: a gap of another could never be mended by that. */
  readonly reckoned?: ReadonlySet<string>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;
const MOST_WHOLE = 4;

/**
 * The one loop through which everything is taken, whatever carries it. `take` never throws: what kafkajs sees thrown it
 * repeats without end, or stops for good when it is a TypeError (measured), and one such event holds every partition.
 */
export class Consumer {
  readonly topics: readonly string[];
  readonly transport: ConsumerOptions['transport'];
  readonly #o: ConsumerOptions;
  readonly #log: Logger;
  readonly #stopped = new AbortController();
  readonly #waiting = new Waiting();
  #missing = 0;

  constructor(options: ConsumerOptions) {
    this.#o = options;
    this.#log = log(options.service);
    this.topics = [...options.readers.keys()];
    notYet(options.service, this.topics);
    this.transport = options.transport;
  }

  /** Lets go of what waits; a transaction that runs ends first. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Longest wait of an event told and not taken yet (ms), and events that were gone before they were taken. */
  state(): { waitingMs: number; missing: number } {
    return { waitingMs: this.#waiting.ms(Date.now()), missing: this.#missing };
  }

  /** These places (`topic/shard`) are taken here from now on, and no others. */
  only(places: readonly string[]): void {
    this.#waiting.only(places);
  }

  /**
   * Takes a batch; true when every event has its effect or is parked, false when it was stopped before. An empty one says
   * that there is no more of its shard.
   */
  async take(batch: Batch): Promise<boolean> {
    const { topic, shard, messages } = batch;
    const [first] = messages;
    const place = `${topic}/${shard}`;
    if (first === undefined) {
      this.#waiting.over(place);
      return true;
    }
    this.#waiting.began(place, first.at);
    this.#o.progress.mark(`take ${place}`);
    const reader = this.#o.readers.get(topic);
    // A type nobody asked for here is somebody else's business; the position moves past it.
    const entries = messages.flatMap((message) => reader?.(shard, message) ?? []);
    const done = await this.#receive({ ...batch, heartbeat: () => this.#alive(batch) }, entries);
    this.#o.progress.done(`take ${place}`);
    if (done && !batch.more) this.#waiting.over(place);
    return done;
  }

  /** Said before each try: whoever hangs in one says it no more. */
  #alive(batch: Batch): Promise<void> {
    this.#o.progress.mark(`take ${batch.topic}/${batch.shard}`);
    return batch.heartbeat();
  }

  /** The span of the batch is a root of its own that links to its messages: else one trace would swallow many commands. */
  #receive(batch: Batch, entries: readonly Entry[]): Promise<boolean> {
    const { topic, shard, messages } = batch;
    const attributes = {
      'messaging.system': this.transport,
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(shard),
      'messaging.consumer.group.name': this.#o.service,
      'messaging.batch.message_count': messages.length,
    } as const;
    const causes = entries.map(({ message }) => message.headers['traceparent']);
    const links = causes.flatMap((cause) => (cause !== undefined && isSampled(cause) ? cause : []));
    // Beats, and what nobody here asked for, would push the traces of commands out of every store.
    const parent = links.length > 0 || causes.includes(undefined) ? 'root' : 'untraced';
    return inSpan(`receive ${topic}`, { kind: 'consumer', service: this.#o.service, parent, links, attributes }, async (span) => {
      const steps = entries.map((entry) => ({ entry, process: openProcess(this.#o.service, this.transport, topic, shard, entry) }));
      try {
        return await this.#all(batch, steps, span);
      } finally {
        // Those that have their fate have ended already; what is left was stopped.
        for (const { process } of steps) process.end('stopped');
      }
    });
  }

  async #all(batch: Batch, steps: readonly Step[], span: SpanHandle): Promise<boolean> {
    // Effects outside the transaction (Nest's handlers) would be left by each try of a batch.
    if (steps.some(({ entry: { given } }) => 'handler' in given && given.handler.alone)) return this.#oneByOne(batch, steps, undefined);
    for (let n = 1; ; n += 1) {
      try {
        await batch.heartbeat();
        await this.#transaction(batch, steps, last(batch.messages).position);
        return true;
      } catch (error) {
        if (this.#stopped.signal.aborted) return false;
        // It will pass, or no event is at fault since there is none: wait in place, so that order holds. Not for ever as a
        // whole: many events may take longer than a statement may, and would time out again and again.
        if (steps.length === 0 || (isTransient(error) && (n < MOST_WHOLE || steps.length === 1))) {
          if (!(await this.#wait(batch, n, error))) return false;
          continue;
        }
        // One of them is poison and took the others' effects with it: each by itself shows which.
        span.fail(errorType(error));
        return this.#oneByOne(batch, steps, error);
      }
    }
  }

  async #oneByOne(batch: Batch, steps: readonly Step[], firstError: unknown): Promise<boolean> {
    for (const [index, step] of steps.entries()) {
      // What lies between two events (types of others) goes with the earlier one.
      const upTo = index === steps.length - 1 ? last(batch.messages).position : step.entry.message.position;
      const known = steps.length === 1 ? firstError : undefined;
      if (!(await this.#one(batch, step, upTo, known))) return false;
    }
    return true;
  }

  /** Takes one event, or parks it; `error` is what its first try ended with when that is known. */
  async #one(batch: Batch, step: Step, upTo: number, error: unknown): Promise<boolean> {
    let poison = error;
    let tries = error === undefined ? 0 : 1;
    const { given } = step.entry;
    const allowed = 'handler' in given ? given.handler.tries : 1;
    for (let n = 1; ; n += 1) {
      if (this.#stopped.signal.aborted) return false;
      try {
        await batch.heartbeat();
        if (tries < allowed) await this.#transaction(batch, [step], upTo);
        else await this.#park(batch, step, upTo, poison);
        return true;
      } catch (thrown) {
        // Parking must not fail for good: nothing is lost while it is tried again, and the log calls for somebody.
        if (!isTransient(thrown) && tries < allowed) {
          poison = thrown;
          tries += 1;
          if (tries >= allowed) continue;
        }
        if (!(await this.#wait(batch, n, thrown))) return false;
      }
    }
  }

  /**
   * Inbox, guard of keys, effects, what the handlers tell and the position in one transaction: a crash leaves all of it or
   * nothing, so at least once becomes once. Position and inbox are not left to the broker, which knows of no rollback.
   */
  async #transaction(batch: Batch, steps: readonly Step[], upTo: number): Promise<void> {
    // What a handler tells goes on with the trace of its cause; of many causes none is the one.
    const only = steps.length === 1 ? steps[0]?.process.traceparent : undefined;
    const [fates, before] = await this.#o.work.internal(
      `consume ${batch.topic}`,
      async (tx) => {
        const taken = await this.#takeIn(tx.sql, batch, steps, upTo);
        await this.#keepGap(tx, batch, taken);
        const { fates: decided, parked, runs } = sort(steps, taken);
        for (const { handler, items } of runs) await handler.take(items, tx);
        await park(tx.sql, batch.topic, batch.shard, parked);
        return [decided, taken.before] as const;
      },
      only === undefined ? {} : { traceparent: only },
    );
    replicasChanged(this.#o.database);
    this.#lookForGap(batch, before);
    for (const [step, fate] of fates) {
      if (fate !== 'taken' && fate !== 'known') this.#alarm(batch, step.entry, fate);
      counted(this.#o.service, batch.topic, step.entry, fate);
      step.process.end(fate);
    }
  }

  #takeIn(sql: Sql, { topic, shard }: Batch, steps: readonly Step[], upTo: number): Promise<Taken> {
    return takeIn(sql, { transport: this.transport, topic, shard, position: upTo }, steps.map(({ entry }) => entry));
  }

  async #keepGap(tx: Tx, { topic, shard, messages }: Batch, taken: Taken): Promise<void> {
    const missing = jumpedOver(messages, taken.before);
    if (missing > 0 && this.#o.reckoned?.has(topic) === true) await keepGap(tx.sql, { kind: 'POSITIONS', topic, shard, from: null, to: new Date(messages[0]?.at ?? 0), missing });
  }

  /** A log that was cut loses silently: kafkajs jumps to its oldest offset with one line. Places have no gaps, so it shows. */
  #lookForGap({ topic, shard, messages }: Batch, before: number | undefined): void {
    const missing = jumpedOver(messages, before);
    if (missing === 0) return;
    this.#missing += missing;
    count('quanso_reconcile_differences_total', { service: this.#o.service, topic, kind: 'POSITIONS' });
    const place = { topic, partition: shard, offset: messages[0]?.position };
    this.#log.error('events were gone before they were taken: replay them from the outbox of their owner', { ...place, count: missing });
  }

  /** In its own transaction, since that of the handler is gone; later events of the key park behind it. */
  async #park(batch: Batch, step: Step, upTo: number, error: unknown): Promise<void> {
    const before = await this.#o.work.internal(`park ${batch.topic}`, async (tx) => {
      const taken = await this.#takeIn(tx.sql, batch, [step], upTo);
      await this.#keepGap(tx, batch, taken);
      if (taken.fresh.has(step.entry.id) || taken.stale.has(step.entry.id)) await park(tx.sql, batch.topic, batch.shard, [parkedOf(step, 'HANDLER', error)]);
      return taken.before;
    });
    this.#lookForGap(batch, before);
    this.#alarm(batch, step.entry, 'HANDLER', error);
    counted(this.#o.service, batch.topic, step.entry, 'HANDLER');
    step.process.end('HANDLER', errorType(error));
  }

  async #wait(batch: Batch, n: number, error: unknown): Promise<boolean> {
    this.#log.warn('taking events waits', { topic: batch.topic, partition: batch.shard, attempt: n, error });
    // Shorter than the session of any broker, so that a heartbeat is always in time.
    await sleep(backoff(n, FIRST_WAIT_MS, LONGEST_WAIT_MS), this.#stopped.signal);
    return !this.#stopped.signal.aborted;
  }

  #alarm({ topic, shard }: Batch, { message, id, type }: Entry, reason: string, error?: unknown): void {
    const event = { topic, partition: shard, offset: message.position, eventId: id, eventType: type, reason };
    this.#log.error('an event is parked', error === undefined ? event : { ...event, error });
  }
}

/** Places between the last one taken and the first of these. */
function jumpedOver([first]: readonly Message[], before: number | undefined): number {
  return first === undefined || before === undefined ? 0 : Math.max(0, first.position - before - 1);
}
