import { defineOperation, definePermission, type Actor, type AuditFact, type CloudEvent, type Refusal } from '@quan-so/contract';
import { inSpan, logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import pg from 'pg';
import { z } from 'zod';
import { DATABASE_BUSY, Database, migrate, persistenceMigrations, Work } from './index.js';

const words = { vi: 'v', en: 'e' };
const ReadThing = defineOperation({
  ...{ id: 'readThing', service: 'things', path: '/api/things/v1/things/:id', kind: 'read', summary: words },
  ...{ access: { permission: definePermission('thing.read', words) }, personal: true, answer: z.object({}) },
});
const clerk: Actor = { kind: 'person', id: 'p-1', username: 'clerk', name: 'Nguyễn Văn An', client: 'web', positions: [{ role: 'desk-clerk', unit: 'H99.05' }] };
const traces = new TraceStore();

describe('reading', () => {
  let databases: TestDatabases;
  let telemetry: Telemetry;
  let database: Database;
  let work: Work;
  let wakes: number;

  beforeAll(async () => {
    logTo(() => undefined);
    databases = await startTestDatabases(['things']);
    const { url, migratorUrl, appRole } = databases.of('things');
    await migrate({ url: migratorUrl, appRole, migrations: persistenceMigrations });
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
    await database.sql('empty', 'DELETE FROM outbox');
  });

  const count = async (): Promise<number> => (await database.sql<{ n: number }>('count', 'SELECT count(*)::int AS n FROM outbox'))[0]?.n ?? -1;
  const envelopes = async (): Promise<CloudEvent<AuditFact>[]> =>
    (await database.sql<{ envelope: string }>('envelopes', 'SELECT envelope FROM outbox ORDER BY id')).map(({ envelope }) => JSON.parse(envelope) as CloudEvent<AuditFact>);
  const call = { actor: clerk, operation: ReadThing, purpose: 'THONG-KE', requestId: 'r-2' };
  const found = { value: 'shown', objects: ['thing:t1'], fields: ['name'] };
  const asOwner = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databases.of('things').migratorUrl });
    await client.connect();
    await client.query(text);
    await client.end();
  };

  it('has committed the access entry before it answers', async () => {
    const traceId = await inSpan('GET /x', { service: 'things', parent: 'root' }, async (span) => {
      expect(await work.read(call, async () => found)).toBe('shown');
      return span.traceId;
    });
    const [entry] = await envelopes();
    expect(entry?.data).toMatchObject({ kind: 'access', action: 'thing.read', purpose: 'THONG-KE', objects: ['thing:t1'], fields: ['name'], outcome: 'shown', requestId: 'r-2', traceId });
    expect(wakes).toBe(1);
  });

  it('also records that nothing was found', async () => {
    await work.read(call, async () => ({ value: undefined, objects: [], fields: ['name'] }));
    const [entry] = await envelopes();
    expect([entry?.subject, entry?.data.outcome, entry?.data.objects]).toEqual(['actor:p-1', 'none', []]);
  });

  it('does not answer when the entry cannot be written', async () => {
    await asOwner('ALTER TABLE outbox RENAME TO elsewhere');
    try {
      await expect(work.read(call, async () => found)).rejects.toMatchObject({ code: '42P01' });
    } finally {
      await asOwner('ALTER TABLE elsewhere RENAME TO outbox');
    }
    expect(wakes).toBe(0);
  });

  it('does not answer by a clock that is wrong, for the entry would tell a time that never was, and answers again by one that is right', async () => {
    const { now } = Date;
    Date.now = () => now() - 600_000;
    await database.ping();
    await expect(work.read(call, async () => found).finally(() => (Date.now = now))).rejects.toMatchObject({ problem: DATABASE_BUSY });
    expect(await count()).toBe(0);
    expect(await work.read(call, async () => found)).toBe('shown');
  });

  it('does not answer before the commit: a lock on the outbox holds the answer back', async () => {
    const own = new pg.Client({ connectionString: databases.of('things').migratorUrl });
    await own.connect();
    await own.query('BEGIN; LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE');
    let answered = false;
    const reading = work.read(call, async () => found).then(() => (answered = true));
    const waits = async () => (await own.query("SELECT FROM pg_locks WHERE relation = 'outbox'::regclass AND NOT granted")).rowCount === 1;
    for (let turn = 0; turn < 1_000 && !(await waits()); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(answered).toBe(false);
    await own.query('COMMIT');
    await own.end();
    await reading;
    expect(await count()).toBe(1);
  });

  it('shares one commit among reads that end together', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => work.read(call, async () => ({ ...found, objects: [`thing:${n}`] }))));
    expect(await database.sql('commits', 'SELECT count(*)::int AS entries, count(DISTINCT xmin::text)::int AS commits FROM outbox')).toEqual([{ entries: 50, commits: 1 }]);
  });

  it('turns reads away as busy rather than letting entries pile up', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 1_001 }, () => work.read(call, async () => found)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => (reason as Refusal).problem)).toEqual([DATABASE_BUSY]);
    expect(await count()).toBe(1_000);
  });

  it('divides what is too much for one entry', async () => {
    await work.read(call, async () => ({ ...found, objects: Array.from({ length: 201 }, (_, n) => `thing:${n}`) }));
    expect((await envelopes()).map(({ data }) => data.objects.length)).toEqual([200, 1]);
  });
  it('stands in the trace of the read, with the commit it shares', async () => {
    const read = () => inSpan('GET /x', { service: 'things', kind: 'server', parent: 'root' }, async (span) => (await work.read(call, async () => found), span.traceId));
    const [first, second] = await Promise.all([read(), read()]);
    const commit = traces.get(first)?.items.find(({ name }) => name === 'access commit');
    expect(traces.get(first)?.items.map(({ name }) => name).toSorted()).toEqual(['GET /x', 'access commit', 'sql outbox-insert']);
    expect(commit?.links).toEqual([second]);
    expect(traces.get(second)?.items.map(({ name }) => name)).toEqual(['GET /x']);
  });
});
