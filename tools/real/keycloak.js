/**
 * Keycloak on 127.0.0.1 with a realm from a file: the server is built once, and once per realm it imports into an H2
 * database that later starts copy (20 s become 8 s). Passwords of people and secrets of systems are made at that import
 * and stay in the cache, beside the database they fit.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, once, prune } from './cache.js';
import { findJava, QUICK_JAVA } from './java.js';
import { fetchPart, PARTS } from './parts.js';
import { answersOk, freePorts, launch, waitFor, withFreshPorts } from './process.js';

/** Import on a busy machine of two cores took 60 s; the limit is for worse ones. */
const START_MS = 180_000;
/** Changes of this file that change what is cached. */
const TEMPLATE = 1;

const JVM = [
  '-Xms64m', '-Xmx512m', '-XX:MetaspaceSize=96M', '-XX:MaxMetaspaceSize=256m', '-XX:+ExitOnOutOfMemoryError', ...QUICK_JAVA,
  // As bin/kc.sh of 26.7 has them; java is started without that shell, so that a signal reaches it.
  '--add-opens=java.base/java.util=ALL-UNNAMED', '--add-opens=java.base/java.util.concurrent=ALL-UNNAMED',
  '--add-opens=java.base/java.security=ALL-UNNAMED', '--add-opens=java.base/java.lang=ALL-UNNAMED', '--enable-native-access=ALL-UNNAMED',
  '-Djava.security.egd=file:/dev/urandom', '-Duser.language=en', '-Duser.country=US',
  '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
  '-Djava.util.logging.manager=org.jboss.logmanager.LogManager', '-Dpicocli.disable.closures=true',
];

/**
 * @typedef {object} Keycloak
 * @property {string} url
 * @property {string} issuer
 * @property {Record<string, string>} accounts password of each person, secret of each system
 * @property {() => Promise<void>} stop
 */

/**
 * Starts Keycloak in `dir` (made) with the realm of `realmFile`; resolves when the realm answers.
 * @param {{ realmFile: string, dir: string }} options
 * @returns {Promise<Keycloak>}
 */
export async function startKeycloak({ realmFile, dir }) {
  const java = findJava();
  const built = await builtServer(java.java);
  const text = readFileSync(realmFile, 'utf8');
  const { realm } = /** @type {{ realm: string }} */ (JSON.parse(text));
  const template = await once(`keycloak-realm-${digest(TEMPLATE, built, text)}`, (draft) => importRealm(java.java, built, JSON.parse(text), draft));
  prune('keycloak-realm-', 4);
  const home = join(dir, 'home');
  makeHome(built, home);
  cpSync(join(template, 'data'), join(home, 'data'), { recursive: true });
  const { url, stop } = await withFreshPorts(() => startServer(java.java, built, home, realm, []));
  const accounts = JSON.parse(readFileSync(join(template, 'accounts.json'), 'utf8'));
  return { url, issuer: `${url}/realms/${realm}`, accounts, stop };
}

/**
 * Keycloak with nothing in it but an administrator.
 * @param {{ dir: string, admin: { username: string, password: string } }} options
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startBareKeycloak({ dir, admin }) {
  const java = findJava();
  const built = await builtServer(java.java);
  const home = join(dir, 'home');
  makeHome(built, home);
  const env = { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: admin.username, KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password };
  return withFreshPorts(() => startServer(java.java, built, home, 'master', [], env));
}

/** The server with its build options settled; `start --optimized` skips that step. @param {string} java */
async function builtServer(java) {
  const part = await fetchPart('keycloak');
  const name = `keycloak-${PARTS.keycloak.version}`;
  const folder = await once(`keycloak-built-${digest(TEMPLATE, part)}`, async (draft) => {
    const home = join(draft, name);
    cpSync(join(part, name), home, { recursive: true });
    const program = launch({ name: 'Keycloak build', command: java, args: commandOf(home, home, ['build', '--db=dev-file']), log: join(draft, 'build.log') });
    const code = await program.ended;
    if (code !== 0) throw new Error(`Keycloak build: ${code}\n${program.output()}`);
  });
  prune('keycloak-built-', 2);
  return join(folder, name);
}

/** Imports the realm with fresh passwords into an empty database. @param {string} java @param {string} built @param {any} realm @param {string} draft */
async function importRealm(java, built, realm, draft) {
  const accounts = giveSecrets(realm);
  writeFileSync(join(draft, 'accounts.json'), JSON.stringify(accounts), { mode: 0o600 });
  const home = join(draft, 'home');
  makeHome(built, home);
  mkdirSync(join(home, 'data', 'import'), { recursive: true });
  writeFileSync(join(home, 'data', 'import', 'realm.json'), JSON.stringify(realm), { mode: 0o600 });
  const { stop } = await withFreshPorts(() => startServer(java, built, home, realm.realm, ['--import-realm']));
  await stop();
  cpSync(join(home, 'data', 'h2'), join(draft, 'data', 'h2'), { recursive: true });
  rmSync(home, { recursive: true });
}

/** Passwords for people and secrets for systems, put into the realm and answered by name. @param {any} realm @returns {Record<string, string>} */
function giveSecrets(realm) {
  /** @type {Record<string, string>} */
  const accounts = {};
  const make = (/** @type {string} */ name) => (accounts[name] = randomBytes(18).toString('base64url'));
  for (const user of realm.users) {
    if (!user.serviceAccountClientId) user.credentials = [{ type: 'password', value: make(user.username), temporary: false }];
  }
  for (const client of realm.clients) if (!client.publicClient) client.secret = make(client.clientId);
  return accounts;
}

/** A home of its own per running server: the programs are links, the data its own. @param {string} built @param {string} home */
function makeHome(built, home) {
  mkdirSync(join(home, 'data'), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, 'tmp'), { recursive: true });
  for (const name of readdirSync(built)) {
    if (name !== 'data' && !existsSync(join(home, name))) symlinkSync(join(built, name), join(home, name), 'junction');
  }
}

/** @param {string} java @param {string} built @param {string} home @param {string} realm @param {string[]} more @param {NodeJS.ProcessEnv} [env] */
async function startServer(java, built, home, realm, more, env = process.env) {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const flags = [
    'start', '--optimized', '--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${port}`, `--hostname=${url}`,
    // Without it JGroups listens on an address of the network.
    '--cache=local', ...more,
  ];
  const log = join(home, 'keycloak.log');
  writeFileSync(log, '');
  const program = launch({ name: 'Keycloak', command: java, args: commandOf(built, home, flags), log, env });
  // "Started" is logged before the realm answers; until then it says 503.
  await waitFor(program, () => answersOk(`${url}/realms/${realm}/.well-known/openid-configuration`), START_MS);
  return { url, stop: program.stop };
}

/** @param {string} built @param {string} home @param {string[]} args */
function commandOf(built, home, args) {
  return [
    ...JVM, `-Dkc.home.dir=${home}`, `-Djboss.server.config.dir=${join(built, 'conf')}`, `-Djava.io.tmpdir=${existsSync(join(home, 'tmp')) ? join(home, 'tmp') : home}`,
    '-cp', join(built, 'lib', 'quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint', ...args,
  ];
}
