import { backoff, Signal, sleep } from './pause.js';

/** What a round may wait with. */
export interface Turn {
  readonly stopped: AbortSignal;
  /** Until somebody wakes the loop or stops it, or `ms` have passed. */
  rest(ms: number): Promise<void>;
  /** Whole, unless the loop is stopped. */
  sleep(ms: number): Promise<void>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

/** What is done over and over beside the requests: one round after the other; one that throws is tried again, later each time. */
export class Loop {
  readonly #signal = new Signal();
  readonly #stopped = new AbortController();
  readonly #round: (turn: Turn) => Promise<void>;
  readonly #failed: (error: unknown, attempt: number) => void;
  #running: Promise<void> | undefined;

  constructor(round: (turn: Turn) => Promise<void>, failed: (error: unknown, attempt: number) => void) {
    this.#round = round;
    this.#failed = failed;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#signal.raise();
  }

  /** Resolves when the round that runs has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#signal.raise();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal: stopped } = this.#stopped;
    const turn: Turn = { stopped, rest: (ms) => this.#signal.wait(ms), sleep: (ms) => sleep(ms, stopped) };
    let failures = 0;
    while (!stopped.aborted) {
      try {
        await this.#round(turn);
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#failed(error, failures);
        await turn.sleep(backoff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS));
      }
    }
  }
}
