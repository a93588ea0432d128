/** PROOF.md and BENCH.md speak of a version of the code: a line says so when the code is another by now. A warning, for it takes hours to run again. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeHash } from '../../test/chaos/code.js';
import { warning } from './finding.js';

/** Where results are, and what writes them again. */
const RESULTS = { 'test/chaos/results': 'npm run proof', 'test/bench/results': 'npm run bench' };

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function proof({ root }) {
  const code = codeHash(root);
  return Object.entries(RESULTS).flatMap(([folder, command]) => olderThan(code, root, folder).map((path) => warning(path, `cũ hơn mã nguồn mà nó nói tới; chạy lại ${command} khi tiện.`, `is older than the code it speaks of; run ${command} again when there is time.`)));
}

/** @param {string} code @param {string} root @param {string} folder */
function olderThan(code, root, folder) {
  const there = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.endsWith('.json')) : [];
  return there.map((name) => `${folder}/${name}`).filter((path) => JSON.parse(readFileSync(join(root, path), 'utf8')).code !== code);
}
