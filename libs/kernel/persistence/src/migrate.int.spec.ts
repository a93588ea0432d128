import { logTo } from '@quan-so/observability';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { Database, migrate, MigrationError, persistenceMigrations, type Migration } from './index.js';

const thing: Migration = { name: '0001-thing', up: 'CREATE TABLE thing (id integer PRIMARY KEY, name text NOT NULL)' };
const colour: Migration = { name: '0002-colour', up: "ALTER TABLE thing ADD COLUMN colour text NOT NULL DEFAULT 'grey'" };

describe('migrate', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['one', 'two', 'three']);
  });
  afterAll(async () => {
    logTo();
    await databases.stop();
  });

  const run = (name: string, migrations: readonly Migration[]) => {
    const { migratorUrl: url, appRole } = databases.of(name);
    return migrate({ url, appRole, migrations });
  };
  const withDatabase = async <T>(name: string, work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await Database.open({ service: name, url: databases.of(name).url });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };

  it('applies in order, a second time nothing, later what is new', async () => {
    expect(await run('one', [...persistenceMigrations, thing])).toEqual(['persistence-0000-partitions', 'persistence-0001-outbox', 'persistence-0002-idempotency-key', '0001-thing']);
    expect(await run('one', [...persistenceMigrations, thing])).toEqual([]);
    expect(await run('one', [...persistenceMigrations, thing, colour])).toEqual(['0002-colour']);
    // The version before, started beside the new one, finds nothing to do and nothing to complain about.
    expect(await run('one', [...persistenceMigrations, thing])).toEqual([]);
  });

  it('refuses a migration that was edited after it had been applied, and applies none of the others', async () => {
    const edited = { ...thing, up: `${thing.up} ` };
    const attempt = run('one', [edited, { name: '0003-more', up: 'CREATE TABLE more ()' }]);
    await expect(attempt).rejects.toThrow(/"0001-thing" đã bị sửa.*changed after it had been applied/);
    expect(await run('one', [{ name: '0003-more', up: 'CREATE TABLE more ()' }])).toEqual(['0003-more']);
  });

  it('leaves nothing of a migration that fails, names it, and keeps what went before', async () => {
    const broken = { name: '0004-broken', up: 'CREATE TABLE half (); CREATE TABLE thing ()' };
    const attempt = run('one', [{ name: '0004-good', up: 'CREATE TABLE good ()' }, broken]);
    await expect(attempt).rejects.toThrow(MigrationError);
    await expect(attempt).rejects.toThrow(/"0004-broken" failed: relation "thing" already exists/);
    expect(await run('one', [{ name: '0004-good', up: 'CREATE TABLE good ()' }, { name: '0004-broken', up: 'CREATE TABLE half ()' }])).toEqual(['0004-broken']);
  });

  it('is safe when two run at once: each migration is applied by one of them', async () => {
    const both = await Promise.all([run('two', [thing, colour]), run('two', [thing, colour])]);
    expect(both.flat()).toEqual(['0001-thing', '0002-colour']);
  });

  it('gives the app role rows and numbers, never the shape of tables or the record of migrations', async () => {
    await run('two', [...persistenceMigrations, { name: '0003-number', up: 'CREATE TABLE numbered (id bigint GENERATED ALWAYS AS IDENTITY, n integer)' }]);
    await withDatabase('two', async ({ sql }) => {
      await sql('insert', "INSERT INTO thing (id, name) VALUES (1, 'a')");
      expect(await sql('number', 'INSERT INTO numbered (n) VALUES (7) RETURNING id')).toEqual([{ id: '1' }]);
      expect(await sql('change', "UPDATE thing SET name = 'b' RETURNING name")).toEqual([{ name: 'b' }]);
      expect(await sql('delete', 'DELETE FROM thing RETURNING id')).toEqual([{ id: 1 }]);
      for (const [index, ddl] of [
        'CREATE TABLE mine ()',
        'CREATE TEMPORARY TABLE mine ()',
        'DROP TABLE thing',
        'ALTER TABLE thing ADD COLUMN x integer',
        'TRUNCATE thing',
        'CREATE SCHEMA mine',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$SELECT 1$$',
        "INSERT INTO migration (name, checksum) VALUES ('x', 'y')",
        'DELETE FROM migration',
      ].entries()) {
        await expect(sql(`ddl-${index}`, ddl)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });

  it('keeps one service out of the database of another', async () => {
    const stranger = new URL(databases.of('one').url);
    stranger.pathname = '/two';
    await expect(Database.open({ service: 'one', url: stranger.href })).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses to let one role both migrate and work', async () => {
    const { migratorUrl: url } = databases.of('three');
    await expect(migrate({ url, appRole: 'three_migrator', migrations: [thing] })).rejects.toThrow(/must be two roles/);
  });

  it('says in one sentence that there is no database', async () => {
    const url = new URL(databases.of('three').migratorUrl);
    url.port = '1';
    await expect(migrate({ url: url.href, appRole: 'three', migrations: [] })).rejects.toThrow(/the database cannot be reached/);
  });
});
