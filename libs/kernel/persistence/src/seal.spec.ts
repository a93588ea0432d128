import { randomBytes } from 'node:crypto';
import { Seal, SealError } from './seal.js';

const key = () => randomBytes(32).toString('base64');
const [first, second, index] = [key(), key(), key()];
const before = new Seal({ current: '2025', keys: { 2025: first }, index });
const now = new Seal({ current: '2026', keys: { 2025: first, 2026: second }, index });
const NUMBER = '999199012310';
const HERE = 'dossier:1:applicant.personalNumber';

describe('Seal', () => {
  it('opens what it sealed, Vietnamese letters too, and seals differently each time', () => {
    expect(now.open(now.seal('Nguyễn Thị Ánh', HERE), HERE)).toBe('Nguyễn Thị Ánh');
    expect(now.open(now.seal('', HERE), HERE)).toBe('');
    const [one, other] = [now.seal(NUMBER, HERE), now.seal(NUMBER, HERE)];
    expect(one).not.toBe(other);
    expect(one).not.toContain(NUMBER);
  });

  it('opens what an earlier key of the ring sealed, and seals with the current one', () => {
    expect(now.open(before.seal(NUMBER, HERE), HERE)).toBe(NUMBER);
    expect(now.seal(NUMBER, HERE)).toMatch(/^s1\.2026\./);
  });

  it('does not open in another context, with another ring, relabelled or changed', () => {
    const sealed = now.seal(NUMBER, HERE);
    const [head, id, body = ''] = sealed.split('.');
    const flip = (at: number): string => {
      const bytes = Buffer.from(body, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return `${head}.${id}.${bytes.toString('base64url')}`;
    };
    const length = Buffer.from(body, 'base64url').length;
    const refusals = [
      () => now.open(sealed, 'dossier:2:applicant.personalNumber'),
      () => before.open(sealed, HERE),
      () => new Seal({ current: '2026', keys: { 2025: second, 2026: second }, index }).open(`${head}.2025.${body}`, HERE),
      ...Array.from({ length }, (_, at) => () => now.open(flip(at), HERE)),
      () => now.open(sealed.slice(0, -4), HERE),
      () => now.open('s1.2026.AAAA', HERE),
      () => now.open(NUMBER, HERE),
      () => now.open('', HERE),
    ];
    for (const open of refusals) expect(open).toThrow(SealError);
  });

  it('finds equal texts of one context by an index that tells nothing else and outlives the change of keys', () => {
    expect(now.index(NUMBER, 'person')).toBe(before.index(NUMBER, 'person'));
    expect(now.index(NUMBER, 'person')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const others = [now.index('999199012311', 'person'), now.index(NUMBER, 'account'), now.index(`n${NUMBER}`, 'perso'), new Seal({ current: '2025', keys: { 2025: first }, index: key() }).index(NUMBER, 'person')];
    expect(new Set([now.index(NUMBER, 'person'), ...others]).size).toBe(5);
  });

  it('is the HMAC-SHA-256 of RFC 2104 over length, context and text', () => {
    // Made with: printf '6:person999199012310' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01 -binary | base64
    const seal = new Seal({ current: 'a', keys: { a: first }, index: Buffer.alloc(32, 1).toString('base64') });
    expect(seal.index(NUMBER, 'person')).toBe('Ijjb-s3sjB82wY3wSWN-FtmE0RvdcScnbZGXTclPmaY');
  });

  it.each([
    ['a short key', { current: 'a', keys: { a: 'YQ==' }, index }],
    ['a short index key', { current: 'a', keys: { a: first }, index: 'YQ==' }],
    ['a current key that is not there', { current: 'b', keys: { a: first }, index }],
    ['a key id with a dot', { current: 'a.b', keys: { 'a.b': first }, index }],
  ])('refuses %s', (_, keys) => expect(() => new Seal(keys)).toThrow(TypeError));
});
