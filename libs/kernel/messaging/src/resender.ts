import { count as counted, log } from '@quan-so/observability';
import { type Tx, type Work } from '@quan-so/persistence';
import { Loop, type Turn } from './loop.js';
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

/** How much went out, and how many a second may; undefined when nothing is to be sent again. */
type Sent = { readonly topic: string; readonly count: number; readonly perSecond: number } | undefined;

/**
 * Sends windows of what was told again, slice by slice, each in its own transaction with how far it is: others are sent in
 * between, and a pause or cancellation comes between two slices. The count of the whole window goes out behind the last.
 */
export class Resender extends Loop {
  constructor({ service, work }: ResenderOptions) {
    const logger = log(service);
    const round = async ({ rest, sleep }: Turn): Promise<void> => {
      const sent = await work.internal('message.send-again', slice, { traced: false });
      if (sent !== undefined) counted('quanso_events_resent_total', { service, topic: sent.topic }, sent.count);
      if (sent === undefined) await rest(POLL_MS);
      else await sleep((sent.count * 1_000) / sent.perSecond);
    };
    super(round, (error, attempt) => logger.warn('sending again waits', { attempt, error }));
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
  return { topic: next.topic, count, perSecond: next.perSecond };
}

/** What comes next of a window: a minute, or less where much was told. */
async function sliceFrom({ sql }: Tx, { topic, to }: Window, from: Date): Promise<{ window: Window; count: number }> {
  for (let ms = SLICE_MS; ; ms /= 4) {
    const window = { topic, from, to: new Date(Math.min(to.getTime(), from.getTime() + Math.max(ms, SHORTEST_SLICE_MS))) };
    const { count } = await windowOf(sql, window);
    if (count <= MOST_OF_A_SLICE || ms <= SHORTEST_SLICE_MS) return { window, count };
  }
}
