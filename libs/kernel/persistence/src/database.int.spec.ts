import { type Refusal } from '@quan-so/contract';
import { logTo, startTelemetry, TraceStore, inSpan, type StoredSpan, type Telemetry } from '@quan-so/observability';
import { startTestDatabases, treeOf, type TestDatabases } from '@quan-so/testing';
import { DATABASE_BUSY, Database, migrate } from './index.js';

const traces = new TraceStore();
const busy = { problem: DATABASE_BUSY };

describe('a database', () => {
  let databases: TestDatabases;
  let telemetry: Telemetry;
  let database: Database;
  let sql: Database['sql'];

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    const up = 'CREATE TABLE thing (id integer PRIMARY KEY, name text, day date, at timestamptz)';
    await migrate({ url: migratorUrl, appRole, migrations: [{ name: '0001-thing', up }] });
    database = await Database.open({ service: 'things', url, poolSize: 4 });
    sql = database.sql;
    telemetry = await startTelemetry({ service: 'things', version: '0', environment: 'test', memory: traces });
  });
  afterAll(async () => {
    await telemetry.shutdown();
    await database.close();
    await databases.stop();
    logTo();
  });
  beforeEach(() => sql('empty', 'DELETE FROM thing'));

  const insert = (on: Database['sql'], id: number, name = 'a') => on('thing-insert', 'INSERT INTO thing (id, name) VALUES ($1, $2)', [id, name]);
  /** Sessions of the pool in this state, seen from outside it. */
  const watching = async (state: string): Promise<number> => {
    const own = await database.connection();
    const [row] = await own.sql<{ n: number }>('watching', `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'things' AND state = $1`, [state]);
    await own.close();
    return row?.n ?? 0;
  };
  const ids = async () => (await sql<{ id: number }>('thing-ids', 'SELECT id FROM thing ORDER BY id')).map(({ id }) => id);

  it('gives civil dates and big numbers as text, instants as Date', async () => {
    await sql('typed', "INSERT INTO thing (id, day, at) VALUES (1, '2026-02-17', '2026-02-17T00:00:00+07:00')");
    const [row] = await sql('typed-read', 'SELECT day, at, 9007199254740993::bigint AS big FROM thing');
    expect(row).toEqual({ day: '2026-02-17', at: new Date('2026-02-16T17:00:00Z'), big: '9007199254740993' });
  });

  it('is limited in everything it waits for', async () => {
    const limits = await sql('limits', `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`);
    expect(limits).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '3000' },
      { name: 'statement_timeout', setting: '5000' },
    ]);
  });

  it('says that nothing can be written until something was', async () => {
    const readOnly = database.transaction(async (inside) => {
      await inside('read-only', 'SET TRANSACTION READ ONLY');
      await insert(inside, 1);
    });
    await expect(readOnly).rejects.toMatchObject(busy);
    expect(database.writesRefused).toBe('the server takes no writes');
    await ids();
    expect(database.writesRefused).toBeDefined();
    await database.transaction((inside) => insert(inside, 1));
    expect(database.writesRefused).toBeUndefined();
  });

  it('prepares a statement once under its name', async () => {
    const own = await database.connection();
    for (const id of [1, 2]) await insert(own.sql, id);
    expect(await own.sql('prepared', "SELECT count(*)::int AS n FROM pg_prepared_statements WHERE name = 'thing-insert'")).toEqual([{ n: 1 }]);
    await own.close();
    await expect(sql('x'.repeat(64), 'SELECT 1')).rejects.toThrow(/at most 63 bytes/);
  });

  it('commits a transaction whole or leaves nothing', async () => {
    expect(await database.transaction(async (tx, now) => (await insert(tx, 1), now))).toBeInstanceOf(Date);
    await expect(database.transaction(async (tx) => {
      await insert(tx, 2);
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await ids()).toEqual([1]);
  });

  it('does not take for committed what a swallowed error has undone', async () => {
    await insert(sql, 1);
    await expect(database.transaction(async (tx) => {
      await insert(tx, 2);
      await insert(tx, 1).catch(() => undefined);
    })).rejects.toThrow(/swallowed/);
    expect(await ids()).toEqual([1]);
  });

  it('runs statements of a transaction in turn and none after its end', async () => {
    let kept = sql;
    await database.transaction(async (tx) => {
      kept = tx;
      await Promise.all([1, 2, 3].map((id) => insert(tx, id)));
    });
    await expect(insert(kept, 4)).rejects.toThrow(/its transaction is over/);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  it('runs both of two transactions that lock each other out', async () => {
    for (const id of [1, 2]) await insert(sql, id, '');
    let met = 0;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const append = (letter: string, order: readonly [number, number]) =>
      database.transaction(async (tx) => {
        const add = (id: number) => tx('append', 'UPDATE thing SET name = name || $2 WHERE id = $1', [id, letter]);
        await add(order[0]);
        // Both hold their first row before either asks for its second; at a repetition there is nobody to wait for.
        if (++met === 2) meet();
        await both;
        await add(order[1]);
      });
    await Promise.all([append('a', [1, 2]), append('b', [2, 1])]);
    const names = (await sql<{ name: string }>('names', 'SELECT name FROM thing ORDER BY id')).map(({ name }) => name);
    expect([names[0]?.length, names[0]]).toEqual([2, names[1]]);
    // On a machine that is slow the repetition may meet the other once more.
    expect(met).toBeGreaterThanOrEqual(3);
  });

  it('refuses as busy, to be tried again, when no connection is free in two seconds', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holders = [1, 2, 3, 4].map(() => database.transaction(() => held));
    await expect(sql('ping', 'SELECT 1')).rejects.toMatchObject(busy);
    release();
    await Promise.all(holders);
    await database.ping();
  });

  it('refuses at once who comes when a crowd waits already, and serves again after it', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holders = [1, 2, 3, 4].map(() => database.transaction(() => held));
    while ((await watching('idle in transaction')) < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    const crowd = Array.from({ length: 400 }, () => sql('ping', 'SELECT 1'));
    const outcomes = Promise.allSettled(crowd);
    // Eighty wait (twenty for each of the four); the others have their answer before anything is released.
    const late = await Promise.allSettled(crowd.slice(80));
    expect(late.every((one) => one.status === 'rejected' && (one.reason as Refusal).problem === DATABASE_BUSY)).toBe(true);
    release();
    await Promise.all(holders);
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(80);
    await database.ping();
  });

  it('refuses as busy a statement that takes too long, and the connection serves on', async () => {
    await expect(sql('slow', 'SELECT pg_sleep(30)')).rejects.toMatchObject({ ...busy, cause: { code: '57014' } });
    await database.ping();
  }, 20_000);

  it('outlives sessions ended by the server, idle and in use', async () => {
    const watcher = await database.connection();
    const end = () => watcher.sql('end', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'things'");
    const inUse = database.transaction(async (tx) => (await end(), await insert(tx, 1)));
    await expect(inUse).rejects.toMatchObject(busy);
    await end();
    // Of four connections each may be found dead once; then they are new.
    const pings = await Promise.allSettled([1, 2, 3, 4].map(() => database.ping()));
    expect(pings.every((ping) => ping.status === 'fulfilled' || (ping.reason as Refusal).problem === DATABASE_BUSY)).toBe(true);
    await database.ping();
    await watcher.close();
  });

  it('tells of connections that were lost, and not of those the server ends while it closes', async () => {
    const lines: string[] = [];
    logTo((line) => lines.push(line));
    const own = await Database.open({ service: 'things-closing', url: databases.of('things').url, poolSize: 4 });
    const watcher = await database.connection();
    const end = () => watcher.sql('end-closing', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'things-closing'");
    await Promise.all([1, 2, 3, 4].map(() => own.sql('nap', 'SELECT pg_sleep(0.02)')));
    await end();
    while (lines.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    lines.length = 0;
    await Promise.all([1, 2, 3, 4].map(() => own.sql('nap', 'SELECT pg_sleep(0.02)')));
    // The server is told first, as when it stops right after us.
    const ended = end();
    await Promise.all([own.close(), ended]);
    await watcher.close();
    logTo(() => undefined);
    expect(lines).toEqual([]);
  });

  it('goes on when a migration changes what a prepared statement answers', async () => {
    const own = await Database.open({ service: 'things-alone', url: databases.of('things').url, poolSize: 1 });
    const read = (on: Database['sql']) => on('everything', 'SELECT * FROM thing');
    await read(own.sql);
    const { migratorUrl, appRole } = databases.of('things');
    await migrate({ url: migratorUrl, appRole, migrations: [{ name: '0002-more', up: 'ALTER TABLE thing ADD COLUMN more text' }] });
    expect(await read(own.sql)).toEqual([]);
    await migrate({ url: migratorUrl, appRole, migrations: [{ name: '0003-most', up: 'ALTER TABLE thing ADD COLUMN most text' }] });
    expect(await own.transaction((tx) => read(tx))).toEqual([]);
    await own.close();
  });

  it('says when a connection of its own is lost, once, and not when it is closed', async () => {
    const heard: string[] = [];
    const closed = await database.connection();
    closed.onLost(() => heard.push('closed'));
    await closed.close();
    const lost = await database.connection();
    const told = new Promise<void>((resolve) => lost.onLost(() => (heard.push('lost'), resolve())));
    const [{ pid } = { pid: 0 }] = await lost.sql<{ pid: number }>('pid', 'SELECT pg_backend_pid() AS pid');
    await sql('end-one', 'SELECT pg_terminate_backend($1)', [pid]);
    await told;
    await expect(lost.sql('pid', 'SELECT pg_backend_pid() AS pid')).rejects.toMatchObject(busy);
    await lost.close();
    expect(heard).toEqual(['lost']);
  });

  it('is busy when it cannot be reached', async () => {
    const url = new URL(databases.of('things').url);
    url.port = '1';
    await expect(Database.open({ service: 'things', url: url.href })).rejects.toMatchObject(busy);
  });

  it('tells by how much our clock runs before or behind its own', async () => {
    const { now } = Date;
    const apart = async (ms: number): Promise<number> => {
      Date.now = () => now() + ms;
      return database.ping().finally(() => (Date.now = now));
    };
    expect([await apart(0), Math.round((await apart(600_000)) / 60_000), Math.round((await apart(-600_000)) / 60_000)]).toEqual([0, 10, 10]);
  });

  it.each([600_000, -600_000, 86_400_000])('does nothing by a clock that is %d ms wrong, and goes on by one that is right', async (ms) => {
    const { now } = Date;
    let ran = 0;
    const change = (): Promise<void> => database.transaction(async () => void (ran += 1));
    Date.now = () => now() + ms;
    await expect(change().finally(() => (Date.now = now))).rejects.toMatchObject({ problem: DATABASE_BUSY, detail: { en: expect.stringContaining('clock') as string } });
    expect(ran).toBe(0);
    // A second is what machines differ by.
    Date.now = () => now() + 1_000;
    await change().finally(() => (Date.now = now));
    await change();
    expect(ran).toBe(2);
  });

  describe('spans', () => {
    const spansOf = (traceId: string): readonly StoredSpan[] => traces.get(traceId)?.items ?? [];
    const secret = 'CCCD 999012345678';

    it('carry the name of the statement and never a value', async () => {
      const traceId = await inSpan('POST /things', { service: 'things', kind: 'server', parent: 'root' }, async (span) => {
        await database.transaction(async (tx) => void (await insert(tx, 1, secret)));
        await sql('thing-by-name', 'SELECT id FROM thing WHERE name = $1', [secret]);
        return span.traceId;
      });
      const spans = spansOf(traceId);
      expect(treeOf(spans.map((span) => ({ ...span, parentSpanId: span.parentId })))).toBe(
        ['things: POST /things', '  things: sql thing-insert', '  things: sql commit', '  things: sql thing-by-name'].join('\n'),
      );
      expect(spans.at(-1)?.attributes).toMatchObject({
        ...{ 'db.system.name': 'postgresql', 'db.namespace': 'things', 'db.query.name': 'thing-by-name', 'db.response.returned_rows': 1 },
      });
      expect(JSON.stringify(spans)).not.toMatch(/CCCD|999012345678|INSERT|SELECT/);
    });

    it('tell the code of an error and not its words', async () => {
      await insert(sql, 1, secret);
      const traceId = await inSpan('x', { service: 'things', parent: 'root' }, async (span) => {
        await expect(insert(sql, 1, secret)).rejects.toMatchObject({ code: '23505' });
        return span.traceId;
      });
      const [failed] = spansOf(traceId).filter(({ name }) => name === 'sql thing-insert');
      expect([failed?.error, failed?.attributes['db.response.status_code']]).toEqual(['23505', '23505']);
    });

    it('are not made where nothing is traced: a poll is no trace', async () => {
      const before = traces.search({ limit: 1_000 }).length;
      await sql('poll', 'SELECT 1');
      expect(traces.search({ limit: 1_000 })).toHaveLength(before);
    });
  });
});
