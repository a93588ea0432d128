import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, RouteRefused, type Client } from '@quan-so/http';
import { LocalBroker } from '@quan-so/messaging';
import { startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { Database } from '@quan-so/persistence';
import { startTestDatabases, startTestIssuer, treeOf, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { ConfigError, migrateService, parseKeyRing, runService, type RunningService, type ServiceConfig, type ServiceDefinition } from './index.js';
import { launch as launchMain, waitFor, type Launched } from './spec/launch.js';
import { bare, mirror, notes, WriteNote } from './spec/notes.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const RING = JSON.stringify({ current: 'k1', keys: { k1: key(1) }, index: key(2), cursor: key(3) });

let databases: TestDatabases;
let issuer: TestIssuer;
let folder: string;
const store = new TraceStore();
let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'test', version: '0', environment: 'local', memory: store });
  [databases, issuer] = await Promise.all([startTestDatabases(['notes', 'mirror', 'empty']), startTestIssuer()]);
  folder = mkdtempSync(join(tmpdir(), 'qs-service-'));
  writeFileSync(join(folder, 'keys.json'), RING, { mode: 0o600 });
  await Promise.all([notes, mirror].map((definition) => migrateService(definition, configOf(definition))));
}, 60_000);
afterAll(async () => {
  await Promise.all([databases?.stop(), issuer?.stop(), telemetry?.shutdown()]);
  rmSync(folder, { recursive: true, force: true });
});

function configOf({ name }: ServiceDefinition, database = name): ServiceConfig {
  const { url, migratorUrl } = databases.of(database);
  return {
    profile: 'trial',
    host: '127.0.0.1',
    port: 0,
    databaseUrl: url,
    migratorUrl,
    kafka: undefined,
    oidc: { issuer: issuer.issuer, audience: 'quan-so-api' },
    keys: parseKeyRing(RING),
    pack: undefined,
    checkAnswers: true,
  };
}

const token = (): string => issuer.token({ username: 'writer', positions: ['writer@H99.05'] });
const clientOf = (service: RunningService): Client => createClient({ base: `http://127.0.0.1:${service.port}`, token, retries: 0 });

/** Whatever a test started is stopped after it, also when it failed. */
const started: { stop: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
});

async function run(definition: ServiceDefinition, broker: LocalBroker, listen = true): Promise<RunningService> {
  const service = await runService(definition, configOf(definition), { broker, listen });
  started.push(service);
  return service;
}

function newBroker(): LocalBroker {
  const broker = new LocalBroker();
  started.push({ stop: () => broker.close() });
  return broker;
}

async function rowsOf(database: string, statement: string): Promise<Record<string, unknown>[]> {
  const { url } = databases.of(database);
  const opened = await Database.open({ service: 'test', url, poolSize: 1 });
  try {
    return await opened.sql('look', statement);
  } finally {
    await opened.close();
  }
}

describe('a command', () => {
  it('goes all its way: answer, row, audit entry, event, row of another service, one trace', async () => {
    const broker = newBroker();
    const [teller, hearer] = [await run(notes, broker), await run(mirror, broker, false)];
    const client = clientOf(teller);
    const given = { body: { text: 'xin chào' }, idempotencyKey: '0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e' };
    const first = await client.call(WriteNote, given);
    const again = await client.call(WriteNote, given);
    expect([first.status, again.status, first.replayed, again.replayed]).toEqual([201, 201, false, true]);
    expect(again.body).toEqual(first.body);
    expect(first.location).toBe(`/api/notes/v1/notes/${first.body.id}`);

    await teller.settled();
    await hearer.settled();
    expect(await rowsOf('mirror', 'SELECT id, text FROM mirrored')).toEqual([{ id: first.body.id, text: 'xin chào' }]);
    expect((await rowsOf('notes', 'SELECT topic FROM outbox ORDER BY id')).map(({ topic }) => topic)).toEqual(['records.notes', 'audit.notes']);

    expect([teller.live(), hearer.live()]).toEqual([true, true]);
    expect(await Promise.all([teller.health(), hearer.health()])).toEqual([teller, hearer].map(() => ({ ready: true, parts: { database: { ok: true }, messages: { ok: true } } })));
    const command = store.search({ limit: 50 }).map(({ traceId }) => store.get(traceId)?.items ?? []).find((spans) => spans.some(({ name }) => name === 'sql insert-note')) ?? [];
    const steps = command.filter(({ kind }) => kind !== 'client').map(({ spanId, parentId, name, service, traceId }) => ({ spanId, parentSpanId: parentId, name, service, traceId }));
    expect(treeOf(steps).split('\n').toSorted()).toEqual(['    mirror: process records.notes', '  notes: send audit.notes', '  notes: send records.notes', 'notes: POST /api/notes/v1/notes']);
    expect(await Promise.all([hearer.stop(), teller.stop()])).toEqual([[], []]);
  });
});

