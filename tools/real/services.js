/** Every service as a process of its own, configured by its environment alone, as a cluster does it. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PartError } from './cache.js';
import { answersOk, freePorts, launch, waitFor, withFreshPorts } from './process.js';

const MIGRATE_MS = 60_000;
const READY_MS = 90_000;

/**
 * What the services stand on.
 * @typedef {object} Ground
 * @property {string} root       of the repository
 * @property {string} dir        work folder
 * @property {string} pack       folder of the authority pack
 * @property {string} issuer
 * @property {string} zipkinEndpoint
 * @property {import('./kafka.js').Kafka} kafka
 * @property {Record<string, import('./postgres.js').ServiceDatabase>} databases
 * @property {Record<string, string[]>} [heardBy] who hears each service (`topology.js`)
 */

/**
 * Migrates and starts the services; resolves when each says that it is ready.
 * @param {readonly { name: string, layer: string }[]} services
 * @param {Ground} ground
 * @returns {Promise<{ bases: Record<string, string>, output: string, stop: () => Promise<void> }>}
 */
export async function startServices(services, ground) {
  const output = join(ground.dir, 'services.log');
  const keys = writeKeys(ground.dir);
  for (const service of services) await migrate(service, ground, keys);
  /** @type {import('./process.js').Program[]} */
  const programs = [];
  const stop = async () => void (await Promise.all(programs.map((program) => program.stop())));
  try {
    const bases = await Promise.all(services.map((service) => withFreshPorts(() => serve(service, ground, keys, output, programs))));
    return { bases: Object.fromEntries(services.map(({ name }, i) => [name, String(bases[i])])), output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {{ name: string, layer: string }} service @param {Ground} ground @param {string} keys @param {readonly string[]} [nodeArgs] */
export async function migrate(service, ground, keys, nodeArgs = []) {
  const migratorUrl = ground.databases[service.name]?.migratorUrl;
  const env = { ...environment(service.name, ground, keys), PORT: '0', MIGRATOR_DATABASE_URL: migratorUrl };
  const program = start(service, ground, env, ['migrate'], join(ground.dir, `migrate-${service.name}.log`), nodeArgs);
  const timer = setTimeout(() => void program.stop(), MIGRATE_MS);
  const code = await program.ended;
  clearTimeout(timer);
  if (code !== 0) throw new PartError(`${service.name} migrate: ${code}\n${program.output().split('\n').slice(-25).join('\n')}`);
}

/** @param {{ name: string, layer: string }} service @param {Ground} ground @param {string} keys @param {string} log @param {import('./process.js').Program[]} programs */
async function serve(service, ground, keys, log, programs) {
  const [port] = await freePorts(1);
  const program = start(service, ground, { ...environment(service.name, ground, keys), PORT: String(port) }, [], log);
  programs.push(program);
  const base = `http://127.0.0.1:${port}`;
  await waitFor(program, () => answersOk(`${base}/health/ready`), READY_MS);
  return base;
}

/** @param {{ name: string, layer: string }} service @param {Ground} ground @param {NodeJS.ProcessEnv} env @param {string[]} args @param {string} log @param {readonly string[]} [nodeArgs] */
function start({ name, layer }, ground, env, args, log, nodeArgs = []) {
  const main = join(ground.root, 'apps', layer, name, 'dist', 'main.js');
  // The way down may take 30 s (kernel/service); by force only after it.
  return launch({ name, command: process.execPath, args: [...nodeArgs, main, ...args], cwd: ground.dir, env, log, stopMs: 32_000 });
}

/** Only what a service is told; nothing of this run's own environment but the way to programs. @param {string} service @param {Ground} ground @param {string} keys @returns {NodeJS.ProcessEnv} */
export function environment(service, ground, keys) {
  return {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    QUANSO_PROFILE: 'trial',
    DATABASE_URL: ground.databases[service]?.url,
    QUANSO_KAFKA_BROKERS: ground.kafka.brokers,
    QUANSO_KAFKA_SASL_USERNAME: service,
    QUANSO_KAFKA_SASL_PASSWORD: ground.kafka.passwords[service],
    QUANSO_KAFKA_TLS_CA: ground.kafka.caFile,
    QUANSO_HEARD_BY: ground.heardBy?.[service]?.join(',') ?? '',
    OIDC_ISSUER: ground.issuer,
    OIDC_AUDIENCE: 'quan-so-api',
    QUANSO_PACK: ground.pack,
    QUANSO_KEYS: keys,
    QUANSO_CHECK_ANSWERS: '1',
    OTEL_TRACES_EXPORTER: 'zipkin',
    OTEL_EXPORTER_ZIPKIN_ENDPOINT: ground.zipkinEndpoint,
    // The story looks for its spans right after what it did.
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
}

/** A key ring for this run; a folder that goes on keeps its own. @param {string} dir */
export function writeKeys(dir) {
  const key = () => randomBytes(32).toString('base64');
  const path = join(dir, 'keys.json');
  if (existsSync(path)) return path;
  writeFileSync(path, JSON.stringify({ current: 'run', keys: { run: key() }, index: key(), cursor: key() }), { mode: 0o600 });
  return path;
}
