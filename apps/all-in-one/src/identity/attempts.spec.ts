import { Attempts } from './attempts.js';

const MINUTE = 60_000;

describe('Attempts', () => {
  it('lets ten tries pass, then makes the account wait a minute longer each time, fifteen at most', () => {
    const attempts = new Attempts();
    const waits: number[] = [];
    for (let tries = 1; tries <= 30; tries += 1) {
      attempts.failed('desk-clerk', 0);
      let minutes = 0;
      while (attempts.waits('desk-clerk', minutes * MINUTE)) minutes += 1;
      waits.push(minutes);
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15, 15, 15, 15, 15]);
  });

  it('forgets on success and counts each account by itself', () => {
    const attempts = new Attempts();
    for (let tries = 0; tries < 10; tries += 1) attempts.failed('a', 0);
    expect([attempts.waits('a', 1), attempts.waits('b', 1)]).toEqual([true, false]);
    attempts.succeeded('a');
    expect(attempts.waits('a', 1)).toBe(false);
  });
});
