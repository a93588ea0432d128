import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Refusal } from '@quan-so/contract';
import { createVerifier, type TokenVerifier } from './index.js';
import { CHECKS } from './token.rules.js';
import { verifierWith } from './verifier.js';

type Json = Record<string, unknown>;

const AUDIENCE = 'quan-so-api';
const realm = generateKeyPairSync('rsa', { modulusLength: 2048 });
const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let published: Json[];
let asked: number;
let answer: 'keys' | 'error' | 'html';
let server: Server;
let issuer: string;
let verifier: TokenVerifier;

const jwk = (key: KeyObject, kid: string): Json => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' });

beforeAll(async () => {
  server = createServer((_req, res) => {
    asked += 1;
    if (answer === 'keys') res.end(JSON.stringify({ keys: published }));
    else if (answer === 'html') res.end('<html>');
    else res.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/quan-so`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  published = [jwk(realm.publicKey, 'k1')];
  asked = 0;
  answer = 'keys';
  verifier = createVerifier({ issuer, audience: AUDIENCE, clients: ['quan-so-web', 'tax-department'] });
});

const now = (): number => Math.floor(Date.now() / 1_000);
const SUB = '0191b1c2-0000-4000-8000-123456789012';
const goodHeader = (): Json => ({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
const goodClaims = (): Json => ({
  iss: issuer, sub: SUB, aud: AUDIENCE, azp: 'quan-so-web', typ: 'Bearer', iat: now(), exp: now() + 600, jti: randomUUID(),
  preferred_username: 'desk-clerk', name: 'Nguyễn Thị Mẫu',
  realm_access: { roles: ['desk-clerk', 'offline_access'] }, positions: ['desk-clerk@H99.05.01', 'auditor@H99.05'],
});

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const rs256 = (text: string): Buffer => sign('RSA-SHA256', Buffer.from(text), realm.privateKey);

/** A token signed by the realm unless told otherwise; a change to undefined takes the member out. */
function token(claims: Json = {}, header: Json = {}, signer: (text: string) => Buffer = rs256): string {
  const text = `${encode({ ...goodHeader(), ...header })}.${encode({ ...goodClaims(), ...claims })}`;
  return `${text}.${signer(text).toString('base64url')}`;
}

async function reasonOf(verified: Promise<unknown>): Promise<string> {
  const error: unknown = await verified.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return 'accepted';
  if (!(error instanceof Refusal)) throw error;
  return error.problem.code === 'UNAUTHENTICATED' ? String(error.extra['reason']) : error.problem.code;
}

/** Forged and odd tokens; each by name, how it is made, and the check that refuses it. */
const FORGED: readonly [name: string, make: () => string, reason: string][] = [
  ['nothing', () => '', 'MALFORMED'],
  ['a word', () => 'desk-clerk', 'MALFORMED'],
  ['two parts', () => token().split('.', 2).join('.'), 'MALFORMED'],
  ['no signature', () => `${token().split('.', 2).join('.')}.`, 'MALFORMED'],
  ['four parts', () => `${token()}.x`, 'MALFORMED'],
  ['padding in it', () => `${token()}=`, 'MALFORMED'],
  ['white space in it', () => token().replace('.', '. '), 'MALFORMED'],
  ['8 KB', () => token({ name: 'x'.repeat(8_000) }), 'MALFORMED'],
  ['claims that are no JSON', () => `${encode(goodHeader())}.${encode('{')}.${encode('x')}`, 'MALFORMED'],
  ['claims that are a list', () => `${encode(goodHeader())}.${encode([])}.${encode('x')}`, 'MALFORMED'],
  ['a header that is null', () => `${encode('null')}.${encode(goodClaims())}.${encode('x')}`, 'MALFORMED'],
  ['alg none, signed all the same', () => token({}, { alg: 'none' }), 'ALGORITHM'],
  ['alg HS256 with the public key as secret', () => token({}, { alg: 'HS256' }, (text) => createHmac('sha256', realm.publicKey.export({ type: 'spki', format: 'pem' })).update(text).digest()), 'ALGORITHM'],
  ['alg HS256 in the header over an RS256 signature', () => token({}, { alg: 'HS256' }), 'ALGORITHM'],
  ['ES256', () => token({}, { alg: 'ES256' }, (text) => sign('sha256', Buffer.from(text), ec.privateKey)), 'ALGORITHM'],
  ['alg in lower case', () => token({}, { alg: 'rs256' }), 'ALGORITHM'],
  ['no type in the header', () => token({}, { typ: undefined }), 'HEADER_TYPE'],
  ['a logout token', () => token({}, { typ: 'logout+jwt' }), 'HEADER_TYPE'],
  ['an unknown critical extension', () => token({}, { crit: ['x'], x: 1 }), 'CRITICAL_HEADER'],
  ['no key id', () => token({}, { kid: undefined }), 'KEY_ID'],
  ['an id token', () => token({ typ: 'ID', aud: 'quan-so-web' }), 'TOKEN_TYPE'],
  ['a refresh token', () => token({ typ: 'Refresh' }), 'TOKEN_TYPE'],
  ['another realm', () => token({ iss: issuer.replace('quan-so', 'master') }), 'ISSUER'],
  ['an issuer with a slash at its end', () => token({ iss: `${issuer}/` }), 'ISSUER'],
  ['another service’s token', () => token({ aud: 'account' }), 'AUDIENCE'],
  ['no audience', () => token({ aud: undefined }), 'AUDIENCE'],
  ['an audience that only begins like ours', () => token({ aud: [`${AUDIENCE}-2`] }), 'AUDIENCE'],
  ['no subject', () => token({ sub: undefined }), 'SUBJECT'],
  ['no authorized party', () => token({ azp: undefined }), 'AUTHORIZED_PARTY'],
  ['an unregistered client', () => token({ azp: 'elsewhere' }), 'CLIENT'],
  ['no end', () => token({ exp: undefined }), 'TIMES'],
  ['an end that is text', () => token({ exp: String(now() + 600) }), 'TIMES'],
  ['no time of issue', () => token({ iat: undefined }), 'TIMES'],
  ['an end in the past', () => token({ iat: now() - 700, exp: now() - 1 }), 'EXPIRED'],
  ['issued in an hour', () => token({ iat: now() + 3_600, exp: now() + 3_700 }), 'ISSUED_LATER'],
  ['a life of an hour', () => token({ exp: now() + 3_600 }), 'LIFE'],
  ['an end before its beginning', () => token({ iat: now() + 20, exp: now() + 10 }), 'LIFE'],
  ['valid in an hour', () => token({ nbf: now() + 3_600 }), 'NOT_YET'],
  ['bound to a client certificate', () => token({ cnf: { 'x5t#S256': 'x' } }), 'BOUND'],
  ['no username', () => token({ preferred_username: undefined }), 'USERNAME'],
  ['a personal number as username', () => token({ preferred_username: '999012345678' }), 'PERSONAL_NUMBER'],
  ['a personal number as subject', () => token({ sub: '999012345678' }), 'PERSONAL_NUMBER'],
  ['roles that are text', () => token({ realm_access: { roles: 'authority-lead' } }), 'ROLES'],
  ['positions that are text', () => token({ positions: 'authority-lead@H99' }), 'POSITIONS'],
  ['a position for every unit', () => token({ positions: ['authority-lead@*'] }), 'POSITIONS'],
  ['a position without unit', () => token({ positions: ['authority-lead'] }), 'POSITIONS'],
  ['a position with a wild card in SQL', () => token({ positions: ['desk-clerk@H99.%'] }), 'POSITIONS'],
  ['a key the realm does not have', () => token({}, { kid: 'k9' }), 'UNKNOWN_KEY'],
  ['a name of the prototype as key id', () => token({}, { kid: '__proto__' }), 'UNKNOWN_KEY'],
  ['the attacker’s key', () => token({}, {}, (text) => sign('RSA-SHA256', Buffer.from(text), attacker.privateKey)), 'SIGNATURE'],
  ['the attacker’s key, carried along', () => token({}, { jwk: jwk(attacker.publicKey, 'k1'), jku: 'http://127.0.0.1:1/' }, (text) => sign('RSA-SHA256', Buffer.from(text), attacker.privateKey)), 'SIGNATURE'],
  ['claims changed after signing', () => { const [h, , s] = token().split('.'); return `${h}.${encode({ ...goodClaims(), preferred_username: 'authority-lead' })}.${s}`; }, 'SIGNATURE'],
  ['an empty signature', () => token({}, {}, () => Buffer.from([0])), 'SIGNATURE'],
  ['RS512 under the name RS256', () => token({}, {}, (text) => sign('RSA-SHA512', Buffer.from(text), realm.privateKey)), 'SIGNATURE'],
];

describe('forged and odd tokens', () => {
  it.each(FORGED)('%s', async (_name, make, reason) => {
    expect(await reasonOf(verifier.verify(make()))).toBe(reason);
  });

  it('every check of ours refuses a row of the table', () => {
    const reasons = new Set(FORGED.map(([, , reason]) => reason));
    expect(CHECKS.map((check) => check.reason).filter((reason) => !reasons.has(reason))).toEqual([]);
  });

  /** What keycloak-connect lets through without us: were one of these checks lost, its rows would turn red. */
  it('without one of our checks its tokens are taken', async () => {
    const lost: string[] = [];
    for (const left of CHECKS) {
      const without = verifierWith({ issuer, audience: AUDIENCE, clients: ['quan-so-web'] }, CHECKS.filter((check) => check !== left));
      const rows = FORGED.filter(([, , reason]) => reason === left.reason);
      const outcomes = await Promise.all(rows.map(([, make]) => reasonOf(without.verify(make()))));
      expect(outcomes).not.toContain(left.reason);
      if (outcomes.includes('accepted')) lost.push(left.reason);
    }
    expect(lost).toEqual([
      'ALGORITHM', 'HEADER_TYPE', 'CRITICAL_HEADER', 'SUBJECT', 'CLIENT', 'TIMES', 'ISSUED_LATER', 'LIFE', 'NOT_YET',
      'BOUND', 'USERNAME', 'PERSONAL_NUMBER', 'ROLES', 'POSITIONS',
    ]);
  });
});

describe('good tokens', () => {
  it('make the actor; a position counts only with its realm role', async () => {
    expect(await verifier.verify(token())).toEqual({
      kind: 'person', id: SUB, username: 'desk-clerk', name: 'Nguyễn Thị Mẫu', client: 'quan-so-web',
      positions: [{ role: 'desk-clerk', unit: 'H99.05.01' }],
    });
  });
  it('of a client make a system, of a person named like one do not', async () => {
    const claims = { preferred_username: 'service-account-tax-department', azp: 'tax-department', realm_access: { roles: ['partner-system'] }, positions: ['partner-system@H99.05'], name: undefined };
    expect(await verifier.verify(token(claims))).toMatchObject({ kind: 'system', name: 'service-account-tax-department', positions: [{ role: 'partner-system', unit: 'H99.05' }] });
    expect(await verifier.verify(token({ ...claims, azp: 'quan-so-web' }))).toMatchObject({ kind: 'person' });
  });
  it.each([
    ['several audiences', { aud: ['account', AUDIENCE] }, {}],
    ['type at+jwt', {}, { typ: 'at+jwt' }],
    ['no positions', { positions: undefined, realm_access: undefined }, {}],
    ['valid since now', { nbf: now() }, {}],
    ['clocks that differ by 20 s', { iat: now() + 20, nbf: now() + 20, exp: now() + 620 }, {}],
    ['a life of 15 minutes', { exp: now() + 900 }, {}],
  ] as [string, Json, Json][])('with %s are taken', async (_name, claims, header) => {
    expect(await reasonOf(verifier.verify(token(claims, header)))).toBe('accepted');
  });
  it('of any client are taken when no list is given', async () => {
    expect(await reasonOf(createVerifier({ issuer, audience: AUDIENCE }).verify(token({ azp: 'elsewhere' })))).toBe('accepted');
  });
});

describe('keys', () => {
  it('are asked for once, however many tokens come at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token())));
    expect(asked).toBe(1);
  });
  it('unknown ones make us ask at most once in ten seconds', async () => {
    await verifier.verify(token());
    for (let i = 0; i < 5; i += 1) expect(await reasonOf(verifier.verify(token({}, { kid: `x${i}` })))).toBe('UNKNOWN_KEY');
    expect(asked).toBe(1);
  });
  it.each(['error', 'html'] as const)('that were never to be had are our trouble, not the caller’s (%s)', async (how) => {
    answer = how;
    expect(await reasonOf(verifier.verify(token()))).toBe('IDENTITY_UNAVAILABLE');
  });
  it('of 1,024 bits, for encryption or for other algorithms are not keys', async () => {
    published = [jwk(weak.publicKey, 'k1'), { ...jwk(realm.publicKey, 'k2'), use: 'enc' }, { ...jwk(realm.publicKey, 'k3'), alg: 'PS256' }, { kty: 'RSA', kid: 'k4', n: '!', e: 'AQAB' }, jwk(realm.publicKey, 'k5')];
    const outcomes = await Promise.all(['k1', 'k2', 'k3', 'k4', 'k5'].map((kid) => reasonOf(verifier.verify(token({}, { kid })))));
    expect(outcomes).toEqual(['UNKNOWN_KEY', 'UNKNOWN_KEY', 'UNKNOWN_KEY', 'UNKNOWN_KEY', 'accepted']);
  });
});

describe('the cache', () => {
  afterEach(() => void (Date.now = realNow));
  const realNow = Date.now;
  const later = (ms: number): void => void (Date.now = () => realNow() + ms);

  it('believes a token for a while, but never beyond its end', async () => {
    const short = token({ exp: now() + 5 });
    await verifier.verify(short);
    later(6_000);
    expect(await reasonOf(verifier.verify(short))).toBe('EXPIRED');
  });
  it('forgets everybody when the realm’s keys change', async () => {
    const old = token();
    await verifier.verify(old);
    published = [jwk(attacker.publicKey, 'k2')];
    later(11_000);
    expect(await reasonOf(verifier.verify(token({}, { kid: 'k2' }, (text) => sign('RSA-SHA256', Buffer.from(text), attacker.privateKey))))).toBe('accepted');
    expect(await reasonOf(verifier.verify(old))).toBe('UNKNOWN_KEY');
  });
  it('keeps the keys it has while the provider is away', async () => {
    await verifier.verify(token());
    answer = 'error';
    later(400_000);
    expect(await reasonOf(verifier.verify(token({ iat: now(), exp: now() + 600 })))).toBe('accepted');
  });
});

it('wants a realm’s address', () => {
  expect(() => createVerifier({ issuer: 'http://127.0.0.1:1/', audience: AUDIENCE })).toThrow(/<base>\/realms\/<realm>/);
});
