/** R5: twelve kinds of events that nobody can take, told in the name of the dossiers themselves. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerOf } from './away.js';
import { quantile, watchLag } from './scene.js';

const TOPIC = 'records.dossiers';
const LOOK_MS = 20;
/** Slower than this it takes no longer: the machine is too busy, and the count says so. */
const LEAST_RATE = 15;
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

/** One message in a hundred is poison. @param {number} messages all that are told meanwhile, about @returns {import('../run.js').Scene} */
export function poisonScene(messages) {
  let sent = 0;
  return {
    parks: true,
    play: async (stage) => {
      const { ground, client, sight } = stage;
      const lag = watchLag(stage);
      const producer = brokerOf(ground).producer(TOPIC, 'dossiers');
      const kinds = Object.entries(POISON);
      const before = client.acknowledged;
      for (const ends = performance.now() + (messages / LEAST_RATE) * 1_000; performance.now() < ends && client.acknowledged - before < messages * 0.99; await sleep(LOOK_MS)) {
        if (client.acknowledged - before < sent * 99) continue;
        tell(producer, kinds[sent % kinds.length]?.[1]);
        sent += 1;
      }
      for (; sent < kinds.length; sent += 1) tell(producer, kinds[sent]?.[1]);
      await producer.end();
      const ms = await lag.stop();
      sight.tell('sự kiện hỏng, mười hai kiểu / poisoned events of twelve kinds', sent);
      sight.least('sự kiện lành / healthy events', client.acknowledged - before, Math.round(messages * 0.95));
      sight.tell('từ xác nhận tới kho p50, ms / from answer to warehouse p50, ms', quantile(ms, 0.5));
      sight.most('từ xác nhận tới kho p99, ms / from answer to warehouse p99, ms', quantile(ms, 0.99), 2_000);
      sight.most('từ xác nhận tới kho lâu nhất, ms / from answer to warehouse longest, ms', quantile(ms, 1), 5_000);
    },
    judge: ({ facts, sight }) => sight.most('sự kiện hỏng không được để riêng / poisoned events not aside', Math.abs(sent - facts.parked), 0),
  };
}

/** @param {ReturnType<NonNullable<import('../run.js').Stage['ground']['kafka']>['producer']>} producer @param {((key: string) => string | null) | undefined} valueOf */
function tell(producer, valueOf) {
  const key = randomUUID();
  producer.write(key, valueOf?.(key) ?? null);
}
