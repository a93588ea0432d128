import { log, type Logger } from '@quan-so/observability';
import { type Tx, type Work } from '@quan-so/persistence';
import { backoff, Signal, sleep } from './pause.js';
import { sendAgain, windowOf, type Window } from './reconcile.queries.js';
import { tellReckoning } from './reckoner.js';
import { lockNextWindow, settleSlice } from './replay.queries.js';

export interface ResenderOptions {
  readonly service: string;
  readonly work: Work;
}

/** Of windows that another process took in hand and left; one's own are woken. */
const POLL_MS = 5_000;
const SLICE_MS = 60_000;
const SHORTEST_SLICE_MS = 1_000;
const MOST_OF_A_SLICE = 5_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

/** How much went out, and how many a second may; undefined when nothing is to be sent again. */
type Sent = { readonly count: number; readonly perSecond: number } | undefined;

/**
 * Sends windows of what was told again, slice by slice, each in its own transaction with how far it is: others are sent in
 * between, and a pause or cancellation comes between two slices. The count of the whole window goes out behind the last.
 */
export class Resender {
  readonly #o: ResenderOptions;
  readonly #log: Logger;
  readonly #signal = new Signal();
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ResenderOptions) {
    this.#o = options;
    this.#log = log(options.service);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#signal.raise();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#signal.raise();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      try {
        const sent = await this.#o.work.internal('message.send-again', slice, { traced: false });
        failures = 0;
        if (sent === undefined) await this.#signal.wait(POLL_MS);
        else await sleep((sent.count * 1_000) / sent.perSecond, this.#stopped.signal);
      } catch (error) {
        failures += 1;
        this.#log.warn('sending again waits', { attempt: failures, error });
        await sleep(backoff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS), this.#stopped.signal);
      }
    }
  }
}

async function slice(tx: Tx): Promise<Sent> {
  const next = await lockNextWindow(tx.sql);
  if (next === undefined) return undefined;
  const whole: Window = { topic: next.topic, from: new Date(next.from), to: new Date(next.to) };
  const { window, count } = await sliceFrom(tx, whole, next.sentUpTo ?? whole.from);
  if (count > 0) await sendAgain(tx.sql, window);
  const isLast = window.to >= whole.to;
  if (isLast) await tellReckoning(tx, whole);
  await settleSlice(tx.sql, next.id, { count, upTo: window.to, isLast });
  return { count, perSecond: next.perSecond };
}

/** What comes next of a window: a minute, or less where much was told. */
async function sliceFrom({ sql }: Tx, { topic, to }: Window, from: Date): Promise<{ window: Window; count: number }> {
  for (let ms = SLICE_MS; ; ms /= 4) {
    const window = { topic, from, to: new Date(Math.min(to.getTime(), from.getTime() + Math.max(ms, SHORTEST_SLICE_MS))) };
    const { count } = await windowOf(sql, window);
    if (count <= MOST_OF_A_SLICE || ms <= SHORTEST_SLICE_MS) return { window, count };
  }
}
