import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { Failure } from './failure.js';
import { ROOT } from './root.js';

const POLL_MS = 300;
/** Longer than the ordered way down of the platform (30 s): what is still there then is ended by force. */
const STOP_MS = 35_000;

let told = false;
/** Whether somebody wants this to end: what then fails needs no sentence. */
export const wasTold = () => told;

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a program in the foreground and answers its exit code. Signals are passed on; when npm or the shell that called
 * us is gone, even by SIGKILL, the program is stopped, so that nothing is left behind.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, onOutput?: (text: string) => void }} [options]
 *   `onOutput` gets what it writes where `stdio` has a pipe
 * @returns {Promise<number>}
 */
export function run(program, args, { env = process.env, stdio = 'inherit', onOutput } = {}) {
  const child = spawn(program, args, { cwd: ROOT, env, stdio, windowsHide: true });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => onOutput?.(text));
  const stopWatching = passOn(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopWatching();
      reject(new Failure(`Không chạy được ${program}: ${error.message}.`, `${program} cannot be run: ${error.message}.`));
    });
    child.once('close', (code, signal) => {
      stopWatching();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child @returns {() => void} */
function passOn(child) {
  /** @type {NodeJS.Timeout | undefined} */
  let force;
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    force ??= setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  };
  // A terminal gives Ctrl-C to the whole group: the child has it already.
  const listen = (/** @type {NodeJS.Signals} */ signal) => {
    told = true;
    if (signal !== 'SIGINT' || !process.stdin.isTTY) stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  const alive = callers();
  const poll = setInterval(() => {
    if (alive()) return;
    clearInterval(poll);
    listen('SIGTERM');
  }, POLL_MS);
  return () => {
    clearInterval(poll);
    clearTimeout(force);
    for (const signal of SIGNALS) process.off(signal, listen);
  };
}

/**
 * Answers a look at whether those who called are still there: our parent and, below npm, the parent of the shell that
 * npm puts between, since that shell outlives a killed npm.
 * @returns {() => boolean}
 */
export function callers() {
  const parent = process.ppid;
  const npm = parentBelowNpm(parent);
  return () => process.ppid === parent && exists(parent) && parentBelowNpm(parent) === npm;
}

/** The parent of a process, when npm called us and the system tells (Linux). @param {number} pid */
function parentBelowNpm(pid) {
  if (process.env.npm_lifecycle_event === undefined || process.platform !== 'linux') return undefined;
  try {
    // The name before it is in brackets and may itself hold brackets and spaces.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop()?.trim().split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** Windows keeps the number of a dead parent. @param {number} pid */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
