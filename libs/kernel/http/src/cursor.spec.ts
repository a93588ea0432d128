import fc from 'fast-check';
import { defineOperation, Refusal, type Actor } from '@quan-so/contract';
import { z } from 'zod';
import { Cursors, type Bound } from './cursor.js';

const operation = defineOperation({ id: 'listX', service: 'x', path: '/api/x/v1/x', kind: 'list', summary: { vi: 'v', en: 'e' }, access: { public: 'test' }, answer: z.string() });
const actor: Actor = { kind: 'person', id: 'a', username: 'a', name: 'A', client: 'web', positions: [] };
const bound: Bound = { operation, actor, params: {}, filters: { q: 'an' } };
const KEY = Buffer.alloc(32, 1).toString('base64');
const DAY = 24 * 60 * 60_000;

/** The sort key, or the code it was refused with. */
function open(cursors: Cursors, cursor: string, use: Bound = bound): unknown {
  try {
    return cursors.open(cursor, use);
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

describe('a cursor', () => {
  it('brings back what was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.maxSafeInteger()), { minLength: 1, maxLength: 4 }), (after) => {
        const cursors = new Cursors(KEY);
        expect(open(cursors, cursors.seal(after, bound))).toEqual(after);
      }),
    );
  });
  it('is refused when any character of it is another', () => {
    const cursors = new Cursors(KEY, () => 0);
    const cursor = cursors.seal(['2026-11-25', 7], bound);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom('A', 'b', '0', '_', '.', '-'), (at, character) => {
        fc.pre(cursor[at] !== character);
        expect(open(cursors, cursor.slice(0, at) + character + cursor.slice(at + 1))).toBe('CURSOR_INVALID');
      }),
      { numRuns: 500 },
    );
  });
  it('serves for a day and no longer', () => {
    const cursor = new Cursors(KEY, () => 0).seal([1], bound);
    expect(open(new Cursors(KEY, () => DAY - 1), cursor)).toEqual([1]);
    expect(open(new Cursors(KEY, () => DAY), cursor)).toBe('CURSOR_INVALID');
  });
  it.each<[string, Partial<Bound>]>([
    ['another filter', { filters: { q: 'anh' } }],
    ['no filter', { filters: {} }],
    ['another person', { actor: { ...actor, id: 'b' } }],
    ['another client', { actor: { ...actor, client: 'cli' } }],
    ['another list', { operation: { ...operation, id: 'listY' } }],
    ['another parent', { params: { id: '1' } }],
  ])('is refused with %s', (_, change) => {
    const cursors = new Cursors(KEY);
    expect(open(cursors, cursors.seal([1], bound), { ...bound, ...change })).toBe('CURSOR_INVALID');
  });
  it('is refused with another key', () => {
    expect(open(new Cursors(Buffer.alloc(32, 2).toString('base64')), new Cursors(KEY).seal([1], bound))).toBe('CURSOR_INVALID');
  });
});
