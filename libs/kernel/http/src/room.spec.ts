import { Room } from './room.js';

/** A room with a clock of its own; `second` is one second of so many at once, each taking so long: how many were let in. */
function roomWithClock(most = 256): { room: Room; second(atOnce: number, ms: number): number; wait(ms: number): void } {
  let now = 0;
  const room = new Room(most, () => now);
  const second = (atOnce: number, ms: number): number => {
    let working = 0;
    for (let i = 0; i < atOnce; i += 1) if (room.admits(working)) working += 1;
    now += 1_000;
    for (let i = 0; i < 20; i += 1) room.left(ms);
    return working;
  };
  return { room, second, wait: (ms) => (now += ms) };
}

/** Requests that come evenly, `each` at once, and take `ms` whoever else is there, for so many seconds; the share turned away in each second. */
function steady(room: Room, clock: { now: number }, { perSecond, each, ms, seconds }: { perSecond: number; each: number; ms: number; seconds: number }): number[] {
  const ends: number[] = [];
  return Array.from({ length: seconds }, () => {
    let turned = 0;
    for (let n = 0; n < perSecond; n += 1) {
      clock.now += 1_000 / perSecond;
      while ((ends[0] ?? Infinity) <= clock.now) {
        ends.shift();
        room.left(ms);
      }
      for (let i = 0; i < each; i += 1) {
        if (room.admits(ends.length)) ends.push(clock.now + ms);
        else turned += 1;
      }
    }
    return turned / (perSecond * each);
  });
}

/** As a storm leaves it. */
function small(): { room: Room; clock: { now: number } } {
  const clock = { now: 0 };
  const room = new Room(256, () => clock.now);
  steady(room, clock, { perSecond: 20, each: 1, ms: 10, seconds: 5 });
  for (let i = 0; i < 8; i += 1) {
    for (let n = 0; n < 100; n += 1) room.admits(n);
    clock.now += 1_000;
    for (let n = 0; n < 20; n += 1) room.left(400);
  }
  expect(room.each).toBe(2);
  return { room, clock };
}

describe('the room', () => {
  it('shrinks while many are inside and answers take more than twice their usual time, and not below what can be served at once', () => {
    const { room, second } = roomWithClock();
    expect(room.each).toBe(256);
    for (let i = 0; i < 5; i += 1) second(4, 30);
    // Usual is 30 ms, so 60 may be taken: of those who take 90 two thirds are let in, never less than a quarter at once.
    expect([second(200, 400), second(200, 400), second(200, 90), second(200, 90), second(200, 400), second(200, 400)]).toEqual([200, 200, 50, 33, 22, 5]);
    expect(second(200, 400)).toBe(4);
    expect(room.each).toBe(2);
  });

  it('bears one slow second', () => {
    const { second } = roomWithClock();
    second(4, 10);
    expect([second(200, 400), second(200, 10), second(200, 400), second(200, 10)]).toEqual([200, 200, 200, 200]);
  });

  it('turns nobody away for what nobody notices', () => {
    const { second } = roomWithClock();
    second(4, 5);
    for (let i = 0; i < 10; i += 1) expect(second(200, 20)).toBe(200);
  });

  it('is no smaller for answers that are slow while few are inside: nobody crowds anybody', () => {
    const { room, second } = roomWithClock();
    for (let i = 0; i < 5; i += 1) second(3, 5);
    for (let i = 0; i < 60; i += 1) second(3, 400);
    expect(room.each).toBe(256);
  });

  it('grows back step by step while answers are quick, and is whole again after ten seconds of calm', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 8; i += 1) second(200, 400);
    expect([second(200, 20), second(200, 20), second(200, 20)]).toEqual([4, 5, 6]);
    for (let i = 0; i < 9; i += 1) second(1, 10);
    expect(second(200, 10)).toBeLessThan(30);
    for (let i = 0; i < 11; i += 1) second(1, 10);
    expect(second(200, 10)).toBe(200);
  });

  it('is whole again when nobody has come for ten seconds, and for the few who come after a storm', () => {
    const quiet = small();
    quiet.clock.now += 10_000;
    expect([...Array(6).keys()].map((working) => quiet.room.admits(working))).toEqual(Array(6).fill(true));
    const { room, clock } = small();
    const minutes = Array.from({ length: 10 }, () => {
      clock.now += 59_000;
      const admitted = [...Array(6).keys()].filter((working) => room.admits(working));
      for (const _ of admitted) room.left(8);
      return admitted.length;
    });
    expect(minutes).toEqual(Array(10).fill(6));
  });

  it('judges by the slowest of ten, not by the one in the middle', () => {
    let now = 0;
    const room = new Room(256, () => now);
    const second = (atOnce: number, slow: number): void => {
      for (let i = 0; i < atOnce; i += 1) room.admits(i);
      now += 1_000;
      for (let i = 0; i < 20; i += 1) room.left(i < slow ? 400 : 10);
    };
    second(4, 0);
    for (let i = 0; i < 3; i += 1) second(40, 1);
    expect(room.each).toBe(256);
    for (let i = 0; i < 3; i += 1) second(40, 3);
    expect(room.each).toBe(2);
  });

  it('turns nobody away before it knows what is usual: many at once from the beginning are no storm', () => {
    const { second } = roomWithClock();
    for (let i = 0; i < 10; i += 1) expect(second(100, 300)).toBe(100);
  });

  it('learns what is usual from one answer a second, too', () => {
    const clock = { now: 0 };
    const room = new Room(256, () => clock.now);
    steady(room, clock, { perSecond: 1, each: 1, ms: 10, seconds: 30 });
    const turned = steady(room, clock, { perSecond: 500, each: 1, ms: 400, seconds: 5 });
    expect(turned.at(-1)).toBeGreaterThan(0.9);
  });

  it('takes for usual what it was while few were inside of a whole room, not what the storm made of it', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 8; i += 1) second(100, 300);
    // Few are inside because no more are let in: 19 ms would soon be usual, and 25 no storm.
    for (let i = 0; i < 8; i += 1) second(3, 19);
    const [before, after] = [second(100, 25), second(100, 25)];
    expect(after).toBeLessThan(before);
  });

  it('takes for usual what stays slow with the fewest inside: what it stands on is slow, and nobody is helped by staying out', () => {
    const clock = { now: 0 };
    const room = new Room(256, () => clock.now);
    steady(room, clock, { perSecond: 20, each: 1, ms: 10, seconds: 5 });
    const turned = steady(room, clock, { perSecond: 20, each: 1, ms: 2_000, seconds: 60 });
    expect(Math.max(...turned.slice(0, 10))).toBeGreaterThan(0);
    expect(turned.slice(45)).toEqual(Array(15).fill(0));
  });

  it('stays small while a storm lasts that the fewest bear a little too slowly', () => {
    const { second } = roomWithClock();
    second(4, 10);
    for (let i = 0; i < 8; i += 1) second(200, 400);
    for (let i = 0; i < 60; i += 1) expect(second(200, 60)).toBe(4);
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
