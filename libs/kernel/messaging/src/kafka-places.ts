import { type Logger } from '@quan-so/observability';

/** For so long whoever takes a partition over reads again; also how old the lag is that tools see. */
const EVERY_MS = 1_000;

/**
 * Tells the group how far we are, once a second and on the way out: a request for each batch was a third of the way of an
 * event. Our place is in our database, in the transaction of the effects; the broker's is where whoever comes next begins to
 * read, and the inbox knows what comes again.
 */
export class Places {
  #tell: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(private readonly log: Logger) {}

  /** Effects were committed; `tell` tells all places as they are when it is called. Waited for only on the way out. */
  async moved(tell: () => Promise<void>): Promise<void> {
    this.#tell = tell;
    if (this.#over) return this.#now();
    this.#timer ??= setTimeout(() => void this.#now(), EVERY_MS);
  }

  /** Tells now, and from now on at once. */
  end(): Promise<void> {
    this.#over = true;
    return this.#now();
  }

  async #now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tell = this.#tell;
    this.#tell = undefined;
    try {
      await tell?.();
    } catch (error) {
      // Of the group (a rebalance): kafkajs meets it itself at its next step.
      this.log.warn('offsets are not committed', { error });
    }
  }
}
