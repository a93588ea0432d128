import { sqlStateOf } from './errors.js';

/** States in which PostgreSQL answers and reads but writes nothing, with words for the operator. */
const REFUSED: Readonly<Record<string, string>> = {
  53100: 'the disk is full, nothing can be written',
  58030: 'reading or writing of files fails',
  25006: 'the server takes no writes',
};

/**
 * So long a failed write speaks against the database when nobody has tried since. Without an end a service that gets no
 * requests because it is not ready would never learn that there is room again.
 */
const REMEMBERED_MS = 30_000;

/** Whether the database takes writes, by what was last tried. */
export class Writes {
  #refused: { readonly why: string; readonly at: number } | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  succeeded(): void {
    this.#refused = undefined;
  }

  /** Errors that say nothing of writing change nothing. */
  failed(error: unknown): void {
    const why = REFUSED[sqlStateOf(error) ?? ''];
    if (why !== undefined) this.#refused = { why, at: this.now() };
  }

  /** Why the last write was refused; undefined when it was not, or long ago. */
  get refused(): string | undefined {
    return this.#refused !== undefined && this.now() - this.#refused.at <= REMEMBERED_MS ? this.#refused.why : undefined;
  }
}
