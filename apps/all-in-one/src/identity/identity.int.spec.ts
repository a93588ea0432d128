import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVerifier } from '@quan-so/auth';
import { signIn, signInSystem, SignInRefused } from '@quan-so/testing/sign-in';
import { openDataFolder } from '../data-folder.js';
import { createIdentity, type Identity } from './identity.js';

const clientsFile = resolve(import.meta.dirname, '../../../../deploy/keycloak/clients.json');
const staff = {
  people: [
    { username: 'desk-clerk', name: 'Trần Thị Đón', positions: [{ role: 'desk-clerk', unit: 'H99.05.01' }, { role: 'return-clerk', unit: 'H99.05.01' }] },
    { username: 'auditor', name: 'Lê Văn Soát', positions: [{ role: 'auditor', unit: 'H99.05' }] },
  ],
  systems: [{ clientId: 'tax-office', name: { vi: 'Cơ quan thuế', en: 'Tax office' }, positions: [{ role: 'partner-system', unit: 'H99.05' }] }],
};
/** What both providers put into an access token; `tools/real/keycloak.real.spec.js` asks the same of Keycloak. */
const CLAIMS = ['aud', 'azp', 'exp', 'iat', 'iss', 'jti', 'name', 'positions', 'preferred_username', 'realm_access', 'sub', 'typ'];

