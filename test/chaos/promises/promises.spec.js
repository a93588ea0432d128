import { describe, expect, it } from '@jest/globals';
import { pageOf } from '../page.js';
import { lineOf, Sight } from '../sight.js';
import { POISON } from './poison.js';
import { promiseNamed, PROMISES } from './promises.js';
import { quantile } from './scene.js';

describe('promises', () => {
  it('are found by their number, small, full, or of a size that is asked for', () => {
    expect([promiseNamed('R7').options.restarts, promiseNamed('R7', { full: true }).options.restarts, promiseNamed('R7', { times: 9 }).options.restarts]).toEqual([5, 50, 9]);
    expect([promiseNamed('R14', { times: 199 }).full, promiseNamed('R14', { times: 200 }).full]).toEqual([false, true]);
    expect(promiseNamed('R4', { times: 1_000 }).options).toMatchObject({ kills: 10, twinEvery: 1, promise: 'R4' });
    expect(() => promiseNamed('R99')).toThrow(/R99/);
  });

  it('have a scene or blows of their own: one that does nothing would always be kept', () => {
    for (const name of Object.keys(PROMISES)) {
      const { options, scene } = promiseNamed(name);
      expect([name, scene !== undefined || options.kills + options.freezes + options.terms + options.restarts > 0]).toEqual([name, true]);
    }
  });
});

describe('poison', () => {
  it('is of twelve kinds, a line each, and small enough for a broker', () => {
    const values = Object.values(POISON).map((valueOf) => valueOf('0193a6f0-0000-7000-8000-000000000001'));
    expect(values).toHaveLength(12);
    for (const value of values) {
      expect(value ?? '').not.toMatch(/[\n\t]/);
      expect(Buffer.byteLength(value ?? '')).toBeLessThan(1_000_000);
    }
  });
});

describe('what was seen', () => {
  it('is kept within its limits, the limit itself included, and a number that never came is not', () => {
    const sight = new Sight();
    sight.most('a', 5, 5);
    sight.most('b', 6, 5);
    sight.least('c', 5, 5);
    sight.least('d', 4, 5);
    sight.most('e', Number.NaN, 5);
    sight.tell('f', 7);
    expect(sight.measures.filter(({ kept }) => !kept).map(lineOf)).toEqual(['b: 6, ≤ 5', 'd: 4, ≥ 5', 'e: none, ≤ 5']);
  });
});

describe('a page', () => {
  it('shows a promise that was not kept, with what was seen', () => {
    const measures = [{ what: 'chờ / waited, ms', seen: 12, most: 10, kept: false }];
    const run = { transport: 'kafka', seed: 1, kills: {}, freezes: 0, terms: 3, restarts: 0, acknowledged: 9, lost: 0, duplicated: 0, gaps: 0, answers: { asked: 1, different: 0 }, failed: 0, died: 0 };
    const result = { ...run, promise: 'R14', vi: 'dừng', en: 'stops', unit: 'lần / times', size: 3, full: false, kept: false, measures, faults: ['chờ / waited, ms: 12, ≤ 10'] };
    const page = pageOf([{ file: 'R14.json', result: /** @type {any} */ (result) }]);
    expect(page).toContain('| [R14](results/R14.json) dừng / stops | *3* lần / times | 9 | 0 · 0 · 0 | **không / no** |');
    expect(page).toContain('| chờ / waited, ms | 12 | ≤ 10 | ✗ |');
  });
});

describe('a quantile', () => {
  it('is a value that was seen', () => {
    expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99), quantile([7], 1), quantile([], 0.5)]).toEqual([3, 4, 7, Number.NaN]);
  });
});
