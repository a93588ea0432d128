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
    for (let i = 0; i < 5; i += 1) second(4, 10);
    // Usual is 10 ms, so 40 may be taken: of those who take 80 half are let in, never less than a quarter at once.
    expect([second(200, 400), second(200, 400), second(200, 80), second(200, 80), second(200, 80)]).toEqual([200, 200, 50, 25, 16]);
    expect(room.share).toBe(16 / 256);
  });

  it('bears one slow second', () => {
    const { second } = roomWithClock();
    second(4, 10);
    expect([second(200, 400), second(200, 10), second(200, 400), second(200, 10)]).toEqual([200, 200, 200, 200]);
  });

  it('grows back while it is full and answers are quick, and is whole again when all is calm', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 10; i += 1) second(200, 400);
    expect([second(200, 30), second(200, 30), second(200, 30)]).toEqual([16, 18, 20]);
    second(4, 10);
    expect(second(200, 10)).toBe(200);
  });

  it('turns nobody away before it knows what is usual: many at once from the beginning are no storm', () => {
    const { second } = roomWithClock();
    for (let i = 0; i < 10; i += 1) expect(second(100, 300)).toBe(100);
  });

  it('takes for usual what it was while few were inside, not what the storm made of it', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 60; i += 1) second(100, 300);
    expect(second(100, 300)).toBe(16);
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
    const { second } = roomWithClock(8);
    second(4, 10);
    for (let i = 0; i < 5; i += 1) expect(second(100, 500)).toBe(8);
  });
});
