/** What a run speaks of: a hash each of charts, images, kernel, lab and of this room, so that a change shows. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {'charts' | 'image' | 'kernel' | 'test' | 'lab'} Part */
/** @typedef {Partial<Record<Part, string>>} Hashes without `lab` where there is none */

/** @type {Record<Exclude<Part, 'lab'>, readonly string[]>} */
const FOLDERS = {
  charts: ['charts', 'tools/charts'],
  image: ['apps', 'libs/contracts', 'deploy/authorities', 'deploy/image', 'tools/image', 'tools/realm', 'package-lock.json'],
  kernel: ['libs/kernel'],
  test: ['tools/cluster', 'test/story', 'test/tour', ...['client', 'compare', 'facts', 'ledger', 'steps'].map((name) => `test/chaos/${name}.js`)],
};
/** Of a folder what decides how it runs: no prose and no list of claims, no tests, nothing built, no result. */
const LEFT_OUT = /(^|\/)(node_modules|dist|spec|tests|results)(\/|$)|\.spec\.[jt]s$|\.md$|\.tsbuildinfo$|(^|\/)(results\.json|claims\.js(on)?|page\.js)$/;

/** @param {string} root @param {string} [lab] folder of the lab @returns {Hashes} */
export function hashesOf(root, lab) {
  const own = Object.entries(FOLDERS).map(([part, paths]) => [part, hashOf(root, paths.flatMap((path) => filesOf(root, path)))]);
  const labs = lab !== undefined && existsSync(lab) ? [['lab', hashOf(lab, filesOf(lab, '.'))]] : [];
  return Object.fromEntries([...own, ...labs]);
}

/** Parts that are not what they were. @param {Hashes} before @param {Hashes} now @returns {Part[]} */
export function changedIn(before, now) {
  return /** @type {Part[]} */ (Object.keys(now)).filter((part) => before[part] !== now[part]);
}

/** @param {string} root @param {readonly string[]} paths */
function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) hash.update(`${path}\0`).update(readFileSync(join(root, path))).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesOf(root, path) {
  if (LEFT_OUT.test(path) || !existsSync(join(root, path))) return [];
  const entries = (() => {
    try {
      return readdirSync(join(root, path), { withFileTypes: true });
    } catch {
      return undefined;
    }
  })();
  // A link in charts leads to a folder that is counted by itself.
  return entries === undefined ? [path] : entries.flatMap((entry) => (entry.isSymbolicLink() ? [] : filesOf(root, path === '.' ? entry.name : `${path}/${entry.name}`)));
}

/** Of the working copy; `+` when what runs differs from it. @param {string} root */
export function commitOf(root) {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no', '--', 'charts', 'deploy', 'libs', 'apps', 'tools/cluster', 'tools/image', ':!tools/cluster/results.json', ':!*.md') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
