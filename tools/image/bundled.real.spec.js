/** The command of secrets from the folder of a bundle, with nothing of the repository beside it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { secretsEntries } from './bundled.js';
import { whole, writeTree } from './tree.js';

let dir;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'qs-bundled-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('makes secrets and accounts where only the bundle is', () => {
  writeTree(whole(secretsEntries(resolve(import.meta.dirname, '..', '..'))), dir);
  // A cluster in which nothing is there, and into which nothing is written.
  writeFileSync(join(dir, 'kubectl'), '#!/bin/sh\n', { mode: 0o755 });
  const run = (...args) => execFileSync(process.execPath, [join(dir, 'secrets', 'secrets.js'), ...args, '--kubectl', join(dir, 'kubectl'), '--dry-run'], { cwd: dir, encoding: 'utf8' });
  expect(run('make')).toMatch(/^\+ dossiers-migrator \(quan-so-datastores\)$/m);
  for (const pack of readdirSync(join(dir, 'secrets', 'authorities'))) expect(run('accounts', '--authority', pack)).toMatch(/^\+ quan-so-accounts/m);
});
