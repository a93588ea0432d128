import { migrate, Database } from '@quan-so/persistence';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { records0001 } from './migrations/0001-records.js';
import { records0002 } from './migrations/0002-command.js';

let databases: TestDatabases;
let [asMigrator, asService]: (Database | undefined)[] = [];
beforeAll(async () => {
  databases = await startTestDatabases(['warehouse']);
  const { url, migratorUrl } = databases.of('warehouse');
  asMigrator = await Database.open({ service: 'test', url: migratorUrl, poolSize: 1 });
  await to([records0001]);
  asService = await Database.open({ service: 'test', url, poolSize: 1 });
});
afterAll(async () => {
  for (const database of [asMigrator, asService]) await database?.close();
  await databases?.stop();
});

const to = (migrations: readonly (typeof records0001 | typeof records0002)[]): Promise<string[]> => {
  const { migratorUrl, appRole } = databases.of('warehouse');
  return migrate({ url: migratorUrl, appRole, migrations });
};
/** As the release before writes a version. */
const write = (version: number) =>
  asService!.sql(
    'test-write',
    `INSERT INTO record_history (dataset, key, version, code, unit, receiving_unit, status, title, changed_at, trace_id, body)
     VALUES ('dossiers', '01997e3c-8f00-7000-8000-000000000001', $1, 'H99.05.01-261124-0001', 'H99.05', 'H99.05.01', '2', 'Cấp phép xây dựng', '2026-11-24T09:00:00+07:00', NULL, '{}')`,
    [version],
  );
const files = () => asMigrator!.sql<{ name: string; file: string }>('test-files', `SELECT relname AS name, pg_relation_filenode(oid)::text AS file FROM pg_class WHERE relname IN ('record', 'record_history') ORDER BY relname`);

it('adds to what is there without writing it anew, and the release before goes on writing', async () => {
  await write(1);
  const before = await files();
  expect(await to([records0001, records0002])).toEqual(['0002-command']);
  expect(await files()).toEqual(before);
  expect(before.map(({ name }) => name)).toEqual(['record', 'record_history']);
  await write(2);
  expect(await asService!.sql('test-read', 'SELECT version, command FROM record_history ORDER BY version')).toEqual([{ version: 1, command: null }, { version: 2, command: null }]);
  // The release before comes back to tables with more in them than it knows.
  expect(await to([records0001])).toEqual([]);
});
