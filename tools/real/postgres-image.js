/**
 * PostgreSQL as the chart `datastores` runs it: the files of the image, its scripts, a volume for data and one for backups;
 * without a container, so that a loss and a restore can be tried anywhere. Debian 12 on x64, as the image itself.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RECIPES } from '../image/recipes.js';
import { whole, writeTree } from '../image/tree.js';
import { PartError } from './cache.js';
import { freePorts, launch, waitFor } from './process.js';

const run = promisify(execFile);
const START_MS = 900_000;
/** Nobody: the server does not run as root. */
const NOBODY = 65_534;
/** What makes the difference between images, not what every system has. */
const LAYERS = new Set(['shell', 'postgres', 'start']);

/**
 * @typedef {object} ImagePostgres
 * @property {Record<string, import('./postgres.js').ServiceDatabase>} databases
 * @property {() => number} pid
 * @property {(...args: string[]) => Promise<string>} restore what the operator says in the container
 * @property {() => Promise<string>} backup               what the CronJob does
 * @property {(statement: string, url?: string) => Promise<string>} sql as the superuser, in the container, or at an address
 * @property {() => Promise<void>} lose                   the server is killed and its volume is gone
 * @property {() => Promise<void>} again                  the container is started once more; does not wait
 * @property {() => Promise<void>} untilListening
 * @property {string} log
 * @property {string} volume                              of the backups
 * @property {() => Promise<void>} stop
 */

/** @param {{ root: string, dir: string, services: readonly string[] }} options `root` of the repository @returns {Promise<ImagePostgres>} */
export async function startImagePostgres({ root, dir, services }) {
  const image = join(dir, 'image');
  const { layers } = await RECIPES.postgres(root);
  writeTree(whole(layers.filter(({ name }) => LAYERS.has(name)).flatMap(({ entries }) => entries)), image);
  const [port = 0] = await freePorts(1);
  const databases = prepare(dir, services, port);
  const env = environment(dir, image, port);
  const log = join(dir, 'postgres.log');
  const start = () => launch({ name: 'PostgreSQL', ...asNobody([join(image, 'start'), '-c', `port=${port}`, '-c', 'shared_buffers=64MB', '-c', 'max_connections=100', '-c', 'listen_addresses=127.0.0.1']), env, log, cwd: dir, stopMs: 60_000 });
  let program = start();
  const call = async (/** @type {string} */ name, /** @type {string[]} */ ...args) => {
    const { command, args: all } = asNobody([name, ...args]);
    const { stdout, stderr } = await run(command, all, { env, cwd: dir, maxBuffer: 2 ** 24 });
    return `${stdout}${stderr}`;
  };
  const untilListening = () => waitFor(program, () => call('pg_isready', '-q').then(() => true, () => false), START_MS);
  await untilListening();
  return {
    databases,
    pid: () => program.pid,
    restore: (...args) => call(join(image, 'restore'), ...args),
    backup: () => call(join(image, 'backup')),
    sql: (statement, url) => call('psql', ...(url === undefined ? ['-h', String(env.RUN), '-U', 'postgres', '-d', 'postgres'] : [url]), '-qtAc', statement),
    lose: async () => {
      process.kill(program.pid, 'SIGKILL');
      await program.ended;
      rmSync(join(dir, 'data'), { recursive: true, force: true });
      for (const name of readdirSync(join(dir, 'run'))) rmSync(join(dir, 'run', name));
      folder(join(dir, 'data'));
    },
    again: async () => {
      await program.stop();
      program = start();
    },
    untilListening,
    log,
    volume: join(dir, 'backup'),
    stop: () => program.stop(),
  };
}

/** Volumes and secrets as the chart mounts them. @param {string} dir @param {readonly string[]} services @param {number} port */
function prepare(dir, services, port) {
  for (const name of ['data', 'backup', 'run', 'secrets', 'secrets/postgres', 'secrets/databases']) folder(join(dir, name));
  const password = () => randomBytes(24).toString('hex');
  secret(join(dir, 'secrets/postgres/password'), password());
  /** @type {Record<string, import('./postgres.js').ServiceDatabase>} */
  const databases = {};
  for (const service of services) {
    const [own, owner] = [password(), password()];
    folder(join(dir, 'secrets/databases', service));
    secret(join(dir, 'secrets/databases', service, 'password'), own);
    secret(join(dir, 'secrets/databases', service, 'migrator'), owner);
    const url = (/** @type {string} */ role, /** @type {string} */ word) => `postgres://${role}:${word}@127.0.0.1:${port}/${service}`;
    databases[service] = { url: url(service, own), migratorUrl: url(`${service}_migrator`, owner), appRole: service };
  }
  return databases;
}

/** @param {string} dir @param {string} image @param {number} port @returns {NodeJS.ProcessEnv} */
function environment(dir, image, port) {
  return {
    PATH: [join(image, 'usr/lib/postgresql/18/bin'), join(image, 'bin'), '/usr/bin', '/bin'].join(':'),
    LD_LIBRARY_PATH: join(image, 'usr/lib/x86_64-linux-gnu'),
    LANG: 'C.UTF-8', PGDATA: join(dir, 'data/postgres'), BACKUP: join(dir, 'backup'), RUN: join(dir, 'run'), SECRETS: join(dir, 'secrets'),
    PGHOST: '127.0.0.1', PGPORT: String(port),
  };
}

/** @param {readonly string[]} words */
function asNobody([program = '', ...args]) {
  if (process.getuid?.() !== 0) return { command: program, args };
  if (!existsSync('/usr/bin/setpriv')) throw new PartError('setpriv (util-linux) chưa có / is not there.');
  return { command: '/usr/bin/setpriv', args: [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs', program, ...args] };
}

/** @param {string} path */
function folder(path) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY);
}

/** @param {string} path @param {string} text */
function secret(path, text) {
  writeFileSync(path, '', { mode: 0o600 });
  appendFileSync(path, text);
  if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY);
}
