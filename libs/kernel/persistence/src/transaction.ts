import { type PoolClient } from 'pg';
import { type ClockWatch } from './clock-watch.js';
import { isLost, isStalePlan } from './errors.js';
import { type Sql } from './sql.js';
import { rowsOf, statement, type Place } from './statement.js';

/** How a transaction saves round trips. */
export interface Course<F> {
  /** What was asked together with BEGIN. */
  readonly first: F;
  /** A statement whose answer nobody needs goes together with COMMIT; when it fails, so does the transaction, with its error. */
  along(statement: Promise<unknown>): void;
}

export type TransactionWork<T, F> = (sql: Sql, now: Date, course: Course<F>) => Promise<T>;

/**
 * Runs `work` between BEGIN and COMMIT on this client and gives the client back; throws what the driver says, and
 * Refusal DATABASE_BUSY when our clock is not the database's: what is done by a wrong clock has a wrong time for ever.
 * The client pipelines: what is started is on its way at once, and done in the order of the starting.
 */
export async function runTransaction<T, F>(client: PoolClient, place: Place, clock: ClockWatch, work: TransactionWork<T, F>, first: (sql: Sql) => Promise<F>): Promise<T> {
  const turn = inTurn(client, place);
  let broken = false;
  try {
    const asked = Date.now();
    const [now, answer] = await allOf([begin(client), first(turn.sql)]);
    clock.heard(asked, now);
    clock.demandRight();
    const value = await work(turn.sql, now, { first: answer, along: turn.along });
    turn.end();
    await allOf([...turn.companions, commit(client, place)]);
    return value;
  } catch (error) {
    turn.end();
    broken = isLost(error) || isStalePlan(error) || !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Waits for all, then throws the error of the first in their order: what comes behind a failed statement fails by it. */
async function allOf<T extends readonly Promise<unknown>[]>(all: readonly [...T]): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(all);
  // In order, and all of them are there: the first that failed is met first.
  for (const one of all) await one;
  return Promise.all(all);
}

/** Statements in the order of their starting; none after the end. */
function inTurn(client: PoolClient, place: Place): { sql: Sql; along: Course<unknown>['along']; companions: Promise<unknown>[]; end(): void } {
  const companions: Promise<unknown>[] = [];
  let over = false;
  const sql: Sql = <R>(name: string, text: string, values?: readonly unknown[]) => {
    if (over) return Promise.reject(new Error(`statement ${name}: its transaction is over`));
    const answer = statement(place, name, () => rowsOf<R>(client, name, text, values));
    // Whoever does not look at it learns of it by COMMIT.
    answer.catch(() => undefined);
    return answer;
  };
  return { sql, along: (one) => void companions.push(one), companions, end: () => void (over = true) };
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
