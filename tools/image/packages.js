/**
 * What comes from npm: the packages that the services import and all that these need, of the lockfile, for Linux on x64,
 * whatever machine this is; and the compiled files that the programs reach.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { digest, once, prune } from '../real/cache.js';
import { run } from '../run/child.js';
import { findNpm } from '../run/install.js';
import { rooms } from '../layers.js';
import { file, link, textFile, treeOf } from './tree.js';

/** @typedef {{ version?: string, license?: string, integrity?: string, resolved?: string, link?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, peerDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Locked */
/** Counts downloads while a package is installed; nothing loads it. */
const NEVER = /^node_modules\/@scarf\/scarf$/;

/** @typedef {Record<string, Locked>} Lock `packages` of a lockfile */

/**
 * The places in the lockfile of what `roots` need at run time, optional things of other platforms left out.
 * @param {Lock} lock
 * @param {readonly string[]} roots names, as the root imports them
 * @returns {string[]}
 */
export function closureOf(lock, roots) {
  /** @type {Set<string>} */
  const found = new Set();
  const visit = (/** @type {string} */ place) => {
    if (found.has(place)) return;
    found.add(place);
    const at = lock[place] ?? {};
    // A link stands for the folder it leads to, which has its own dependencies.
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = at.link && at.resolved ? { ...lock[at.resolved] } : at;
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...peers]) visit(placeOf(lock, place, name));
  };
  for (const name of roots) visit(placeOf(lock, '', name));
  return [...found].filter((place) => !NEVER.test(place)).sort();
}

/** Where Node finds a name from a place: the nearest node_modules above. @param {Lock} lock @param {string} from @param {string} name */
function placeOf(lock, from, name) {
  for (let at = from; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (place in lock) return place;
    if (at === '') throw new Error(`${from || 'gốc / root'}: ${name} không có trong package-lock.json / is not in the lockfile.`);
  }
}

/** Names that a compiled file imports, loads later or looks up. @param {string} text */
export function importsOf(text) {
  const found = [...text.matchAll(/(?:^|[\s;}])(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;}])import\s*['"]([^'"]+)['"]|\b(?:import|require|resolve)\(\s*['"]([^'"]+)['"]/gm)];
  return [...new Set(found.map(([, a, b, c]) => String(a ?? b ?? c)))];
}

/** @typedef {{ files: string[], packages: string[], rooms: string[] }} Reached */

/**
 * Every compiled file that the programs reach, through rooms of the house; and the packages of others these import.
 * @param {string} root
 * @param {readonly string[]} programs
 * @returns {Reached}
 */
export function reachedFrom(root, programs) {
  /** @type {Set<string>} */
  const files = new Set();
  /** @type {Set<string>} */
  const packages = new Set();
  /** @type {Set<string>} */
  const used = new Set();
  const visit = (/** @type {string} */ path) => {
    if (files.has(path)) return;
    files.add(path);
    used.add(roomOf(path));
    for (const name of importsOf(readFileSync(join(root, path), 'utf8'))) {
      if (name.startsWith('.')) visit(posix.join(posix.dirname(path), name));
      else if (name.startsWith('@quan-so/')) visit(doorOf(root, name));
      else if (!name.startsWith('node:')) packages.add(packageOf(name));
    }
  };
  for (const program of programs) visit(program);
  return { files: [...files].sort(), packages: [...packages].sort(), rooms: [...used].sort() };
}

/** @param {string} path */
function roomOf(path) {
  return rooms.find((room) => path.startsWith(`${room.path}/`))?.path ?? '';
}

/** The file behind a room's name, as its package.json says. @param {string} root @param {string} name */
function doorOf(root, name) {
  const [scope, short, ...rest] = name.split('/');
  const path = rooms.find((one) => one.package === `${scope}/${short}`)?.path ?? '';
  const { exports } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return posix.join(path, exports[rest.length === 0 ? '.' : `./${rest.join('/')}`].default);
}

