import { Room } from './room.js';

/** A room with a clock of its own; `second` is one second of so many at once, each taking so long. */
function roomWithClock(most = 256): { room: Room; second(atOnce: number, ms: number): number } {
  let now = 0;
  const room = new Room(most, () => now);
  const second = (atOnce: number, ms: number): number => {
    let working = 0;
    for (let i = 0; i < atOnce; i += 1) if (room.admits(working)) working += 1;
    now += 1_000;
    for (let i = 0; i < 20; i += 1) room.left(ms);
    return working;
  };
  return { room, second };
}

describe('the room', () => {
  it('shrinks while answers take more than twice their usual time, and not below what can be served at once', () => {
    const { room, second } = roomWithClock();
    expect(room.share).toBe(1);
    for (let i = 0; i < 5; i += 1) second(4, 30);
    // Usual is 30 ms, so 60 may be taken: of those who take 90 two thirds are let in, never less than a quarter at once.
    expect([second(200, 400), second(200, 400), second(200, 90), second(200, 90), second(200, 400), second(200, 400)]).toEqual([200, 200, 50, 33, 22, 5]);
    expect(second(200, 400)).toBe(4);
    expect(room.share).toBe(4 / 256);
  });

  it('bears one slow second', () => {
    const { second } = roomWithClock();
    second(4, 10);
    expect([second(200, 400), second(200, 10), second(200, 400), second(200, 10)]).toEqual([200, 200, 200, 200]);
  });

  it('turns nobody away for what nobody notices', () => {
    const { second } = roomWithClock();
    second(4, 5);
    for (let i = 0; i < 10; i += 1) expect(second(200, 30)).toBe(200);
  });

  it('grows back step by step while answers are quick, and is whole again after ten seconds of calm', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 10; i += 1) second(200, 400);
    expect([second(200, 30), second(200, 30), second(200, 30)]).toEqual([4, 5, 6]);
    for (let i = 0; i < 10; i += 1) second(1, 10);
    expect(second(200, 10)).toBeLessThan(30);
    for (let i = 0; i < 11; i += 1) second(1, 10);
    expect(second(200, 10)).toBe(200);
  });

  it('judges by the slowest of ten, not by the one in the middle', () => {
    let now = 0;
    const room = new Room(256, () => now);
    const second = (slow: number): void => {
      for (let i = 0; i < 10; i += 1) room.admits(i);
      now += 1_000;
      for (let i = 0; i < 20; i += 1) room.left(i < slow ? 400 : 10);
    };
    second(0);
    for (let i = 0; i < 3; i += 1) second(1);
    expect(room.share).toBe(1);
    for (let i = 0; i < 3; i += 1) second(3);
    expect(room.share).toBe(4 / 256);
  });

  it('turns nobody away before it knows what is usual: many at once from the beginning are no storm', () => {
    const { second } = roomWithClock();
    for (let i = 0; i < 10; i += 1) expect(second(100, 300)).toBe(100);
  });

  it('takes for usual what it was while few were inside of a whole room, not what the storm made of it', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 8; i += 1) second(100, 300);
    // Few are inside because no more are let in: 29 ms would soon be usual, and 40 no storm.
    for (let i = 0; i < 8; i += 1) second(3, 29);
    const [before, after] = [second(100, 40), second(100, 40)];
    expect(after).toBeLessThan(before);
  });

  it('takes for usual what stays slow with the fewest inside: what it stands on is slow, and nobody is helped by staying out', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 14; i += 1) second(100, 300);
    const later = Array.from({ length: 40 }, () => second(100, 300));
    expect(later.at(-1)).toBe(100);
  });

  it('does not judge by a few answers', () => {
    let now = 0;
    const room = new Room(256, () => now);
    for (let i = 0; i < 30; i += 1) room.left(10);
    now += 1_000;
    room.left(10);
    for (let i = 0; i < 19; i += 1) room.left(9_000);
    now += 1_000;
    expect(room.admits(255)).toBe(true);
  });

  it('never holds more than its most', () => {
    const { second } = roomWithClock(3);
    second(2, 10);
    for (let i = 0; i < 5; i += 1) expect(second(100, 500)).toBe(3);
  });
});
