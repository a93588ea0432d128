/** PostgreSQL of a real run: the embedded binaries, a database per service, an owner that migrates and a role that works. */
import { randomBytes } from 'node:crypto';

/**
 * @typedef {object} ServiceDatabase
 * @property {string} migratorUrl
 * @property {string} url
 * @property {string} appRole
 */

/**
 * Starts PostgreSQL on a free port with a database for each service.
 * @param {{ dir: string, services: readonly string[] }} options
 * @returns {Promise<{ databases: Record<string, ServiceDatabase>, pid: () => number, stop: () => Promise<void> }>} `pid` of the server that runs now
 */
export async function startPostgres({ dir, services }) {
  const { startEmbeddedPostgres } = await import('@quan-so/persistence/embedded');
  const postgres = await startEmbeddedPostgres({ dataDir: dir });
  /** @type {Record<string, ServiceDatabase>} */
  const databases = {};
  try {
    for (const service of services) databases[service] = await databaseOf(postgres, service);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { databases, pid: () => postgres.pid, stop: () => postgres.stop() };
}

/** @param {any} postgres @param {string} service @returns {Promise<ServiceDatabase>} */
async function databaseOf(postgres, service) {
  const owner = { name: `${service}_migrator`, password: randomBytes(24).toString('base64url') };
  const app = { name: service, password: randomBytes(24).toString('base64url') };
  for (const role of [owner, app]) await postgres.ensureRole(role.name, role.password);
  await postgres.ensureDatabase(service, owner.name, [app.name]);
  return { migratorUrl: postgres.url(service, owner), url: postgres.url(service, app), appRole: app.name };
}
