import { actorOf, CHECKS, type Candidate } from './token.rules.js';

/** The edges of each check; forged tokens as a whole are in verifier.int.spec. */

const NOW = 1_800_000_000;
const header = { alg: 'RS256', typ: 'JWT', kid: 'k1' };
const claims = {
  ...{ iss: 'https://id/realms/x', aud: 'api', typ: 'Bearer', sub: 's', azp: 'web', preferred_username: 'desk-clerk', iat: NOW - 60, exp: NOW + 60 },
  ...{ realm_access: { roles: ['desk-clerk'] }, positions: ['desk-clerk@H99.05.01'] },
};
type Change = Readonly<Record<string, unknown>>;
const candidate = (change: Change = {}, head: Change = {}): Candidate => ({ header: { ...header, ...head }, claims: { ...claims, ...change }, now: NOW, issuer: claims.iss, audience: 'api', clients: new Set(['web']) });
const broken = (change?: Change, head?: Change): string[] => CHECKS.filter(({ holds }) => !holds(candidate(change, head))).map(({ reason }) => reason);
const times = (iat: number, exp: number): Change => ({ iat: NOW + iat, exp: NOW + exp });
const list = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);

it.each<[string, Change, Change?]>([
  ['nothing is wrong', {}],
  ['it ends in a second', times(-60, 1)],
  ['clocks differ by 30 s', times(30, 90)],
  ['it lives for 15 minutes', times(-840, 60)],
  ['it is valid in 30 s', { nbf: NOW + 30 }],
  ['a name of 100 letters', { sub: 'x'.repeat(100) }],
  ['a key id of 200 letters', {}, { kid: 'k'.repeat(200) }],
  ['200 roles', { realm_access: { roles: list(200, 'desk-clerk') } }],
  ['50 positions', { positions: list(50, 'desk-clerk@H99') }],
  ['a unit of 35 letters', { positions: [`desk-clerk@H99.${'A'.repeat(20)}.${'B'.repeat(10)}`] }],
  ['no access at all', { realm_access: undefined, positions: undefined }],
  ['a position of 100 letters', { positions: [`${'a'.repeat(96)}@H99`] }],
])('is taken when %s', (_, change, head = {}) => expect(broken(change, head)).toEqual([]));

it.each<[string, Change, string[], Change?]>([
  ['it ends now', times(-60, 0), ['EXPIRED']],
  ['it was issued in 31 s', times(31, 91), ['ISSUED_LATER']],
  ['it lives a second longer than 15 minutes', times(-841, 60), ['LIFE']],
  ['it ends when it begins', times(10, 10), ['LIFE']],
  ['it is valid in 31 s', { nbf: NOW + 31 }, ['NOT_YET']],
  ['it has no time of issue', { iat: undefined }, ['TIMES']],
  ['it has no end', { exp: undefined }, ['TIMES']],
  ['its end is at the beginning of time', { exp: 0 }, ['TIMES']],
  ['its end has a fraction', { exp: NOW + 0.5 }, ['TIMES']],
  ['its end is text', { exp: String(NOW + 60) }, ['TIMES']],
  ['its subject is empty', { sub: '' }, ['SUBJECT']],
  ['its subject has 101 letters', { sub: 'x'.repeat(101) }, ['SUBJECT']],
  ['its subject is a number', { sub: 7 }, ['SUBJECT']],
  ['its key id has 201 letters', {}, ['KEY_ID'], { kid: 'k'.repeat(201) }],
  ['its access is null', { realm_access: null }, ['ROLES']],
  ['its access is text', { realm_access: 'desk-clerk' }, ['ROLES']],
  ['it has no list of roles', { realm_access: {} }, ['ROLES']],
  ['it has 201 roles', { realm_access: { roles: list(201, 'desk-clerk') } }, ['ROLES']],
  ['one of its roles is no text', { realm_access: { roles: ['desk-clerk', 7] } }, ['ROLES']],
  ['it has 51 positions', { positions: list(51, 'desk-clerk@H99') }, ['POSITIONS']],
  ['its positions are an object', { positions: { length: 0 } }, ['POSITIONS']],
  ['one of its positions is no text', { positions: [['desk-clerk@H99']] }, ['POSITIONS']],
  ['a unit has 36 letters', { positions: [`desk-clerk@H99.${'A'.repeat(20)}.${'B'.repeat(11)}`] }, ['POSITIONS']],
  ['a position has 101 letters', { positions: [`${'a'.repeat(97)}@H99`] }, ['POSITIONS']],
])('is refused when %s', (_, change, reasons, head = {}) => expect(broken(change, head)).toEqual(reasons));

describe('the actor', () => {
  it('has the name of the token, at most 200 letters of it, else the account’s', () => {
    expect(actorOf({ ...claims, name: 'Nguyễn Thị Mẫu' }).name).toBe('Nguyễn Thị Mẫu');
    expect(actorOf({ ...claims, name: 'x'.repeat(201) }).name).toBe('x'.repeat(200));
    for (const name of ['', undefined, 7]) expect(actorOf({ ...claims, name }).name).toBe('desk-clerk');
  });
  it('holds no position without roles, and none without positions', () => {
    expect(actorOf({ ...claims, realm_access: undefined }).positions).toEqual([]);
    expect(actorOf({ ...claims, positions: undefined }).positions).toEqual([]);
    expect(actorOf(claims).positions).toEqual([{ role: 'desk-clerk', unit: 'H99.05.01' }]);
  });
});
