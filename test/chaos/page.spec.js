import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultNames, faultNamed } from './faults.js';
import { ROOT } from './ground.js';
import { pageOf, PAGE, readResults } from './page.js';
import { NEXT } from './promises/next.js';

describe('PROOF.md', () => {
  it('is what the committed results say', () => {
    expect(readFileSync(join(ROOT, PAGE), 'utf8')).toBe(pageOf(readResults(ROOT)));
  });

  it('stands on results without a loss', () => {
    for (const { result } of readResults(ROOT)) expect([result.lost, result.duplicated, result.gaps]).toEqual([0, 0, 0]);
  });
});

describe('the next version', () => {
  it.each(NEXT)('finds its line in $file', ({ file, find }) => {
    const [folder, ...rest] = file.split('/');
    const place = folder === 'contracts' ? 'libs' : 'apps';
    expect(readFileSync(join(ROOT, place, String(folder), ...rest), 'utf8')).toMatch(find);
  });
});

describe('faults', () => {
  it.each(faultNames())('%s finds its line in what was built', (name) => {
    const { file, find } = faultNamed(name);
    expect(readFileSync(join(ROOT, 'libs', 'kernel', file), 'utf8')).toMatch(find);
  });
});
