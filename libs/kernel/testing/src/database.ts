import { appendFileSync, chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@quan-so/persistence/embedded';

/** One database as a service has it: the role that works, the role that migrates. */
export interface TestDatabase {
  readonly url: string;
  readonly migratorUrl: string;
  readonly appRole: string;
}

export interface TestDatabases {
  /** Throws for a name that was not asked for. */
  of(name: string): TestDatabase;
  /** Ends every connection and comes back with all rows: as it was, on another timeline of its log as after a restore, or only to be read. */
  restart(how: 'as it was' | 'on another timeline' | 'as a copy'): Promise<void>;
  stop(): Promise<void>;
}

const PREFIX = 'quan-so-test-';

/** Starts one real PostgreSQL for this test file, with an empty database for each name; nothing of it stays. */
export async function startTestDatabases(names: readonly string[]): Promise<TestDatabases> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let postgres: EmbeddedPostgres;
  try {
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false });
  } catch (error) {
    remove();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await postgres.stop();
    remove();
  };
  try {
    const databases = new Map<string, TestDatabase>();
    for (const name of names) databases.set(name, await databaseOf(postgres, name));
    return { of: (name) => getDatabase(databases, name), restart: (how) => restart(postgres, join(folder, 'postgres'), how), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes what runs left that were killed; their PostgreSQL ended with them. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^quan-so-test-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's, or another run is just removing it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function restart(postgres: EmbeddedPostgres, dataDir: string, how: Parameters<TestDatabases['restart']>[0]): Promise<void> {
  const { pid } = postgres;
  if (how !== 'as it was') {
    // It looks for more of its log in an archive, finds none and goes on from there, on a line of its own; a copy keeps looking.
    appendFileSync(join(dataDir, 'postgresql.auto.conf'), "restore_command = 'exit 1'\n");
    const wish = join(dataDir, how === 'as a copy' ? 'standby.signal' : 'recovery.signal');
    writeFileSync(wish, '', { mode: 0o600 });
    const { uid, gid } = statSync(dataDir);
    chownSync(wish, uid, gid);
  }
  process.kill(pid, 'SIGINT');
  // Its owner raises it.
  while (postgres.pid === pid) await sleep(20);
}

async function databaseOf(postgres: EmbeddedPostgres, name: string): Promise<TestDatabase> {
  const owner = { name: `${name}_migrator`, password: randomBytes(12).toString('hex') };
  const app = { name, password: randomBytes(12).toString('hex') };
  for (const role of [owner, app]) await postgres.ensureRole(role.name, role.password);
  await postgres.ensureDatabase(name, owner.name, [app.name]);
  return { url: postgres.url(name, app), migratorUrl: postgres.url(name, owner), appRole: app.name };
}

function getDatabase(databases: ReadonlyMap<string, TestDatabase>, name: string): TestDatabase {
  const database = databases.get(name);
  if (database === undefined) throw new Error(`no test database ${name}`);
  return database;
}
