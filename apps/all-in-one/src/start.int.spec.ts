import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LINKS } from './page.js';

/*
 * The program as people start it, in child processes, on data in a path with spaces. Four starts tell the whole: stopped by
 * Ctrl-C, killed, killed together with its parent, with some of the services.
 */
const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const MAIN = join(ROOT, 'apps/all-in-one/dist/main.js');
const TOKEN = join(ROOT, 'apps/all-in-one/dist/token.js');
const LIMIT_MS = 60_000;
const ENV = { ...process.env, NODE_OPTIONS: '' };

let folder: string;
let data: string;
/** What must be gone in the end, whatever a test did. */
const mine = new Set<number>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quan so bắt đầu '));
  data = join(folder, 'dữ liệu');
});
afterAll(async () => {
  for (const pid of mine) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await sleep(100);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | string>;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, more: { program?: string; uid?: number } = {}): Program {
  const { program = MAIN, uid } = more;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: { ...ENV, PORT: '0', QUANSO_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  if (child.pid !== undefined) mine.add(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | string>((done) => child.once('close', (code, signal) => done(code ?? signal ?? '')));
  return { child, output: () => output, ended };
}

interface Running {
  readonly base: string;
  readonly pid: number;
}

async function ready({ child, output }: Program): Promise<Running> {
  return eventually('running.json', () => {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${output()}`);
    const file = join(data, 'running.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Running) : undefined;
  });
}

async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const ends = Date.now() + LIMIT_MS; Date.now() < ends; await sleep(25)) {
    const seen = look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`${what}: not seen in ${LIMIT_MS} ms`);
}

/** Every process that descends from this one, by the parent each of them names. */
function descendantsOf(pid: number): number[] {
  const pairs = existsSync('/proc/self/stat')
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentIn(`/proc/${name}/stat`)] as const)
    : spawnSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] => pairs.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentIn(stat: string): number {
  try {
    return Number(readFileSync(stat, 'utf8').split(') ').pop()?.split(' ')[1]);
  } catch {
    return -1;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Nobody may have waited for it yet: then it is gone and only its number stands.
  return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

const gone = (pids: readonly number[]): Promise<true> => eventually(`the end of ${pids.join(', ')}`, () => (pids.some(isAlive) ? undefined : true));

/** Runs to its end; what it said and how it ended. */
async function ends(program: Program): Promise<{ code: number | string; said: string }> {
  const code = await program.ended;
  return { code, said: program.output() };
}

describe('a start, until Ctrl-C', () => {
  let platform: Program;
  let base: string;
  let below: number[];
  beforeAll(async () => {
    platform = start([]);
    base = (await ready(platform)).base;
    below = descendantsOf(platform.child.pid ?? 0);
    for (const pid of below) mine.add(pid);
  }, LIMIT_MS);

  it('prints one screen: addresses, accounts, the next three commands', async () => {
    const said = await eventually('the screen', () => (platform.output().includes('Ctrl C') ? platform.output() : undefined));
    const accounts = JSON.parse(readFileSync(join(data, 'accounts.json'), 'utf8')) as Record<string, string>;
    expect(said).toContain(`${base}/docs`);
    expect(said).toContain(accounts['desk-clerk']);
    for (const command of ['npm run tour', 'npm run -s token -- desk-clerk', 'curl -H', 'QUANSO_DATA=']) expect(said).toContain(command);
    expect(said.split('\n').length).toBeLessThan(40);
  });

  it.each(LINKS)('the start page’s link %s works', async (path) => {
    const answer = await fetch(`${base}${path}`);
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
  });

  it('answers an unknown path with a problem', async () => {
    const answer = await fetch(`${base}/khong-co`, { headers: { 'accept-language': 'en' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ type: '/problems/NOT_FOUND', code: 'NOT_FOUND', title: 'There is nothing at this address' });
  });

  it.each(['desk-clerk', 'statistics-department'])('a token of %s is printed and nothing else, and the first curl works', async (account) => {
    const { code, said } = await ends(start([account], {}, { program: TOKEN }));
    expect([code, said]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
    const path = account === 'desk-clerk' ? '/api/dossiers/v1/dossiers' : '/api/warehouse/v1/datasets/dossiers/records';
    const answer = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${said.trim()}`, 'purpose-code': 'STATISTICS' } });
    expect(answer.status).toBe(200);
  });

  it('names the accounts there are when one is unknown', async () => {
    const { code, said } = await ends(start(['nobody'], {}, { program: TOKEN }));
    expect([code, said]).toEqual([1, expect.stringMatching(/Không có tài khoản "nobody"; có: .*desk-clerk/)]);
  });

  it('a second start on the same data, one for another authority and one on the same port say why they will not', async () => {
    const [second, other, port] = await Promise.all([
      ends(start([])),
      ends(start(['--authority', 'phuong-sao-mai'])),
      ends(start([], { PORT: new URL(base).port, QUANSO_DATA: join(folder, 'khác') })),
    ]);
    expect(second).toEqual({ code: 1, said: expect.stringMatching(/đang được một Quận Số khác dùng \(tiến trình \d+\)/) });
    expect(other.code).toBe(1);
    expect(port).toEqual({ code: 1, said: expect.stringMatching(/Cổng \d+ không dùng được .*PORT=\d+ npm start/) });
    for (const { said } of [second, other, port]) expect(said).not.toMatch(/ {4}at /);
  });

  it('ends by Ctrl-C cleanly: exit code 0, no process left, data kept', async () => {
    expect(below.length).toBeGreaterThan(0);
    platform.child.kill('SIGINT');
    expect(await platform.ended).toBe(0);
    await gone(below);
    expect(existsSync(join(data, 'running.json'))).toBe(false);
    expect(existsSync(join(data, 'lock.json'))).toBe(false);
    expect(platform.output()).not.toMatch(/"level":"error"/);
    const { code, said } = await ends(start(['desk-clerk'], {}, { program: TOKEN }));
    expect([code, said]).toEqual([1, expect.stringContaining('npm start')]);
  });
});

