import { Database, migrate, persistenceMigrations } from '@quan-so/persistence';
import { startTestDatabases } from '@quan-so/testing';
import { waitingIn } from './facts.js';

describe('what waits in an outbox', () => {
  /** @type {import('@quan-so/testing').TestDatabases} */
  let databases;
  /** @type {Database} */
  let database;

  beforeAll(async () => {
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    await migrate({ url: migratorUrl, appRole, migrations: persistenceMigrations });
    database = await Database.open({ service: 'things', url, poolSize: 2 });
  });
  afterAll(async () => {
    await database.close();
    await databases.stop();
  });
  beforeEach(() => database.sql('empty', 'DELETE FROM outbox'));

  const tell = (/** @type {number} */ secondsAgo, /** @type {boolean} */ isSent) =>
    database.sql(
      'tell',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at, published_at)
       SELECT gen_random_uuid(), 'records', 'records.things', 0, 's', 't', '{}', now() - $1::int * interval '1 second', CASE WHEN $2 THEN now() END`,
      [secondsAgo, isSent],
    );

  it('is what was told and is still not sent after every try of a relay', async () => {
    await tell(15, false);
    await tell(3_600, false);
    expect(await waitingIn('things', database.sql)).toEqual(['things: 2 records.things t']);
  });

  it('is neither what was told just now, as a beat is every few seconds, nor what was sent', async () => {
    await tell(1, false);
    await tell(15, true);
    expect(await waitingIn('things', database.sql)).toEqual([]);
  });
});
