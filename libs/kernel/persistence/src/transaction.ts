import { type PoolClient } from 'pg';
import { type ClockWatch } from './clock-watch.js';
import { isLost, isStalePlan } from './errors.js';
import { type Sql } from './sql.js';
import { rowsOf, statement, type Place } from './statement.js';

/**
 * Runs `work` between BEGIN and COMMIT on this client and gives the client back; throws what the driver says, and
 * Refusal DATABASE_BUSY when our clock is not the database's: what is done by a wrong clock has a wrong time for ever.
 */
export async function runTransaction<T>(client: PoolClient, place: Place, clock: ClockWatch, work: (sql: Sql, now: Date) => Promise<T>): Promise<T> {
  const turn = inTurn(client, place);
  let broken = false;
  try {
    const asked = Date.now();
    const now = await begin(client);
    clock.heard(asked, now);
    clock.demandRight();
    const value = await work(turn.sql, now);
    await turn.end();
    await commit(client, place);
    return value;
  } catch (error) {
    await turn.end();
    broken = isLost(error) || isStalePlan(error) || !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Statements one after the other, also when the caller starts several at once; none after the end. */
function inTurn(client: PoolClient, place: Place): { sql: Sql; end(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  let over = false;
  const sql: Sql = <R>(name: string, text: string, values?: readonly unknown[]) => {
    if (over) return Promise.reject(new Error(`statement ${name}: its transaction is over`));
    const next = last.then(() => statement(place, name, () => rowsOf<R>(client, name, text, values)));
    last = next.catch(() => undefined);
    return next;
  };
  const end = async (): Promise<void> => {
    over = true;
    await last;
  };
  return { sql, end };
}

/** JavaScript has milliseconds; a time cut once here is the same wherever it is stored. */
async function begin(client: PoolClient): Promise<Date> {
  const results = (await client.query("BEGIN; SELECT date_trunc('milliseconds', now()) AS now")) as unknown as { rows: { now: Date }[] }[];
  const now = results[1]?.rows[0]?.now;
  if (now === undefined) throw new Error('the database tells no time');
  return now;
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: nothing may pass for done that is not. */
async function commit(client: PoolClient, place: Place): Promise<void> {
  await statement(place, 'commit', async () => {
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('a statement of the transaction failed and its error was swallowed');
    return [];
  });
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
