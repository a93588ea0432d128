/**
 * What was promised: every committed version of a document, newest first. A document is a promise from the commit that
 * brought it; compatibility is not transitive, so today's is held against all of them.
 */
import { spawnSync } from 'node:child_process';

/** More than a document has ever had; a bound so that a long life does not make the check slow. */
const MOST = 200;

/** @param {string} root @param {string} path @returns {string[]} distinct texts */
export function promisesOf(root, path) {
  const commits = git(root, ['log', `--max-count=${MOST}`, '--format=%H', 'HEAD', '--', path]).split('\n').filter(Boolean);
  const texts = commits.map((commit) => git(root, ['show', `${commit}:${path}`])).filter((text) => text !== '');
  return [...new Set(texts)];
}

/** Documents that stand in the last commit. @param {string} root @returns {string[]} */
export function committed(root) {
  return git(root, ['ls-tree', '-r', '--name-only', 'HEAD', '--', 'libs/contracts']).split('\n').filter(Boolean);
}

/** What git says; nothing where there is no repository, no such commit or no such file in it. @param {string} root @param {string[]} args */
function git(root, args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout : '';
}