describe('what went wrong before', () => {
  it('data of another authority are not touched', async () => {
    const { code, said } = await ends(start(['--authority', 'phuong-sao-mai']));
    expect([code, said]).toEqual([1, expect.stringContaining('là của đơn vị "quan-sao-mai"')]);
  });

  it('killed with its parent everything ends; the next start puts right what the kill left, with the same accounts', async () => {
    const before = readFileSync(join(data, 'accounts.json'), 'utf8');
    const first = start([]);
    const { pid } = await ready(first);
    const below = descendantsOf(pid);
    first.child.kill('SIGKILL');
    await gone([pid, ...below]);
    expect(existsSync(join(data, 'running.json'))).toBe(true);

    // A parent like npm: it starts the program and waits.
    const parent = spawn(process.execPath, ['-e', `require('node:child_process').spawn(process.execPath, [${JSON.stringify(MAIN)}], { stdio: 'inherit' })`], {
      cwd: ROOT,
      env: { ...ENV, PORT: '0', QUANSO_DATA: data },
      stdio: 'ignore',
    });
    mine.add(parent.pid ?? 0);
    const again = await eventually('the second start', () => {
      const running = existsSync(join(data, 'running.json')) ? (JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as Running) : undefined;
      return running === undefined || running.pid === pid ? undefined : running;
    });
    expect(readFileSync(join(data, 'accounts.json'), 'utf8')).toBe(before);
    const all = [again.pid, ...descendantsOf(again.pid)];
    for (const one of all) mine.add(one);
    expect(all.length).toBeGreaterThan(1);
    parent.kill('SIGKILL');
    await gone(all);
    expect(existsSync(join(data, 'running.json'))).toBe(false);
  }, LIMIT_MS);

  it('a database that was killed comes back under the platform; one that ends again and again ends it with a sentence', async () => {
    const platform = start([]);
    const { base } = await ready(platform);
    const server = (): number | undefined => {
      const file = join(data, 'postgres', 'postmaster.pid');
      const [pid, , , , , , , state] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      return state?.startsWith('ready') === true && isAlive(Number(pid)) ? Number(pid) : undefined;
    };
    const killed = await eventually('the database', server);
    mine.add(killed);
    process.kill(killed, 'SIGKILL');
    const next = await eventually('the next database', () => (server() === killed ? undefined : server()));
    mine.add(next);
    while ((await fetch(`${base}/health/ready`)).status !== 200) await sleep(25);

    // Each time as soon as it is back.
    let last = next;
    while (platform.child.exitCode === null) {
      const pid = server();
      if (pid !== undefined) process.kill((last = pid), 'SIGKILL');
      await sleep(25);
    }
    expect(await platform.ended).toBe(1);
    expect(platform.output()).toMatch(/không khởi động lại được.*\n.*does not start again/);
    expect(isAlive(last)).toBe(false);
    expect(existsSync(join(data, 'running.json'))).toBe(false);
  }, LIMIT_MS);

  it('a folder that cannot be written is told in a sentence', async () => {
    const closed = join(folder, 'chỉ đọc');
    mkdirSync(closed);
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    const root = process.getuid?.() === 0;
    // Root may write everywhere: then somebody else tries.
    const { code, said } = await ends(start([], { QUANSO_DATA: join(closed, 'dữ liệu') }, root ? { uid: 65_534 } : {}));
    expect([code, said]).toEqual([1, expect.stringMatching(/Không ghi được vào .*QUANSO_DATA/)]);
  });

  it('unknown arguments, services and authorities are told in a sentence', async () => {
    const wrong = await Promise.all([ends(start(['--autority', 'x'])), ends(start([], { SERVICES: 'dossier' })), ends(start(['--authority', 'xa-khong-co']))]);
    expect(wrong.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(wrong[1]?.said).toContain('dossiers');
    expect(wrong[2]?.said).toContain('quan-sao-mai');
  });
});
