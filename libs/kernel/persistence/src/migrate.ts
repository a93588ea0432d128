import { createHash } from 'node:crypto';
import { log } from '@quan-so/observability';
import pg from 'pg';
import { isLost, sqlStateOf } from './errors.js';
import { type Migration } from './sql.js';

export interface MigrateOptions {
  /** `postgres://…` of the role that owns the database. */
  readonly url: string;
  /** The role that works: it gets rows, never the shape of tables. */
  readonly appRole: string;
  /** Everything this database holds, in the order it is to be made. */
  readonly migrations: readonly Migration[];
}

/** The schema cannot be brought to the state asked for; the message is one sentence for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Another run may be making an index; afterwards its result is looked at, not made again. */
const TURN_MS = 60_000;
/** A table in use is waited for shortly: whoever waits for a table makes everybody after it wait too. */
const LOCK_MS = 3_000;

const TABLE = `CREATE TABLE IF NOT EXISTS migration (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Applies what has not been applied yet, each migration in its own transaction, one run at a time; then gives the app
 * role its rights. Answers the names applied; a second run answers none. Migrations of a newer version that are there
 * already are left alone. Throws MigrationError.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { migrations, appRole } = options;
  const names = new Set(migrations.map(({ name }) => name));
  if (names.size !== migrations.length) throw new TypeError('two migrations with one name');
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 10_000, application_name: 'migrate' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SET client_min_messages = warning; SET lock_timeout = ${TURN_MS}`);
    await client.query(`SELECT pg_advisory_lock(hashtextextended('quan-so: one migration at a time', 0))`);
    await client.query(`SET lock_timeout = ${LOCK_MS}`);
    await demandOtherRole(client, appRole);
    await client.query(TABLE);
    const todo = await pending(client, migrations);
    for (const migration of todo) await apply(client, migration);
    if (todo.length > 0 || !(await mayRead(client, appRole))) await grant(client, appRole);
    return todo.map(({ name }) => name);
  } catch (error) {
    throw sentence(error);
  } finally {
    // The session ends and with it its lock.
    await client.end().catch(() => undefined);
  }
}

async function pending(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM migration');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const edited = migrations.find((one) => applied.has(one.name) && applied.get(one.name) !== checksumOf(one));
  if (edited !== undefined) {
    throw new MigrationError(
      `Bước di trú "${edited.name}" đã bị sửa sau khi chạy; trả lại như cũ và viết một bước mới / migration "${edited.name}" was changed after it had been applied; restore it and write a new one.`,
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.up);
    await client.query('INSERT INTO migration (name, checksum) VALUES ($1, $2)', [migration.name, checksumOf(migration)]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(`Bước di trú "${migration.name}" không chạy được / migration "${migration.name}" failed: ${wordsOf(error)}.`, { cause: error });
  }
  log('migrate').info('migration applied', { migration: migration.name, database: client.database ?? '' });
}

/** What a service needs and no more: others may not even enter, and the record of migrations is read-only. */
async function grant(client: pg.Client, appRole: string): Promise<void> {
  const role = pg.escapeIdentifier(appRole);
  const database = pg.escapeIdentifier(client.database ?? '');
  await client.query(`BEGIN;
    REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${database} TO ${role};
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};
    REVOKE INSERT, UPDATE, DELETE ON migration FROM ${role};
    COMMIT`);
}

/** Giving rights again costs every running service its plans, so it is done when there is a reason; a day's rights are its parent's. */
async function mayRead(client: pg.Client, appRole: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND NOT has_table_privilege($1, oid, 'SELECT')`,
    [appRole],
  );
  return rows.length === 0;
}

async function demandOtherRole(client: pg.Client, appRole: string): Promise<void> {
  const { rows } = await client.query('SELECT WHERE pg_has_role($1::text, current_user, $$MEMBER$$)', [appRole]);
  if (rows.length === 0) return;
  throw new MigrationError(
    `Vai trò "${appRole}" vừa di trú vừa làm việc; hai vai trò phải khác nhau / role "${appRole}" would both migrate and work; these must be two roles.`,
  );
}

function sentence(error: unknown): unknown {
  if (error instanceof MigrationError) return error;
  if (sqlStateOf(error) === '55P03') {
    return new MigrationError('Một lần di trú khác đang chạy quá lâu; chạy lại sau / another migration has been running for too long; run again later.', { cause: error });
  }
  if (sqlStateOf(error) !== undefined) return new MigrationError(`Không di trú được / the migration failed: ${wordsOf(error)}.`, { cause: error });
  if (!isLost(error)) return error;
  return new MigrationError('Không liên lạc được cơ sở dữ liệu / the database cannot be reached.', { cause: error });
}

/** PostgreSQL's words of a migration speak of tables and roles. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function checksumOf({ up }: Migration): string {
  return createHash('sha256').update(up).digest('hex');
}
