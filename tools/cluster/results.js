/** What was seen on a cluster, step by step, as it is kept in results.json and told. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Seen
 * @property {string} at       day
 * @property {string} commit   of the code that ran; `+` behind it when files differed
 * @property {import('./sources.js').Hashes} hashes
 * @property {string} shape    a pod per layer (`ward`) or per service (`services`)
 * @property {number} seconds
 * @property {Record<string, number | string>} measures
 */
/** @typedef {Record<string, Seen>} Results by step */

const FILE = 'tools/cluster/results.json';

/** @param {string} root @returns {Results} */
export function readResults(root) {
  const path = join(root, FILE);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** A step that was not as promised leaves no result. @param {string} root @param {string} id @param {Seen | undefined} seen */
export function keepResult(root, id, seen) {
  const { [id]: _, ...others } = readResults(root);
  const all = seen === undefined ? others : { ...others, [id]: seen };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(root, FILE), `${JSON.stringify(sorted, undefined, 2)}\n`);
}
