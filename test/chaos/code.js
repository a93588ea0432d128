/** Which code a result speaks of: what carries an acknowledged change from the request to the warehouse, and the processes it passes. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [...['http', 'service', 'persistence', 'messaging'].map((room) => `libs/kernel/${room}/src`), 'apps/applications/dossiers/src', 'apps/data/warehouse/src'];

/** SHA-256 over the sources (tests and fixtures apart), by path and content. @param {string} root */
export function codeHash(root) {
  const hash = createHash('sha256');
  for (const path of FOLDERS.flatMap((folder) => sourcesIn(root, folder))) hash.update(`${path}\0`).update(readFileSync(join(root, path))).update('\0');
  return hash.digest('hex');
}

/** @param {string} root @param {string} folder @returns {string[]} */
function sourcesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'spec' ? [] : sourcesIn(root, path);
      return /\.ts$/.test(entry.name) && !/\.spec\.ts$/.test(entry.name) ? [path] : [];
    });
}
