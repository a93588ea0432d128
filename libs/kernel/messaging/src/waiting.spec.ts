import { Waiting } from './waiting.js';

const [ZERO, ONE] = ['records.x/0', 'records.x/1'];

function waitingSince(zero: number, one: number): Waiting {
  const waiting = new Waiting();
  waiting.began(ZERO, zero);
  waiting.began(ONE, one);
  return waiting;
}

describe('how long what came has been waiting', () => {
  it('is the wait of the oldest; nothing once all has its effect', () => {
    const waiting = waitingSince(400, 700);
    expect(waiting.ms(1_000)).toBe(600);
    waiting.over(ZERO);
    expect(waiting.ms(1_000)).toBe(300);
    waiting.over(ONE);
    expect(waiting.ms(1_000)).toBe(0);
  });

  it('leaves out places that were given to others, however they come back', () => {
    const waiting = waitingSince(400, 700);
    waiting.only([ONE]);
    expect(waiting.ms(1_000)).toBe(300);
    // A batch fetched before the shards were shared out anew.
    waiting.began(ZERO, 400);
    expect(waiting.ms(1_000)).toBe(300);
    waiting.only([]);
    waiting.only([ZERO, ONE]);
    expect(waiting.ms(1_000)).toBe(0);
  });
});
