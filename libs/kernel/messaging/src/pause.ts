/** A wish to go on that is not lost when nobody waits for it yet. */
export class Signal {
  #raised = false;
  #wake: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#wake?.();
  }

  /** Resolves when raised, also before this call, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#raised) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#raised = false;
  }
}

/** Sleeps; ends early when `until` aborts. */
export async function sleep(ms: number, until: AbortSignal): Promise<void> {
  if (until.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      until.removeEventListener('abort', done);
      resolve();
    }
    until.addEventListener('abort', done);
  });
}

/** Waiting time before try `n` (from 1): doubled each time up to `most`, a tenth of it by chance. */
export function backoff(n: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(n - 1, 20)) * (0.9 + Math.random() * 0.1);
}

/** Waits for what never throws, but not longer than `ms`. */
export async function atMostMs(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
