/** Longer than any wait of ours: a transaction is cut off after 10 s, a send after 45 s, a pause lasts 5 s at most. */
export const STALLED_MS = 60_000;

/**
 * When each loop and each piece of work was last seen to move. What waits for something that is away moves (it tries); what
 * hangs does not: a promise of a client library or of a handler that nobody settles. Only a new process helps then.
 */
export class Progress {
  readonly #seen = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  mark(what: string): void {
    this.#seen.set(what, this.now());
  }

  /** No longer expected to move. */
  done(what: string): void {
    this.#seen.delete(what);
  }

  /** Of what has not moved for longest; undefined when nothing is expected to move. */
  slowest(): { readonly what: string; readonly ms: number } | undefined {
    let slowest: { what: string; ms: number } | undefined;
    for (const [what, at] of this.#seen) {
      const ms = this.now() - at;
      if (slowest === undefined || ms > slowest.ms) slowest = { what, ms };
    }
    return slowest;
  }
}
