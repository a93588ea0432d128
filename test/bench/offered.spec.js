import { describe, expect, it } from '@jest/globals';
import { offered, percentile, summaryOf } from './offered.js';

describe('percentiles', () => {
  // Nearest rank, by hand: of 200 values the 99th is the 198th.
  it('are values that occurred', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect([50, 99, 100].map((p) => percentile(values, p))).toEqual([100, 198, 200]);
    expect(percentile([7], 99)).toBe(7);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });

  it('are of the values in their order, whatever order they come in', () => {
    expect(summaryOf([10, 9, 100])).toMatchObject({ count: 3, p50: 10, p99: 100 });
  });
});

describe('load at a fixed rate', () => {
  it('does not wait for answers: what stands behind a slow one is late by as much', async () => {
    let open;
    const gate = new Promise((resolve) => (open = resolve));
    let begun = 0;
    const send = async () => {
      begun += 1;
      // The tenth opens what the nine before it wait at: a loop that waits for answers never comes to it.
      if (begun === 10) open();
      await gate;
    };
    const { latencies, failed } = await offered({ rate: 1_000, seconds: 0.01, send });
    expect({ begun, failed, ended: latencies.length }).toEqual({ begun: 10, failed: 0, ended: 10 });
    expect(latencies[0]).toBeGreaterThanOrEqual(latencies[9]);
  });

  it('tells what failed and goes on', async () => {
    const send = async (i) => {
      if (i % 2 === 1) throw new Error(`no ${i}`);
    };
    const { begun, failed, latencies, errors } = await offered({ rate: 1_000, seconds: 0.004, send });
    expect({ begun, failed, ended: latencies.length }).toEqual({ begun: 4, failed: 2, ended: 2 });
    expect(errors.map(String)).toEqual(['Error: no 1', 'Error: no 3']);
  });
});
