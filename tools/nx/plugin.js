/** Tags and cached targets of every room of tools/layers.js, so that no room needs a project.json. */
import { readFileSync } from 'node:fs';
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
      return room ? [[file, { projects: { [room.path]: { name: room.package, tags: [...room.tags], targets: targetsOf(room) } } }]] : [];
    }),
];

/** @param {import('../layers.js').Room} room */
function targetsOf({ path, kind }) {
  // Stories start the programs, which nothing imports.
  const started = kind === 'test' ? rooms.filter((room) => room.kind === 'assembly').map((room) => room.package) : [];
  return {
    build: { command: `node node_modules/@typescript/native/bin/tsc -b ${path}`, options: ROOT, cache: true, dependsOn: [{ target: 'build', projects: standsOn(path) }], inputs: ['sources', '^sources'], outputs: ['{projectRoot}/dist'] },
    test: { command: `${JEST} ${path}/`, options: ROOT, cache: true, dependsOn: ['build', { target: 'build', projects: started }], inputs: ['sources', 'tests', '^sources'], outputs: [] },
    lint: { command: `node node_modules/oxlint/bin/oxlint ${path}`, options: ROOT, cache: true, inputs: ['sources', 'tests'], outputs: [] },
  };
}

/**
 * What is built before a room. Not `^build`: a library is tested with kernel/testing, which stands on that library, so
 * the graph of all imports has circles that the graph of builds has not.
 * @param {string} path
 */
function standsOn(path) {
  const { dependencies = {} } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  return Object.keys(dependencies).filter((name) => rooms.some((room) => room.package === name));
}
