import { logTo } from '@quan-so/observability';
import { uuidv7From } from '@quan-so/language';
import { Database, migrate, persistenceMigrations, uuidv7, type Sql } from '@quan-so/persistence';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { takeIn } from './consumer.queries.js';
import { messagingMigrations } from './messaging.migrations.js';

const DAY_MS = 86_400_000;

describe('the inbox', () => {
  let databases: TestDatabases;
  let app: Database;
  let owner: Database;

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
    app = await Database.open({ service: 'things', url, poolSize: 2 });
    owner = await Database.open({ service: 'things-owner', url: migratorUrl, poolSize: 2 });
  });
  afterAll(async () => {
    await Promise.all([app.close(), owner.close()]);
    await databases.stop();
    logTo();
  });

  const idOf = (days: number, n = 0): string => uuidv7From(Date.now() + days * DAY_MS, Uint8Array.from([...Array.from({ length: 9 }, () => 0), n]));
  const dayOf = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  let position = 0;
  const take = async (...ids: string[]): Promise<{ fresh: string[]; stale: string[] }> => {
    position += 1;
    const { fresh, stale } = await takeIn(app.sql, { transport: 'local', topic: 'records.x', shard: 0, position }, ids.map((id) => ({ id, key: 'k' })));
    return { fresh: [...fresh], stale: [...stale] };
  };
  const upkeep = async (sql: Sql, days?: number): Promise<string[]> => {
    const [row] =
      days === undefined
        ? await sql<{ did: string[] }>('upkeep', 'SELECT inbox_upkeep() AS did')
        : await sql<{ did: string[] }>('upkeep-at', `SELECT inbox_upkeep_at(now() + $1 * interval '1 day') AS did`, [days]);
    return row?.did ?? [];
  };

  it('keeps an event in the day of its own id, so that it is known whenever it comes again', async () => {
    const [past, today, tomorrow, unmade] = [idOf(-5), uuidv7(), idOf(1), idOf(30)];
    const ids = [past, today, tomorrow, unmade];
    expect((await take(...ids)).fresh.sort()).toEqual([...ids].sort());
    const places = await app.sql<{ place: string }>('places', 'SELECT tableoid::regclass::text AS place FROM inbox ORDER BY event_id');
    const partition = (days: number): string => `inbox_${dayOf(days).replaceAll('-', '')}`;
    expect(places.map(({ place }) => place)).toEqual(['inbox_default', partition(0), partition(1), 'inbox_default']);
    // Its day comes: it is not made beside the one that is there already, and the event is still known.
    expect(await upkeep(owner.sql, 29)).toEqual([29, 31].map((days) => `+${dayOf(days)}`));
    expect(await take(...ids)).toEqual({ fresh: [], stale: [] });
  });

  it('does not know what is older than it remembers: 21 days, and says so', async () => {
    const [old, older, kept] = [idOf(-22), idOf(-400), idOf(-21, 1)];
    expect(await take(old, older, kept)).toEqual({ fresh: [kept], stale: [old, older] });
    await app.sql(
      'park-old',
      `INSERT INTO parked (topic, shard, position, key, event_id, reason, message, parked_at) VALUES ('records.x', 0, 1, 'k', $1, 'STALE', '', now())`,
      [old],
    );
    // It came again: parked once is enough.
    expect(await take(old, older)).toEqual({ fresh: [], stale: [older] });
  });

  it('forgets a day a run, by the clock and by its own events', async () => {
    const forgotten = idOf(-21, 2);
    expect((await take(forgotten)).fresh).toEqual([forgotten]);
    await app.sql('forget-future', 'DELETE FROM inbox WHERE event_id > $1', [idOf(3)]);
    // The clock has jumped by a year, the events have not: the newest is of tomorrow.
    expect(await upkeep(owner.sql, 365)).toHaveLength(3);
    await upkeep(owner.sql, 365);
    expect((await take(idOf(-20, 3))).fresh).toHaveLength(1);
    expect((await take(forgotten)).stale).toEqual([forgotten]);
    await upkeep(owner.sql, 365);
    expect((await take(idOf(-20, 4))).fresh).toHaveLength(1);
  });

  it('drops days as it goes on, by the role that works', async () => {
    const soon = idOf(22);
    expect((await take(soon)).fresh).toEqual([soon]);
    // Time goes on and so do the events: each run forgets one of the days that are too old.
    const did: string[] = [];
    for (let run = 0; run < 30; run += 1) did.push(...(await upkeep(owner.sql, 22)));
    expect(did.filter((one) => one.startsWith('-'))).toEqual([`-${dayOf(0)}`]);
    const [today, tomorrow] = [uuidv7(), idOf(1, 5)];
    expect(await take(today, tomorrow)).toEqual({ fresh: [tomorrow], stale: [today] });
    // What is below is not remembered; the day is made again all the same, by the role that works.
    expect(await upkeep(app.sql)).toEqual([`+${dayOf(0)}`]);
  });
});
