/** One kafkajs consumer outside of both sides: when each event became visible, which came twice, which before its elder. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { now } from './clock.js';
import { numberIn, subjectOf } from './facts.js';

export class Arrivals {
  #consumer;
  /** @type {Map<number, number>} */
  #at = new Map();
  /** @type {Map<string, number>} */
  #last = new Map();
  twice = 0;
  disordered = 0;

  /** @param {string} brokers */
  constructor(brokers) {
    const kafka = new kafkajs.Kafka({ clientId: 'bench', brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
    // A fetch is answered as soon as there is a byte; all partitions in one.
    this.#consumer = kafka.consumer({ groupId: 'bench-arrivals', minBytes: 1, maxWaitTimeInMs: 500, sessionTimeout: 60_000, heartbeatInterval: 5_000 });
  }

  /** @param {readonly string[]} topics */
  async start(topics) {
    await this.#consumer.connect();
    for (const topic of topics) await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#consumer.run({
      autoCommitInterval: 5_000,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        const at = now();
        for (const { value } of batch.messages) this.#take(value?.toString() ?? '', at);
        resolveOffset(String(batch.messages.at(-1)?.offset));
        await heartbeat();
      },
    });
  }

  /** @param {string} text @param {number} at */
  #take(text, at) {
    const n = numberIn(text);
    if (n === undefined) return;
    if (this.#at.has(n)) {
      this.twice += 1;
      return;
    }
    this.#at.set(n, at);
    const subject = subjectOf(n);
    if ((this.#last.get(subject) ?? -1) > n) this.disordered += 1;
    this.#last.set(subject, n);
  }

  /** When it became visible (ms of `now`). @param {number} n */
  at(n) {
    return this.#at.get(n);
  }

  /** Waits until all numbers of a range have come; throws when one is missing after `ms`. @param {number} from @param {number} to not itself @param {number} ms */
  async all(from, to, ms) {
    const ends = now() + ms;
    for (let next = from; next < to; ) {
      if (this.#at.has(next)) next += 1;
      else if (now() > ends) throw new Error(`event ${next} of ${from}–${to - 1} did not arrive within ${ms / 1_000} s`);
      else await sleep(2);
    }
  }

  /** Those of a range that came, and when the last did. @param {number} from @param {number} to */
  lastOf(from, to) {
    let last = 0;
    for (let n = from; n < to; n += 1) last = Math.max(last, this.#at.get(n) ?? 0);
    return last;
  }

  async stop() {
    await this.#consumer.disconnect();
  }
}
