import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { type FastifyReply } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { Traffic } from './traffic.js';

let traffic: Traffic;
beforeEach(() => {
  jest.useFakeTimers();
  // Not before: its room would measure from the other clock.
  traffic = new Traffic({ inFlight: 256, inFlightPerCaller: 64 });
});
afterEach(() => void jest.useRealTimers());

/** Lets one request in; its answer leaves when the returned function is called. Answers the code of a refusal. */
function come(caller: string): { leave(): void; refused: string | undefined } {
  const raw = new EventEmitter();
  try {
    traffic.work(caller, { raw } as unknown as FastifyReply);
    return { leave: () => void raw.emit('close'), refused: undefined };
  } catch (error) {
    return { leave: () => undefined, refused: (error as Refusal).problem.code };
  }
}

/** A second in which so many different callers are in work for so long. */
function second(atOnce: number, ms: number): void {
  for (let done = 0; done < 21; done += atOnce) {
    if (done + atOnce >= 21) jest.advanceTimersByTime(1_000);
    const all = Array.from({ length: atOnce }, (_, n) => come(`caller-${n}`));
    jest.advanceTimersByTime(ms);
    for (const { leave } of all) leave();
  }
}

/** How many of 65 at once are let in, and what the next is told. */
function inAtOnce(caller: string): [most: number, refused: string | undefined] {
  const all = Array.from({ length: 65 }, () => come(caller));
  for (const { leave } of all) leave();
  return [all.filter(({ refused }) => refused === undefined).length, all.find(({ refused }) => refused !== undefined)?.refused];
}

it('gives one caller a quarter of the room, also of one that a storm has left', () => {
  for (let i = 0; i < 3; i += 1) second(3, 10);
  expect(inAtOnce('slow')).toEqual([64, 'RATE_LIMITED']);
  for (let i = 0; i < 4; i += 1) second(200, 400);
  // Twelve are left, three of them for one.
  expect(inAtOnce('slow')).toEqual([3, 'RATE_LIMITED']);
});
