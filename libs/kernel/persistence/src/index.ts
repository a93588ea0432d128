export { MOST_APART_MS } from './clock-watch.js';
export { Database, type Connection, type DatabaseOptions } from './database.js';
export { migrate, MigrationError, type MigrateOptions } from './migrate.js';
export { persistenceMigrations } from './outbox.migrations.js';
export {
  DATABASE_BUSY,
  IDEMPOTENCY_KEY_REUSED,
  REQUEST_IN_PROGRESS,
  VERSION_MISMATCH,
  persistenceProblems,
  versionMismatch,
} from './problems.js';
export { Seal, SealError, type SealKeys } from './seal.js';
export { type Migration, type Sql } from './sql.js';
export { uuidv7 } from './uuidv7.js';
export { Work, type Change, type Changed, type ReadCall, type Reading, type StoredAnswer, type Tx } from './work.js';
