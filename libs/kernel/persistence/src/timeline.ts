import { type ClientBase } from 'pg';
import { databaseBusy } from './problems.js';

/**
 * Which server, and which line of its log. Another one after a restore, after a copy took over, after a move; the same after a
 * crash. Null where a copy only repeats what another one writes.
 */
export const TIMELINE = `SELECT CASE WHEN pg_is_in_recovery() THEN NULL
  ELSE (SELECT system_identifier FROM pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline`;

/**
 * Holds connections to the timeline of the first one. No connection outlives a restore of its server, so asking each new one
 * leaves no moment in which a statement goes into another past. Copies are refused: a connection to one outlives its promotion.
 */
export class TimelineWatch {
  readonly #onAnother: () => void;
  #first: string | undefined;

  constructor(onAnother: () => void) {
    this.#onAnother = onAnother;
  }

  /** Throws Refusal DATABASE_BUSY when nothing may be said on this connection. */
  async demandSame(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ timeline: string | null }>(TIMELINE);
    const timeline = rows[0]?.timeline ?? undefined;
    if (timeline === undefined) throw databaseBusy(new Error('the server is a copy of another one'));
    this.#first ??= timeline;
    if (this.#first === timeline) return;
    this.#onAnother();
    throw databaseBusy(new Error('the server is on another timeline'));
  }
}
