/** Of which code a proof speaks: whatever an acknowledged change passes on its way. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeHash } from './code.js';

/** From the request to the row in the warehouse, and what starts and stops the processes it passes. */
const WAY = ['libs/kernel/http', 'libs/kernel/service', 'libs/kernel/persistence', 'libs/kernel/messaging', 'apps/applications/dossiers', 'apps/data/warehouse'];

let root;
const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quan-so-code-'));
  for (const room of WAY) write(`${room}/src/deep/one.ts`, 'export const a = 1;');
});
afterEach(() => rmSync(root, { recursive: true }));

it.each(WAY)('changes with a line of %s', (room) => {
  const before = codeHash(root);
  write(`${room}/src/deep/one.ts`, 'export const a = 2;');
  expect(codeHash(root)).not.toBe(before);
});

it.each(['one.spec.ts', 'spec/one.ts', '../README.md'])('does not change with %s', (file) => {
  const before = codeHash(root);
  write(join(WAY[0], 'src', file), 'it');
  expect(codeHash(root)).toBe(before);
});
