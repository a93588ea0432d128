/** One process that is started again whenever it ends, as an orchestrator does it; how it ended is remembered. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk, launch } from '../../tools/real/process.js';

/**
 * @typedef {object} Given
 * @property {string} name
 * @property {'dossiers' | 'warehouse' | 'catalog' | 'platform'} service
 * @property {number} port
 * @property {string[]} args of Node
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cwd
 * @property {string} log
 */

const LOOK_MS = 100;
const AGAIN_MS = 200;
const LONGEST_AGAIN_MS = 2_000;
/** The way down may take 30 s. */
const STOP_MS = 32_000;

export class Instance {
  /** @type {import('../../tools/real/process.js').Program | undefined} */
  #program;
  /** @type {readonly string[]} */
  #build = [];
  #stopped = false;
  #expected = false;
  #running = Promise.resolve();
  /** Whether it has answered that it is ready since it was started. */
  ready = false;
  /** Ends that nobody caused while it was ready: `name: code`. @type {string[]} */
  died = [];
  /** Starts that failed, e.g. because the database was away. */
  failedStarts = 0;

  /** @param {Given} given */
  constructor(given) {
    this.given = given;
    this.name = given.name;
    this.base = `http://127.0.0.1:${given.port}`;
  }

  get pid() {
    return this.#program?.pid ?? 0;
  }

  /** Bytes it holds in memory (Linux). */
  memory() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
  }

  /** From its next start on it runs with these arguments of Node besides its own. @param {readonly string[]} args */
  build(args) {
    this.#build = args;
  }

  start() {
    this.#stopped = false;
    this.#running = this.#keep();
  }

  /** @param {number} ms */
  async untilReady(ms) {
    const ends = Date.now() + ms;
    while (!this.ready) {
      if (Date.now() > ends) throw new Error(`${this.name}: not ready after ${ms / 1_000} s; see ${this.given.log}`);
      await sleep(LOOK_MS);
    }
  }

  /** A signal that may end it. @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#expected = signal !== 'SIGSTOP' && signal !== 'SIGCONT';
    if (this.#program?.running()) process.kill(this.#program.pid, signal);
  }

  /** Tells it to stop; answers its exit code and how long it took. It comes up again by itself. */
  async term() {
    const program = this.#program;
    const began = performance.now();
    this.signal('SIGTERM');
    const timer = setTimeout(() => program?.running() && process.kill(program.pid, 'SIGKILL'), STOP_MS);
    const code = await program?.ended;
    clearTimeout(timer);
    return { code, ms: Math.round(performance.now() - began) };
  }

  /** Until it is started again nothing of it is wanted any more; the orderly way down is what `term` looks at. */
  async end() {
    this.#stopped = true;
    this.signal('SIGKILL');
    await this.#running;
  }

  async #keep() {
    for (let failed = 0; !this.#stopped; ) {
      const { args, env, cwd, log, name } = this.given;
      this.#expected = false;
      const program = launch({ name, command: process.execPath, args: [...this.#build, ...args], cwd, env, log, stopMs: STOP_MS });
      this.#program = program;
      const watching = this.#watch(program);
      const code = await program.ended;
      await watching;
      if (this.ready && !this.#expected) this.died.push(`${name}: ${code}`);
      if (!this.ready && !this.#expected) this.failedStarts += 1;
      failed = this.ready ? 0 : failed + 1;
      this.ready = false;
      if (!this.#stopped) await sleep(Math.min(LONGEST_AGAIN_MS, AGAIN_MS * 2 ** Math.min(failed, 4)));
    }
  }

  /** @param {import('../../tools/real/process.js').Program} program */
  async #watch(program) {
    while (program.running() && !this.ready) {
      this.ready = await answersOk(`${this.base}/health/ready`);
      await sleep(LOOK_MS);
    }
  }
}
