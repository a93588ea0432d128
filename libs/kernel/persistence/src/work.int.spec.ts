import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  AuditEntry,
  defineEvent,
  defineOperation,
  definePermission,
  defineProblem,
  Refusal,
  shardOf,
  type Actor,
  type AuditFact,
  type Call,
  type CloudEvent,
} from '@quan-so/contract';
import { inSpan, logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import pg from 'pg';
import { Database, IDEMPOTENCY_KEY_REUSED, migrate, persistenceMigrations, REQUEST_IN_PROGRESS, uuidv7, versionMismatch, Work, type Change, type Sql, type Tx } from './index.js';

const words = { vi: 'v', en: 'e' };
const change = definePermission('thing.change', words);
const answer = z.object({ id: z.string(), name: z.string() });
const ChangeThing = defineOperation({
  ...{ id: 'changeThing', service: 'things', path: '/api/things/v1/things/:id/change', kind: 'command', summary: words },
  ...{ access: { permission: change }, params: z.object({ id: z.string() }), body: z.object({ name: z.string() }), answer },
});
const ThingChanged = defineEvent({
  ...{ layer: 'data', name: 'thing-changed', version: 1, kind: 'records', description: 'x' },
  schema: z.object({ id: z.string(), name: z.string() }),
});
const THING_CLOSED = defineProblem('THING_CLOSED', 409, { title: words, remedy: words });
const clerk: Actor = { kind: 'person', id: 'p-1', username: 'clerk', name: 'Nguyễn Văn An', client: 'web', positions: [{ role: 'desk-clerk', unit: 'H99.05' }] };

interface Row {
  readonly topic: string;
  readonly shard: number;
  readonly subject: string;
  readonly type: string;
  readonly envelope: string;
  readonly traceparent: string | null;
  readonly published_at: Date | null;
}
type View = z.output<typeof answer>;

const traces = new TraceStore();

describe('the unit of work', () => {
  let databases: TestDatabases;
  let telemetry: Telemetry;
  let database: Database;
  let work: Work;
  let wakes: number;

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    const up = `CREATE TABLE thing (id text PRIMARY KEY, version integer NOT NULL, name text NOT NULL);
      CREATE TABLE thing_history (id text, version integer, name text, PRIMARY KEY (id, version))`;
    await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, { name: '0001-thing', up }] });
    database = await Database.open({ service: 'things', url });
    telemetry = await startTelemetry({ service: 'things', version: '0', environment: 'test', memory: traces });
  });
  afterAll(async () => {
    await telemetry.shutdown();
    await database.close();
    await databases.stop();
    logTo();
  });
  beforeEach(async () => {
    wakes = 0;
    work = new Work(database, { onCommit: () => (wakes += 1) });
    for (const table of ['thing', 'thing_history', 'outbox', 'idempotency_key']) await database.sql(`empty-${table.replace('_', '-')}`, `DELETE FROM ${table}`);
    await database.sql('first', "INSERT INTO thing VALUES ('t1', 1, 'old')");
  });

  const callOf = (more: Partial<Call<typeof ChangeThing>> = {}): Call<typeof ChangeThing> => ({
    ...{ actor: clerk, operation: ChangeThing, params: { id: 't1' }, query: {}, body: { name: 'new' }, ifMatch: 1 },
    ...{ idempotencyKey: randomUUID(), requestHash: 'h1', purpose: undefined, language: 'vi', requestId: 'r-1', ...more },
  });

  /** What a service writes: state by version in one statement, history, fact, audit entry. */
  const renaming = (call: Call<typeof ChangeThing>, more: (tx: Tx) => Promise<void> | void = () => undefined): Change<View> => ({
    work: async (tx) => {
      const { id } = call.params;
      const { name } = call.body;
      const [row] = await tx.sql<{ version: number }>('thing-change', 'UPDATE thing SET version = version + 1, name = $3 WHERE id = $1 AND version = $2 RETURNING version', [id, call.ifMatch, name]);
      if (row === undefined) throw versionMismatch(await versionOf(tx.sql, id));
      await tx.sql('thing-keep', 'INSERT INTO thing_history VALUES ($1, $2, $3)', [id, row.version, name]);
      tx.emit(ThingChanged, id, { id, name });
      tx.audit([`thing:${id}`], ['name']);
      await more(tx);
      return { id, version: row.version, body: { id, name } };
    },
    recall: async (sql, { id, version }) => {
      const [row] = await sql<{ name: string }>('thing-recall', 'SELECT name FROM thing_history WHERE id = $1 AND version = $2', [id, version]);
      return { id, name: row?.name ?? '' };
    },
  });
  const versionOf = async (sql: Sql, id: string): Promise<number> => (await sql<{ version: number }>('thing-version', 'SELECT version FROM thing WHERE id = $1', [id]))[0]?.version ?? 0;
  const rename = (call: Call<typeof ChangeThing>, more?: (tx: Tx) => Promise<void> | void) => work.change(call, renaming(call, more));
  const outbox = () => database.sql<Row>('outbox-all', 'SELECT * FROM outbox ORDER BY id');
  const envelopes = async <D>(): Promise<CloudEvent<D>[]> => (await outbox()).map((row) => JSON.parse(row.envelope) as CloudEvent<D>);
  const count = async (table: string): Promise<number> => (await database.sql<{ n: number }>(`count-${table.replace('_', '-')}`, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;
  const problemOf = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => (error instanceof Refusal ? error.problem : error));
  /** Everything a refused command must have left as it was. */
  const untouched = async () => [await versionOf(database.sql, 't1'), await count('outbox'), await count('idempotency_key'), wakes];

  describe('change', () => {
    it('writes state, fact, audit entry and key in one transaction, in the trace of the request', async () => {
      const call = callOf();
      const traceparent = await inSpan('POST /x', { service: 'things', parent: 'root' }, async (span) => {
        expect(await rename(call)).toEqual({ body: { id: 't1', name: 'new' }, version: 2 });
        return span.traceparent;
      });
      const rows = await database.sql<{ xmin: string }>('xmins', 'SELECT xmin::text FROM outbox UNION SELECT xmin::text FROM thing UNION SELECT xmin::text FROM thing_history UNION SELECT xmin::text FROM idempotency_key');
      expect(rows).toHaveLength(1);
      const [fact, audit] = await outbox();
      expect(fact).toMatchObject({ topic: 'records.things', subject: 't1', shard: shardOf('records', 't1'), type: 'vn.quanso.data.thing-changed.v1', traceparent, published_at: null });
      expect(audit).toMatchObject({ topic: 'audit.things', subject: 'thing:t1', type: AuditEntry.type, traceparent });
      expect(wakes).toBe(1);
    });

    it('tells a CloudEvent and who did what, without names and values', async () => {
      const call = callOf({ purpose: 'GIAI-QUYET-TTHC' });
      const traceId = await inSpan('POST /x', { service: 'things', parent: 'root' }, async (span) => (await rename(call), span.traceId));
      const [fact, audit] = await envelopes<AuditFact>();
      expect(fact).toEqual({
        ...{ specversion: '1.0', id: expect.stringMatching(/^[0-9a-f-]{14}7/), source: '/things', type: 'vn.quanso.data.thing-changed.v1', subject: 't1' },
        ...{ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+07:00$/), datacontenttype: 'application/json' },
        ...{ traceparent: expect.stringContaining(traceId), data: { id: 't1', name: 'new' } },
      });
      expect(audit?.data).toMatchObject({
        ...{ kind: 'change', service: 'things', action: 'thing.change', purpose: 'GIAI-QUYET-TTHC', objects: ['thing:t1'], fields: ['name'], outcome: 'done', requestId: 'r-1', traceId },
        actor: { kind: 'person', id: 'p-1', username: 'clerk', client: 'web', positions: [{ role: 'desk-clerk', unit: 'H99.05' }] },
      });
      expect(JSON.stringify(audit)).not.toMatch(/Nguyễn|new|old/);
    });

    it('answers a repeated request the same, from history, and does nothing again', async () => {
      const call = callOf();
      const first = await rename(call);
      await rename(callOf({ ifMatch: 2, body: { name: 'newer' } }));
      expect(await rename(call)).toEqual({ ...first, replayed: true });
      expect([await versionOf(database.sql, 't1'), await count('outbox'), wakes]).toEqual([3, 4, 2]);
    });

    it('answers a repeated creation with its place again', async () => {
      const call = callOf();
      const create: Change<View> = { ...renaming(call), work: async (tx) => ({ ...(await renaming(call).work(tx)), location: '/api/things/v1/things/t1', status: 201 }) };
      const first = await work.change(call, create);
      expect(await work.change(call, create)).toEqual({ ...first, replayed: true, location: '/api/things/v1/things/t1' });
      expect(await database.sql('status', 'SELECT status FROM idempotency_key')).toEqual([{ status: 201 }]);
    });

    it('refuses a key that comes with another request', async () => {
      const call = callOf();
      await rename(call);
      expect(await problemOf(rename({ ...call, requestHash: 'h2' }))).toBe(IDEMPOTENCY_KEY_REUSED);
    });

    it.each<[string, Partial<Actor>]>([['another person', { id: 'p-2' }], ['another client', { client: 'cli' }]])('keeps the keys of %s apart', async (_, other) => {
      const call = callOf();
      await rename(call);
      const own = await rename({ ...call, ifMatch: 2, requestHash: 'h2', actor: { ...clerk, ...other } });
      expect(own).toMatchObject({ version: 3 });
    });

    it('does once what twins ask at the same time', async () => {
      const call = callOf();
      const answers = await Promise.all([1, 2, 3].map(() => rename(call)));
      expect(answers.map(({ replayed }) => replayed === true).sort()).toEqual([false, true, true]);
      expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([2]));
      expect([await versionOf(database.sql, 't1'), await count('outbox')]).toEqual([2, 2]);
    });

    it('says that a twin is still being done when the wait gets too long', async () => {
      const call = callOf();
      const twin = new pg.Client({ connectionString: databases.of('things').url });
      await twin.connect();
      await twin.query('BEGIN');
      await twin.query("INSERT INTO idempotency_key (key, operation, actor, client, request_hash, created_at) VALUES ($1, 'changeThing', 'p-1', 'web', 'h1', now())", [call.idempotencyKey]);
      expect(await problemOf(rename(call))).toBe(REQUEST_IN_PROGRESS);
      await twin.query('ROLLBACK');
      await twin.end();
      expect(await rename(call)).toMatchObject({ version: 2 });
    });

    it('leaves nothing of a refused command, so that its key may be used again', async () => {
      const call = callOf();
      expect(await problemOf(rename(call, () => Promise.reject(new Refusal(THING_CLOSED))))).toBe(THING_CLOSED);
      expect(await untouched()).toEqual([1, 0, 0, 0]);
      expect(await rename({ ...call, requestHash: 'h2' })).toMatchObject({ version: 2 });
    });

    it('refuses a command on a version that is no longer the present one, and says which is', async () => {
      await rename(callOf());
      const late = rename(callOf({ ifMatch: 1 }));
      await expect(late).rejects.toMatchObject({ problem: { code: 'VERSION_MISMATCH', status: 412 }, extra: { currentVersion: 2 } });
      expect(await count('idempotency_key')).toBe(1);
    });

    it('lets one of many commands on the same version win', async () => {
      const all = await Promise.allSettled([1, 2, 3, 4].map(() => rename(callOf())));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await versionOf(database.sql, 't1')).toBe(2);
    });

    it.each<[string, Change<View>['work'], RegExp]>([
      ['audits nothing', async () => ({ id: 't1', version: 1, body: { id: 't1', name: 'x' } }), /audits nothing/],
      [
        'tells what its event does not know, without saying the value',
        async (tx) => {
          tx.emit(ThingChanged, 't1', { id: 't1', name: 999012345678 as unknown as string });
          return { id: 't1', version: 1, body: { id: 't1', name: 'x' } };
        },
        /breaks its schema: \/name invalid_type$/,
      ],
    ])('throws when the work %s', async (_, wrong, message) => {
      const call = callOf();
      await expect(work.change(call, { ...renaming(call), work: wrong })).rejects.toThrow(message);
      expect(await untouched()).toEqual([1, 0, 0, 0]);
    });

    it('does not let go unheard what is told too late', async () => {
      let late: Tx | undefined;
      await rename(callOf(), (tx) => void (late = tx));
      expect(() => late?.audit(['thing:t1'], [])).toThrow(/after the end/);
    });

    it('forgets keys after seven days', async () => {
      const insert = (key: string, age: string) =>
        database.sql('old-key', "INSERT INTO idempotency_key (key, operation, actor, client, request_hash, created_at) VALUES ($1, 'x', 'x', 'x', 'x', now() - $2::interval)", [key, age]);
      const [old, young] = [uuidv7(), uuidv7()];
      await insert(old, '7 days 1 minute');
      await insert(young, '6 days 23 hours');
      await rename(callOf());
      // It is done after the answer, on a connection of the same pool.
      for (let turn = 0; turn < 200 && (await count('idempotency_key')) > 2; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await database.sql('keys-left', "SELECT key FROM idempotency_key WHERE operation = 'x'")).toEqual([{ key: young }]);
    });
  });

  describe('internal', () => {
    it('acts as the service, audits only when asked, and carries on the trace it is given', async () => {
      const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
      const now = await work.internal('thing.seed', async (tx) => (tx.emit(ThingChanged, 't1', { id: 't1', name: 'seed' }), tx.now), { traceparent });
      expect(now).toBeInstanceOf(Date);
      expect(await outbox()).toMatchObject([{ topic: 'records.things', traceparent }]);
      await work.internal('thing.seed', async (tx) => tx.audit(['thing:t1'], ['seed']));
      const entry = (await envelopes<AuditFact>()).at(-1);
      expect(entry?.data).toMatchObject({ action: 'thing.seed', actor: { kind: 'system', username: 'things', client: 'things' }, outcome: 'done' });
      expect(wakes).toBe(2);
    });

    it('begins a trace of its own where there is none, and wakes nobody when it tells nothing', async () => {
      await work.internal('thing.beat', async (tx) => void (await tx.sql('beat', 'SELECT 1')));
      expect(traces.search({ limit: 1 })[0]).toMatchObject({ name: 'work thing.beat', spans: 3 });
      expect(wakes).toBe(0);
    });
  });
});
