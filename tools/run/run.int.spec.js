/** The way from nothing to a running command, on a copy of the runner in a house of one file, with an npm of this test. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOOLS = join(import.meta.dirname, '..');
/** Spaces, tone marks and a quote: what a folder of a user may be called. */
const FOLDER = "quận số của tôi'";

let home;
let house;
let bin;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quan-so-run-'));
  house = join(home, FOLDER);
  bin = join(home, 'bin');
  mkdirSync(join(house, 'tools'), { recursive: true });
  mkdirSync(bin);
  cpSync(join(TOOLS, 'run'), join(house, 'tools', 'run'), { recursive: true });
  cpSync(join(TOOLS, 'run.js'), join(house, 'tools', 'run.js'));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write('tsconfig.json', '{ "references": [{ "path": "apps/all-in-one" }] }');
  write('tsconfig.base.json', '{}');
  write('apps/all-in-one/src/main.ts', '');
  write('apps/all-in-one/src/token.ts', '');
  mkdirSync(join(house, 'libs'));
  mkdirSync(join(house, 'test'));
  npmThat('true');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path, text) {
  mkdirSync(join(house, path, '..'), { recursive: true });
  writeFileSync(join(house, path), text);
}

/** An npm that notes its call, does `what`, and "installs" a compiler that writes the programs of the house. */
function npmThat(what) {
  const tsc = join(home, 'tsc');
  writeFileSync(tsc, `const fs = require('fs'); fs.appendFileSync('built', 'x'); fs.mkdirSync('apps/all-in-one/dist', { recursive: true });
    fs.writeFileSync('apps/all-in-one/dist/.tsbuildinfo', ''); console.log('compiler');
    for (const name of ['main', 'token']) fs.copyFileSync('apps/all-in-one/src/' + name + '.ts', 'apps/all-in-one/dist/' + name + '.js');`);
  const script = `#!/bin/sh\necho "$@ NODE_ENV=$NODE_ENV" >> called\n${what} || exit 7\nrm -rf node_modules\nmkdir -p node_modules/@typescript/native/bin\ncp '${tsc}' node_modules/@typescript/native/bin/tsc\necho '{"type":"commonjs"}' > node_modules/@typescript/native/package.json\necho installed\n`;
  writeFileSync(join(bin, 'npm'), script);
  chmodSync(join(bin, 'npm'), 0o755);
}

/** PATH with our npm alone in front; the one beside the Node of this test must not be found. */
function environment(extra = {}) {
  const { npm_execpath: _, npm_lifecycle_event: __, NODE_OPTIONS: ___, ...env } = process.env;
  return { ...env, PATH: `${bin}:/usr/bin:/bin`, ...extra };
}

/** @param {string[]} args @returns {{ status: number, stdout: string, stderr: string }} */
function run(args, extra) {
  return spawnSync(process.execPath, [join(house, 'tools', 'run.js'), ...args], { cwd: home, env: environment(extra), encoding: 'utf8', timeout: 60_000 });
}

const called = () => readFileSync(join(house, 'called'), 'utf8').trim().split('\n');