let path: string;
let server: Server;
let identity: Identity;
let issuer: string;
let clock = 0;

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'quan so '));
  server = createServer((req, res) => identity.handle(req, res)).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/quan-so`;
  identity = await open();
});
afterAll(async () => {
  await identity.close();
  await new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  rmSync(path, { recursive: true, force: true });
});

async function open(): Promise<Identity> {
  const folder = openDataFolder(path, 'quan-sao-mai');
  folder.release();
  return createIdentity({ issuer, folder, staff, clientsFile, profile: 'local', now: () => clock });
}
const secretOf = (name: string): string => identity.accounts.find((account) => account.name === name)?.secret ?? '';
const callback = (): string => `${new URL(issuer).origin}/docs/callback`;
const person = (username: string, more: { password?: string; clientId?: string; redirectUri?: string; change?: Record<string, string | undefined> } = {}) =>
  signIn({ issuer, clientId: 'quan-so-web', redirectUri: callback(), username, password: secretOf(username), ...more });
const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('a person', () => {
  it('signs in by code and PKCE and is who the pack says', async () => {
    const { access_token, id_token, refresh_token } = await person('desk-clerk');
    const claims = claimsOf(access_token);
    expect(Object.keys(claims).sort()).toEqual(CLAIMS);
    expect(claims).toMatchObject({ iss: issuer, aud: 'quan-so-api', azp: 'quan-so-web', typ: 'Bearer', realm_access: { roles: ['desk-clerk', 'return-clerk'] }, positions: ['desk-clerk@H99.05.01', 'return-clerk@H99.05.01'] });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(600);
    const verifier = createVerifier({ issuer, audience: 'quan-so-api' });
    expect(await verifier.verify(access_token)).toMatchObject({ kind: 'person', username: 'desk-clerk', name: 'Trần Thị Đón', client: 'quan-so-web' });
    for (const wrong of [id_token, refresh_token ?? '']) await expect(verifier.verify(wrong)).rejects.toMatchObject({ problem: { code: 'UNAUTHENTICATED' } });
    await verifier.close();
  });

  it('is told by /userinfo, and nobody without a token', async () => {
    const { access_token } = await person('desk-clerk');
    const url = `${issuer}/protocol/openid-connect/userinfo`;
    const told = await fetch(url, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await told.json()).toEqual({ sub: claimsOf(access_token)['sub'], preferred_username: 'desk-clerk', name: 'Trần Thị Đón' });
    expect((await fetch(url)).status).toBe(401);
  });

  it('may be called back on any port by the command line, with the browser’s client only here', async () => {
    await expect(person('desk-clerk', { clientId: 'quan-so-cli', redirectUri: 'http://127.0.0.1:1/callback' })).resolves.toBeDefined();
    await expect(person('desk-clerk', { redirectUri: 'http://127.0.0.1:1/callback' })).rejects.toThrow(SignInRefused);
  });

  it.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['back to another site', { redirect_uri: 'http://other.example/docs/callback' }, '400'],
    ['back to a name that looks like ours', { redirect_uri: 'http://127.0.0.1.example/docs/callback' }, '400'],
    ['with a token in the address', { response_type: 'token' }, 'unsupported_response_type'],
  ])('is refused %s', async (_, change, reason) => {
    await expect(person('desk-clerk', { change })).rejects.toMatchObject({ step: 'page', reason });
  });

  it('is refused with a wrong password; after ten, with the right one too, until a minute has passed', async () => {
    for (let tries = 0; tries < 10; tries += 1) await expect(person('auditor', { password: 'wrong' })).rejects.toMatchObject({ step: 'login' });
    await expect(person('auditor')).rejects.toMatchObject({ step: 'login' });
    clock += 60_001;
    await expect(person('auditor')).resolves.toBeDefined();
  });

  it('gets no token for name and password sent by a program', async () => {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'quan-so-cli', username: 'desk-clerk', password: secretOf('desk-clerk') });
    const answer = await fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body });
    expect(answer.status).toBe(400);
  });
});

describe('the form', () => {
  /** The login page as its own browser has it: address, cookies, secret. */
  async function opened() {
    const query = new URLSearchParams({ client_id: 'quan-so-web', response_type: 'code', scope: 'openid', redirect_uri: callback(), code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' });
    const first = await fetch(`${issuer}/protocol/openid-connect/auth?${query}`, { redirect: 'manual' });
    const url = new URL(first.headers.get('location') ?? '', issuer).href;
    const cookie = first.headers.getSetCookie().map((one) => one.split(';', 1)[0]).join('; ');
    const page = await fetch(url, { headers: { cookie } });
    return { url, cookie, html: await page.text(), headers: page.headers };
  }
  const send = async (page: { url: string; cookie: string; html: string }, headers: Record<string, string>, csrf?: string) => {
    const fields = { username: 'desk-clerk', password: secretOf('desk-clerk'), csrf: csrf ?? /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '' };
    return (await fetch(page.url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) })).status;
  };

  it('speaks Vietnamese first, runs nothing and is shown in no frame', async () => {
    const { html, headers } = await opened();
    expect(html).toContain('<html lang="vi">');
    expect(html).toMatch(/<label for="username">Tài khoản/);
    expect(html).not.toContain('<script');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    // Under `no-referrer` browsers would send the form with `Origin: null`, which is refused below.
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  it('counts only with its own cookie, its own secret and from our own origin', async () => {
    const page = await opened();
    expect(await send(page, {})).toBe(400);
    expect(await send(page, { cookie: page.cookie }, 'other')).toBe(403);
    expect(await send(page, { cookie: page.cookie, origin: 'http://other.example' })).toBe(403);
    expect(await send(page, { cookie: page.cookie, origin: 'null' })).toBe(403);
    expect(await send(page, { cookie: page.cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send(page, { cookie: (await opened()).cookie })).toBe(400);
    expect(await send(page, { cookie: page.cookie, origin: new URL(issuer).origin })).toBe(303);
  });
});

describe('a system', () => {
  it('gets a token as the account that Keycloak would give it', async () => {
    const { access_token } = await signInSystem(issuer, 'tax-office', secretOf('tax-office'));
    const claims = claimsOf(access_token);
    expect(Object.keys(claims).sort()).toEqual(CLAIMS);
    expect(claims).toMatchObject({ azp: 'tax-office', preferred_username: 'service-account-tax-office', realm_access: { roles: ['partner-system'] }, positions: ['partner-system@H99.05'] });
    const verifier = createVerifier({ issuer, audience: 'quan-so-api' });
    expect(await verifier.verify(access_token)).toMatchObject({ kind: 'system', client: 'tax-office' });
    await verifier.close();
  });

  it('is refused with another secret, and as a person', async () => {
    await expect(signInSystem(issuer, 'tax-office', 'wrong')).rejects.toMatchObject({ step: 'token', reason: 'invalid_client' });
    await expect(signInSystem(issuer, 'quan-so-web', 'any')).rejects.toThrow(SignInRefused);
    await expect(person('tax-office')).rejects.toMatchObject({ step: 'login' });
  });
});

describe('the provider', () => {
  it('describes itself with the paths of Keycloak', async () => {
    const described = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
    expect(described).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
      token_endpoint: `${issuer}/protocol/openid-connect/token`,
      jwks_uri: `${issuer}/protocol/openid-connect/certs`,
      userinfo_endpoint: `${issuer}/protocol/openid-connect/userinfo`,
      end_session_endpoint: `${issuer}/protocol/openid-connect/logout`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('shows no private part of its key', async () => {
    const { keys } = (await (await fetch(`${issuer}/protocol/openid-connect/certs`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))).toEqual([]);
  });

  it('keeps secrets, key and subjects over a restart, for the owner only', async () => {
    const before = await person('desk-clerk');
    const again = await open();
    expect(again.accounts).toEqual(identity.accounts);
    await identity.close();
    identity = again;
    const after = await person('desk-clerk');
    expect(claimsOf(after.access_token)['sub']).toBe(claimsOf(before.access_token)['sub']);
    expect(JSON.parse(readFileSync(join(path, 'accounts.json'), 'utf8'))).toEqual(Object.fromEntries(again.accounts.map(({ name, secret }) => [name, secret])));
    if (process.platform !== 'win32') for (const file of ['accounts.json', 'accounts.txt', 'identity-key.json']) expect(statSync(join(path, file)).mode & 0o777).toBe(0o600);
  });

  it('asks before logging out, then the session is gone', async () => {
    const answer = await fetch(`${issuer}/protocol/openid-connect/logout`, { redirect: 'manual' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('xsrf');
  });

  it.each(['trial', 'production', ''])('is refused for profile "%s"', async (profile) => {
    const folder = openDataFolder(path, 'quan-sao-mai');
    folder.release();
    await expect(createIdentity({ issuer, folder, staff, clientsFile, profile })).rejects.toThrow(/profile local alone/);
  });
});
