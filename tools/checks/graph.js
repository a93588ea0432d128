import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';

/** Where code is; a fixture has only some of them. */
const TOPS = ['apps', 'libs', 'test', 'tools'];
const EXCLUDED = '(^|/)dist/|^tools/checks/fixtures/';

/**
 * Every import of the repository as dependency-cruiser sees it, judged by its rules when there are some. Sources are read
 * through the export condition `quan-so`, so a stale `dist` plays no part.
 * @param {string} root
 * @param {import('dependency-cruiser').IForbiddenRuleType[]} [forbidden]
 * @returns {Promise<{ modules: import('dependency-cruiser').IModule[], violations: import('dependency-cruiser').IViolation[] }>}
 */
export async function graphOf(root, forbidden = []) {
  const { output } = await cruise(
    TOPS.filter((top) => existsSync(join(root, top))),
    { baseDir: root, doNotFollow: { path: 'node_modules' }, exclude: { path: EXCLUDED }, tsPreCompilationDeps: true, validate: true, ruleSet: { forbidden } },
    // Not in folders above the root: a fixture would find the packages of the house there.
    { exportsFields: ['exports'], conditionNames: ['quan-so', 'import', 'node', 'default'], modules: [join(root, 'node_modules')] },
  );
  if (typeof output === 'string') throw new Error(output);
  return { modules: output.modules, violations: output.summary.violations };
}
