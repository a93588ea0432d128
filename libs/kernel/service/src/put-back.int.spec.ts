import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@quan-so/http';
import { Database } from '@quan-so/persistence';
import { startTestDatabases, startTestIssuer, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { EXIT } from './index.js';
import { launch as launchMain, waitFor, type Launched } from './spec/launch.js';
import { WriteNote } from './spec/notes.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
let databases: TestDatabases;
let issuer: TestIssuer;
let folder: string;
const started: Launched[] = [];

beforeAll(async () => {
  [databases, issuer] = await Promise.all([startTestDatabases(['notes']), startTestIssuer()]);
  folder = mkdtempSync(join(tmpdir(), 'qs-put-back-'));
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ current: 'k1', keys: { k1: key(1) }, index: key(2), cursor: key(3) }), { mode: 0o600 });
}, 60_000);
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all([databases?.stop(), issuer?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function launch(main: 'notes-main.ts' | 'group-main.ts', ...args: string[]): Launched {
  const { url, migratorUrl } = databases.of('notes');
  // Nobody listens there.
  const broker = { QUANSO_KAFKA_BROKERS: '127.0.0.1:1' };
  const program = launchMain(main, { ...broker, SERVICES: 'notes', QUANSO_PROFILE: 'trial', PORT: '0', DATABASE_URL: url, MIGRATOR_DATABASE_URL: migratorUrl, OIDC_ISSUER: issuer.issuer, QUANSO_KEYS: join(folder, 'keys.json') }, ...args);
  started.push(program);
  return program;
}

/** Its address, once it says this. */
async function baseOf(program: Launched, says: string): Promise<string> {
  await waitFor(() => program.output().includes(says) || program.child.exitCode !== null);
  const line = program.output().split('\n').find((one) => one.includes(says)) ?? program.output();
  return `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}`;
}

const write = (base: string) => createClient({ base, token: () => issuer.token({ username: 'writer', positions: ['writer@H99.05'] }), retries: 0 }).call(WriteNote, { body: { text: 'a' } });
const waits = { ready: false, parts: { messages: { ok: false, detail: 'the database was put back or is on another server; nothing works before it was compared with the broker' } } };

async function sqlOf(text: string): Promise<Record<string, unknown>[]> {
  const opened = await Database.open({ service: 'test', url: databases.of('notes').url, poolSize: 1 });
  try {
    return await opened.sql('look', text);
  } finally {
    await opened.close();
  }
}

it('ends when its database is put back under it, and answers no command before that was compared with the broker', async () => {
  expect(await launch('notes-main.ts', 'migrate').ended).toBe(0);
  const running = launch('notes-main.ts');
  expect((await write(await baseOf(running, 'the service is ready'))).status).toBe(201);
  await databases.restart('on another timeline');
  expect([await running.ended, running.output()]).toEqual([EXIT.again, expect.stringContaining('is to be started again')]);

  const before = await sqlOf('SELECT id, published_at FROM outbox ORDER BY id');
  for (const main of ['notes-main.ts', 'group-main.ts'] as const) {
    const waiting = launch(main);
    const base = await baseOf(waiting, 'the service waits');
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    const ready = await fetch(`${base}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, waits]);
    await expect(write(base)).rejects.toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    waiting.child.kill('SIGTERM');
    expect([await waiting.ended, waiting.output()]).toEqual([EXIT.done, expect.not.stringContaining('is ready')]);
  }
  expect(await sqlOf('SELECT id, published_at FROM outbox ORDER BY id')).toEqual(before);
});
