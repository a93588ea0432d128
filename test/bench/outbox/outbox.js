/**
 * N12: from COMMIT to visible at a consumer. Our relay, inside a running service, beside Debezium's outbox event router on
 * Kafka Connect, which reads the same facts from the log of the same server and sends them to the same broker.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Meter, pssOf } from '../cpu.js';
import { PEERS } from '../parts.js';
import { interleaved } from '../rounds.js';
import { openGround } from './ground.js';
import { reportOf } from './report.js';

/** What polls: how long the peer's task and its reader of the log wait when there was nothing (ms). */
export const POLL = { poll50: 50, best: 1 };
/** @typedef {{ rates: readonly number[], seconds: number, backlog: number }} Sizes */
/** @type {{ full: Sizes, quick: Sizes }} */
const SIZES = { full: { rates: [100, 500, 1_000], seconds: 5, backlog: 50_000 }, quick: { rates: [100], seconds: 2, backlog: 2_000 } };
const ARRIVE_MS = 120_000;
const CHUNK = 1_000;

/** @typedef {Record<'service' | 'bare' | 'connect' | 'postgres' | 'kafka', number>} Cpu µs */
/** @typedef {{ rate: number, events: number, us: number, cpu: Cpu, fromCommit: number[], fromDue: number[], late: number }} PacedRun ms */
/** @typedef {{ events: number, us: number, cpu: Cpu }} DrainRun */
/**
 * What one side showed in one round. @typedef {object} Shown
 * @property {readonly PacedRun[]} paced
 * @property {DrainRun | undefined} drain
 * @property {{ service: number, bare: number, connect: number }} pss  bytes, at its end
 * @property {{ twice: number, disordered: number }} wrong
 */

/** @type {import('../scenes.js').Scene} */
export const scene = {
  title: { vi: 'từ COMMIT tới người nghe, bên cạnh Debezium', en: 'from COMMIT to the consumer, beside Debezium' },
  rounds: 5,
  run: async ({ rounds, quick, dir, tell }) => {
    const ground = await openGround(dir);
    try {
      const sizes = quick ? SIZES.quick : SIZES.full;
      const bench = new Bench(ground, sizes);
      tell('làm nóng / warming up');
      if (!quick) await bench.warmUp();
      const sides = /** @type {const} */ (['relay', 'poll50', 'best']).map((name) => ({ name, run: () => bench.side(name) }));
      const shown = await interleaved({ rounds, sides, tell });
      return reportOf(shown, sizes, PEERS);
    } catch (error) {
      tell(ground.connect.output().split('\n').slice(-40).join('\n'));
      throw error;
    } finally {
      await ground.stop();
    }
  },
};

class Bench {
  #ground;
  #meter;
  #sizes;
  /** The number of the next event. */
  #next = 0;

  /** @param {import('./ground.js').Ground} ground @param {Sizes} sizes */
  constructor(ground, sizes) {
    this.#ground = ground;
    this.#sizes = sizes;
    const { writers, connect, postgres, kafka } = ground;
    this.#meter = new Meter({ service: () => [writers.ours.pid], bare: () => [writers.peer.pid], connect: () => [connect.pid], postgres: () => [postgres.pid()], kafka: () => [kafka.pid()] });
  }

  /** Both sides, the JVM for over a minute: its compilers have then seen what it will do. */
  async warmUp() {
    await this.#paced('ours', 500, 5);
    await this.#drain('ours');
    await this.#ground.connectPeer(POLL.best);
    const ends = performance.now() + 65_000;
    while (performance.now() < ends) {
      await this.#drain('peer');
      await this.#paced('peer', 1_000, 5);
    }
    await this.#ground.disconnectPeer();
  }

  /** @param {'relay' | keyof typeof POLL} name @returns {Promise<Shown>} */
  async side(name) {
    const { arrivals, connectPeer, disconnectPeer, writers, connect } = this.#ground;
    const before = { twice: arrivals.twice, disordered: arrivals.disordered };
    const who = name === 'relay' ? 'ours' : 'peer';
    if (name !== 'relay') await connectPeer(POLL[name]);
    // What the other side left in the log is read; caches are as they will be.
    await this.#paced(who, this.#sizes.rates[0] ?? 100, 2);
    const paced = [];
    for (const rate of this.#sizes.rates) paced.push(await this.#paced(who, rate, this.#sizes.seconds));
    const pss = { service: pssOf([writers.ours.pid]), bare: pssOf([writers.peer.pid]), connect: pssOf([connect.pid]) };
    const drain = name === 'poll50' ? undefined : await this.#drain(who);
    if (name !== 'relay') await disconnectPeer();
    const wrong = { twice: arrivals.twice - before.twice, disordered: arrivals.disordered - before.disordered };
    if (name === 'relay' && wrong.twice + wrong.disordered > 0) throw new Error(`${wrong.twice} events came twice, ${wrong.disordered} before their elder`);
    return { paced, drain, pss, wrong };
  }

  /** @param {'ours' | 'peer'} who @param {number} rate @param {number} seconds @returns {Promise<PacedRun>} */
  async #paced(who, rate, seconds) {
    const { arrivals, writers } = this.#ground;
    const from = this.#next;
    const events = Math.round(rate * seconds);
    this.#next += events;
    await sleep(300);
    this.#meter.start();
    const { due, committed, late } = await writers[who].paced({ rate, seconds, from });
    await arrivals.all(from, this.#next, ARRIVE_MS);
    const { cpu, us } = this.#meter.stop();
    const since = (/** @type {readonly number[]} */ moments) => moments.map((moment, i) => Number(arrivals.at(from + i)) - moment);
    return { rate, events, us, cpu: /** @type {Cpu} */ (cpu), fromCommit: since(committed), fromDue: since(due), late: late.p99 };
  }

  /** A backlog, written as fast as the database takes it. @param {'ours' | 'peer'} who @returns {Promise<DrainRun>} */
  async #drain(who) {
    const { arrivals, writers } = this.#ground;
    const from = this.#next;
    const events = this.#sizes.backlog;
    this.#next += events;
    await sleep(300);
    this.#meter.start();
    await writers[who].bulk({ count: events, from, chunk: CHUNK });
    await arrivals.all(from, this.#next, ARRIVE_MS);
    const { cpu, us } = this.#meter.stop();
    return { events, us, cpu: /** @type {Cpu} */ (cpu) };
  }
}
