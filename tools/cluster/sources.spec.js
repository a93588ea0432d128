import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { changedIn, hashesOf } from './sources.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quan so sources '));
  for (const path of ['charts/a/values.yaml', 'deploy/image/kafka/start', 'tools/image/image.js', 'libs/kernel/http/src/room.ts', 'tools/cluster/run.js', 'test/tour/main.ts', 'test/chaos/compare.js', 'lab/up.sh', 'package-lock.json', 'tools/charts/restore.js', 'apps/data/catalog/src/main.ts', 'libs/contracts/data/src/index.ts', 'deploy/authorities/a/pack.json']) write(path, path);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const hashes = () => hashesOf(root, join(root, 'lab'));

it.each([
  ['charts/a/values.yaml', 'charts'], ['charts/a/templates/new.yaml', 'charts'], ['tools/charts/restore.js', 'charts'], ['deploy/image/kafka/start', 'image'], ['package-lock.json', 'image'],
  ['apps/data/catalog/src/main.ts', 'image'], ['libs/contracts/data/src/index.ts', 'image'], ['deploy/authorities/a/pack.json', 'image'],
  ['libs/kernel/http/src/room.ts', 'kernel'], ['tools/cluster/run.js', 'test'], ['test/chaos/compare.js', 'test'], ['lab/up.sh', 'lab'], ['lab/src/new.go', 'lab'],
])('%s belongs to %s', (path, part) => {
  const before = hashes();
  write(path, 'other');
  expect(changedIn(before, hashes())).toEqual([part]);
});

it.each(['charts/README.md', 'charts/a/tests/a_test.yaml', 'libs/kernel/http/src/room.spec.ts', 'libs/kernel/http/dist/room.js', 'tools/cluster/results.json', 'tools/cluster/claims.json', 'test/chaos/plan.js'])('%s changes nothing', (path) => {
  const before = hashes();
  write(path, 'other');
  expect(changedIn(before, hashes())).toEqual([]);
});

it('does not follow links, and has no hash for a lab that is not there', () => {
  const before = hashes();
  mkdirSync(join(root, 'charts/b'), { recursive: true });
  symlinkSync('../a', join(root, 'charts/b/a'));
  expect(changedIn(before, hashes())).toEqual([]);
  expect(Object.keys(hashesOf(root, join(root, 'nowhere')))).not.toContain('lab');
});
