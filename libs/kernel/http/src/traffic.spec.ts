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

/** What a function answers, or the code of its refusal. */
function codeOf<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return (error as Refusal).problem.code;
  }
}

/** Takes a place; the answer leaves when the returned function is called. */
function seat(caller: string): (() => void) | string {
  const raw = new EventEmitter();
  return codeOf(() => {
    traffic.seat(caller, { raw } as unknown as FastifyReply);
    return () => void raw.emit('close');
  });
}

const begin = (caller: string): (() => void) | string => codeOf(() => traffic.begin(caller));

/** Those of so many at once that are let in, and what the first of the others is told. */
function atOnce(most: number, one: (n: number) => (() => void) | string): [letIn: number, told: string | undefined] {
  const all = Array.from({ length: most }, (_, n) => one(n));
  for (const leave of all) if (typeof leave === 'function') leave();
  return [all.filter((leave) => typeof leave === 'function').length, all.find((leave) => typeof leave === 'string')];
}

/** A second in which so many different callers are in work for so long. */
function second(callers: number, ms: number): void {
  for (let done = 0; done < 21; done += callers) {
    if (done + callers >= 21) jest.advanceTimersByTime(1_000);
    const all = Array.from({ length: callers }, (_, n) => begin(`caller-${n}`));
    jest.advanceTimersByTime(ms);
    for (const leave of all) if (typeof leave === 'function') leave();
  }
}

/** Ends with four places in work. */
function storm(): void {
  for (let i = 0; i < 3; i += 1) second(3, 10);
  for (let i = 0; i < 8; i += 1) second(200, 400);
}

it('gives one caller a quarter of the places', () => {
  expect(atOnce(65, () => seat('one'))).toEqual([64, 'RATE_LIMITED']);
  expect(atOnce(257, (n) => seat(`caller-${n}`))).toEqual([256, 'SERVICE_UNAVAILABLE']);
});

it('gives one caller half of a room that a storm has left', () => {
  expect(atOnce(64, () => begin('one'))).toEqual([64, undefined]);
  storm();
  expect(atOnce(8, () => begin('one'))).toEqual([2, 'SERVICE_UNAVAILABLE']);
  expect(atOnce(8, (n) => begin(`caller-${n}`))).toEqual([4, 'SERVICE_UNAVAILABLE']);
});

it('keeps nobody out for those who are still sending', () => {
  storm();
  for (let n = 0; n < 40; n += 1) expect(seat(`slow-${n}`)).toBeInstanceOf(Function);
  jest.advanceTimersByTime(29_000);
  expect(atOnce(4, (n) => begin(`caller-${n}`))).toEqual([4, undefined]);
});
