/** Strikes a running platform: SIGKILL, SIGSTOP with SIGCONT, SIGTERM, restarts of the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answersTcp } from '../../tools/real/process.js';

/**
 * @typedef {object} Struck
 * @property {Record<string, number>} kills  by kind
 * @property {number} freezes
 * @property {number} terms
 * @property {number} restarts
 * @property {string[]} badTerms             SIGTERMs that did not end with code 0 within 30 s
 * @property {number} slowestDatabaseMs      from a blow to the database until it listens again
 */

/** @returns {Struck} */
export const noBlows = () => ({ kills: {}, freezes: 0, terms: 0, restarts: 0, badTerms: [], slowestDatabaseMs: 0 });

/** The launcher raises a server that ends by itself once in ten seconds. */
const DATABASE_REST_MS = 11_000;
const UP_MS = 60_000;
const TERM_MS = 30_000;
const READY_MS = 90_000;

/** Who holds the shards of the dossiers' relay. */
const OWNER = `SELECT a.pid, a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() GROUP BY a.pid, a.application_name ORDER BY count(*) DESC LIMIT 1`;
const END_OWNER = `SELECT pg_terminate_backend($1)`;

export class Striker {
  #databaseAt = Number.NEGATIVE_INFINITY;
  #broker = Promise.resolve();
  struck;
  /**
   * @param {import('./ground.js').Ground} ground
   * @param {import('./facts.js').Read} read of the dossiers' database
   * @param {Struck} struck what earlier parts of the run did
   */
  constructor(ground, read, struck) {
    this.ground = ground;
    this.read = read;
    this.struck = struck;
  }

  /** @param {import('./plan.js').Blow} blow */
  async strike(blow) {
    if (blow.act === 'kill') await this.#kill(blow.kind, blow.pick);
    else if (blow.act === 'freeze') await this.#freeze(blow.kind, blow.ms, blow.pick);
    else if (blow.act === 'term') await this.#term(blow.pick);
    else await this.#restart();
  }

  /** @param {import('./plan.js').KillKind} kind @param {number} pick */
  async #kill(kind, pick) {
    if (kind === 'broker') await this.#killBroker();
    else if (kind === 'postmaster') await this.#database('SIGKILL');
    else (await this.#victim(kind, pick)).signal('SIGKILL');
    this.struck.kills[kind] = (this.struck.kills[kind] ?? 0) + 1;
  }

  /** Resolves when it is gone; it comes up while other blows fall. */
  async #killBroker() {
    const { kafka } = this.ground;
    if (kafka === undefined) throw new Error('there is no broker');
    await this.settle();
    const pid = kafka.pid();
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(20);
    this.#broker = kafka.again();
    // Whoever waits for it hears of it.
    this.#broker.catch(() => undefined);
  }

  /** Resolves when everything that was struck is up or coming up by itself. */
  async settle() {
    await this.#broker;
  }

  /** SIGKILL, or SIGINT: a fast restart, which ends every session. @param {NodeJS.Signals} signal */
  async #database(signal) {
    await sleep(Math.max(0, this.#databaseAt + DATABASE_REST_MS - performance.now()));
    const { postgres } = this.ground;
    const before = postgres.pid();
    const began = performance.now();
    process.kill(before, signal);
    const ends = began + UP_MS;
    const port = Number(new URL(postgres.databases['dossiers']?.url ?? '').port);
    while (postgres.pid() === before || !(await answersTcp(port))) {
      if (performance.now() > ends) throw new Error(`PostgreSQL did not come back after ${signal}`);
      await sleep(50);
    }
    this.struck.slowestDatabaseMs = Math.max(this.struck.slowestDatabaseMs, Math.round(performance.now() - began));
    this.#databaseAt = performance.now();
  }

  async #restart() {
    await this.#database('SIGINT');
    this.struck.restarts += 1;
  }

  /**
   * A zombie: it sleeps while others take its place, then goes on with what it believes. A relay loses the session that
   * holds its locks meanwhile, as when a network cuts it off; a consumer sleeps longer than its session at the broker.
   * @param {'relay' | 'consumer' | 'api' | 'process'} kind @param {number} ms @param {number} pick
   */
  async #freeze(kind, ms, pick) {
    const victim = await this.#victim(kind, pick);
    victim.signal('SIGSTOP');
    try {
      await sleep(1_000);
      if (kind === 'relay') {
        const owner = await this.#owner();
        if (owner?.name === victim.name) await this.read('chaos-end-owner', END_OWNER, [owner.pid]).catch(() => undefined);
      }
      await sleep(ms - 1_000);
    } finally {
      victim.signal('SIGCONT');
    }
    this.struck.freezes += 1;
  }

  /** @param {number} pick */
  async #term(pick) {
    const all = this.ground.instances;
    const one = all[Math.floor(pick * all.length)];
    if (one === undefined) return;
    // Whoever stops processes in order sees to it that another of their kind serves.
    await Promise.all(all.filter(({ given }) => given.service === one.given.service).map((other) => other.untilReady(READY_MS)));
    const { code, ms } = await one.term();
    this.struck.terms += 1;
    if (code !== 0 || ms > TERM_MS) this.struck.badTerms.push(`${one.name}: ${code}, ${ms} ms`);
  }

  /** Whoever it is, it is up: a kill of what is down shows nothing. @param {string} kind @param {number} pick */
  async #victim(kind, pick) {
    const service = { api: 'dossiers', relay: 'dossiers', consumer: 'warehouse', reference: 'catalog', process: 'platform' }[kind];
    const all = this.ground.instances.filter(({ given }) => given.service === service);
    const up = all.filter(({ ready }) => ready);
    const equals = up.length > 0 ? up : all;
    const owner = kind === 'relay' ? await this.#owner() : undefined;
    const one = equals.find(({ name }) => name === owner?.name) ?? equals[Math.floor(pick * equals.length)];
    if (one === undefined) throw new Error(`nobody is ${kind}`);
    await one.untilReady(READY_MS);
    return one;
  }

  /** @returns {Promise<{ pid: number, name: string } | undefined>} */
  async #owner() {
    const [row] = await this.read('chaos-owner', OWNER, []).catch(() => []);
    return /** @type {any} */ (row);
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
