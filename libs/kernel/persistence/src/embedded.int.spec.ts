import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logTo } from '@quan-so/observability';
import pg from 'pg';
import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import { isAlive, until } from './embedded.process.js';

const superuser = (password: string) => ({ name: 'postgres', password });

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query({ text, rowMode: 'array' });
    return (rows as unknown[][])[0]?.[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refused(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'not refused',
    (error: unknown) => (error instanceof EmbeddedPostgresError ? `${error.sentence.vi} ${error.sentence.en}` : String(error)),
  );
}

/** A process that starts PostgreSQL on the folder, says its number and then does nothing. */
const OWNER = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) {
  try { return next(name, context); } catch (error) { if (name.endsWith('.js')) return next(name.slice(0, -3) + '.ts', context); throw error; }
} });
const { startEmbeddedPostgres } = await import('@quan-so/persistence/embedded');
const postgres = await startEmbeddedPostgres({ dataDir: process.argv[1], durable: false });
console.log(String(postgres.pid));
setInterval(() => undefined, 1_000);`;

async function startOwner(dataDir: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const args = ['--conditions=quan-so', '--input-type=module', '-e', OWNER, dataDir];
  const owner = spawn(process.execPath, args, { cwd: dirname(fileURLToPath(import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  const kill = async (): Promise<void> => {
    owner.kill('SIGKILL');
    await once(owner, 'exit');
  };
  return { pid: Number(said.toString()), kill };
}

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  let postgres: EmbeddedPostgres | undefined;

  // Closed to other users, with a space and Vietnamese letters: as root the server runs as another user all the same.
  beforeAll(async () => {
    logTo(() => undefined);
    folder = mkdtempSync(join(tmpdir(), 'quan-so '));
    dataDir = join(folder, 'dữ liệu phường', 'postgres');
    postgres = await startEmbeddedPostgres({ dataDir, durable: false });
  });
  afterAll(async () => {
    logTo();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const running = (): EmbeddedPostgres => {
    if (postgres === undefined) throw new Error('not started');
    return postgres;
  };
  const restart = async (): Promise<void> => void (postgres = await startEmbeddedPostgres({ dataDir, durable: false }));
  const secret = (): string => readFileSync(`${dataDir}.secret`, 'utf8');

  it('asks everybody for a password, the superuser for the one made at first start', async () => {
    expect(await ask(running().url('postgres', superuser(secret())), 'SELECT 1')).toBe(1);
    await expect(ask(running().url('postgres', superuser('postgres')), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    const methods = readFileSync(join(dataDir, 'pg_hba.conf'), 'utf8').split('\n').filter((line) => /^(local|host)/.test(line)).map((line) => line.split(/\s+/).at(-1));
    expect(new Set(methods)).toEqual(new Set(['scram-sha-256']));
    if (process.platform !== 'win32') expect(statSync(`${dataDir}.secret`).mode & 0o777).toBe(0o600);
  });

  it('listens on the loopback address only and knows Vietnamese letters', async () => {
    const url = running().url('postgres', superuser(secret()));
    expect(await ask(url, `SELECT current_setting('listen_addresses') || '|' || current_setting('unix_socket_directories')`)).toBe('127.0.0.1|');
    expect(await ask(url, "SELECT lower('PHƯỜNG ĐỒNG XUÂN')")).toBe('phường đồng xuân');
    // A word of five letters has six trigrams, when all of them count as letters.
    await ask(url, 'CREATE EXTENSION pg_trgm');
    expect(await ask(url, "SELECT array_length(show_trgm('đường'), 1)")).toBe(6);
  });

  it('gives a database to its owner and lets in its apps and nobody else, however often it is asked', async () => {
    for (const password of ['first', 'p@ss/wörd ?']) for (const name of ['owner', 'app', 'stranger']) await running().ensureRole(name, password);
    for (let time = 0; time < 2; time += 1) await running().ensureDatabase('a-base', 'owner', ['app']);
    const as = (name: string) => ask(running().url('a-base', { name, password: 'p@ss/wörd ?' }), 'SELECT current_user::text');
    expect([await as('owner'), await as('app')]).toEqual(['owner', 'app']);
    await expect(as('stranger')).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses a second start on the same data with a sentence', async () => {
    expect(await refused(startEmbeddedPostgres({ dataDir }))).toMatch(/đang được tiến trình \d+ dùng.*is using the data/);
    expect(await ask(running().url('postgres', superuser(secret())), 'SELECT 1')).toBe(1);
  });

  it('puts right a postmaster.pid whose number belongs to another program, and a first start that was cut off', async () => {
    await running().stop();
    expect(isAlive(running().pid)).toBe(false);
    writeFileSync(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n\nready\n`);
    mkdirSync(join(`${dataDir}.new`, 'data'), { recursive: true });
    await restart();
    expect(await ask(running().url('postgres', superuser(secret())), 'SELECT 1')).toBe(1);
    expect(readdirSync(dirname(dataDir)).sort()).toEqual(['postgres', 'postgres.secret']);
  });

  it('leaves no PostgreSQL behind when its owner is killed, and starts again after that', async () => {
    await running().stop();
    const owner = await startOwner(dataDir);
    expect(isAlive(owner.pid)).toBe(true);
    expect(await refused(startEmbeddedPostgres({ dataDir }))).toMatch(/is using the data/);
    await owner.kill();
    expect(await until(() => !isAlive(owner.pid), 5_000)).toBe(true);
    await restart();
    expect(await ask(running().url('postgres', superuser(secret())), 'SELECT 1')).toBe(1);
  });

  it('comes back on its port after the server itself was killed', async () => {
    const { pid } = running();
    const url = running().url('postgres', superuser(secret()));
    process.kill(pid, 'SIGKILL');
    // On Windows the server is no child of ours: nobody hears of its end, the next start puts it right.
    if (process.platform === 'win32') return restart();
    expect(await until(() => running().pid !== pid, 20_000)).toBe(true);
    expect(isAlive(pid)).toBe(false);
    expect(await ask(url, 'SELECT 1')).toBe(1);
  });

  it('tells that it is gone after three ends in a row, not before', async () => {
    if (process.platform === 'win32') return;
    let isGone = false;
    running().onGone(() => (isGone = true));
    // The start of the test before counts as none: that server had lived, whatever killed it.
    for (let ends = 1; !isGone; ends += 1) {
      const { pid } = running();
      process.kill(pid, 'SIGKILL');
      expect(await until(() => isGone || running().pid !== pid, 20_000)).toBe(true);
      expect(isGone).toBe(ends === 3);
    }
    await expect(ask(running().url('postgres', superuser(secret())), 'SELECT 1')).rejects.toThrow();
    await running().stop();
    await restart();
  });

  it('stays down once it is stopped', async () => {
    const { pid } = running();
    await running().stop();
    expect([running().pid, isAlive(pid)]).toEqual([pid, false]);
    await restart();
  });

  it.each<[string, (dir: string) => void, RegExp]>([
    ['data of another PostgreSQL', (dir) => writeFileSync(join(dir, 'PG_VERSION'), '15\n'), /do PostgreSQL 15 tạo ra.*made by PostgreSQL 15/],
    ['a folder that holds something else', (dir) => writeFileSync(join(dir, 'letter.txt'), ''), /holds other files/],
    ['data without their password', (dir) => writeFileSync(join(dir, 'PG_VERSION'), '18\n'), /password file .* is missing/],
    ['damaged data', (dir) => [writeFileSync(join(dir, 'PG_VERSION'), '18\n'), writeFileSync(`${dir}.secret`, 'x'), chmodSync(dir, 0o700)], /are damaged/],
  ])('tells in a sentence: %s', async (_, prepare, sentence) => {
    const dir = join(mkdtempSync(join(folder, 'wrong-')), 'postgres');
    mkdirSync(dir);
    prepare(dir);
    expect(await refused(startEmbeddedPostgres({ dataDir: dir }))).toMatch(sentence);
  });
});
