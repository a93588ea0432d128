/** PROOF.md speaks of a version of the code: a line says so when the code is another by now. A warning, for it takes hours to run again. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeHash } from '../../test/chaos/code.js';
import { warning } from './finding.js';

const RESULTS = 'test/chaos/results';

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function proof({ root }) {
  const folder = join(root, RESULTS);
  const results = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const code = codeHash(root);
  const older = results.filter((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).code !== code);
  return older.map((name) => warning(`${RESULTS}/${name}`, 'cũ hơn mã nguồn mà nó nói tới; chạy lại npm run proof khi tiện.', 'is older than the code it speaks of; run npm run proof again when there is time.'));
}
