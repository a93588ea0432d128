import { Refusal, type Call } from '@quan-so/contract';
import { sqlStateOf } from './errors.js';
import { IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS } from './problems.js';
import { INSERT_OUTBOX, outboxColumns, type OutboxRow } from './outbox.js';
import { type Sql } from './sql.js';

/** Where the answer of a command that was done is found again. */
export interface StoredAnswer {
  readonly id: string;
  readonly version: number;
  readonly status: number;
  readonly location: string | null;
}

type KeyedCall = Pick<Call, 'actor' | 'operation' | 'idempotencyKey' | 'requestHash'>;

const LOCK_TIMEOUT = '55P03';

/**
 * Takes the key for this command in the transaction of its effect; answers what is stored when it was done before. A twin
 * that is being done holds the row of the unique index, so we wait for its end. Throws Refusal IDEMPOTENCY_KEY_REUSED,
 * and REQUEST_IN_PROGRESS when the wait is longer than lock_timeout.
 */
export async function claimKey(sql: Sql, call: KeyedCall): Promise<StoredAnswer | undefined> {
  const [taken] = await takeKey(sql, call);
  if (taken !== undefined) return undefined;
  const [stored] = await sql<StoredAnswer & { request_hash: string }>(
    'idempotency-stored',
    `SELECT request_hash, id, version, status, location FROM idempotency_key
      WHERE key = $1 AND operation = $2 AND actor = $3 AND client = $4`,
    scopeOf(call),
  );
  // Its row was removed for age between the two statements.
  if (stored === undefined) throw new Refusal(REQUEST_IN_PROGRESS);
  if (stored.request_hash !== call.requestHash) throw new Refusal(IDEMPOTENCY_KEY_REUSED);
  const { id, version, status, location } = stored;
  return { id, version, status, location };
}

async function takeKey(sql: Sql, call: KeyedCall): Promise<unknown[]> {
  try {
    return await sql(
      'idempotency-take',
      `INSERT INTO idempotency_key (key, operation, actor, client, request_hash, created_at)
       VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT DO NOTHING RETURNING key`,
      [...scopeOf(call), call.requestHash],
    );
  } catch (error) {
    if (sqlStateOf(error) === LOCK_TIMEOUT) throw new Refusal(REQUEST_IN_PROGRESS);
    throw error;
  }
}

/** Completes the key with the address of the answer and writes what the command tells, in one statement of its transaction. */
export async function settleKey(sql: Sql, call: KeyedCall, answer: StoredAnswer, told: readonly OutboxRow[]): Promise<void> {
  await sql(
    'command-end',
    `WITH settled AS (
       UPDATE idempotency_key SET id = $13, version = $14, status = $15, location = $16
        WHERE key = $9 AND operation = $10 AND actor = $11 AND client = $12
     ) ${INSERT_OUTBOX}`,
    [...outboxColumns(told), ...scopeOf(call), answer.id, answer.version, answer.status, answer.location],
  );
}

/** Keys serve for seven days; removes some of the older ones. */
export async function forgetKeys(sql: Sql): Promise<void> {
  await sql(
    'idempotency-forget',
    `DELETE FROM idempotency_key WHERE (key, operation, actor, client) IN
       (SELECT key, operation, actor, client FROM idempotency_key WHERE created_at < now() - interval '7 days'
         ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
  );
}

/** Two callers may send the same key: each has its own. */
function scopeOf({ idempotencyKey, operation, actor }: KeyedCall): string[] {
  if (idempotencyKey === undefined) throw new TypeError(`operation ${operation.id}: a change needs an Idempotency-Key`);
  return [idempotencyKey, operation.id, actor.id, actor.client];
}
