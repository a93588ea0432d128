import { log } from '@quan-so/observability';
import { type Database } from '@quan-so/persistence';

const EVERY_MS = 3_600_000;

/**
 * Makes the next days of outbox and inbox and drops what is old, by functions of the database that have the right to. What
 * fails is tried again in an hour: three days are ahead, and a day that is missing costs nothing but order.
 */
export class Upkeep {
  readonly #database: Database;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  start(): void {
    this.#soon();
    this.#timer = setInterval(() => this.#soon(), EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #soon(): void {
    this.#running = this.#running.then(() => this.run()).catch((error: unknown) => log(this.#database.service).warn('upkeep of outbox and inbox waits', { error }));
  }

  async run(): Promise<void> {
    const { sql, service } = this.#database;
    for (const [table, text] of [['outbox', 'SELECT outbox_upkeep() AS did'], ['inbox', 'SELECT inbox_upkeep() AS did']] as const) {
      const [row] = await sql<{ did: string[] }>(`upkeep-${table}`, text);
      if (row !== undefined && row.did.length > 0) log(service).info('days made or dropped', { database: table, reason: row.did.join(' ') });
    }
  }
}
