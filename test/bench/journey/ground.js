/**
 * What the way stands on: the services as processes of their own on Kafka, or all of them in one process without a broker;
 * real PostgreSQL that syncs every commit and remembers when each was.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PartError } from '../../../tools/real/cache.js';
import { startKafka } from '../../../tools/real/kafka.js';
import { startPostgres } from '../../../tools/real/postgres.js';
import { answersOk, freePorts, launch, waitFor } from '../../../tools/real/process.js';
import { environment, migrate, writeKeys } from '../../../tools/real/services.js';
import { topologyOf } from '../../../tools/real/topology.js';
import { services } from '../../../tools/layers.js';

export const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const AUTHORITY = 'quan-sao-mai';
const READY_MS = 90_000;
const STOP_MS = 32_000;

/** @typedef {'kafka' | 'local'} Transport */
/** @typedef {<R = Record<string, any>>(name: string, text: string, values?: readonly unknown[]) => Promise<R[]>} Sql */
/**
 * @typedef {object} Ground
 * @property {{ dossiers: string, warehouse: string }} bases
 * @property {import('../cpu.js').Parts} parts
 * @property {{ dossiers: Sql, warehouse: Sql }} sql
 * @property {() => Promise<{ sql: Sql, close(): Promise<void> }>} session of its own at the database of the dossiers
 * @property {() => Promise<void>} stop
 */

/** @param {Transport} transport @param {string} dir @param {string} issuer @param {readonly string[]} [nodeArgs] @returns {Promise<Ground>} */
export async function openGround(transport, dir, issuer, nodeArgs = []) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const postgres = await openPostgres(dir);
    undo.push(() => postgres.stop());
    const kafka = transport === 'kafka' ? await openKafka(dir) : undefined;
    if (kafka !== undefined) undo.push(() => kafka.stop());
    const given = { root: ROOT, dir, pack: join(ROOT, 'deploy', 'authorities', AUTHORITY), issuer, zipkinEndpoint: '', databases: postgres.databases, kafka: kafka ?? noBroker() };
    const running = await (transport === 'kafka' ? startServices : startPlatform)(given, nodeArgs, undo);
    const { Database } = await import('@quan-so/persistence');
    const open = async (/** @type {'dossiers' | 'warehouse'} */ service) => {
      const database = await Database.open({ service: 'bench', url: postgres.databases[service]?.url ?? '', poolSize: 2 });
      undo.push(() => database.close());
      return database;
    };
    const [dossiers, warehouse] = [await open('dossiers'), await open('warehouse')];
    const parts = { ...running.parts, postgres: () => [postgres.pid()], ...(kafka === undefined ? {} : { kafka: () => [kafka.pid()] }) };
    return { bases: running.bases, parts, sql: { dossiers: /** @type {any} */ (dossiers.sql), warehouse: /** @type {any} */ (warehouse.sql) }, session: /** @type {any} */ (() => dossiers.connection()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} dir */
async function openPostgres(dir) {
  const { startEmbeddedPostgres } = await import('@quan-so/persistence/embedded');
  const dataDir = join(dir, 'postgres');
  // The cluster is made, then told to remember when each transaction was committed: what was readable when is asked
  // afterwards, and nobody has to look while the clock runs.
  const first = await startEmbeddedPostgres({ dataDir });
  await first.stop();
  appendFileSync(join(dataDir, 'postgresql.auto.conf'), 'track_commit_timestamp = on\n');
  return startPostgres({ dir: dataDir, services: services.map(({ name }) => name) });
}

/** @param {string} dir */
async function openKafka(dir) {
  const { SHARDS } = await import('@quan-so/contract');
  const definitions = await Promise.all(
    services.map(async ({ layer, name }) => {
      if (!existsSync(join(ROOT, 'apps', layer, name, 'dist', 'main.js'))) throw new PartError(`apps/${layer}/${name} chưa được dịch / is not built: npm run build.`);
      return (await import(`@quan-so/${name}`))[name];
    }),
  );
  return startKafka({ dir: join(dir, 'kafka'), ...topologyOf(definitions, SHARDS), keep: true });
}

/** The configuration names a broker; without one nobody calls there. @returns {any} */
function noBroker() {
  return { brokers: '127.0.0.1:9', passwords: Object.fromEntries(services.map(({ name }) => [name, 'unused'])), caFile: undefined };
}

/** As in production: answers are not checked against their contract; no back end of traces is configured. */
const ENV = { QUANSO_CHECK_ANSWERS: '0', OTEL_TRACES_EXPORTER: process.env.BENCH_TRACES ?? 'none', OTEL_EXPORTER_OTLP_ENDPOINT: process.env.BENCH_OTLP };

/** @param {import('../../../tools/real/services.js').Ground} given @param {readonly string[]} nodeArgs @param {(() => Promise<unknown>)[]} undo */
async function startServices(given, nodeArgs, undo) {
  const keys = writeKeys(given.dir);
  for (const service of services) await migrate(service, given, keys);
  const ports = await freePorts(services.length);
  const programs = services.map(({ name, layer }, i) => {
    const env = { ...environment(name, given, keys), ...ENV, PORT: String(ports[i]) };
    const args = [...nodeArgs, join(ROOT, 'apps', layer, name, 'dist', 'main.js')];
    return launch({ name, command: process.execPath, args, cwd: given.dir, env, log: join(given.dir, `${name}.log`), stopMs: STOP_MS });
  });
  undo.push(() => Promise.all(programs.map((program) => program.stop())));
  await Promise.all(programs.map((program, i) => waitFor(program, () => answersOk(`http://127.0.0.1:${ports[i]}/health/ready`), READY_MS)));
  const at = (/** @type {string} */ name) => services.findIndex((one) => one.name === name);
  const base = (/** @type {string} */ name) => `http://127.0.0.1:${ports[at(name)]}`;
  const pid = (/** @type {string} */ name) => () => [programs[at(name)]?.pid ?? 0];
  return { bases: { dossiers: base('dossiers'), warehouse: base('warehouse') }, parts: { dossiers: pid('dossiers'), warehouse: pid('warehouse'), catalog: pid('catalog') } };
}

/** @param {import('../../../tools/real/services.js').Ground} given @param {readonly string[]} nodeArgs @param {(() => Promise<unknown>)[]} undo */
async function startPlatform(given, nodeArgs, undo) {
  const keys = writeKeys(given.dir);
  for (const service of services) await migrate(service, given, keys);
  const [port, warehousePort] = await freePorts(2);
  const databases = Object.fromEntries(services.map(({ name }) => [name, given.databases[name]?.url]));
  const env = { ...environment('dossiers', given, keys), ...ENV, PORT: String(port), WAREHOUSE_PORT: String(warehousePort), QUANSO_DATABASES: JSON.stringify(databases) };
  const args = [...nodeArgs, join(import.meta.dirname, 'platform-main.js')];
  const program = launch({ name: 'platform', command: process.execPath, args, cwd: given.dir, env, log: join(given.dir, 'platform.log'), stopMs: STOP_MS });
  undo.push(() => program.stop());
  const bases = { dossiers: `http://127.0.0.1:${port}`, warehouse: `http://127.0.0.1:${warehousePort}` };
  await waitFor(program, async () => (await answersOk(`${bases.dossiers}/health/ready`)) && answersOk(`${bases.warehouse}/health/ready`), READY_MS);
  return { bases, parts: { platform: () => [program.pid] } };
}

/** Staff of the authority pack. */
export function staffOf() {
  return JSON.parse(readFileSync(join(ROOT, 'deploy', 'authorities', AUTHORITY, 'staff.json'), 'utf8')).people;
}
