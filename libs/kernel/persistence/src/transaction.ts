import { type PoolClient } from 'pg';
import { type ClockWatch } from './clock-watch.js';
import { isLost, isStalePlan } from './errors.js';
import { type Sql } from './sql.js';
import { rowsOf, statement, type Place } from './statement.js';

/** A statement whose answer nobody needs goes together with COMMIT; when it fails, so does the transaction, with its error. */
export type Along = (statement: Promise<unknown>) => void;

export type TransactionWork<T> = (sql: Sql, now: Date, along: Along) => Promise<T>;

/**
 * Runs `work` between BEGIN and COMMIT on this client and gives the client back; throws what the driver says, and
 * Refusal DATABASE_BUSY when our clock is not the database's: what is done by a wrong clock has a wrong time for ever.
 * The client pipelines: what is started is on its way at once, and done in the order of the starting. Nothing goes together
 * with BEGIN: when that fails, what was sent behind it would commit by itself.
 */
export async function runTransaction<T>(client: PoolClient, place: Place, clock: ClockWatch, work: TransactionWork<T>): Promise<T> {
  const turn = inTurn(client, place);
  let broken = false;
  try {
    const asked = Date.now();
    const now = await begin(client);
    clock.heard(asked, now);
    clock.demandRight();
    const value = await work(turn.sql, now, turn.along);
    turn.end();
    await turn.sent();
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
async function allOf(all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(all);
  // In order, and all of them are there: the first that failed is met first.
  for (const one of all) await one;
}

interface Turn {
  readonly sql: Sql;
  readonly along: Along;
  readonly companions: readonly Promise<unknown>[];
  /** No statement after this. */
  end(): void;
  /** What the driver itself refuses to send the server never hears of: COMMIT would pass it by. Throws its error. */
  sent(): Promise<void>;
}

/** Statements in the order of their starting; none after the end. */
function inTurn(client: PoolClient, place: Place): Turn {
  const companions: Promise<unknown>[] = [];
  let refused = false;
  let over = false;
  const sql: Sql = <R>(name: string, text: string, values?: readonly unknown[]) => {
    if (over) return Promise.reject(new Error(`statement ${name}: its transaction is over`));
    const answer = statement(place, name, () => rowsOf<R>(client, name, text, values));
    // Whoever does not look at it learns of it by COMMIT.
    answer.catch(() => undefined);
    return answer;
  };
  const along: Along = (one) => {
    companions.push(one);
    one.catch(() => void (refused = true));
  };
  const sent = async (): Promise<void> => {
    if (companions.length > 0) await new Promise(setImmediate);
    if (refused) await allOf(companions);
  };
  return { sql, along, companions, end: () => void (over = true), sent };
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
