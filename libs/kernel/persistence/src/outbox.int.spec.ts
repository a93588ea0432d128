import { logTo } from '@quan-so/observability';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { Database, migrate, persistenceMigrations, type Sql } from './index.js';

const DAY_MS = 86_400_000;

describe('the days of the outbox', () => {
  let databases: TestDatabases;
  let app: Database;
  /** As who migrates: the only one who may give the upkeep another time. */
  let owner: Database;

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    await migrate({ url: migratorUrl, appRole, migrations: persistenceMigrations });
    app = await Database.open({ service: 'things', url, poolSize: 2 });
    owner = await Database.open({ service: 'things-owner', url: migratorUrl, poolSize: 2 });
  });
  afterAll(async () => {
    await Promise.all([app.close(), owner.close()]);
    await databases.stop();
    logTo();
  });
  beforeEach(() => app.sql('empty', 'DELETE FROM outbox'));

  const dayOf = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const upkeep = async (sql: Sql, days?: number): Promise<string[]> => {
    const [row] =
      days === undefined
        ? await sql<{ did: string[] }>('upkeep', 'SELECT outbox_upkeep() AS did')
        : await sql<{ did: string[] }>('upkeep-at', `SELECT outbox_upkeep_at(now() + $1 * interval '1 day') AS did`, [days]);
    return row?.did ?? [];
  };
  const tell = (days: number, isSent: boolean) =>
    app.sql(
      'tell',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at, published_at)
       SELECT gen_random_uuid(), 'records', 'records.things', 0, $1::text, 't', '{}', at, CASE WHEN $2 THEN at END FROM (SELECT now() + $1::int * interval '1 day' AS at) t`,
      [days, isSent],
    );
  const kept = async () =>
    (await app.sql<{ subject: string; place: string }>('kept', 'SELECT subject, tableoid::regclass::text AS place FROM outbox ORDER BY created_at')).map(({ subject, place }) => `${subject} ${place}`);
  const partition = (days: number): string => `outbox_${dayOf(days).replaceAll('-', '')}`;

  it('are made ahead by the role that works, who has no right to make them itself', async () => {
    expect(await upkeep(app.sql)).toEqual([]);
    await owner.sql('drop', `DROP TABLE ${partition(2)}`);
    expect(await upkeep(app.sql)).toEqual([`+${dayOf(2)}`]);
    await expect(upkeep(app.sql, 1)).rejects.toMatchObject({ code: '42501' });
    await expect(app.sql('drop-today', `DROP TABLE ${partition(0)}`)).rejects.toMatchObject({ code: '42501' });
  });

  it('go after fourteen days, one a run, and never with a row that was not sent', async () => {
    expect(await upkeep(owner.sql, -20)).toEqual([-20, -19, -18].map((days) => `+${dayOf(days)}`));
    for (const [days, isSent] of [[-20, true], [-19, false], [-19, true], [-18, true], [0, false]] as const) await tell(days, isSent);
    const runs: string[][] = [];
    for (let run = 0; run < 3; run += 1) runs.push(await upkeep(app.sql));
    expect(runs).toEqual([[`-${dayOf(-20)}`], [`-${dayOf(-18)}`], []]);
    expect(await kept()).toEqual([`-19 ${partition(-19)}`, `-19 ${partition(-19)}`, `0 ${partition(0)}`]);
    await app.sql('send', 'UPDATE outbox SET published_at = now()');
    expect(await upkeep(app.sql)).toEqual([`-${dayOf(-19)}`]);
    expect(await kept()).toEqual([`0 ${partition(0)}`]);
  });

  it('stay when the clock jumps: nothing is old that is young beside the rest', async () => {
    await tell(0, true);
    expect(await upkeep(owner.sql, 60)).toEqual([60, 61, 62].map((days) => `+${dayOf(days)}`));
    expect(await upkeep(owner.sql, 60)).toEqual([]);
    expect(await kept()).toEqual([`0 ${partition(0)}`]);
  });

  it('may be missing: the command is taken all the same, and its row goes with its time', async () => {
    await tell(10, false);
    for (const [days, isSent] of [[-30, true], [-30, false], [0, true]] as const) await tell(days, isSent);
    // The tenth day holds a row already: it is not made, those beside it are.
    expect(await upkeep(owner.sql, 9)).toEqual([9, 11].map((days) => `+${dayOf(days)}`));
    expect(await upkeep(owner.sql, 0)).toEqual([]);
    expect(await kept()).toEqual(['-30 outbox_default', `0 ${partition(0)}`, '10 outbox_default']);
  });
});
