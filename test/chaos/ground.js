/** What a run stands on: real PostgreSQL, real Kafka (or none), the services as processes that come again, an issuer. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startKafka } from '../../tools/real/kafka.js';
import { startPostgres } from '../../tools/real/postgres.js';
import { freePorts } from '../../tools/real/process.js';
import { PartError } from '../../tools/real/cache.js';
import { environment, migrate, writeKeys } from '../../tools/real/services.js';
import { topologyOf } from '../../tools/real/topology.js';
import { services } from '../../tools/layers.js';
import { Instance } from './instance.js';

export const ROOT = resolve(import.meta.dirname, '..', '..');
const AUTHORITY = 'quan-sao-mai';
const READY_MS = 120_000;
/** Two of those that can stand in each other's way: two relays, two members of the group. */
const COPIES = /** @type {Record<string, number>} */ ({ catalog: 1, warehouse: 2, dossiers: 2 });

/** How the ground of a scene differs: more environment of the services, other folders, another PostgreSQL, an issuer whose clock is wrong too (seconds). @typedef {{ env?: NodeJS.ProcessEnv, places?: { postgres?: string, kafka?: string }, server?: typeof startPostgres, clock?: () => number }} Changes */
/**
 * @typedef {object} Ground
 * @property {string} dir
 * @property {Changes['clock']} clock
 * @property {readonly Instance[]} instances
 * @property {import('../../tools/real/kafka.js').Kafka | undefined} kafka
 * @property {Awaited<ReturnType<typeof startPostgres>>} postgres
 * @property {() => readonly string[]} bases
 * @property {(account: string) => string} token
 * @property {(nodeArgs: readonly string[]) => Promise<void>} migrate every service's tables, by the build these arguments load
 * @property {() => Promise<void>} stop services first
 */

/**
 * @param {{ transport: 'kafka' | 'local', dir: string, faults?: string | undefined } & Changes} given `faults` is loaded into
 *   every service before it starts
 * @returns {Promise<Ground>}
 */
