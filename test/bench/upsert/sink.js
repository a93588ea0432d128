/**
 * The peer: Debezium's JDBC sink on Kafka Connect, on its own PostgreSQL, into the same table with the same indexes as the
 * warehouse's records. Inbox, history and counters it has none.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../../tools/real/postgres.js';
import { startConnect } from '../connect.js';
import { fetchPeer } from '../parts.js';
import { openDatabase } from './database.js';

export const SINK = 'sink';
export const FLAT_TOPIC = 'records.flat';
export const GROUP_PREFIX = 'connect-';
const TURN_MS = 180_000;

const fileOf = (/** @type {string} */ name) => readFileSync(new URL(`sink/${name}`, import.meta.url), 'utf8');

/** @param {string} text @returns {Record<string, string>} */
function propertiesOf(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The worker: one JVM for all rounds, so that it is warm. @param {{ kafka: import('../../../tools/real/kafka.js').Kafka }} ground @param {string} dir */
export async function openWorker({ kafka }, dir) {
  const { brokers, passwords, caFile } = kafka;
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${SINK}" password="${passwords[SINK]}";`;
  const secured = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': login, 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': String(caFile) };
  const consumer = Object.fromEntries(Object.entries(secured).map(([name, value]) => [`consumer.${name}`, value]));
  return startConnect({ dir, brokers, plugins: [await fetchPeer('debezium-jdbc')], worker: { ...secured, ...consumer, ...propertiesOf(fileOf('worker.properties')) } });
}

/**
 * The sink on a fresh database. Its group goes on where it was in the topic.
 * @param {import('../connect.js').Connect} worker @param {string} dir
 * @returns {Promise<import('./sides.js').Reader>}
 */
export async function openSink(worker, dir) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), services: [SINK] });
  const url = postgres.databases[SINK]?.migratorUrl ?? '';
  const database = openDatabase(url);
  try {
    await database.sql(fileOf('record.sql'));
    const { hostname, port, username, password, pathname } = new URL(url);
    await put(worker, {
      ...propertiesOf(fileOf('connector.properties')),
      'value.converter.schema.content': JSON.stringify(JSON.parse(fileOf('schema.json'))),
      'connection.url': `jdbc:postgresql://${hostname}:${port}${pathname}?reWriteBatchedInserts=true`,
      'connection.username': username,
      'connection.password': decodeURIComponent(password),
    });
  } catch (error) {
    await database.close();
    await postgres.stop();
    throw error;
  }
  return {
    name: 'debezium-jdbc',
    topic: FLAT_TOPIC,
    group: `${GROUP_PREFIX}${SINK}`,
    sql: database.sql,
    parts: { process: () => [worker.pid], postgres: () => [postgres.pid()] },
    alive: async () => {
      const state = await worker.state(SINK);
      if (/FAILED/.test(state)) throw new Error(`${SINK}: ${state}`);
    },
    hold: () => turn(worker, 'pause'),
    resume: () => turn(worker, 'resume'),
    stop: async () => {
      await worker.remove(SINK);
      await database.close();
      await postgres.stop();
    },
  };
}

/** Hibernate takes its time on a busy machine. @param {import('../connect.js').Connect} worker @param {Record<string, string>} config */
async function put(worker, config) {
  try {
    await worker.put(SINK, config);
  } catch (error) {
    if (!/UNASSIGNED/.test(String(error))) throw error;
    await until(worker, 'RUNNING');
  }
}

/** @param {import('../connect.js').Connect} worker @param {'pause' | 'resume'} what */
async function turn(worker, what) {
  await fetch(`${worker.rest}/connectors/${SINK}/${what}`, { method: 'PUT' });
  await until(worker, what === 'pause' ? 'PAUSED' : 'RUNNING');
}

/** @param {import('../connect.js').Connect} worker @param {string} wanted */
async function until({ state }, wanted) {
  for (const ends = Date.now() + TURN_MS; ; await sleep(100)) {
    const now = await state(SINK);
    if (now.startsWith(wanted)) return;
    if (/FAILED/.test(now) || Date.now() > ends) throw new Error(`${SINK}: ${now}`);
  }
}
