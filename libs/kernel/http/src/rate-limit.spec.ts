import { Buckets } from './rate-limit.js';

describe('Buckets', () => {
  let now: number;
  let buckets: Buckets;
  beforeEach(() => {
    now = 0;
    buckets = new Buckets({ requests: 3, seconds: 60 }, () => now);
  });
  const take = (key = 'a'): [boolean, number, number] => {
    const { allowed, left, reset } = buckets.take(key);
    return [allowed, left, reset];
  };

  it('lets so many through at once, then one per share of the time', () => {
    expect([take(), take(), take(), take()]).toEqual([
      [true, 2, 20],
      [true, 1, 40],
      [true, 0, 20],
      [false, 0, 20],
    ]);
    now = 19_999;
    expect(take()[0]).toBe(false);
    now = 20_000;
    expect(take()).toEqual([true, 0, 20]);
  });
  it('never tells somebody who was turned away to come again at once', () => {
    for (let i = 0; i < 3; i += 1) take();
    now = 19_999.9;
    expect(take()).toEqual([false, 0, 1]);
  });
  it('is full again after the whole time, and never fuller', () => {
    for (let i = 0; i < 3; i += 1) take();
    now = 3_600_000;
    expect([take(), take(), take(), take()].map(([allowed]) => allowed)).toEqual([true, true, true, false]);
  });
  it('counts each key by itself', () => {
    for (let i = 0; i < 4; i += 1) take('a');
    expect(take('b')).toEqual([true, 2, 20]);
  });
  it('keeps a bounded number of buckets, the busy ones last', () => {
    for (let i = 0; i < 3; i += 1) take('busy');
    for (let i = 0; i < 25_000; i += 1) {
      take(`k${i}`);
      if (i % 1_000 === 0) take('busy');
    }
    expect(take('busy')[0]).toBe(false);
    expect(take('k0')).toEqual([true, 2, 20]);
  });
});
