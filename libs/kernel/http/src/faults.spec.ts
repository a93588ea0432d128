import { z } from 'zod';
import { faultsOf } from './faults.js';

const who = z.strictObject({ name: z.string().min(2), age: z.int().max(120) });

/** `pointer CODE` of every fault. */
function faults(schema: z.ZodType, value: unknown): string[] {
  const read = schema.safeParse(value);
  return read.success ? [] : faultsOf(read.error, value, '/body').map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('faultsOf', () => {
  it.each<[string, z.ZodType, unknown, string[]]>([
    ['what is missing', who, { age: 3 }, ['/body/name REQUIRED']],
    ['another type', who, { name: 7, age: '3' }, ['/body/name WRONG_TYPE', '/body/age WRONG_TYPE']],
    ['null', who, { name: null, age: 3 }, ['/body/name WRONG_TYPE']],
    ['bounds', who, { name: 'a', age: 121 }, ['/body/name LENGTH_TOO_SMALL', '/body/age VALUE_TOO_BIG']],
    ['every unknown field', who, { name: 'An', age: 3, 'a/b': 1, 'c~d': 2 }, ['/body/a~1b UNKNOWN_FIELD', '/body/c~0d UNKNOWN_FIELD']],
    ['a list', z.array(z.enum(['A', 'B'])), ['A', 'C', 'B'], ['/body/1 NOT_ALLOWED']],
    ['a list too long', z.array(z.int()).max(2), [1, 2, 3], ['/body COUNT_TOO_BIG']],
    ['a form', z.object({ at: z.iso.date() }), { at: '2026-02-30' }, ['/body/at WRONG_FORM']],
    ['the branch that fits best', z.union([who, z.string()]), { name: 'An', age: 200 }, ['/body/age VALUE_TOO_BIG']],
    ['the branch a discriminator names', z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a'), n: z.int() }), z.strictObject({ kind: z.literal('b') })]), { kind: 'a', n: 'x' }, ['/body/n WRONG_TYPE']],
    ['a discriminator that names none', z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a') }), z.strictObject({ kind: z.literal('b') })]), { kind: 'c' }, ['/body/kind NOT_ALLOWED']],
    ['a discriminator that is missing', z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a') }), z.strictObject({ kind: z.literal('b') })]), {}, ['/body/kind REQUIRED']],
    ['a rule of its own', z.object({ a: z.int() }).refine(() => false, { message: 'sai / wrong', path: ['a'] }), { a: 1 }, ['/body/a NOT_VALID']],
    ['keys of a record', z.record(z.string().max(2), z.int()), { abc: 1 }, ['/body/abc LENGTH_TOO_BIG']],
  ])('tells %s', (_, schema, value, expected) => {
    expect(faults(schema, value)).toEqual(expected);
  });
  it('never quotes the value, and says both languages', () => {
    const value = { name: 'Trần Văn Kín', age: 999 };
    const read = z.strictObject({ name: z.string().max(3), age: z.enum(['a']), at: z.iso.datetime({ offset: true }) }).safeParse(value);
    const told = read.success ? [] : faultsOf(read.error, value, '/body');
    expect(told).toHaveLength(3);
    expect(JSON.stringify(told)).not.toMatch(/Kín|999/);
    expect(told[0]?.detail).toEqual({ vi: 'Nhiều nhất 3 ký tự.', en: 'At most 3 characters.' });
  });
  it('stops after fifty', () => {
    expect(faults(z.array(z.int()), Array.from({ length: 200 }, () => 'x'))).toHaveLength(50);
  });
});
