import { EventsMissed } from '@quan-so/contract';
import { formatInstant } from '@quan-so/language';
import { log } from '@quan-so/observability';
import { type Tx, type Work } from '@quan-so/persistence';
import { Loop } from './loop.js';
import { gapsToAsk, giveUpGaps } from './reconcile.queries.js';

export interface AskerPace {
  /** How often it looks for gaps that are still open. */
  readonly everyMs: number;
  /** What was asked for and did not come is asked for again after this time. */
  readonly againMs: number;
}

export interface AskerOptions {
  readonly service: string;
  readonly work: Work;
  readonly pace?: AskerPace;
}

const PACE: AskerPace = { everyMs: 60_000, againMs: 3_600_000 };
/** In one transaction. What is beyond it is asked for at the next look. */
const MOST = 100;

/**
 * Says what is missing to whoever told it, in the transaction that found it, on `missing.<service>`: nobody waits for an
 * answer. The answer is the events themselves, and the reckoning behind them closes the gap.
 */
export async function askAgain(tx: Tx, againMs = PACE.againMs): Promise<number> {
  const gaps = await gapsToAsk(tx.sql, againMs, MOST);
  for (const { topic, from_at: from, to_at: to, told, heard, asks } of gaps) {
    const number = (text: string | null): number | null => (text === null ? null : Number(text));
    tx.emit(EventsMissed, topic, { topic, from: formatInstant(from.getTime()), to: formatInstant(to.getTime()), told: number(told), heard: number(heard), tries: Math.min(asks, 1_000) });
  }
  return gaps.filter(({ asks }) => asks > 1).length;
}

/** Asks every hour for what is still missing, and calls for somebody; for what can never come it stops asking, and says so once. */
export class Asker extends Loop {
  constructor({ service, work, pace = PACE }: AskerOptions) {
    const logger = log(service);
    const waits = (error: unknown): void => logger.warn('asking for what is missing waits', { error });
    const ask = async (): Promise<void> => {
      const inVain = await work.internal('message.ask', (tx) => askAgain(tx, pace.againMs), { traced: false });
      const lost = await work.internal('message.give-up', (tx) => giveUpGaps(tx.sql, pace.againMs), { traced: false });
      for (const { topic } of lost) logger.error('what was asked for does not come: it is not asked for any more, and somebody has to look', { topic });
      if (inVain > 0) logger.error('what was asked for is still missing: it is asked for again', { count: inVain });
    };
    // At its own pace, also after a failure.
    super(({ rest }) => ask().catch(waits).then(() => rest(pace.everyMs)), waits);
  }
}
