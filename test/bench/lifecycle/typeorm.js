/** The other side: the same dossier as a NestJS and TypeORM project writes it, on a PostgreSQL of its own. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { digest, once, PartError, prune } from '../../../tools/real/cache.js';
import { startPostgres } from '../../../tools/real/postgres.js';
import { answersTcp, freePorts, launch, waitFor } from '../../../tools/real/process.js';
import { findNpm } from '../../../tools/run/install.js';
import { databaseOf, undoAll } from './database.js';

const HERE = join(import.meta.dirname, 'typeorm');
const READY_MS = 60_000;

/** The packages of its own lockfile, outside the clone. */
async function packages() {
  const lockfile = readFileSync(join(HERE, 'package-lock.json'), 'utf8');
  const folder = await once(`bench-typeorm-${digest(lockfile, process.platform, process.arch)}`, async (draft) => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(HERE, name), join(draft, name));
    const [npm = 'npm', ...before] = findNpm();
    run(npm, [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], draft);
  });
  prune('bench-typeorm-', 2);
  return join(folder, 'node_modules');
}

/** Compiled in a folder of this run; our calendar is linked into it, so that both sides count deadlines alike. @param {string} root @param {string} dir */
export async function buildTypeorm(root, dir) {
  const modules = await packages();
  cpSync(HERE, dir, { recursive: true });
  mkdirSync(join(dir, 'node_modules', '@quan-so'), { recursive: true });
  for (const name of readdirSync(modules)) symlinkSync(join(modules, name), join(dir, 'node_modules', name), 'junction');
  symlinkSync(join(root, 'libs', 'kernel', 'language'), join(dir, 'node_modules', '@quan-so', 'language'), 'junction');
  run(process.execPath, [join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc'), '-p', dir], dir);
  return join(dir, 'dist', 'main.js');
}

/**
 * @param {{ pack: string, issuer: string, kafka: import('../../../tools/real/kafka.js').Kafka }} ground
 * @param {{ name: string, adapter: 'express' | 'fastify', main: string, dir: string, args?: readonly string[] }} how
 * @returns {Promise<import('./sides.js').Side>}
 */
export async function openTypeorm({ pack, issuer, kafka }, { name, adapter, main, dir, args = [] }) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  try {
    const postgres = await startPostgres({ dir: join(dir, 'postgres'), services: ['dossiers'] });
    undo.push(() => postgres.stop());
    const url = postgres.databases.dossiers?.migratorUrl ?? '';
    const [port] = await freePorts(1);
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ...{ PORT: String(port), ADAPTER: adapter, DATABASE_URL: url, OIDC_ISSUER: issuer, QUANSO_PACK: pack, FIELD_KEY: randomBytes(32).toString('base64') },
      ...{ KAFKA_BROKERS: kafka.brokers, KAFKA_USERNAME: 'dossiers', KAFKA_PASSWORD: kafka.passwords.dossiers, KAFKA_CA: kafka.caFile },
    };
    const program = launch({ name, command: process.execPath, args: [...args, main], cwd: dir, env, log: join(dir, `${name}.log`) });
    undo.push(() => program.stop());
    await waitFor(program, () => answersTcp(port ?? 0), READY_MS);
    const database = databaseOf(url, join(dir, 'postgres'));
    undo.push(() => database.close());
    return {
      name,
      base: `http://127.0.0.1:${port}`,
      sql: database.sql,
      parts: { node: () => [program.pid], postgres: () => [postgres.pid()] },
      unsent: async () => Number((await database.sql('SELECT count(*)::int AS n FROM outbox_event WHERE "publishedAt" IS NULL'))[0]?.n),
      stop: () => undoAll(undo),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/** @param {string} program @param {readonly string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new PartError(`${args.at(-1)}: ${status}\n${stdout}${stderr}`);
}
