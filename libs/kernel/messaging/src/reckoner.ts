import { isCounted, RECKONING_TYPE, RECKONINGS, SHARDS, shardOf, topicOf, type CountedKind, type EventDef } from '@quan-so/contract';
import { formatInstant } from '@quan-so/language';
import { log } from '@quan-so/observability';
import { type Tx, type Work } from '@quan-so/persistence';
import { Loop } from './loop.js';
import { lockReckoned, setReckoned, toldBy, type Window } from './reconcile.queries.js';

export interface ReckonerOptions {
  readonly service: string;
  readonly work: Work;
  readonly publishes: readonly EventDef[];
  readonly pace?: ReckonerPace;
}

export interface ReckonerPace {
  /** Windows are at least this long. */
  readonly everyMs: number;
  /** A window is counted this long after its end: whoever took an id has committed by then. */
  readonly afterMs: number;
  /** A topic that is silent says so this often, so that a lost last window is seen too. */
  readonly silentMs: number;
}

const PACE: ReckonerPace = { everyMs: 60_000, afterMs: 60_000, silentMs: 3_600_000 };

/**
 * Says from time to time what this service has told, on the very topics and shards it told it on. One process of several
 * counts (row lock); windows follow each other without holes.
 */
export class Reckoner extends Loop {
  constructor({ service, work, publishes, pace = PACE }: ReckonerOptions) {
    const logger = log(service);
    const topics = [...new Set<CountedKind>([...publishes.map(({ kind }) => kind).filter(isCounted), 'audit'])].map((kind) => topicOf(kind, service));
    const waits = (error: unknown, topic?: string): void => logger.warn('reckoning waits', { ...(topic === undefined ? {} : { topic }), error });
    super(async ({ stopped, rest }) => {
      for (const topic of topics) {
        if (stopped.aborted) return;
        // One topic that cannot be counted holds no other.
        await work.internal('message.reckon', (tx) => reckon(tx, topic, pace), { traced: false }).catch((error: unknown) => waits(error, topic));
      }
      await rest(pace.everyMs / 2);
    }, (error) => waits(error));
  }
}

async function reckon(tx: Tx, topic: string, pace: ReckonerPace): Promise<void> {
  const to = new Date(tx.now.getTime() - pace.afterMs);
  const from = await lockReckoned(tx.sql, topic, to);
  if (from === undefined) return;
  const lasted = to.getTime() - from.getTime();
  if (lasted < pace.everyMs) return;
  const spoke = await tellReckoning(tx, { topic, from, to }, lasted < pace.silentMs);
  if (spoke) await setReckoned(tx.sql, topic, to);
}

/**
 * Tells what was told in a window, once per shard, behind everything it counts. With `quiet` nothing is said of a window
 * that holds nothing but reckonings: else they would go on counting each other for ever. Whether it was told.
 */
export async function tellReckoning(tx: Tx, window: Window, quiet = false): Promise<boolean> {
  const told = await toldBy(tx.sql, window);
  if (quiet && told.every(({ type }) => type === RECKONING_TYPE)) return false;
  const kind = window.topic.slice(0, window.topic.indexOf('.')) as CountedKind;
  const [from, to] = [window.from, window.to].map((at) => formatInstant(at.getTime()));
  for (let shard = 0; shard < SHARDS[kind]; shard += 1) {
    const ofShard = told.filter((row) => row.shard === shard).map(({ type, count, digest }) => ({ type, count, digest }));
    tx.emit(RECKONINGS[kind], subjectIn(kind, shard), { from: from ?? '', to: to ?? '', shard, told: ofShard });
  }
  return true;
}

/** A subject that falls into this shard. */
function subjectIn(kind: CountedKind, shard: number): string {
  for (let n = 0; ; n += 1) if (shardOf(kind, `reckoning-${n}`) === shard) return `reckoning-${n}`;
}
