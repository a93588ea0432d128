import { describe, expect, it } from '@jest/globals';
import { interleaved, ratioOf, spreadOf, valueOf } from './rounds.js';

describe('rounds', () => {
  it('let each side go first in turn', async () => {
    const seen = [];
    const side = (name) => ({ name, run: async (round) => void seen.push(`${name}${round}`) });
    await interleaved({ rounds: 3, sides: [side('ours'), side('theirs')] });
    expect(seen).toEqual(['ours1', 'theirs1', 'theirs2', 'ours2', 'ours3', 'theirs3']);
  });

  it('run one side after the other, never two at once', async () => {
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await interleaved({ rounds: 2, sides: ['a', 'b', 'c'].map((name) => ({ name, run })) });
    expect(most).toBe(1);
  });

  const rounds = [[2, 8], [4, 8], [1, 10]].map(([a, b], i) => ({ round: i + 1, order: ['a', 'b'], results: { a: { us: a }, b: { us: b } } }));

  it('are compared within each round', () => {
    expect(ratioOf(rounds, 'b', 'a', ({ us }) => us)).toEqual({ median: 4, min: 2, max: 10 });
    expect(valueOf(rounds, 'a', ({ us }) => us)).toEqual({ median: 2, min: 1, max: 4 });
  });

  it('have the mean of the two in the middle when they are even', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it('refuse a side that is not there and what is no number', () => {
    expect(() => ratioOf(rounds, 'c', 'a', ({ us }) => us)).toThrow(RangeError);
    expect(() => spreadOf([1, Number.NaN])).toThrow(RangeError);
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});
