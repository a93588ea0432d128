import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Who a test token speaks for; positions are `role@unit`. */
export interface TestPerson {
  readonly username: string;
  readonly positions: readonly `${string}@${string}`[];
  readonly name?: string;
  readonly client?: string;
}

/** A small real issuer: RS256 keys, discovery and JWKS over HTTP, tokens with the claims of the realm. */
export interface TestIssuer {
  readonly issuer: string;
  token(person: TestPerson, claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
  stop(): Promise<void>;
}

const AUDIENCE = 'quan-so-api';
const LIFE_SECONDS = 600;

/** Starts an issuer on a free loopback port. */
export async function startTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test-1' };
  const server = createServer((req, res) => {
    const issuer = issuerOf(server);
    const body = req.url?.endsWith('/certs')
      ? { keys: [jwk] }
      : { issuer, jwks_uri: `${issuer}/protocol/openid-connect/certs` };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    issuer: issuerOf(server),
    token: (person, claims = {}, header = {}) => tokenOf(issuerOf(server), privateKey, person, claims, header),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function issuerOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/quan-so`;
}

function tokenOf(
  issuer: string,
  key: KeyObject,
  person: TestPerson,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: issuer,
    aud: AUDIENCE,
    azp: person.client ?? 'quan-so-web',
    sub: subjectOf(person.username),
    typ: 'Bearer',
    iat: now,
    exp: now + LIFE_SECONDS,
    jti: randomUUID(),
    preferred_username: person.username,
    name: person.name ?? person.username,
    realm_access: { roles: [...new Set(person.positions.map((position) => position.split('@')[0]))] },
    positions: person.positions,
    ...claims,
  };
  const head = { alg: 'RS256', typ: 'JWT', kid: 'test-1', ...header };
  const text = `${encode(head)}.${encode(payload)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

/** The same person has the same subject in every test, as in a realm. */
function subjectOf(username: string): string {
  const hex = createHash('sha256').update(username).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