export async function openGround({ transport, dir, faults, env, places, server = startPostgres, clock }) {
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const issuer = await openIssuer(clock);
    undo.push(issuer.stop);
    const postgres = await server({ dir: join(places?.postgres ?? dir, 'postgres'), services: services.map(({ name }) => name) });
    undo.push(postgres.stop);
    const kafka = transport === 'kafka' ? await openKafka(places?.kafka ?? dir) : undefined;
    if (kafka !== undefined) undo.push(kafka.stop);
    const base = { root: ROOT, dir, pack: join(ROOT, 'deploy', 'authorities', AUTHORITY), issuer: issuer.issuer, zipkinEndpoint: '', databases: postgres.databases };
    const ground = { ...base, kafka: kafka ?? noBroker() };
    const instances = await startInstances(transport, /** @type {any} */ (ground), { faults, env }, (one) => undo.push(() => one.end()));
    const serving = instances.filter(({ given }) => given.service === 'dossiers' || given.service === 'platform').map(({ base: address }) => address);
    return { dir, clock, instances, kafka, postgres, bases: () => serving, token: issuer.token, migrate: (nodeArgs) => migrateAll(/** @type {any} */ (ground), nodeArgs), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The configuration names a broker; without one nobody calls there. */
function noBroker() {
  return { brokers: '127.0.0.1:9', passwords: Object.fromEntries(services.map(({ name }) => [name, 'unused'])), caFile: undefined };
}

/** A small issuer is enough: whoever kills it kills nothing of ours. @param {Changes['clock']} [clock] */
async function openIssuer(clock = () => 0) {
  const { startTestIssuer } = await import('@quan-so/testing');
  const issuer = await startTestIssuer();
  const staff = JSON.parse(readFileSync(join(ROOT, 'deploy', 'authorities', AUTHORITY, 'staff.json'), 'utf8'));
  /** @type {Map<string, { token: string, until: number }>} */
  const tokens = new Map();
  const token = (/** @type {string} */ username) => {
    const shift = clock();
    const known = tokens.get(`${username} ${shift}`);
    if (known !== undefined && known.until > Date.now()) return known.token;
    const person = staff.people.find((/** @type {{ username: string }} */ one) => one.username === username);
    const positions = person.positions.map((/** @type {{ role: string, unit: string }} */ { role, unit }) => `${role}@${unit}`);
    const now = Math.floor(Date.now() / 1_000) + shift;
    const fresh = issuer.token({ username, name: person.name, positions }, { iat: now, exp: now + 600 });
    tokens.set(`${username} ${shift}`, { token: fresh, until: Date.now() + 300_000 });
    return fresh;
  };
  return { issuer: issuer.issuer, token, stop: () => issuer.stop() };
}

/** @param {string} dir */
async function openKafka(dir) {
  const { SHARDS } = await import('@quan-so/contract');
  const definitions = await Promise.all(
    services.map(async (/** @type {{ layer: string, name: string }} */ { layer, name }) => {
      if (!existsSync(join(ROOT, 'apps', layer, name, 'dist', 'main.js'))) throw new PartError(`apps/${layer}/${name} chưa được dịch / is not built: npm run build.`);
      return (await import(`@quan-so/${name}`))[name];
    }),
  );
  return startKafka({ dir: join(dir, 'kafka'), ...topologyOf(definitions, SHARDS), keep: true });
}

/**
 * @param {'kafka' | 'local'} transport
 * @param {import('../../tools/real/services.js').Ground} ground
 * @param {{ faults: string | undefined, env: NodeJS.ProcessEnv | undefined }} extra
 * @param {(one: Instance) => void} onStart
 */
async function startInstances(transport, ground, extra, onStart) {
  const keys = writeKeys(ground.dir);
  await migrateAll(ground, []);
  const wanted = transport === 'local' ? [{ name: 'platform', layer: '', copy: 1 }] : services.flatMap(({ name, layer }) => Array.from({ length: COPIES[name] ?? 1 }, (_, i) => ({ name, layer, copy: i + 1 })));
  const ports = await freePorts(wanted.length);
  const instances = wanted.map(({ name, layer, copy }, i) => new Instance(givenOf({ name, layer, copy, port: ports[i] ?? 0 }, ground, keys, extra)));
  for (const one of instances) {
    onStart(one);
    one.start();
  }
  await Promise.all(instances.map((one) => one.untilReady(READY_MS)));
  return instances;
}

/** @param {import('../../tools/real/services.js').Ground} ground @param {readonly string[]} nodeArgs */
async function migrateAll(ground, nodeArgs) {
  for (const service of services) await migrate(service, ground, writeKeys(ground.dir), nodeArgs);
}

/**
 * @param {{ name: string, layer: string, copy: number, port: number }} what
 * @param {import('../../tools/real/services.js').Ground} ground @param {string} keys
 * @param {{ faults: string | undefined, env: NodeJS.ProcessEnv | undefined }} extra
 * @returns {import('./instance.js').Given}
 */
function givenOf({ name, layer, copy, port }, ground, keys, { faults, env: more }) {
  const local = name === 'platform';
  const label = `${name}-${copy}`;
  const main = local ? join(ROOT, 'test', 'chaos', 'platform-main.js') : join(ROOT, 'apps', layer, name, 'dist', 'main.js');
  // Under its own name a session tells which of two processes holds a lock.
  const address = (/** @type {string} */ service) => `${ground.databases[service]?.url}?application_name=${label}`;
  const env = {
    ...environment(local ? 'dossiers' : name, ground, keys),
    PORT: String(port),
    DATABASE_URL: address(local ? 'dossiers' : name),
    ...(local ? { QUANSO_DATABASES: JSON.stringify(Object.fromEntries(Object.keys(ground.databases).map((service) => [service, address(service)]))) } : {}),
    OTEL_TRACES_EXPORTER: 'none',
    NODE_COMPILE_CACHE: join(ground.dir, 'compiled'),
    ...more,
  };
  // Not into the owner of reference data: what is lost before the first receipt lets nothing be acknowledged at all.
  const args = [...(faults === undefined || name === 'catalog' ? [] : ['--import', faults]), main];
  return { name: label, service: /** @type {any} */ (name), port, args, env, cwd: ground.dir, log: join(ground.dir, `${label}.log`) };
}
