import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePorts, isFree, launch, waitFor } from './process.js';

const HERE = pathToFileURL(join(import.meta.dirname, 'process.js')).href;
const FOR_EVER = ['-e', 'console.log("up"); setInterval(() => {}, 1000)'];
const STUBBORN = ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'];

let dir;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'quận số '))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const start = (args, more = {}) => launch({ name: 'thing', command: process.execPath, args, log: join(dir, 'log'), ...more });
const isUp = (program) => async () => program.output().includes('up');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A run that starts a program and prints its id, and then waits. */
async function runThatStarts(args) {
  const script = join(dir, 'run.mjs');
  writeFileSync(script, `import { launch } from ${JSON.stringify(HERE)};
const one = launch({ name: 'x', command: process.execPath, args: ${JSON.stringify(args)}, log: ${JSON.stringify(join(dir, 'child.log'))} });
setTimeout(() => console.log(one.pid), 300); setInterval(() => {}, 1000);`);
  const run = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise((resolve) => run.stdout.once('data', (text) => resolve(Number(text))));
  return { run, pid };
}

describe('launch', () => {
  it('stops a program, and by force one that does not listen', async () => {
    const polite = start(FOR_EVER);
    await waitFor(polite, isUp(polite), 10_000);
    await polite.stop();
    expect([polite.running(), await polite.ended]).toEqual([false, 'SIGTERM']);
    const stubborn = start(STUBBORN, { stopMs: 200, log: join(dir, 'log2') });
    await waitFor(stubborn, isUp(stubborn), 10_000);
    await stubborn.stop();
    expect(await stubborn.ended).toBe('SIGKILL');
  });
  it('leaves no process when the run is killed', async () => {
    const { run, pid } = await runThatStarts(FOR_EVER);
    expect(isAlive(pid)).toBe(true);
    run.kill('SIGKILL');
    for (let i = 0; i < 100 && isAlive(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(pid)).toBe(false);
  });
});

describe('waitFor', () => {
  it('tells what a program said that ended early', async () => {
    const program = start(['-e', 'console.error("no room"); process.exit(3)']);
    await expect(waitFor(program, async () => false, 10_000)).rejects.toThrow(/thing: .*\(3\)\n[^]*no room/);
  });
  it('gives up, and takes the program down', async () => {
    const program = start(FOR_EVER);
    await expect(waitFor(program, async () => false, 300)).rejects.toThrow(/not ready after 0.3 s/);
    expect(program.running()).toBe(false);
  });
});

describe('freePorts', () => {
  it('gives different ports that are free', async () => {
    const ports = await freePorts(3);
    expect(new Set(ports).size).toBe(3);
    expect(await Promise.all(ports.map(isFree))).toEqual([true, true, true]);
  });
});