/** @param {string} name */
function packageOf(name) {
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

/**
 * `node_modules` of the lockfile for Linux on x64, by npm itself, kept by the lockfile.
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function installed(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const kept = await once(`image-npm-${digest(lockfile, readFileSync(join(root, 'package.json'), 'utf8'))}`, async (draft) => {
    const links = Object.values(JSON.parse(lockfile).packages).flatMap(({ link: isLink, resolved }) => (isLink ? [join(resolved, 'package.json')] : []));
    for (const name of ['package.json', 'package-lock.json', '.npmrc', ...links]) {
      if (!existsSync(join(root, name))) continue;
      mkdirSync(dirname(join(draft, name)), { recursive: true });
      copyFileSync(join(root, name), join(draft, name));
    }
    const [program = '', ...before] = findNpm();
    const args = ['ci', '--omit=dev', '--ignore-scripts', '--os=linux', '--cpu=x64', '--libc=glibc', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', '--prefix', draft];
    const code = await run(program, [...before, ...args], { stdio: ['ignore', process.stderr, process.stderr] });
    if (code !== 0) throw new Error(`npm ci: ${code}`);
  });
  prune('image-npm-', 2);
  return kept;
}

/** Of a package only what runs: no types, no maps, no texts but the licence. @param {string} path */
export function runs(path) {
  if (/(^|\/)(licen[cs]e|notice|copying)[^/]*$/i.test(path)) return true;
  // The page of the documents loads one bundle; four more stand beside it.
  if (/^swagger-ui(-es-bundle.*)?\.js$/.test(path)) return false;
  // Folders at the top alone: `dist/doc` of a YAML reader is code.
  return !/\.(d\.[cm]?ts|[cm]?ts|tsbuildinfo|map|md|markdown|flow|coffee)$|(^|\/)(\.[^/]+|AUTHORS|CHANGELOG|CONTRIBUTORS|Makefile|HISTORY)$|^(__tests__|\.github|\.vscode|\.bin|docs?|examples?|tests?|benchmarks?)\//i.test(path);
}

/** @param {string} root of the installation @param {string} repository @param {Lock} lock @param {readonly string[]} places @returns {import('./tree.js').Entry[]} */
export function dependencyEntries(root, repository, lock, places) {
  return places.flatMap((place) => {
    const { link: isLink, resolved = '' } = lock[place] ?? {};
    const source = isLink ? join(repository, resolved) : join(root, place);
    const nested = (/** @type {string} */ path) => path.slice(place.length + 5).startsWith('node_modules/');
    // A package inside another is a place of its own, and counts when somebody reaches it.
    return treeOf(source, posix.join('app', place), (path) => !nested(path) && runs(path.slice(place.length + 5)));
  });
}

/** @param {string} root @param {Reached} reached @returns {import('./tree.js').Entry[]} */
export function applicationEntries(root, reached) {
  const packs = treeOf(join(root, 'deploy', 'authorities'), 'app/deploy/authorities', (path) => path.endsWith('.json'));
  const used = rooms.filter(({ path }) => reached.rooms.includes(path));
  return [
    ...reached.files.map((path) => file(`app/${path}`, join(root, path))),
    ...used.map((room) => textFile(`app/${room.path}/package.json`, packageText(root, room.path))),
    ...used.map((room) => link(`app/node_modules/${room.package}`, posix.relative('node_modules/@quan-so', room.path))),
    ...packs,
    // The program of the realm is plain JavaScript; what it reads beside the pack is this list.
    textFile('app/tools/package.json', '{ "type": "module" }\n'),
    file('app/deploy/keycloak/clients.json', join(root, 'deploy', 'keycloak', 'clients.json')),
  ];
}

/** Name, version, doors: nothing that only a build reads. @param {string} root @param {string} path */
function packageText(root, path) {
  const { name, version, type, exports = {} } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  const doors = Object.fromEntries(Object.entries(exports).map(([door, to]) => [door, to.default]));
  return `${JSON.stringify({ name, version, type, ...(Object.keys(doors).length > 0 ? { exports: doors } : {}) })}\n`;
}
