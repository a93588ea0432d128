/** The log from which both sides read: filled while nobody reads, and asked how far a group has come. */
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { quietWhenIdle } from '../../../libs/kernel/messaging/dist/kafka-idle.js';
import { toldOf } from './events.js';

export const USER = 'bench';
/** As the relay sends: a record batch per partition, half of what a broker takes at most. */
const BATCH_BYTES = 512_000;
const LOOK_MS = 200;

/** @typedef {{ key: string, value: string, traceparent: string | undefined }} Written */

export class Log {
  #admin;
  #producer;
  #shardOf;

  /** @param {import('../../../tools/real/kafka.js').Kafka} broker @param {(kind: 'records', subject: string) => number} shardOf */
  constructor({ brokers, passwords, caFile }, shardOf) {
    quietWhenIdle();
    const sasl = /** @type {const} */ ({ mechanism: 'scram-sha-512', username: USER, password: passwords[USER] ?? '' });
    const kafka = new Kafka({ clientId: USER, brokers: [brokers], ssl: { ca: [readFileSync(String(caFile), 'utf8')] }, sasl, logLevel: logLevel.ERROR });
    this.#admin = kafka.admin();
    this.#producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
    this.#shardOf = shardOf;
  }

  async open() {
    await Promise.all([this.#admin.connect(), this.#producer.connect()]);
  }

  async close() {
    await Promise.allSettled([this.#admin.disconnect(), this.#producer.disconnect()]);
  }

  /** Appends the events, of each partition in their order; every in-sync replica has them. @param {string} topic @param {Uint32Array} codes @param {(told: import('./events.js').Told) => Written} write */
  async fill(topic, codes, write) {
    /** @type {Map<number, { bytes: number, messages: import('kafkajs').Message[], sent: Promise<unknown> }>} */
    const open = new Map();
    let bytes = 0;
    for (const code of codes) {
      const { key, value, traceparent } = write(toldOf(code));
      const partition = this.#shardOf('records', key);
      const batch = open.get(partition) ?? { bytes: 0, messages: [], sent: Promise.resolve() };
      open.set(partition, batch);
      batch.messages.push({ key, value, partition, headers: traceparent === undefined ? {} : { 'content-type': 'application/cloudevents+json', traceparent } });
      batch.bytes += value.length + 150;
      bytes += Buffer.byteLength(value);
      if (batch.bytes < BATCH_BYTES) continue;
      // One on its way for each partition.
      await batch.sent;
      open.set(partition, { bytes: 0, messages: [], sent: this.#producer.send({ topic, acks: -1, messages: batch.messages }) });
    }
    await Promise.all([...open.values()].map(async ({ messages, sent }) => {
      await sent;
      if (messages.length > 0) await this.#producer.send({ topic, acks: -1, messages });
    }));
    return { bytes };
  }

  /** Waits until the group has committed all that is in the topic. @param {string} group @param {string} topic @param {() => Promise<void>} alive throws when its reader is gone @param {number} limitMs */
  async untilRead(group, topic, alive, limitMs) {
    const ends = await this.#admin.fetchTopicOffsets(topic);
    const until = Date.now() + limitMs;
    for (;;) {
      await alive();
      const left = await this.#left(group, topic, ends);
      if (left === 0) return;
      if (Date.now() > until) throw new Error(`${group}: ${left} events of ${topic} unread after ${limitMs / 1_000} s`);
      await sleep(LOOK_MS);
    }
  }

  /** @param {string} group @param {string} topic @param {readonly { partition: number, high: string }[]} ends */
  async #left(group, topic, ends) {
    try {
      const [read] = await this.#admin.fetchOffsets({ groupId: group, topics: [topic] });
      const at = new Map(read?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends.reduce((sum, { partition, high }) => sum + Number(high) - Math.max(0, at.get(partition) ?? 0), 0);
    } catch (error) {
      // The first group of a new broker: its place is still being made.
      if (error instanceof Error && 'retriable' in error && error.retriable === true) return Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}
