import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messagingMigrations } from '@quan-so/messaging';
import { Database, migrate, persistenceMigrations } from '@quan-so/persistence';
import { startImagePostgres } from './postgres-image.js';

/** A busy machine unpacks slowly. */
const PATIENCE_MS = 1_200_000;
const TIMELINE = `SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system()`;
const NOW = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

describe('PostgreSQL of the image', () => {
  let dir = '';
  /** @type {import('./postgres-image.js').ImagePostgres} */
  let server;
  /** @type {Database} */
  let watched;
  let others = 0;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'quan-so-image-'));
    chmodSync(dir, 0o755);
    server = await startImagePostgres({ root: resolve(import.meta.dirname, '..', '..'), dir, services: ['teller'] });
    const { migratorUrl, appRole } = server.databases.teller ?? fail();
    await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
    watched = await Database.open({ service: 'teller', url: String(server.databases.teller?.url), onOtherTimeline: () => void (others += 1) });
  }, PATIENCE_MS);
  afterAll(async () => {
    await watched?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, PATIENCE_MS);

  /** As the service: with its password, over the network. @param {string} statement */
  const asTeller = (statement) => server.sql(statement, server.databases.teller?.url);
  const tell = (/** @type {string} */ subject) =>
    asTeller(`INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at, published_at) VALUES (gen_random_uuid(), 'records', 'records.teller', 0, '${subject}', 'x', '{}', now(), now())`);
  const told = async () => (await asTeller(`SELECT subject || CASE WHEN published_at IS NULL THEN ', waits' ELSE '' END FROM outbox ORDER BY id`)).trim().split('\n');
  const refused = (/** @type {string[]} */ ...words) => server.restore(...words).then(() => 'taken', ({ stderr }) => String(stderr));

  it('goes back to an instant after all is lost, stays closed until it is opened, and tells its services', async () => {
    await tell('before the base');
    expect(await server.backup()).toContain('backup/base/');
    // Bases and instants are compared by the second.
    await sleep(1_100);
    await tell('before the instant');
    const instant = (await server.sql(NOW)).trim();
    await sleep(1_100);
    await tell('given up');
    const segment = (await server.sql('SELECT pg_walfile_name(pg_switch_wal())')).trim();
    while ((await server.sql(`SELECT last_archived_wal >= '${segment}' FROM pg_stat_archiver`)).trim() !== 't') await sleep(200);

    expect(await refused('ask', instant, 'drill', 'latest')).toContain('is given up');
    expect(await refused('ask', '2020-01-01T00:00:00Z', 'drill', '2020-01-01T00:00:00Z')).toContain('no base backup ended before');
    expect(await refused('ask', '2999-01-01T00:00:00Z', 'drill', '2999-01-01T00:00:00Z')).toContain('has not come yet');
    expect(await refused('open')).toContain('nothing is closed');
    expect(await told()).toEqual(['before the base', 'before the instant', 'given up']);
    const timeline = await watched.timeline();

    await server.lose();
    await server.again();
    while (!readFileSync(server.log, 'utf8').includes('the data are gone and there are backups')) await sleep(200);
    await server.restore('ask', instant, 'drill', instant);
    await server.untilListening();
    expect(await server.restore('state')).toContain(`closed ${instant} drill`);
    expect(await told().then(() => 'let in', ({ stderr }) => String(stderr))).toContain('pg_hba.conf rejects connection');

    // Whoever could not be told would go on as if nothing had been put back.
    const inside = `postgresql:///teller?user=postgres&host=${encodeURIComponent(join(dir, 'run'))}`;
    await server.sql('ALTER TABLE restored RENAME TO away', inside);
    expect(await refused('open')).toContain('relation "restored" does not exist');
    expect(await server.restore('state')).toContain(`closed ${instant} drill`);
    expect(await told().then(() => 'let in', ({ stderr }) => String(stderr))).toContain('pg_hba.conf rejects connection');
    await server.sql('ALTER TABLE away RENAME TO restored', inside);

    const still = /closed \S+ drill (\S+)/.exec(await server.restore('state'))?.[1];
    expect(await server.restore('open')).toContain('teller: declared, to be sent again: 2');
    // The moment in which it was closed, whenever a database is told.
    expect((await asTeller(`SELECT declared_at = '${still}' AND declared_at > restored_to FROM restored`)).trim()).toBe('t');
    expect(await told()).toEqual(['before the base, waits', 'before the instant, waits']);
    // A process that runs on learns of it before it says anything.
    await expect(watched.connection()).rejects.toThrow();
    expect([others, (await asTeller(TIMELINE)).trim()]).toEqual([1, expect.not.stringContaining(timeline)]);
    expect(await refused('ask', instant, 'drill', instant)).toContain('drill is done already');
    await tell('after it');
    expect(await server.backup()).toContain('backup/base/');
  }, PATIENCE_MS);

  it('begins without its backups where somebody says so, as often as it is lost, and keeps them aside', async () => {
    expect(await refused('fresh')).toContain('there are data');
    for (const time of [1, 2]) {
      expect(await server.backup()).toContain('backup/base/');
      await server.lose();
      const seen = readFileSync(server.log, 'utf8').length;
      await server.again();
      while (!readFileSync(server.log, 'utf8').slice(seen).includes('the data are gone and there are backups')) await sleep(200);
      // Also where a restore was asked for and its base is worth nothing.
      const bases = join(server.volume, 'base');
      for (const base of readdirSync(bases)) writeFileSync(join(bases, base, 'base.tar.gz'), 'damaged');
      await server.restore('ask', 'latest', `lost-${time}`, 'latest');
      while (!(await server.restore('state')).includes(`failed latest lost-${time}`)) await sleep(200);
      await server.restore('fresh');
      await server.untilListening();
      expect((await asTeller('SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()')).trim()).toBe('0');
      expect(readdirSync(join(server.volume, 'given-up')).filter((name) => name.startsWith('fresh-'))).toHaveLength(time);
    }
  }, PATIENCE_MS);
});

/** @returns {never} */
function fail() {
  throw new Error('no database');
}
