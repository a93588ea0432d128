import { inSpan } from '@quan-so/observability';
import { databaseBusy } from './problems.js';
import { type OutboxRow } from './outbox.js';

/** With one commit in flight, about a second of reads at the slowest disk; beyond that the caller is told to come again. */
const MOST_WAITING = 1_000;
const MOST_IN_COMMIT = 200;

interface Waiting {
  readonly row: OutboxRow;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Access entries share commits: what is waiting when one returns goes into the next. No timer; alone, an entry waits for
 * its own commit only.
 */
export class AccessEntries {
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(
    private readonly service: string,
    private readonly insert: (rows: readonly OutboxRow[]) => Promise<void>,
  ) {}

  /** Resolves when the entry is committed. Throws Refusal DATABASE_BUSY; then it is not, or may not be. */
  write(row: OutboxRow): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(databaseBusy(new Error('too many access entries are waiting')));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Reads that end in the same turn of the event loop share the first commit too.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, MOST_IN_COMMIT));
    this.#running = false;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const [parent = 'root', ...links] = batch.map(({ row }) => row.traceparent).filter((trace) => trace !== undefined);
    try {
      await inSpan('access commit', { service: this.service, parent, links }, () => this.insert(batch.map(({ row }) => row)));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
