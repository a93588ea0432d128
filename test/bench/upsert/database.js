/** What the bench itself asks a side's database, without the limits of time that a service has. */
import pg from 'pg';

/** @param {string} url */
export function openDatabase(url) {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'bench' });
  pool.on('error', () => undefined);
  /** @type {import('./sides.js').Sql} */
  const sql = async (text, values = []) => (await pool.query(text, [...values])).rows;
  return { sql, close: () => pool.end() };
}
