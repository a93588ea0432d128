/** The realm of deploy/keycloak in a real Keycloak, seen by the verifier that every service uses. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createVerifier } from '@quan-so/auth';
import { signIn } from '@quan-so/testing/sign-in';

const issuer = process.env.QUANSO_ISSUER;
const accounts = JSON.parse(readFileSync(process.env.QUANSO_ACCOUNTS, 'utf8'));
const staff = JSON.parse(readFileSync(join(resolve(import.meta.dirname, '..', '..'), 'deploy', 'authorities', process.env.QUANSO_AUTHORITY, 'staff.json'), 'utf8'));
const redirectUri = 'http://127.0.0.1:40123/docs/callback';
const person = (change, username = 'desk-clerk') => signIn({ issuer, clientId: 'quan-so-web', redirectUri, username, password: accounts[username], change });
const token = (body) => fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(body) });
const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());

/** What both providers put into an access token; sid, scope and auth_time come with a session and nothing reads them. */
const CLAIMS = ['aud', 'azp', 'exp', 'iat', 'iss', 'jti', 'name', 'positions', 'preferred_username', 'realm_access', 'sub', 'typ'];
const OF_SESSION = ['auth_time', 'scope', 'sid'];

let verifier;
beforeAll(() => (verifier = createVerifier({ issuer, audience: 'quan-so-api' })));
afterAll(() => verifier.close());

describe('a person', () => {
  it('signs in by code and PKCE and is who the pack says', async () => {
    const tokens = await person();
    const actor = await verifier.verify(tokens.access_token);
    const { name, positions } = staff.people.find(({ username }) => username === 'desk-clerk');
    expect(actor).toMatchObject({ kind: 'person', username: 'desk-clerk', name, client: 'quan-so-web' });
    expect([...actor.positions].sort(byText)).toEqual(positions.map(({ role, unit }) => ({ role, unit })).sort(byText));
  });
  it('carries the claims of the embedded provider and no others', async () => {
    const tokens = await person();
    const claims = claimsOf(tokens.access_token);
    expect(Object.keys(claims).filter((name) => !OF_SESSION.includes(name)).sort()).toEqual(CLAIMS);
    expect([claims.aud, claims.typ, claims.exp - claims.iat <= 900]).toEqual(['quan-so-api', 'Bearer', true]);
  });
  it('does not pass with an ID token or a refresh token', async () => {
    const tokens = await person();
    for (const wrong of [tokens.id_token, tokens.refresh_token]) await expect(verifier.verify(wrong)).rejects.toMatchObject({ problem: { code: 'UNAUTHENTICATED' } });
  });
  it.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, ['page', 'invalid_request']],
    ['with the plain method', { code_challenge_method: 'plain' }, ['page', 'invalid_request']],
    ['back to another site', { redirect_uri: 'http://other.example/docs/callback' }, ['page', '400']],
    ['with a token in the address', { response_type: 'token' }, ['page', 'unauthorized_client']],
  ])('is refused %s', async (_, change, [step, reason]) => expect(person(change)).rejects.toMatchObject({ step, reason }));
  it('is refused with another password', async () => {
    const wrong = signIn({ issuer, clientId: 'quan-so-web', redirectUri, username: 'auditor', password: 'not-the-password' });
    await expect(wrong).rejects.toMatchObject({ step: 'login', reason: '200' });
  });
  it('gets no token for name and password sent by a program', async () => {
    const answer = await token({ grant_type: 'password', client_id: 'quan-so-cli', username: 'desk-clerk', password: accounts['desk-clerk'] });
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'unauthorized_client']);
  });
  it('cannot give itself a position', async () => {
    const tokens = await person();
    const answer = await fetch(`${issuer}/account/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'desk-clerk', firstName: 'x', attributes: { positions: ['authority-lead@H99'] } }),
    });
    expect([401, 403]).toContain(answer.status);
  });
});

describe('a system', () => {
  const system = staff.systems[0];
  it('gets a token by its secret and is who the pack says', async () => {
    const answer = await token({ grant_type: 'client_credentials', client_id: system.clientId, client_secret: accounts[system.clientId] });
    const actor = await verifier.verify((await answer.json()).access_token);
    expect(actor).toMatchObject({ kind: 'system', username: `service-account-${system.clientId}`, client: system.clientId });
    expect(actor.positions).toEqual(system.positions.map(({ role, unit }) => ({ role, unit })));
  });
  it('gets none with another secret', async () => {
    const answer = await token({ grant_type: 'client_credentials', client_id: system.clientId, client_secret: 'not-the-secret' });
    expect([answer.status, (await answer.json()).error]).toEqual([401, 'unauthorized_client']);
  });
});

function byText(a, b) {
  return JSON.stringify(a).localeCompare(JSON.stringify(b));
}
