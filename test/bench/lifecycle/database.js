/** A look into a side's database from outside, and the way down of what was started. */
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** @typedef {(text: string, values?: readonly unknown[]) => Promise<Record<string, any>[]>} Sql */

/**
 * As the server's owner, who may ask for a checkpoint, and without the limits of time that a service has. Its password stands
 * beside the data (kernel/persistence).
 * @param {string} url of anybody's login @param {string} data folder of the server
 * @param {{ connections?: number, settings?: string }} [more] `settings` of each session
 * @returns {{ sql: Sql, close: () => Promise<void> }}
 */
export function databaseOf(url, data, { connections = 1, settings } = {}) {
  const own = new URL(url);
  own.username = 'postgres';
  own.password = encodeURIComponent(readFileSync(`${data}.secret`, 'utf8'));
  const pool = new pg.Pool({ connectionString: own.href, max: connections, application_name: 'bench', ...(settings === undefined ? {} : { options: settings }) });
  pool.on('error', () => undefined);
  return { sql: async (text, values = []) => (await pool.query(text, [...values])).rows, close: () => pool.end() };
}

/** Last started, first ended. @param {(() => Promise<unknown>)[]} undo */
export async function undoAll(undo) {
  for (const step of undo.splice(0).reverse()) await step();
}
