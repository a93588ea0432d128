import fc from 'fast-check';
import { Refusal } from '@quan-so/contract';
import { BODY_LIMITS, readJson } from './json-body.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): unknown => readJson(bytes(text));

/** Code of the refusal and the pointer of its place. */
function refusalOf(body: string | Uint8Array): [string, string | undefined] {
  try {
    readJson(typeof body === 'string' ? bytes(body) : body);
  } catch (error) {
    if (error instanceof Refusal) return [error.problem.code, error.faults[0]?.pointer];
    throw error;
  }
  return ['taken', undefined];
}

describe('readJson', () => {
  it('reads what JSON.parse reads, for documents without traps', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0')).map((s) => s.normalize('NFC'));
    const key = text.filter((s) => !['__proto__', 'constructor', 'prototype'].includes(s));
    const number = fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e15, max: 1e15, noNaN: true })).filter((n) => !Object.is(n, -0));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.oneof(text, number, fc.boolean(), fc.constant(null)), tie('array'), tie('object')),
      array: fc.array(tie('tree'), { maxLength: 5 }),
      object: fc.dictionary(key, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(read(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a text whenever JSON.parse does', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', '.', 'e', 'true', 'null', ' ', '\\', '\n');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join('')), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        // eslint-disable-next-line jest/no-conditional-expect -- both branches are properties
        if (!valid) expect(refusalOf(text)[0]).toBe('INVALID_JSON');
        else expect(['taken', 'DUPLICATE_KEY', 'UNSAFE_NUMBER']).toContain(refusalOf(text)[0]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, string | Uint8Array, string, string | undefined]>([
    ['nothing', '', 'EMPTY_BODY', undefined],
    ['only spaces', '  \n', 'INVALID_JSON', undefined],
    ['a truncated document', '{"name":"a"', 'INVALID_JSON', undefined],
    ['a trailing comma', '{"name":"a",}', 'INVALID_JSON', undefined],
    ['rubbish after the end', '{"name":"a"} x', 'INVALID_JSON', undefined],
    ['a comment', '{"name":"a"/* c */}', 'INVALID_JSON', undefined],
    ['NaN', '{"fee":NaN}', 'INVALID_JSON', undefined],
    ['Infinity', '{"fee":Infinity}', 'INVALID_JSON', undefined],
    ['hexadecimal', '{"fee":0x10}', 'INVALID_JSON', undefined],
    ['octal', '{"fee":010}', 'INVALID_JSON', undefined],
    ['a byte order mark', '\uFEFF{"name":"a"}', 'INVALID_JSON', undefined],
    ['UTF-16 little endian', new Uint8Array(Buffer.from('{"name":"a"}', 'utf16le')), 'UNSUPPORTED_MEDIA_TYPE', undefined],
    ['UTF-16 with its mark', new Uint8Array(Buffer.from('\uFEFF{"name":"a"}', 'utf16le')), 'UNSUPPORTED_MEDIA_TYPE', undefined],
    ['UTF-16 big endian', new Uint8Array(Buffer.from('{"name":"a"}', 'utf16le').swap16()), 'UNSUPPORTED_MEDIA_TYPE', undefined],
    ['Latin-1', new Uint8Array(Buffer.from('{"name":"Nguyê"}', 'latin1')), 'INVALID_ENCODING', undefined],
    ['half a UTF-8 character', new Uint8Array([0x22, 0xc3, 0x22]), 'INVALID_ENCODING', undefined],
    ['a surrogate written in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 'INVALID_ENCODING', undefined],
    ['NUL', '{"name":"a\\u0000b"}', 'INVALID_TEXT', '/body/name'],
    ['NUL in a key', '{"a\\u0000":1}', 'INVALID_TEXT', '/body/'],
    ['a raw control character', '{"name":"a\u0001"}', 'INVALID_JSON', undefined],
    ['a lone surrogate', '{"items":[{"name":"a\\ud800b"}]}', 'INVALID_TEXT', '/body/items/0/name'],
    ['a lone low surrogate', '["ok","\\udc00"]', 'INVALID_TEXT', '/body/1'],
    ['a duplicate key', '{"name":"a","name":"b"}', 'DUPLICATE_KEY', '/body/name'],
    ['a duplicate key written otherwise', '{"name":1,"n\\u0061me":2}', 'DUPLICATE_KEY', '/body/name'],
    ['a duplicate key after normalisation', '{"\u1ea1":1,"a\u0323":2}', 'DUPLICATE_KEY', '/body/\u1ea1'],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', 'FORBIDDEN_KEY', '/body/a/__proto__'],
    ['__proto__ by escapes', '{"\\u005f_proto__":1}', 'FORBIDDEN_KEY', '/body/__proto__'],
    ['constructor', '{"constructor":{"prototype":{}}}', 'FORBIDDEN_KEY', '/body/constructor'],
    ['prototype', '[{"prototype":1}]', 'FORBIDDEN_KEY', '/body/0/prototype'],
    ['2^53 + 1', '{"fee":9007199254740993}', 'UNSAFE_NUMBER', '/body/fee'],
    ['-(2^53)', '[1,-9007199254740992]', 'UNSAFE_NUMBER', '/body/1'],
    ['1e400', '{"fee":1e400}', 'UNSAFE_NUMBER', '/body/fee'],
    ['1e-400', '{"fee":1e-400}', 'UNSAFE_NUMBER', '/body/fee'],
    ['-0', '{"a/b":-0}', 'UNSAFE_NUMBER', '/body/a~1b'],
    ['20,000 open brackets', '['.repeat(20_000) + ']'.repeat(20_000), 'TOO_DEEP', `/body${'/0'.repeat(32)}`],
    ['20,000 brackets never closed', '['.repeat(20_000), 'INVALID_JSON', undefined],
  ])('refuses %s', (_, body, code, pointer) => {
    expect(refusalOf(body)).toEqual([code, pointer]);
  });

  it('takes 32 levels and 10,000 keys, and refuses one more', () => {
    const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
    const wide = (keys: number): string => `{${Array.from({ length: keys }, (_, i) => `"k${i}":0`).join(',')}}`;
    expect(BODY_LIMITS).toEqual({ bytes: 262_144, depth: 32, keys: 10_000 });
    expect(refusalOf(nested(32))[0]).toBe('taken');
    expect(refusalOf(nested(33))[0]).toBe('TOO_DEEP');
    expect(refusalOf(wide(10_000))[0]).toBe('taken');
    expect(refusalOf(wide(10_001))[0]).toBe('TOO_MANY_KEYS');
  });

  it('keeps the largest safe integer, decimals, true surrogate pairs and names of object methods', () => {
    expect(read('[9007199254740991,-9007199254740991,0,0.0,0e5,0.1,1.5e3]')).toEqual([9007199254740991, -9007199254740991, 0, 0, 0, 0.1, 1500]);
    expect(read('"\\ud83d\\ude00"')).toBe('😀');
    expect(read('{"toString":"a","hasOwnProperty":"b"}')).toEqual({ toString: 'a', hasOwnProperty: 'b' });
    expect(read('null')).toBeNull();
  });

  it('normalises texts and keys to NFC, written raw or by escapes', () => {
    const nfd = 'Nguyễn Thị Hoà'.normalize('NFD');
    expect(read(JSON.stringify({ [nfd]: [nfd] }))).toEqual({ 'Nguyễn Thị Hoà': ['Nguyễn Thị Hoà'] });
    expect(read('{"e\\u0301":"e\\u0301"}')).toEqual({ é: 'é' });
  });

  it.each([
    ['{"name": "An" Trần Văn Kín}', 'Syntax error at character 14.'],
    ['{"name": Trần Văn Kín}', 'The syntax is wrong.'],
    ['{"Kín": ', 'The JSON ends too early.'],
  ])('tells what is wrong with %s but never quotes it', (body, detail) => {
    const refusal = (() => {
      try {
        return read(body);
      } catch (error) {
        return error as Refusal;
      }
    })() as Refusal;
    expect(refusal.detail?.en).toBe(detail);
    expect(JSON.stringify(refusal) + refusal.message).not.toContain('Kín');
  });
});
