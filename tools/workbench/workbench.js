/**
 * A copy of this repository in which sources may be broken: the sources copied, packages linked, our own packages linked
 * within the copy, so that a fault in a library is also seen by the tests of whoever uses it.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What is made from sources, or belongs to a run; none of it is read by a test that reads sources. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', '.data', '.nx', 'coverage', '.quan-so.lock']);

/**
 * @param {string} root of the repository
 * @returns {{ root: string, remove: () => void }}
 */
export function workbench(root) {
  const copy = mkdtempSync(join(tmpdir(), 'quan-so-workbench-'));
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) });
  linkModules(join(root, 'node_modules'), join(copy, 'node_modules'));
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** @param {string} from @param {string} to */
function linkModules(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === '.cache' || name.startsWith('.quan-so')) continue;
    // npm links workspaces by relative paths: the same links lead to the copy.
    if (name === '@quan-so') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(from, name), join(to, name), 'junction');
  }
  if (!existsSync(join(to, '@quan-so'))) throw new Error('node_modules/@quan-so: chưa cài: npm run build. / is not installed: npm run build.');
}