/** Waits for something that will be; Jest's own limit ends it otherwise. */
async function until(what) {
  while (!what()) await sleep(50);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // A process that ended and was not yet reaped still has its number.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

describe('installing', () => {
  it('installs and builds once; standard output is the command\'s alone', () => {
    write('apps/all-in-one/src/token.ts', 'console.log("token of " + process.argv[2]);');
    const first = run(['token', 'desk-clerk'], { NODE_ENV: 'production' });
    expect(first).toMatchObject({ status: 0, stdout: 'token of desk-clerk\n' });
    expect(first.stderr).toMatch(/Đang cài.*\/ installing/);
    expect(run(['token', 'specialist'])).toMatchObject({ status: 0, stdout: 'token of specialist\n', stderr: '' });
    expect(called()).toEqual(['ci --include=dev --include=optional --no-audit --no-fund --loglevel=error --prefer-offline NODE_ENV=']);
    expect(readFileSync(join(house, 'built'), 'utf8')).toBe('x');
  });
  it('installs again when the lockfile changed, builds again when a source did', () => {
    run(['build']);
    write('package-lock.json', '{ "changed": true }');
    run(['build']);
    expect(called()).toHaveLength(2);
    write('apps/all-in-one/src/main.ts', '// changed');
    run(['build']);
    expect(readFileSync(join(house, 'built'), 'utf8')).toBe('xxx');
    expect(called()).toHaveLength(2);
  });
  it('lets a second run wait for the first', async () => {
    npmThat('sleep 1');
    const runs = await Promise.all([1, 2].map(() => new Promise((resolve) => spawn(process.execPath, [join(house, 'tools', 'run.js'), 'build'], { env: environment(), stdio: 'ignore' }).on('close', resolve))));
    expect(runs).toEqual([0, 0]);
    expect(called()).toHaveLength(1);
    expect(readFileSync(join(house, 'built'), 'utf8')).toBe('x');
    expect(existsSync(join(house, '.quan-so.lock'))).toBe(false);
  });
  it('does not wait for a run that was killed', () => {
    writeFileSync(join(house, '.quan-so.lock'), 'of a run that is gone');
    expect(run(['build']).status).toBe(0);
    expect(existsSync(join(house, '.quan-so.lock'))).toBe(false);
  });
  it.each([
    ['a full disk', 'npm error code ENOSPC', /Ổ đĩa đã đầy.*\nThe disk is full/],
    ['no network', 'npm error code EAI_AGAIN', /Không tới được.*\nThe npm registry cannot be reached/],
    ['a lockfile of another version', 'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync', /không khớp.*\n.*does not fit/],
    ['what nobody foresaw', 'something', /Không cài được các gói \(npm ci: mã 7\).*\nThe packages could not be installed/],
  ])('says in one sentence: %s; and tries again the next time', (_, line, sentence) => {
    npmThat(`{ echo '${line}' >&2; false; }`);
    const failed = run(['build']);
    expect(failed).toMatchObject({ status: expect.any(Number), stdout: '' });
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toMatch(sentence);
    npmThat('true');
    expect(run(['build']).status).toBe(0);
  });
  it('says that npm is missing', () => {
    rmSync(join(bin, 'npm'));
    // The Node of the lockfile has no npm beside it.
    expect(run(['build'], { PATH: bin })).toMatchObject({ status: 1, stderr: expect.stringMatching(/Không thấy npm.*\nnpm was not found/s) });
  });
  it('says that the compiler found errors, with the errors', () => {
    run(['build']);
    write('node_modules/@typescript/native/bin/tsc', 'console.log("main.ts(1,1): error TS1"); process.exit(2)');
    write('apps/all-in-one/src/main.ts', '// changed');
    const failed = run(['start']);
    expect(failed.status).toBe(2);
    expect(failed.stderr).toMatch(/main\.ts\(1,1\): error TS1\nMã nguồn không dịch được.*\nThe sources do not compile/);
  });
  it('says that this Node is too old, before it reads anything else', () => {
    const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.4"})';
    const said = spawnSync(process.execPath, ['--import', old, join(house, 'tools', 'run.js'), 'start'], { env: environment(), encoding: 'utf8' });
    expect(said).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Cần Node 20 trở lên; máy này có 18\.20\.4.*\nNode 20 or newer is needed/) });
  });
});

describe('running', () => {
  /** A platform that stops in order, and one line when it does. */
  const SERVER = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => { require('fs').writeFileSync('stopped', signal); process.exit(0); });`;
  const pid = () => Number(readFileSync(join(house, 'pid'), 'utf8'));

  beforeEach(() => write('apps/all-in-one/package.json', '{ "type": "commonjs" }'));

  it('passes on arguments and the exit code', () => {
    write('apps/all-in-one/src/main.ts', 'console.log(process.argv.slice(2).join("|")); process.exit(3);');
    expect(run(['start', '--authority', 'phuong sao mai'])).toMatchObject({ status: 3, stdout: '--authority|phuong sao mai\n' });
  });
  it('refuses a command that does not exist, and lists those that do', () => {
    expect(run(['strat'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/start .*\/ the whole platform on this machine/) });
  });
  it('passes on a signal and waits for the ordered end', async () => {
    write('apps/all-in-one/src/main.ts', SERVER);
    const runner = spawn(process.execPath, [join(house, 'tools', 'run.js'), 'start'], { env: environment(), stdio: 'ignore' });
    await until(() => existsSync(join(house, 'pid')));
    runner.kill('SIGTERM');
    expect(await new Promise((resolve) => runner.on('close', resolve))).toBe(0);
    expect(readFileSync(join(house, 'stopped'), 'utf8')).toBe('SIGTERM');
  });
  it.each([
    ['the shell that called it', 'exec "$0" "$1" start'],
    ['npm, which puts a shell between', '"$0" "$1" start; true'],
  ])('stops the platform when %s was killed by SIGKILL', async (_, command) => {
    write('apps/all-in-one/src/main.ts', SERVER);
    const words = ['-c', command, process.execPath, join(house, 'tools', 'run.js')];
    const caller = `require('child_process').spawn('/bin/sh', ${JSON.stringify(words)}, { stdio: 'ignore' })`;
    const npm = spawn(process.execPath, ['-e', caller], { env: environment({ npm_lifecycle_event: 'start' }), stdio: 'ignore' });
    await until(() => existsSync(join(house, 'pid')));
    npm.kill('SIGKILL');
    await until(() => existsSync(join(house, 'stopped')) && !isAlive(pid()));
    expect(readFileSync(join(house, 'stopped'), 'utf8')).toBe('SIGTERM');
  });
});