describe('the way down', () => {
  it('finishes what is in flight before anything it stands on is taken away, once for all who ask', async () => {
    const broker = newBroker();
    const service = await run(notes, broker);
    const inFlight = clientOf(service).call(WriteNote, { body: { text: 'còn dở', ms: 400 } });
    await waitFor(async () => (await rowsOf('notes', "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'")).length > 0);
    const [stopped, again] = [service.stop(), service.stop()];
    // Whoever comes now is turned away at the door; in the very first moment one may still be let in.
    const knock = (): Promise<unknown> => fetch(`http://127.0.0.1:${service.port}/health/ready`).then(({ status }) => status, ({ cause }: { cause: { code: string } }) => cause.code);
    await waitFor(async () => (await knock()) === 'ECONNREFUSED');
    expect((await inFlight).status).toBe(201);
    expect([await stopped, await again]).toEqual([[], []]);
    await expect(fetch(`http://127.0.0.1:${service.port}/health/live`)).rejects.toThrow();
    expect(await rowsOf('notes', "SELECT text FROM note WHERE text = 'còn dở'")).toHaveLength(1);
  });

  it('leaves nothing open when a later part does not start', async () => {
    const broker = newBroker();
    await expect(runService(bare, configOf(bare, 'notes'), { broker, listen: true })).rejects.toThrow(RouteRefused);
    // Before the pool itself would let idle connections go (10 s).
    await waitFor(async () => (await rowsOf('notes', "SELECT 1 FROM pg_stat_activity WHERE application_name = 'notes'")).length === 0, 5_000);
  });
});

describe('a configuration that does not do', () => {
  it('without any broker', async () => {
    await expect(runService(notes, configOf(notes), { listen: false })).rejects.toThrow(ConfigError);
  });
  it('without a migrator, for migrating', async () => {
    await expect(migrateService(notes, { ...configOf(notes), migratorUrl: undefined })).rejects.toThrow(/MIGRATOR_DATABASE_URL/);
  });
});

function launch(env: NodeJS.ProcessEnv, ...args: string[]): Launched {
  const program = launchMain('notes-main.ts', env, ...args);
  started.push({ stop: async () => program.child.kill('SIGKILL') });
  return program;
}

/** Nobody listens there: a service starts, serves and stops without its broker; events wait in its database. */
const NO_BROKER = '127.0.0.1:1';

function environment(database = 'notes'): Record<string, string> {
  const { url, migratorUrl } = databases.of(database);
  return { QUANSO_PROFILE: 'trial', PORT: '0', DATABASE_URL: url, MIGRATOR_DATABASE_URL: migratorUrl, OIDC_ISSUER: issuer.issuer, QUANSO_KEYS: join(folder, 'keys.json'), QUANSO_KAFKA_BROKERS: NO_BROKER };
}

describe('as a process', () => {
  it('migrates and ends; a second time finds nothing to do', async () => {
    for (let i = 0; i < 2; i += 1) {
      const program = launch(environment('empty'), 'migrate');
      expect([await program.ended, program.output()]).toEqual([0, expect.not.stringContaining('"level":"error"')]);
    }
    expect(await rowsOf('empty', "SELECT table_name FROM information_schema.tables WHERE table_name = 'note'")).toHaveLength(1);
  });

  it.each<[string, Record<string, string | undefined>, string[], number, RegExp]>([
    ['ends with 78 and one sentence when the configuration cannot be used', { PORT: 'abc', OIDC_ISSUER: '' }, [], 78, /^[^\n]*PORT[^\n]*OIDC_ISSUER[^\n]*\n$/],
    ['ends with 78 when no broker is named', { QUANSO_KAFKA_BROKERS: undefined }, [], 78, /^[^\n{]*QUANSO_KAFKA_BROKERS[^\n]*\n$/],
    ['ends with 64 on an argument it does not know', {}, ['serve'], 64, /node main\.js \[migrate\]/],
    ['ends with 70 and one sentence for a bare route', { SAMPLE: 'bare' }, [], 70, /^GET \/bare is neither @Requires\(permission\) nor @Public\(reason\): say who may call it\.\n$/],
    ['ends with 1 and says in its log that the database is away', { DATABASE_URL: 'postgres://notes:9f8e7d@127.0.0.1:1/notes' }, [], 1, /"level":"error".*"msg":"the service could not start"/],
  ])('%s', async (_, change, args, code, said) => {
    const program = launch({ ...environment(), ...change }, ...args);
    expect([await program.ended, program.output()]).toEqual([code, expect.stringMatching(said)]);
    expect(program.output()).not.toContain('9f8e7d');
  });

  it('told to stop, answers what is in flight and ends with 0', async () => {
    const program = launch(environment());
    await waitFor(() => program.output().includes('the service is ready') || program.child.exitCode !== null);
    const port = /"port":(\d+)/.exec(program.output())?.[1];
    const inFlight = createClient({ base: `http://127.0.0.1:${port}`, token, retries: 0 }).call(WriteNote, { body: { text: 'trước khi dừng', ms: 300 } });
    await waitFor(() => program.output().includes('a note takes its time'));
    program.child.kill('SIGTERM');
    expect((await inFlight).status).toBe(201);
    expect([await program.ended, program.output()]).toEqual([0, expect.stringContaining('the service has stopped')]);
    for (const line of program.output().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ service: 'notes', msg: expect.any(String) as string });
  });
});
