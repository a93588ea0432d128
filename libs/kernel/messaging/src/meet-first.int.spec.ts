import { logTo } from '@quan-so/observability';
import { Work, type Database } from '@quan-so/persistence';
import { meetFirst } from './meet-first.js';
import { notedTimeline } from './restored.queries.js';
import { openDatabases, type Opened } from './spec/put-back.js';

describe('the first meeting', () => {
  const NO_BROKER = { brokers: ['127.0.0.1:1'] };
  let databases: Opened;
  let database: Database;

  beforeAll(async () => {
    databases = await openDatabases('readers');
    database = databases.of('readers').app;
  });
  beforeEach(() => database.sql('declared-not', 'DELETE FROM restored'));
  afterAll(async () => {
    await databases.close();
    // A try at the broker ends later than whoever gave it up.
    logTo(() => undefined);
  });

  /** `began` when nothing was waited for; else what it said when it was told to stop while it waited. */
  async function begin(): Promise<string> {
    const told = new AbortController();
    const reason = new Error('it waited');
    const meeting = { service: 'readers', database, work: new Work(database), definition: { publishes: [], consumes: [] }, kafka: NO_BROKER, signal: told.signal };
    const onWait = async () => {
      setTimeout(() => told.abort(reason), 10);
      return { close: async () => undefined };
    };
    return meetFirst({ ...meeting, onWait }).then(() => 'began', (error: Error) => error.message);
  }
  const noted = () => notedTimeline(database.sql);
  const untilBack = async (): Promise<string> => database.timeline().catch(() => untilBack());

  it('notes where it began, and waits for no broker as long as the server stays', async () => {
    expect([await noted(), await begin(), await noted()]).toEqual([undefined, 'began', await database.timeline()]);
    expect(await begin()).toBe('began');
    await databases.restart('as it was');
    await untilBack();
    expect(await begin()).toBe('began');
  });

  it('waits for the broker on another timeline, until it was compared', async () => {
    const before = await noted();
    await databases.restart('on another timeline');
    expect(await untilBack()).not.toBe(before);
    expect([await begin(), await begin(), await noted()]).toEqual(['it waited', 'it waited', before]);
    await database.sql('as-compared', 'UPDATE noted_timeline SET timeline = $1', [await database.timeline()]);
    expect(await begin()).toBe('began');
  });

  it('waits for the broker when a restore was declared', async () => {
    expect(await begin()).toBe('began');
    await database.sql('declared', `INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES ('one', 'all', $1, now())`, [new Date()]);
    expect(await begin()).toBe('it waited');
  });
});
