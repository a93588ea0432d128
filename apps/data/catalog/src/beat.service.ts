import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ReferenceBeat } from '@quan-so/contracts-data';
import { formatInstant } from '@quan-so/language';
import { log } from '@quan-so/observability';
import { Work, type Tx } from '@quan-so/persistence';
import { takeBeat, takeTurn } from './reference.queries.js';

export const BEAT_SECONDS = 30;
/** Timers of two processes drift; half a beat is near enough to be the other's and far enough not to skip one's own. */
const APART_MS = (BEAT_SECONDS * 1_000) / 2;

/**
 * Tells every 30 seconds that the catalogue lives, so that replicas know their age. Of several processes one beats: the
 * moment of the last beat stands in the database. The seed is made before (`onModuleInit`), so that no beat speaks of an
 * empty catalogue.
 */
@Injectable()
export class BeatService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly work: Work) {}

  onApplicationBootstrap(): void {
    this.beatSoon();
    this.timer = setInterval(() => this.beatSoon(), BEAT_SECONDS * 1_000).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.last;
  }

  /** One beat, unless another process has just beaten; answers whether it was told. Beats would push traces of people out. */
  beat(): Promise<boolean> {
    return this.work.internal('reference.beat', async (tx) => tellBeat(tx, await takeTurn(tx.sql), APART_MS), { traced: false });
  }

  /** A beat that fails is missed and no more: replicas grow older and say so. */
  private beatSoon(): void {
    this.last = this.last.then(() => this.beat()).catch((error: unknown) => log('catalog').warn('a beat was missed', { error }));
  }
}

/**
 * Tells a beat of the moment `at` (of `takeTurn`), unless there was one less than `apartMs` before. In the transaction of
 * a publication it says to a replica that what it has just taken is all there is.
 */
export async function tellBeat(tx: Tx, at: Date, apartMs: number): Promise<boolean> {
  if (!(await takeBeat(tx.sql, at, apartMs))) return false;
  tx.emit(ReferenceBeat, 'beat', { at: formatInstant(at.getTime()), seconds: BEAT_SECONDS });
  return true;
}
