/** Programs that a run starts: their output in a file, their end awaited, none of them left when the run is gone. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from './cache.js';

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {number} pid
 * @property {() => boolean} running
 * @property {() => string} output everything it wrote so far
 * @property {() => Promise<void>} stop SIGTERM, then SIGKILL; resolves when it is gone
 * @property {Promise<number | string>} ended exit code or signal
 */

/** @type {import('node:child_process').ChildProcess | undefined} */
let keeper;

/**
 * Starts a program in a process group of its own: Ctrl-C reaches the run, and the run ends its programs in order.
 * @param {object} what
 * @param {string} what.name
 * @param {string} what.command
 * @param {string[]} what.args
 * @param {string} [what.log]  file that takes both outputs; without it they are this run's own
 * @param {string} [what.cwd]
 * @param {NodeJS.ProcessEnv} [what.env]
 * @param {number} [what.stopMs] time it gets to stop by itself
 * @returns {Program}
 */
export function launch({ name, command, args, log, cwd, env = process.env, stopMs = 15_000 }) {
  const out = log === undefined ? 'inherit' : openSync(log, 'a', 0o600);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', out, out], detached: true });
  if (typeof out === 'number') closeSync(out);
  const { pid } = child;
  let over = false;
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => ((over = true), resolve(error.message)));
    child.once('exit', (code, signal) => ((over = true), pid && tellKeeper(`-${pid}`), resolve(code ?? signal ?? 'ended')));
  });
  if (pid) tellKeeper(`+${pid}`);
  return {
    name,
    pid: pid ?? 0,
    running: () => !over,
    output: () => (log === undefined ? '' : readFileSync(log, 'utf8')),
    ended,
    stop: () => stopChild(child, ended, () => over, stopMs),
  };
}

/** @param {import('node:child_process').ChildProcess} child @param {Promise<unknown>} ended @param {() => boolean} over @param {number} stopMs */
async function stopChild(child, ended, over, stopMs) {
  if (over()) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
}

/** @param {string} line */
function tellKeeper(line) {
  if (keeper === undefined) {
    keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.js', import.meta.url))], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    keeper.unref();
    /** @type {import('node:net').Socket} */ (keeper.stdin).unref();
    keeper.stdin?.on('error', () => undefined);
  }
  keeper.stdin?.write(`${line}\n`);
}

/**
 * Waits until `check` answers true; fails with the program's last lines when it ends or the time is over.
 * @param {Program} program
 * @param {() => Promise<boolean>} check
 * @param {number} limitMs
 */
export async function waitFor(program, check, limitMs) {
  const ends = Date.now() + limitMs;
  while (!(await check())) {
    const why = !program.running() ? `kết thúc / ended (${await program.ended})` : Date.now() > ends ? `chưa sẵn sàng sau / not ready after ${limitMs / 1_000} s` : undefined;
    if (why !== undefined) {
      const tail = program.output().split('\n').slice(-25).join('\n');
      await program.stop();
      throw new PartError(`${program.name}: ${why}\n${tail}`);
    }
    await sleep(50);
  }
}

/**
 * Ports that were free a moment ago, on 127.0.0.1. Who uses them tries again when somebody was faster.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** @param {number} port @returns {Promise<boolean>} */
export async function isFree(port) {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/** @param {number} port @returns {Promise<import('node:net').Server>} */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** @param {number} port @returns {Promise<boolean>} whether something accepts connections there */
export function answersTcp(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1_000, () => (socket.destroy(), resolve(false)));
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** @param {string} url @returns {Promise<boolean>} whether it answers 200 */
export async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/**
 * Tries again on other ports when somebody took one between the look and the start.
 * @template T
 * @param {() => Promise<T>} start
 * @returns {Promise<T>}
 */
export async function withFreshPorts(start) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === 3 || !/already in use|BindException|Failed to bind|Port already bound/i.test(String(error))) throw error;
    }
  }
}

/**
 * Runs `stop` once: on Ctrl-C, on SIGTERM, on a closed terminal, and when the parent (npm, a script) was killed.
 * @param {(reason: string) => void} stop
 */
export function whenToldToStop(stop) {
  let told = false;
  const tell = (/** @type {string} */ reason) => {
    if (!told) stop(reason);
    told = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => tell(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && tell('parent'), 300).unref();
}
