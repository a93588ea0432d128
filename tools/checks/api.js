/** What the services say outside: documents written down, compatible with those of before. The work is done in tools/api. */
import { join } from 'node:path';
import { finding } from './finding.js';
import { runNode } from './program.js';

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function api({ root }) {
  const { code, stdout, stderr } = await runNode(join(root, 'tools', 'api', 'api.js'), ['--check'], { cwd: root });
  if (code === 0) return [];
  return [finding('tools/api', 'tài liệu API không đạt', `the API documents do not pass:\n${(stdout + stderr).trim()}`)];
}
