/** Our side: the warehouse as a process of its own, as production starts it, with inbox, history and counters, on its own PostgreSQL. */
import { join } from 'node:path';
import { startPostgres } from '../../../tools/real/postgres.js';
import { answersOk, freePorts, launch, waitFor } from '../../../tools/real/process.js';
import { environment, migrate, writeKeys } from '../../../tools/real/services.js';
import { mkdirSync } from 'node:fs';
import { openDatabase } from './database.js';

const SERVICE = { name: 'warehouse', layer: 'data' };
const READY_MS = 90_000;
const STOP_MS = 32_000;

export const TOPIC = 'records.dossiers';

/**
 * @param {{ root: string, pack: string, issuer: string, kafka: import('../../../tools/real/kafka.js').Kafka }} ground @param {string} dir
 * @param {readonly string[]} [flags] of Node
 * @returns {Promise<import('./sides.js').Reader>}
 */
export async function openHouse(ground, dir, flags = []) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), services: [SERVICE.name] });
  try {
    const given = { ...ground, dir, zipkinEndpoint: '', databases: postgres.databases };
    const keys = writeKeys(dir);
    await migrate(SERVICE, given, keys);
    const [port] = await freePorts(1);
    const env = { ...environment(SERVICE.name, given, keys), PORT: String(port), QUANSO_CHECK_ANSWERS: '0', OTEL_TRACES_EXPORTER: 'none' };
    const main = join(ground.root, 'apps', SERVICE.layer, SERVICE.name, 'dist', 'main.js');
    const program = launch({ name: SERVICE.name, command: process.execPath, args: [...flags, main], cwd: dir, env, log: join(dir, 'warehouse.log'), stopMs: STOP_MS });
    await waitFor(program, () => answersOk(`http://127.0.0.1:${port}/health/ready`), READY_MS);
    const database = openDatabase(postgres.databases.warehouse?.migratorUrl ?? '');
    return {
      name: 'quan-so',
      topic: TOPIC,
      group: SERVICE.name,
      sql: database.sql,
      parts: { process: () => [program.pid], postgres: () => [postgres.pid()] },
      alive: async () => {
        if (!program.running()) throw new Error(`warehouse ended:\n${program.output().split('\n').slice(-20).join('\n')}`);
      },
      // It reads whatever stands in the log; while the log is filled it stands still.
      hold: async () => void process.kill(program.pid, 'SIGSTOP'),
      resume: async () => void process.kill(program.pid, 'SIGCONT'),
      stop: async () => {
        await database.close();
        if (program.running()) process.kill(program.pid, 'SIGCONT');
        await program.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
