/** R5: twelve kinds of events that nobody can take, told in the name of the dossiers themselves. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, quantile, watchLag } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */

const TOPIC = 'records.dossiers';
const EVERY_MS = 1_000;
const TYPE = 'vn.quanso.data.record-changed.v1';
/** The largest message the broker takes is 1 MiB. */
const LARGE = 900_000;

/** A record as the dossiers tell it; `change` breaks it. @param {string} key @param {object} [data] @param {object} [envelope] */
function told(key, data = {}, envelope = {}) {
  const unit = 'H99.05';
  const whole = { dataset: 'dossiers', key, version: 1, code: `H99.05.01-261125-9${key.slice(0, 3)}`, unit, receivingUnit: 'H99.05.01', status: '2', title: 'Thử', changedAt: new Date().toISOString(), body: {} };
  return { specversion: '1.0', id: randomUUID(), source: '/dossiers', type: TYPE, subject: key, time: new Date().toISOString(), datacontenttype: 'application/json', data: { ...whole, ...data }, ...envelope };
}

/**
 * Kind → value of a message for a key, or null for a message without a value.
 * @type {Record<string, (key: string) => string | null>}
 */
export const POISON = {
  'no value': () => null,
  'empty text': () => '',
  'not JSON': () => '{"specversion":"1.0"',
  'a list': () => '[1,2,3]',
  'no CloudEvent': () => '{"hello":"world"}',
  'nested until the stack ends': () => '['.repeat(200_000) + ']'.repeat(200_000),
  'an id that is none': (key) => JSON.stringify(told(key, {}, { id: 'one' })),
  'no subject': (key) => JSON.stringify(told(key, {}, { subject: '' })),
  'a version that is a word': (key) => JSON.stringify(told(key, { version: 'first' })),
  'a version below one': (key) => JSON.stringify(told(key, { version: 0 })),
  'a dataset of somebody else': (key) => JSON.stringify(told(key, { dataset: 'registers-of-others' })),
  'text of 900 kB with NUL': (key) => JSON.stringify(told(key, { title: `\u0000${'a'.repeat(LARGE)}` })),
};

/** @param {number} seconds @returns {import('../run.js').Scene} */
export function poisonScene(seconds) {
  let sent = 0;
  return {
    parks: true,
    play: async (stage) => {
      const { kafka } = stage.ground;
      if (kafka === undefined) return ['poison is told through a broker: --transport kafka'];
      const lag = watchLag(stage);
      const producer = kafka.producer(TOPIC, 'dossiers');
      const kinds = Object.entries(POISON);
      for (const ends = Date.now() + seconds * 1_000; Date.now() < ends || sent % kinds.length !== 0; sent += 1) {
        const key = randomUUID();
        producer.write(key, kinds[sent % kinds.length]?.[1](key) ?? null);
        await sleep(EVERY_MS);
      }
      await producer.end();
      const ms = await lag.stop();
      stage.tell(`${sent} poisoned of ${kinds.length} kinds beside ${stage.client.acknowledged} commands; told to warehouse: p50 ${quantile(ms, 0.5)}, p99 ${quantile(ms, 0.99)}, longest ${quantile(ms, 1)} ms`);
      return [...must(quantile(ms, 0.99) <= 2_000, `healthy p99 ${quantile(ms, 0.99)} ms`), ...must(quantile(ms, 1) <= 5_000, `healthy longest ${quantile(ms, 1)} ms`)];
    },
    judge: ({ facts, ground }) => [
      ...must(facts.parked === sent, `poisoned ${sent}, aside ${facts.parked}`),
      ...ground.instances.flatMap(({ died }) => died).map((one) => `ended by itself: ${one}`),
    ],
  };
}
