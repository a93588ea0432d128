/**
 * Our side: dossiers as a process of its own, as production starts it, on its own PostgreSQL; catalog beside it for the
 * reference data; Kafka, to which its relay sends as it always does.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PartError } from '../../../tools/real/cache.js';
import { startKafka } from '../../../tools/real/kafka.js';
import { startPostgres } from '../../../tools/real/postgres.js';
import { answersOk, freePorts, launch, waitFor } from '../../../tools/real/process.js';
import { environment, migrate, writeKeys } from '../../../tools/real/services.js';
import { topologyOf } from '../../../tools/real/topology.js';
import { services } from '../../../tools/layers.js';
import { databaseOf, undoAll } from './database.js';

/** @typedef {import('./sides.js').Side} Side */

const READY_MS = 90_000;
const STOP_MS = 32_000;

/** @param {string} root @param {string} dir */
export async function openKafka(root, dir) {
  const { SHARDS } = await import('@quan-so/contract');
  const definitions = await Promise.all(
    services.map(async ({ layer, name }) => {
      if (!existsSync(join(root, 'apps', layer, name, 'dist', 'main.js'))) throw new PartError(`apps/${layer}/${name} chưa được dịch / is not built: npm run build.`);
      return (await import(`@quan-so/${name}`))[name];
    }),
  );
  return startKafka({ dir, ...topologyOf(definitions, SHARDS), keep: true });
}

/**
 * @param {{ root: string, pack: string, issuer: string, kafka: import('../../../tools/real/kafka.js').Kafka }} ground
 * @param {string} name @param {string} dir
 * @param {{ args?: readonly string[] }} [more] arguments of Node
 * @returns {Promise<Side & { open: (more: Parameters<typeof databaseOf>[2]) => ReturnType<typeof databaseOf> }>}
 */
export async function openHouse(ground, name, dir, { args = [] } = {}) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  try {
    const postgres = await startPostgres({ dir: join(dir, 'postgres'), services: ['catalog', 'dossiers'] });
    undo.push(() => postgres.stop());
    const given = { ...ground, dir, zipkinEndpoint: '', databases: postgres.databases };
    const keys = writeKeys(dir);
    const of = (/** @type {string} */ service) => services.find((one) => one.name === service) ?? { name: service, layer: '' };
    for (const service of ['catalog', 'dossiers']) await migrate(of(service), given, keys);
    const ports = await freePorts(2);
    const programs = ['catalog', 'dossiers'].map((service, i) => {
      const main = join(ground.root, 'apps', of(service).layer, service, 'dist', 'main.js');
      // Answers are not checked against their contract in production.
      const env = { ...environment(service, given, keys), PORT: String(ports[i]), QUANSO_CHECK_ANSWERS: '0', OTEL_TRACES_EXPORTER: 'none' };
      return launch({ name: service, command: process.execPath, args: [...(service === 'dossiers' ? args : []), main], cwd: dir, env, log: join(dir, `${service}.log`), stopMs: STOP_MS });
    });
    undo.push(...programs.map((program) => () => program.stop()));
    const bases = ports.map((port) => `http://127.0.0.1:${port}`);
    await Promise.all(programs.map((program, i) => waitFor(program, () => answersOk(`${bases[i]}/health/ready`), READY_MS)));
    const urls = postgres.databases.dossiers;
    const open = (/** @type {Parameters<typeof databaseOf>[2]} */ more) => databaseOf(urls?.url ?? '', join(dir, 'postgres'), more);
    const database = open({});
    undo.push(() => database.close());
    return {
      name,
      base: String(bases[1]),
      open,
      sql: database.sql,
      parts: { node: () => [programs[1]?.pid ?? 0], postgres: () => [postgres.pid()] },
      unsent: async () => Number((await database.sql('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL'))[0]?.n),
      stop: () => undoAll(undo),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}
