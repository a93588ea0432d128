/** What a command does not understand is said in one sentence, not with the places in its own source. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const TOOLS = resolve(import.meta.dirname, '..');

it.each([
  ['image/image.js', '--bogus', /^Không hiểu .* not understood: Unknown option '--bogus'\.$/],
  ['image/image.js', '--out', /^Không hiểu .* not understood: Option '--out <value>' argument missing\.$/],
  ['image/image.js', 'bogus', /^bogus\? có \/ there are: services, /],
  ['image/bundle.js', '--bogus', /^Không hiểu .* not understood: Unknown option '--bogus'\.$/],
  ['image/bundle.js', 'bogus', /^Không hiểu .* not understood: Unexpected argument 'bogus'\.$/],
  ['charts/test-charts.js', '--bogus', /^--bogus\? .*lint, /],
  ['sabotage/sabotage.js', '--bogus', /^Không hiểu .* not understood: Unknown option '--bogus'\.$/],
  ['sabotage/sabotage.js', '--only=bogus', /^không có lỗi nào tên như vậy \/ no fault of this name$/],
  ['mutation/mutation.js', '--bogus', /^Không hiểu .* not understood: Unknown option '--bogus'\.$/],
])('%s %s', (program, argument, sentence) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(TOOLS, program), argument], { encoding: 'utf8' });
  expect([status, stdout, stderr.trimEnd()]).toEqual([1, '', expect.stringMatching(sentence)]);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
