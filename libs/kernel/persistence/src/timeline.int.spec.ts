import { logTo } from '@quan-so/observability';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { DATABASE_BUSY, Database } from './index.js';

const busy = { problem: DATABASE_BUSY };

describe('a database whose server has another past', () => {
  let databases: TestDatabases;
  let calls = 0;
  let watched: Database;
  let careless: Database;

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url } = databases.of('things');
    watched = await Database.open({ service: 'things', url, poolSize: 2, onOtherTimeline: () => void (calls += 1) });
    careless = await Database.open({ service: 'tool', url, poolSize: 1 });
  });
  afterAll(async () => {
    await Promise.all([watched.close(), careless.close()]);
    await databases.stop();
    logTo();
  });

  const answers = async (database: Database): Promise<number | undefined> => {
    for (;;) {
      try {
        return (await database.sql<{ n: number }>('one', 'SELECT 1 AS n'))[0]?.n;
      } catch (error) {
        // Connections of before are met once each.
        if (database === watched && calls > 0) throw error;
      }
    }
  };

  it('is the same after a restart', async () => {
    const before = await watched.timeline();
    expect(before).toMatch(/^\d+\/[0-9A-F]{8}$/);
    await databases.restart('as it was');
    expect([await answers(watched), await watched.timeline(), calls]).toEqual([1, before, 0]);
  });

  it('is told before anything is said on a connection, of the pool or of its own; who does not ask goes on', async () => {
    const before = await careless.timeline();
    await databases.restart('on another timeline');
    await expect(answers(watched)).rejects.toMatchObject(busy);
    expect(calls).toBe(1);
    await expect(watched.connection()).rejects.toMatchObject(busy);
    await expect(watched.transaction((sql) => sql('two', 'SELECT 2'))).rejects.toMatchObject(busy);
    expect(calls).toBe(3);
    expect(await answers(careless)).toBe(1);
    expect(await careless.timeline()).not.toBe(before);
  });

  it('is not believed of a copy, which may be promoted under an open connection', async () => {
    await databases.restart('as a copy');
    await expect(Database.open({ service: 'things', url: databases.of('things').url, onOtherTimeline: () => void (calls += 1) })).rejects.toMatchObject(busy);
    expect([await answers(careless), calls]).toEqual([1, 3]);
  });
});
