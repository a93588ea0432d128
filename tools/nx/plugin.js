/** Tags and cached targets of every room of tools/layers.js, so that no room needs a project.json. */
import { rooms } from '../layers.js';

const JEST = 'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js --passWithNoTests';
const ROOT = { cwd: '{workspaceRoot}' };

export const name = 'quan-so';

/** @type {[string, (files: readonly string[]) => [string, object][]]} */
export const createNodesV2 = [
  '{apps,libs,test}/**/tsconfig.json',
  (files) =>
    files.flatMap((file) => {
      const room = rooms.find(({ path }) => file === `${path}/tsconfig.json`);
      return room ? [[file, { projects: { [room.path]: { name: room.package, tags: [...room.tags], targets: targetsOf(room.path) } } }]] : [];
    }),
];

/** @param {string} path */
function targetsOf(path) {
  return {
    build: { command: `node node_modules/@typescript/native/bin/tsc -b ${path}`, options: ROOT, cache: true, dependsOn: ['^build'], inputs: ['sources', '^sources'], outputs: ['{projectRoot}/dist'] },
    test: { command: `${JEST} ${path}/`, options: ROOT, cache: true, dependsOn: ['build'], inputs: ['sources', 'tests', '^sources'], outputs: [] },
    lint: { command: `node node_modules/oxlint/bin/oxlint ${path}`, options: ROOT, cache: true, inputs: ['sources', 'tests'], outputs: [] },
  };
}
