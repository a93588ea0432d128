import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder, sentence } from './data-folder.js';
import { StartError } from './options.js';

describe('openDataFolder', () => {
  let path: string;
  beforeEach(() => (path = mkdtempSync(join(tmpdir(), 'quan so '))));
  afterEach(() => rmSync(path, { recursive: true, force: true }));

  it('keeps what was made at first start, for the owner only', () => {
    const first = openDataFolder(path, 'quan-sao-mai');
    expect(first.keep('secret', () => 'a')).toBe('a');
    first.release();
    const second = openDataFolder(path, 'quan-sao-mai');
    expect(second.keep('secret', () => 'b')).toBe('a');
    second.release();
    if (process.platform !== 'win32') expect(statSync(join(path, 'secret')).mode & 0o777).toBe(0o600);
  });

  it('refuses a second opening while the first is alive', () => {
    const first = openDataFolder(path, 'quan-sao-mai');
    expect(() => openDataFolder(path, 'quan-sao-mai')).toThrow(/đang được một Quận Số khác dùng/);
    first.release();
    openDataFolder(path, 'quan-sao-mai').release();
  });

  it('takes over a lock left by a process that is gone', () => {
    writeFileSync(join(path, 'lock.json'), JSON.stringify({ pid: 2 ** 22 + 1, born: '1' }));
    const folder = openDataFolder(path, 'quan-sao-mai');
    expect(JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    folder.release();
  });

  it('refuses data of another authority and lets go of the lock', () => {
    openDataFolder(path, 'quan-sao-mai').release();
    expect(() => openDataFolder(path, 'phuong-sao-mai')).toThrow(/của đơn vị "quan-sao-mai"/);
    openDataFolder(path, 'quan-sao-mai').release();
  });

  it('says a sentence when the path is a file', () => {
    const file = join(path, 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(file, 'quan-sao-mai')).toThrow(StartError);
  });

  it.each(['EACCES', 'EROFS', 'ENOENT', 'ENOSPC', 'EDQUOT', 'ENOTDIR'])('has a sentence for %s', (code) => {
    expect(sentence(Object.assign(new Error(code), { code }), '/d')).toBeInstanceOf(StartError);
  });
});
