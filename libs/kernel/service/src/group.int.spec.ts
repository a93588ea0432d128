import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@quan-so/http';
import { Database } from '@quan-so/persistence';
import { deskOf, startTestDatabases, startTestIssuer, untilTurnedAway, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { launch as launchMain, waitFor, type Launched } from './spec/launch.js';
import { WriteNote } from './spec/notes.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
let databases: TestDatabases;
let issuer: TestIssuer;
let folder: string;
const started: Launched[] = [];

beforeAll(async () => {
  [databases, issuer] = await Promise.all([startTestDatabases(['notes', 'mirror']), startTestIssuer()]);
  folder = mkdtempSync(join(tmpdir(), 'qs-group-'));
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ current: 'k1', keys: { k1: key(1) }, index: key(2), cursor: key(3) }), { mode: 0o600 });
}, 60_000);
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all([databases?.stop(), issuer?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function launch(services: string, ...args: string[]): Launched {
  const [notes, mirror] = [databases.of('notes'), databases.of('mirror')];
  const own = { NOTES_DATABASE_URL: notes.url, NOTES_MIGRATOR_DATABASE_URL: notes.migratorUrl, MIRROR_DATABASE_URL: mirror.url, MIRROR_MIGRATOR_DATABASE_URL: mirror.migratorUrl };
  // Nobody listens there: events wait in the databases.
  const shared = { SERVICES: services, QUANSO_PROFILE: 'trial', PORT: '0', OIDC_ISSUER: issuer.issuer, QUANSO_KEYS: join(folder, 'keys.json'), QUANSO_KAFKA_BROKERS: '127.0.0.1:1' };
  const program = launchMain('group-main.ts', { ...shared, ...own }, ...args);
  started.push(program);
  return program;
}

async function ready(program: Launched): Promise<string> {
  await waitFor(() => program.output().includes('the group is ready') || program.child.exitCode !== null);
  const line = program.output().split('\n').find((one) => one.includes('the group is ready')) ?? program.output();
  return `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}`;
}

const token = (): string => issuer.token({ username: 'writer', positions: ['writer@H99.05'] });
const note = (base: string, text: string, ms = 0): Promise<{ status: number }> => createClient({ base, token, retries: 0 }).call(WriteNote, { body: { text, ms } });

it('migrates the databases of those it is told, answers for them behind one port, and stops when what is in flight is done', async () => {
  const migrating = launch('notes,mirror', 'migrate');
  expect([await migrating.ended, migrating.output()]).toEqual([0, expect.not.stringContaining('"level":"error"')]);

  const program = launch('notes,mirror');
  const base = await ready(program);
  expect(await (await fetch(`${base}/health/live`)).json()).toEqual({ live: true });
  const health = await fetch(`${base}/health/ready`);
  // Until the relay has its shards, messages say beside it that nobody sends them yet.
  const messages: unknown = expect.objectContaining({ ok: true });
  expect([health.status, await health.json()]).toEqual([200, { ready: true, parts: expect.objectContaining({ 'notes/database': { ok: true }, 'notes/messages': messages, 'mirror/database': { ok: true } }) as unknown }]);
  expect(Object.keys(((await (await fetch(`${base}/openapi/notes.json`)).json()) as { paths: object }).paths)).toContain(WriteNote.path);
  expect((await note(base, 'chung một tiến trình')).status).toBe(201);
  expect((await fetch(`${base}/api/nobody`)).status).toBe(404);

  const inFlight = note(base, 'còn dở', 600);
  await waitFor(() => program.output().includes('a note takes its time'));
  program.child.kill('SIGTERM');
  expect((await inFlight).status).toBe(201);
  expect([await program.ended, program.output()]).toEqual([0, expect.stringMatching(/"service":"notes".*"msg":"the service has stopped"/)]);
  expect(await textsOf()).toEqual(['chung một tiến trình', 'còn dở']);
});

it('lets nobody new in while it stops, and answers whoever comes on a connection that is open', async () => {
  const program = launch('notes,mirror');
  const base = await ready(program);
  const desks = Array.from({ length: 3 }, () => deskOf(base));
  for (const desk of desks) expect(await desk.ask('/health/ready')).toMatchObject({ status: 200, connection: 'keep-alive' });
  const inFlight = note(base, 'kết nối cũ', 1_500);
  await waitFor(() => program.output().includes('a note takes its time'));
  program.child.kill('SIGTERM');
  expect(await untilTurnedAway(base)).toMatchObject({ code: 'ECONNREFUSED' });
  const written = { 'idempotency-key': randomUUID(), authorization: `Bearer ${token()}` };
  const answers = [await desks[0]?.ask(WriteNote.path, { text: 'đến sau' }, written), await desks[1]?.ask('/health/ready'), await desks[2]?.ask('/openapi/index.json')];
  // Of a service, of all of them and of none: each is the last one on its connection.
  expect(answers.map((answer) => [answer?.status, answer?.connection])).toEqual([[201, 'close'], [503, 'close'], [200, 'close']]);
  expect(desks.map((desk) => desk.opened())).toEqual([1, 1, 1]);
  expect((await inFlight).status).toBe(201);
  expect(await program.ended).toBe(0);
  expect(await textsOf()).toEqual(expect.arrayContaining(['kết nối cũ', 'đến sau']));
});

it('says of a service of the house that it is not here, and documents it', async () => {
  const program = launch('notes');
  const base = await ready(program);
  const answer = await fetch(`${base}/api/mirror/v1/x`);
  expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND', service: 'mirror' })]);
  expect((await fetch(`${base}/openapi/mirror.json`)).status).toBe(200);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
});

it('takes nothing of what it started with it when a later service cannot start', async () => {
  const program = launchMain('group-main.ts', { SERVICES: 'notes,mirror', QUANSO_PROFILE: 'trial', PORT: '0', OIDC_ISSUER: issuer.issuer, QUANSO_KEYS: join(folder, 'keys.json'), QUANSO_KAFKA_BROKERS: '127.0.0.1:1', NOTES_DATABASE_URL: databases.of('notes').url, MIRROR_DATABASE_URL: 'postgres://mirror:x@127.0.0.1:1/mirror' });
  started.push(program);
  expect([await program.ended, program.output()]).toEqual([1, expect.stringMatching(/"msg":"the service has stopped".*"msg":"the service could not start"/s)]);
});

async function textsOf(): Promise<unknown[]> {
  const opened = await Database.open({ service: 'test', url: databases.of('notes').url, poolSize: 1 });
  try {
    return (await opened.sql<{ text: string }>('look', 'SELECT text FROM note ORDER BY id')).map(({ text }) => text);
  } finally {
    await opened.close();
  }
}
