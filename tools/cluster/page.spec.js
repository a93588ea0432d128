import { sizingOf } from './page.js';

const seen = (/** @type {Record<string, number | string>} */ measures) => ({ at: '2026-11-27', commit: 'a', hashes: {}, shape: 'ward', seconds: 1, measures });

it('shows what a pod needs, by shape, with nothing where nothing was measured', () => {
  const table = sizingOf({
    memory: seen({ 'kafka, MiB': 160, 'kafka, mCPU': 30, 'kafka, s': 5, 'kafka, MiB (12/s)': 170, 'kafka, mCPU (12/s)': 90 }),
    district: seen({ 'bước / steps': 41, 'chuyến đi, s / tour, s': 13, 'catalog, MiB': 80, 'catalog, mCPU': 9, 'catalog, s': 2 }),
  });
  expect(table.split('\n').slice(2)).toEqual(['| phường / ward | kafka | 160 | 30 | 170 | 90 | 5 |', '| quận / district | catalog | 80 | 9 |  |  | 2 |']);
});
