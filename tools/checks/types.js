/** `tsc -b`, then what no build contains: the tests, and the programs in tools, typed by their comments. */
import { join } from 'node:path';
import { compile } from '../run/build.js';
import { finding } from './finding.js';
import { runNode } from './program.js';

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function types({ root }) {
  const built = await compile();
  if (built.code !== 0) return errorsIn(built.output);
  const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const runs = await Promise.all(['tsconfig.specs.json', 'tools/tsconfig.json'].map((project) => runNode(tsc, ['-p', project], { cwd: root })));
  return runs.flatMap(({ code, stdout }) => (code === 0 ? [] : errorsIn(stdout)));
}

/** @param {string} output of tsc, one error a line; lines that only explain are left out @returns {import('./finding.js').Finding[]} */
export function errorsIn(output) {
  const found = [...output.matchAll(/^(?:(.+?)\((\d+),\d+\): )?error (TS\d+): (.+)$/gm)].map(([, path, line, code, message]) =>
    finding(path ? `${path}:${line}` : 'tsconfig.json', `lỗi kiểu (${code})`, String(message)),
  );
  return found.length > 0 ? found : [finding('tsconfig.json', 'tsc không chạy được.', `tsc cannot run: ${output.trim()}`)];
}
