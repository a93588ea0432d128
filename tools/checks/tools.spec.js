/** The checks that are configured tools: that the rules we count on are switched on, and how a finding is told. */
import { join } from 'node:path';
import { sentence } from './finding.js';
import { lint } from './lint.js';
import { errorsIn } from './types.js';
import { unused } from './unused.js';

const fixture = (name) => join(import.meta.dirname, 'fixtures', name);

describe('lint', () => {
  let found;
  beforeAll(async () => (found = (await lint({ root: fixture('lint') })).map(sentence)));

  it.each([
    ['a floating promise', /^src\/breaks\.ts:6: lời hứa \(promise\) không ai chờ \(typescript\(no-floating-promises\)\) \/ Promises must be awaited/],
    ['a promise where none is awaited', /^src\/breaks\.ts:7: .*no-misused-promises/],
    ['a switch that forgets a case', /^src\/breaks\.ts:8: .*switch-exhaustiveness-check/],
    ['any', /^src\/breaks\.ts:5: kiểu any/],
    ['a function over 50 lines', /^src\/long\.ts:1: hàm dài quá 50 dòng \(eslint\(max-lines-per-function\)\) \/ .* \(54\)/],
    ['a file over 300 lines', /^src\/long\.ts:\d+: tệp dài quá 300 dòng/],
    ['a skipped test', /^src\/skipped\.spec\.ts:2: kiểm thử bị bỏ qua/],
    ['a test that runs alone', /^src\/skipped\.spec\.ts:5: chỉ một kiểm thử được chạy/],
    ['a test that asserts nothing', /^src\/skipped\.spec\.ts:8: .*expect-expect/],
  ])('refuses %s', (_, line) => {
    expect(found).toContainEqual(expect.stringMatching(line));
  });
});

describe('unused', () => {
  it('names files, exports and packages', async () => {
    expect((await unused({ root: fixture('unused') })).map(({ where, en }) => `${where}: ${en}`).sort()).toEqual([
      'package.json: a package that nobody uses: left-over',
      'src/alone.ts: a file that nobody uses',
      'src/main.ts:1: a package used and not listed: not-listed',
      'src/parts.ts:2: exported and imported by nobody: idle',
      'src/parts.ts:3: a type exported and imported by nobody: Idle',
    ]);
  });
});

describe('types', () => {
  it('tells each error of the compiler once, with its place', () => {
    const output = "apps/a.ts(12,3): error TS2322: Type 'x' is not assignable.\n  It explains.\nerror TS5083: Cannot read file.\n";
    expect(errorsIn(output).map(sentence)).toEqual(["apps/a.ts:12: lỗi kiểu (TS2322) / Type 'x' is not assignable.", 'tsconfig.json: lỗi kiểu (TS5083) / Cannot read file.']);
  });
  it('is no quiet success when the compiler itself fails', () => {
    expect(errorsIn('Killed').map(sentence)).toEqual(['tsconfig.json: tsc không chạy được. / tsc cannot run: Killed']);
  });
});
