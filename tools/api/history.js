/**
 * What was promised: every committed version of a document, newest first. A document is a promise from the commit that
 * brought it; compatibility is not transitive, so today's is held against all of them.
 */
import { spawnSync } from 'node:child_process';

/** More than a document has ever had; a bound so that a long life does not make the check slow. */
const MOST = 200;

/** @param {string} root @param {string} path @returns {string[]} distinct texts */
export function promisesOf(root, path) {
  const commits = git(root, ['log', `--max-count=${MOST}`, '--format=%H', 'HEAD', '--', path]).toString().split('\n').filter(Boolean);
  if (commits.length === 0) return [];
  return [...new Set(contents(git(root, ['cat-file', '--batch'], commits.map((commit) => `${commit}:${path}\n`).join(''))))];
}

/** Documents that stand in the last commit. @param {string} root @returns {string[]} */
export function committed(root) {
  return git(root, ['ls-tree', '-r', '--name-only', 'HEAD', '--', 'libs/contracts']).toString().split('\n').filter(Boolean);
}

/** The texts in what `cat-file --batch` answers: `<id> blob <bytes>`, the bytes, a line end; or `<name> missing`. @param {Buffer} answer */
function contents(answer) {
  /** @type {string[]} */
  const texts = [];
  for (let from = 0; from < answer.length; ) {
    const end = answer.indexOf('\n', from);
    const [, type, bytes] = answer.toString('utf8', from, end).split(' ');
    from = end + 1;
    if (type !== 'blob') continue;
    texts.push(answer.toString('utf8', from, from + Number(bytes)));
    from += Number(bytes) + 1;
  }
  return texts;
}

/** What git says; nothing where there is no repository, no such commit or no such file in it. @param {string} root @param {string[]} args @param {string} [input] */
function git(root, args, input = '') {
  const { status, stdout } = spawnSync('git', args, { cwd: root, input, maxBuffer: 512 * 1024 * 1024 });
  return status === 0 ? stdout : Buffer.alloc(0);
}
