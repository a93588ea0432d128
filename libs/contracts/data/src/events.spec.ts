import { z } from 'zod';
import { jsonObject } from './events.js';

describe('a body of JSON', () => {
  const quick = jsonObject('');
  const slow = z.record(z.string().max(100), z.json());

  it.each<[string, unknown]>([
    ['nothing in it', {}],
    ['every shape', { text: 'a', yes: true, none: null, number: -1.5, list: [1, ['b', { c: [] }]], object: { d: {} } }],
    ['a name of 100 letters', { ['n'.repeat(100)]: 1 }],
    ['a name of 101 letters', { ['n'.repeat(101)]: 1 }],
    ['a long name further in', { a: { ['n'.repeat(101)]: 1 } }],
    ['a prototype in the text', JSON.parse('{"a":{"__proto__":{"admin":true},"b":1}}')],
    ['no object', []],
    ['null', null],
    ['a text', 'a'],
    ['undefined further in', { a: [undefined] }],
    ['no number', { a: { b: Number.NaN } }],
    ['a date', { a: new Date(0) }],
    ['a function', { a: [() => 1] }],
  ])('with %s is judged as Zod judges it', (_, value) => {
    const [mine, theirs] = [quick.safeParse(value), slow.safeParse(value)];
    expect(mine.success).toBe(theirs.success);
    expect(mine.data).toEqual(theirs.data);
    expect(mine.error?.issues.map(({ code, path }) => [code, path])).toEqual(theirs.error?.issues.map(({ code, path }) => [code, path]));
  });

  it('is described as JSON', () => {
    expect(z.toJSONSchema(jsonObject('a'))).toEqual(z.toJSONSchema(slow.meta({ description: 'a', examples: [{}] })));
  });
});
