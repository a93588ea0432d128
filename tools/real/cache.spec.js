import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheRoot, once, PartError, prune, workFolder } from './cache.js';
import { checkFiles } from './parts.js';

let root;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'quận số cache '))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A process id that belonged to a process that is gone. */
const deadPid = () =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', '']);
    child.once('exit', () => resolve(child.pid));
  });

describe('cacheRoot', () => {
  it.each([
    [{ QUANSO_CACHE: '/a', XDG_CACHE_HOME: '/x' }, '/a'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/quan-so'],
  ])('%j is %s', (env, folder) => expect(cacheRoot(env)).toBe(folder));
  it('ignores a relative XDG_CACHE_HOME, as its specification asks', () => expect(cacheRoot({ XDG_CACHE_HOME: 'x' })).toMatch(/[/\\]\.cache[/\\]quan-so$/));
  it('refuses a relative QUANSO_CACHE', () => expect(() => cacheRoot({ QUANSO_CACHE: 'x' })).toThrow(PartError));
});

describe('once', () => {
  it('makes a thing one time, also when two ask together', async () => {
    let made = 0;
    const make = async (folder) => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      writeFileSync(join(folder, 'a'), 'x');
    };
    const folders = await Promise.all([once('thing', make, root), once('thing', make, root)]);
    expect([made, new Set(folders).size, readFileSync(join(root, 'thing', 'a'), 'utf8'), readdirSync(root)]).toEqual([1, 1, 'x', ['thing']]);
  });
  it('leaves nothing of a make that failed, and makes it the next time', async () => {
    const fail = once('thing', (folder) => (writeFileSync(join(folder, 'half'), ''), Promise.reject(new Error('line cut'))), root);
    await expect(fail).rejects.toThrow('line cut');
    expect(readdirSync(root)).toEqual([]);
    await once('thing', async (folder) => writeFileSync(join(folder, 'whole'), ''), root);
    expect(readdirSync(join(root, 'thing'))).toEqual(['whole']);
  });
  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(join(root, 'thing.lock'), String(await deadPid()));
    await once('thing', async () => undefined, root);
    expect(readdirSync(root)).toEqual(['thing']);
  });
  it('waits for a lock whose owner lives', async () => {
    writeFileSync(join(root, 'thing.lock'), String(process.pid));
    let made = false;
    const waiting = once('thing', async () => void (made = true), root);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(made).toBe(false);
    rmSync(join(root, 'thing.lock'));
    await waiting;
    expect(made).toBe(true);
  });
});

describe('prune', () => {
  it('keeps what was used last and leaves other kinds alone', () => {
    for (const [name, second] of [['old', 1], ['new', 3], ['mid', 2]]) {
      mkdirSync(join(root, `kind-${name}`));
      utimesSync(join(root, `kind-${name}`), second, second);
    }
    mkdirSync(join(root, 'other'));
    prune('kind-', 2, root);
    expect(readdirSync(root).sort()).toEqual(['kind-mid', 'kind-new', 'other']);
  });
  it('takes away work of processes that are gone, never of those that live', async () => {
    const mine = workFolder('run', root);
    mkdirSync(join(root, `run.draft-${await deadPid()}-0000abcd`));
    const second = workFolder('run', root);
    expect(readdirSync(root).map((name) => join(root, name)).sort()).toEqual([mine, second].sort());
  });
});

describe('checkFiles', () => {
  // SHA-256 of "abc": FIPS 180-2, appendix B.1.
  const part = { version: '1', files: { 'a.jar': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } };
  it('takes what is on the list', async () => {
    writeFileSync(join(root, 'a.jar'), 'abc');
    await expect(checkFiles(root, part)).resolves.toBeUndefined();
  });
  it.each([
    ['an altered file', { 'a.jar': 'abd' }],
    ['a missing file', {}],
    ['a file that nobody listed', { 'a.jar': 'abc', 'b.jar': '' }],
  ])('refuses %s', async (_, files) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    await expect(checkFiles(root, part)).rejects.toThrow(/differ from .*: [ab]\.jar/);
    expect(existsSync(root)).toBe(true);
  });
});
