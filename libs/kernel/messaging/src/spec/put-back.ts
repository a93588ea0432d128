import { logTo } from '@quan-so/observability';
import { Database, migrate, persistenceMigrations } from '@quan-so/persistence';
import { startTestDatabases } from '@quan-so/testing';
import { messagingMigrations } from '../index.js';
import { type Group } from '../restored.js';

/** Databases with the tables of this library, opened as the role that works and as their owner. */
export async function openDatabases(...names: readonly string[]) {
  logTo(() => undefined);
  const databases = await startTestDatabases(names);
  const opened: Database[] = [];
  const open = async (service: string, url: string): Promise<Database> => {
    const database = await Database.open({ service, url, poolSize: 3 });
    opened.push(database);
    return database;
  };
  const pairs = await Promise.all(
    names.map(async (name) => {
      const { url, migratorUrl, appRole } = databases.of(name);
      await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
      return [name, { app: await open(name, url), owner: await open(`${name}-owner`, migratorUrl) }] as const;
    }),
  );
  const of = new Map(pairs);
  return {
    of: (name: string) => of.get(name) ?? fail(name),
    restart: databases.restart,
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await databases.stop();
      logTo();
    },
  };
}

export type Opened = Awaited<ReturnType<typeof openDatabases>>;

function fail(name: string): never {
  throw new Error(`no database ${name}`);
}

/** A broker that tells nothing and a group that took nothing, but for what is given. */
export function groupThat(given: Partial<Group>): Group {
  return {
    standing: async () => [],
    tellsBetween: async () => false,
    tellingLater: async () => undefined,
    setBack: () => Promise.reject(new Error('the group remembers no more than there is')),
    ...given,
  };
}
