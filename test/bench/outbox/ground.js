/** What both sides stand on: one PostgreSQL, one broker, a service on each side's own database, Kafka Connect. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka } from '../../../tools/real/kafka.js';
import { startPostgres } from '../../../tools/real/postgres.js';
import { startConnect, CONNECT_JAVA } from '../connect.js';
import { fetchPeer } from '../parts.js';
import { Arrivals } from './arrivals.js';
import { startWriter } from './writer.js';

export const TOPICS = { ours: 'records.dossiers', peer: 'peer.dossiers' };
/** Two thirds of it are in use in a backlog of 50,000; most of the process is not heap. */
const HEAP = '-Xmx128m';

/**
 * @typedef {object} Ground
 * @property {Awaited<ReturnType<typeof startPostgres>>} postgres
 * @property {import('../../../tools/real/kafka.js').Kafka} kafka
 * @property {import('../connect.js').Connect} connect
 * @property {{ ours: import('./writer.js').Writer, peer: import('./writer.js').Writer }} writers
 * @property {Arrivals} arrivals
 * @property {(pollMs: number) => Promise<void>} connectPeer with that polling interval
 * @property {() => Promise<void>} disconnectPeer
 * @property {() => Promise<void>} stop
 */

/** @param {string} dir @returns {Promise<Ground>} */
export async function openGround(dir) {
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const { postgres, peerLogin } = await openDatabases(dir, (one) => undo.push(one.stop));
    const kafka = await startKafka({ dir: join(dir, 'kafka'), topics: [...Object.values(TOPICS), 'audit.dossiers'].map((name) => ({ name, partitions: 4 })) });
    undo.push(kafka.stop);
    const connect = await startConnect({ dir: join(dir, 'connect'), brokers: kafka.brokers, plugins: [await fetchPeer('debezium-postgres')], java: [...CONNECT_JAVA, HEAP] });
    undo.push(connect.stop);
    const writers = {
      ours: await startWriter({ name: 'ours', dir, database: postgres.databases['dossiers'], kafka: kafka.brokers }),
      peer: await startWriter({ name: 'peer', dir, database: postgres.databases['peer'] }),
    };
    undo.push(writers.ours.stop, writers.peer.stop);
    const arrivals = new Arrivals(kafka.brokers);
    await arrivals.start(Object.values(TOPICS));
    undo.push(() => arrivals.stop());
    const config = propertiesIn(readFileSync(new URL('debezium.properties', import.meta.url), 'utf8'));
    const connectPeer = (/** @type {number} */ pollMs) => connect.put('outbox', { ...config, ...peerLogin, 'poll.interval.ms': String(pollMs) });
    return { postgres, kafka, connect, writers, arrivals, connectPeer, disconnectPeer: () => connect.remove('outbox'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Our service's database and that of the peer's, on one server that also writes what logical decoding needs (the peer needs
 * it, we pay for it too).
 * @param {string} dir @param {(one: { stop: () => Promise<void> }) => void} onStart
 */
async function openDatabases(dir, onStart) {
  const data = join(dir, 'postgres');
  const services = ['dossiers', 'peer'];
  const { Database } = await import('@quan-so/persistence');
  const first = await startPostgres({ dir: data, services });
  const superuser = await Database.open({ service: 'bench', url: superuserUrl(first, data) });
  await superuser.sql('bench-logical', 'ALTER SYSTEM SET wal_level = logical');
  await superuser.close();
  await first.stop();
  const postgres = await startPostgres({ dir: data, services });
  onStart(postgres);
  return { postgres, peerLogin: loginOf(superuserUrl(postgres, data, 'peer')) };
}

/** Its password stands beside the data (kernel/persistence). @param {Awaited<ReturnType<typeof startPostgres>>} postgres @param {string} data @param {string} [database] */
function superuserUrl(postgres, data, database = 'postgres') {
  const url = new URL(postgres.databases['dossiers']?.url ?? '');
  url.username = 'postgres';
  url.password = encodeURIComponent(readFileSync(`${data}.secret`, 'utf8'));
  url.pathname = `/${database}`;
  return url.href;
}

/** @param {string} href */
function loginOf(href) {
  const url = new URL(href);
  return { 'database.hostname': url.hostname, 'database.port': url.port, 'database.user': url.username, 'database.password': decodeURIComponent(url.password), 'database.dbname': url.pathname.slice(1) };
}

/** @param {string} text @returns {Record<string, string>} */
function propertiesIn(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
