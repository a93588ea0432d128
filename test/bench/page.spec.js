import { describe, expect, it } from '@jest/globals';
import { pageOf } from './page.js';
import { short } from './result.js';

const result = {
  scene: 'outbox', title: { vi: 'từ commit', en: 'from commit' }, quick: false, seed: 42, commit: 'c0ffee', code: 'abc', at: '2026-11-26',
  machine: { cores: 2, model: 'a | b', load: '0.10' }, seconds: 300, versions: { node: '26' }, sizes: { rates: [100, 500] },
  ratios: [{ vi: 'sự kiện', en: 'events', spread: { median: 4.321, min: 4, max: 5 } }],
  targets: [{ vi: 'p99', en: 'p99', wanted: '≤ 0.1', got: '0.2', met: false }],
  tables: [{ title: { vi: 'trễ', en: 'latency' }, columns: ['rate', 'p99'], rows: [[100, '3 | 4']] }],
  rounds: [{}, {}],
};

describe('BENCH.md', () => {
  const page = pageOf([result, { ...result, scene: 'tried', quick: true }]);

  it('tells targets first, those that are missed too', () => {
    expect(page).toContain('| [outbox](#outbox) | p99 / p99 | ≤ 0.1 | 0.2 | ✗ |');
  });

  it('has the command, the version and each ratio with its range', () => {
    expect(page).toContain('`npm run bench -- outbox --rounds 2 --seed 42`');
    expect(page).toContain('commit `c0ffee`');
    expect(page).toContain('| sự kiện / events | 4.32 (4–5) |');
  });

  it('keeps cells whole and leaves out quick runs', () => {
    expect(page).toContain('| 100 | 3 \\| 4 |');
    expect(page).not.toContain('tried');
  });

  it('writes three digits that say something', () => {
    expect([0.012345, 12.345, 12345.6].map(short)).toEqual(['0.0123', '12.3', '12346']);
  });
});
