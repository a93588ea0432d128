import { describe, expect, it } from '@jest/globals';
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

describe('a quantile', () => {
  it('is a value that was seen', () => {
    expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99), quantile([7], 1), quantile([], 0.5)]).toEqual([3, 4, 7, Number.NaN]);
  });
});
