import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from './log-file.js';

describe('openLogFile', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'quan so '))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('keeps every line, for the owner only, and shows what went wrong', () => {
    const shown: string[] = [];
    const first = openLogFile(folder, (line) => shown.push(line));
    first.write('{"level":"info","msg":"a"}\n');
    first.write('{"level":"error","msg":"b"}\n');
    first.close();
    const second = openLogFile(folder, () => undefined);
    second.write('{"level":"info","msg":"c"}\n');
    second.close();
    expect(read('log.jsonl').match(/"msg":"."/g)).toEqual(['"msg":"a"', '"msg":"b"', '"msg":"c"']);
    expect(shown).toEqual(['{"level":"error","msg":"b"}\n']);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'log.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('begins anew when it is long, keeps the file before, and never grows further', () => {
    const log = openLogFile(folder, () => undefined, 30);
    for (let line = 0; line < 10; line += 1) log.write(`{"line":${line}}\n`);
    log.close();
    // 11 bytes a line: the third is the first beyond 30.
    expect(read('log.old.jsonl')).toBe('{"line":6}\n{"line":7}\n{"line":8}\n');
    expect(read('log.jsonl')).toBe('{"line":9}\n');
  });

  it('loses a line rather than stop the work', () => {
    const log = openLogFile(folder, () => undefined);
    log.close();
    expect(() => log.write('{}\n')).not.toThrow();
  });
});
