import { type Database, Work } from '@quan-so/persistence';
import { meetRestored, type Group } from './restored.js';
import { lastTold } from './restored.queries.js';
import { groupThat, openDatabases, type Opened } from './spec/put-back.js';

const T = '2026-11-26T03:00:00Z';

describe('a database that was put back', () => {
  let databases: Opened;
  let app: Database;
  let owner: Database;
  let reader: Database;

  beforeAll(async () => {
    databases = await openDatabases('things', 'readers');
    ({ app, owner } = databases.of('things'));
    reader = databases.of('readers').owner;
  });
  afterAll(() => databases.close());

  const declare = async (database: Database, ...given: readonly (string | null)[]): Promise<string | undefined> => {
    const places = given.map((_, i) => `$${i + 1}`).join(', ');
    const rows = await database.sql<{ said: string }>(`declare-${given.length}`, `SELECT declare_restored(${places}) AS said`, given);
    return rows[0]?.said;
  };
  const tell = (subject: string, at: string, sent: string | null, position: number | null, kind = 'records') =>
    app.sql(
      'tell',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at, published_at, position)
       VALUES (gen_random_uuid(), $5, $5 || '.things', 0, $1, 'x', '{}', $2, $3, $4)`,
      [subject, at, sent, position, kind],
    );

  it('sends again what was told shortly before, in its order, and forgets the places of a log that is cut', async () => {
    await tell('long ago', '2026-11-26T01:59:59Z', T, null);
    await tell('before', '2026-11-26T02:30:00Z', T, null);
    await tell('unsent', '2026-11-26T02:45:00Z', null, null);
    await tell('numbered', '2026-11-26T02:50:00Z', T, 7);
    await tell('last', '2026-11-26T02:59:59Z', T, null);
    await app.sql('places', `INSERT INTO consumer_position VALUES ('kafka', 'records.x', 0, 41, now()), ('local', 'records.x', 0, 12, now())`);
    expect(await declare(owner, 'flood-of-november', 'all', T)).toBe('declared, to be sent again: 2');
    const waiting = await app.sql<{ subject: string }>('waiting', 'SELECT subject FROM outbox WHERE published_at IS NULL ORDER BY id');
    expect(waiting.map(({ subject }) => subject)).toEqual(['before', 'unsent', 'last']);
    expect(await app.sql('places-left', 'SELECT transport, position FROM consumer_position')).toEqual([{ transport: 'local', position: '12' }]);
    const [kept] = await app.sql<{ scope: string; restored_to: Date; settled_at: Date | null }>('kept', 'SELECT scope, restored_to, settled_at FROM restored');
    expect(kept).toEqual({ scope: 'all', restored_to: new Date(T), settled_at: null });
  });

  it('hears of an incident once', async () => {
    await app.sql('sent', 'UPDATE outbox SET published_at = now()');
    expect(await declare(owner, 'flood-of-november', 'all', T)).toBe('known');
    expect(await app.sql('still', 'SELECT FROM outbox WHERE published_at IS NULL')).toEqual([]);
  });

  it('sends again from further back when told so', async () => {
    expect(await declare(owner, 'second', 'all', T, '2026-11-26T00:00:00Z')).toBe('declared, to be sent again: 4');
  });

  it('does not go back alone when it tells facts', async () => {
    await expect(declare(owner, 'third', 'alone', T)).rejects.toThrow(/put every database back/);
    expect(await app.sql('third', `SELECT FROM restored WHERE incident = 'third'`)).toEqual([]);
  });

  it('goes back alone when it tells only who did what', async () => {
    await reader.sql('place', `INSERT INTO consumer_position VALUES ('kafka', 'records.x', 0, 41, now())`);
    expect(await declare(reader, 'fourth', 'alone', T)).toBe('declared');
    expect(await reader.sql('place-left', 'SELECT position FROM consumer_position')).toEqual([{ position: '41' }]);
  });

  it('is not declared by the role that works', async () => {
    await expect(declare(app, 'fifth', 'all', T)).rejects.toThrow(/permission denied/);
  });

  it('takes one moment for all databases, whatever their clocks and turns', async () => {
    const STILL = '2026-11-26T03:30:00Z';
    expect(await declare(owner, 'sixth', 'all', T, null, STILL)).toMatch(/^declared/);
    expect(await declare(reader, 'sixth', 'all', T, null, STILL)).toMatch(/^declared/);
    for (const database of [owner, reader]) {
      expect(await database.sql('moment', `SELECT declared_at FROM restored WHERE incident = 'sixth'`)).toEqual([{ declared_at: new Date(STILL) }]);
    }
  });

  it('is not said to stand still since before the instant, nor since a time to come', async () => {
    for (const still of ['2026-11-26T02:59:59Z', '2999-01-01T00:00:00Z']) {
      await expect(declare(owner, 'seventh', 'all', T, null, still)).rejects.toThrow(/nothing can have stood still/);
    }
    expect(await app.sql('seventh', `SELECT FROM restored WHERE incident = 'seventh'`)).toEqual([]);
  });

  it('is named in small letters', async () => {
    await expect(declare(owner, 'Sự cố', 'all', T)).rejects.toThrow(/restored_incident_check/);
  });
});

describe('a group of a database that went back alone', () => {
  const TOPIC = 'records.x';
  let databases: Opened;
  let database: Database;
  /** Where the group of the broker stands, by partition; the log has ten events in each. */
  let committed: number[];

  beforeAll(async () => {
    databases = await openDatabases('readers');
    database = databases.of('readers').app;
  });
  beforeEach(async () => {
    committed = [7, 8];
    await database.sql('no-place', 'DELETE FROM consumer_position');
    await database.sql('place', `INSERT INTO consumer_position VALUES ('kafka', $1, 0, 3, now()), ('kafka', $1, 1, 4, now())`, [TOPIC]);
    await database.sql('declared-not', 'DELETE FROM restored');
    await database.sql('declared', `INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES ('alone', 'alone', $1, now())`, [T]);
  });
  afterAll(() => databases.close());

  const meet = (setBack: Group['setBack']): Promise<void> =>
    meetRestored(
      { service: 'readers', database, work: new Work(database) },
      { heard: [TOPIC], told: [] },
      groupThat({ standing: async () => committed.map((offset, shard) => ({ topic: TOPIC, shard, low: 0, high: 10, committed: offset })), setBack }),
    );
  const settled = () => database.sql('settled', 'SELECT incident FROM restored WHERE settled_at IS NOT NULL');
  const goBack: Group['setBack'] = async (places) => {
    for (const { shard, offset } of places) committed[shard] = offset;
  };

  it('is settled only when every partition went back: kafkajs leaves out those that another member has', async () => {
    await expect(meet(async ([first]) => goBack(first === undefined ? [] : [first]))).rejects.toThrow(/not where it was set back to/);
    expect([committed, await settled()]).toEqual([[4, 8], []]);
    await meet(goBack);
    expect([committed, await settled()]).toEqual([[4, 5], [{ incident: 'alone' }]]);
  });

  it('is set back by one process at a time, and the other finds it done', async () => {
    let began: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => (began = resolve));
    const first = meet(async (places) => {
      began();
      await new Promise<void>((resolve) => (goOn = resolve));
      await goBack(places);
    });
    await inside;
    await expect(meet(goBack)).rejects.toThrow(/another process/);
    goOn();
    await first;
    await meet(() => Promise.reject(new Error('a second time')));
    expect([committed, await settled()]).toEqual([[4, 5], [{ incident: 'alone' }]]);
  });
});

describe('a log that ends before our places', () => {
  let databases: Opened;
  let database: Database;

  beforeAll(async () => {
    databases = await openDatabases('readers');
    database = databases.of('readers').app;
  });
  afterAll(() => databases.close());

  it('is a gap only where counts are compared: nothing could say of another that it is mended', async () => {
    await database.sql('places', `INSERT INTO consumer_position VALUES ('kafka', 'records.x', 0, 9, now()), ('kafka', 'missing.readers', 0, 9, now())`);
    const topics = ['records.x', 'missing.readers'];
    const group = groupThat({ standing: async () => topics.map((topic) => ({ topic, shard: 0, low: 0, high: 6, committed: 6 })) });
    await meetRestored({ service: 'readers', database, work: new Work(database), reckoned: new Set(['records.x']) }, { heard: topics, told: [] }, group);
    expect(await database.sql('gaps', 'SELECT kind, topic, missing FROM gap')).toEqual([{ kind: 'POSITIONS', topic: 'records.x', missing: '4' }]);
    expect(await database.sql('placed', 'SELECT topic, position FROM consumer_position ORDER BY topic')).toEqual([
      { topic: 'missing.readers', position: '5' },
      { topic: 'records.x', position: '5' },
    ]);
  });
});

describe('what a service has told', () => {
  let databases: Opened;
  let database: Database;

  beforeAll(async () => {
    databases = await openDatabases('things');
    database = databases.of('things').app;
  });
  afterAll(() => databases.close());

  const meet = (given: Partial<Group>): Promise<void> => meetRestored({ service: 'things', database, work: new Work(database) }, { heard: [], told: ['records.things'] }, groupThat(given));
  const tell = (at: string) =>
    database.sql('tell', `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at) VALUES (gen_random_uuid(), 'records', 'records.things', 0, 'a', 'x', '{}', $1)`, [at]);

  it('is as late as its latest beginning, in whatever order transactions ended', async () => {
    expect(await lastTold(database.sql)).toBeUndefined();
    for (const at of ['2026-11-26T02:00:00Z', T, '2026-11-26T02:30:00Z']) await tell(at);
    expect(await lastTold(database.sql)).toEqual(new Date(T));
  });

  it('is not less than its topics tell: the database was put back', async () => {
    await expect(meet({ tellingLater: async ([topic]) => topic })).rejects.toThrow(/records.things tells what this database has never told/);
    await meet({});
  });

  it('is of a log that was cut, when all went back', async () => {
    await database.sql('declared', `INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES ('one', 'all', $1, $2)`, [T, '2026-11-26T04:00:00Z']);
    const asked: unknown[] = [];
    const tellsBetween: Group['tellsBetween'] = async (...given) => asked.push(given) > 0;
    await expect(meet({ tellsBetween })).rejects.toThrow(/cut the log at its end/);
    expect(asked).toEqual([['records.things', new Date(0), new Date('2026-11-26T04:00:00Z')]]);
    await meet({});
    expect(await database.sql('settled', 'SELECT FROM restored WHERE settled_at IS NOT NULL')).toHaveLength(1);
  });
});
