import { instantOfUuidv7 } from '@quan-so/language';
import { uuidv7 } from './uuidv7.js';

describe('uuidv7', () => {
  it('grows with every call, also far more often than the counter has room for in a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, uuidv7);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is a version 7 of this moment', () => {
    const id = uuidv7();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // The counter may have run ahead of the clock by the calls above, 4,096 a millisecond.
    expect(Math.abs(instantOfUuidv7(id) - Date.now())).toBeLessThan(1_000);
  });

  it('goes on growing when the clock steps back', () => {
    const real = Date.now;
    const before = uuidv7();
    Date.now = () => real() - 3_600_000;
    try {
      expect(uuidv7() > before).toBe(true);
    } finally {
      Date.now = real;
    }
  });
});
