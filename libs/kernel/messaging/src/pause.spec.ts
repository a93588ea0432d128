import { backoff, Signal, sleep } from './pause.js';

const FOREVER_MS = 2 ** 30;

describe('Signal', () => {
  it('keeps a wish that came while nobody waited, once', async () => {
    const signal = new Signal();
    signal.raise();
    signal.raise();
    await signal.wait(FOREVER_MS);
    let woken = false;
    const waiting = signal.wait(FOREVER_MS).then(() => (woken = true));
    await Promise.resolve();
    expect(woken).toBe(false);
    signal.raise();
    await waiting;
    expect(woken).toBe(true);
  });

  it('goes on by itself after its time', () => expect(new Signal().wait(1)).resolves.toBeUndefined());
});

describe('sleep', () => {
  it('ends when it is told to, before or meanwhile', async () => {
    const stopped = new AbortController();
    const sleeping = sleep(FOREVER_MS, stopped.signal);
    stopped.abort();
    await sleeping;
    await sleep(FOREVER_MS, stopped.signal);
    expect(stopped.signal.aborted).toBe(true);
  });
});

describe('backoff', () => {
  it('doubles up to its most, a tenth by chance', () => {
    for (const [n, most] of [[1, 100], [2, 200], [5, 1_600], [6, 3_000], [1_000, 3_000]] as const) {
      const waits = Array.from({ length: 50 }, () => backoff(n, 100, 3_000));
      expect(Math.max(...waits)).toBeLessThanOrEqual(most);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(most * 0.9);
    }
  });
});
