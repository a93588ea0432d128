/** The program of the realm against a real Keycloak: made, left alone, changed; what administrators did stays. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVerifier } from '@quan-so/auth';
import { signIn } from '@quan-so/testing/sign-in';
import { startBareKeycloak } from '../real/keycloak.js';
import { realmOf } from '../real/realm.js';
import { openAdmin } from './admin.js';
import { applyRealm, filesOf } from './apply.js';
import { filled } from './changes.rules.js';

const PACK = join(resolve(import.meta.dirname, '..', '..'), 'deploy', 'authorities', 'phuong-sao-mai');
const ORIGIN = 'https://quanso.example.vn';
const admin = { username: 'admin', password: 'first-of-the-administrator' };
const secrets = { 'desk-clerk': 'first-of-the-desk-clerk', specialist: 'first-of-the-specialist', 'tax-office': 'secret-of-the-tax-office' };

let dir, keycloak, call, realm;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'qs-realm-'));
  keycloak = await startBareKeycloak({ dir, admin });
  realm = filled(await realmOf(PACK), { QUANSO_WEB_ORIGIN: ORIGIN });
  call = await openAdmin(keycloak.url, admin, 0);
}, 200_000);
afterAll(async () => {
  await keycloak?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function apply(wanted = realm, accounts = { secrets, temporary: false }) {
  const said = [];
  await applyRealm({ call, realm: wanted, accounts, log: (line) => said.push(line) });
  return said;
}
const user = async (username) => (await call('GET', `quan-so/users?username=${username}&exact=true`))[0];
const client = async (clientId) => (await call('GET', `quan-so/clients?clientId=${clientId}`))[0];
const issuer = () => `${keycloak.url}/realms/quan-so`;
const enter = (username, password) => signIn({ issuer: issuer(), clientId: 'quan-so-web', redirectUri: `${ORIGIN}/docs/callback`, username, password });
const systemIn = (clientId, secret) => fetch(`${issuer()}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }) });

it('makes the realm with first passwords and secrets, and changes nothing the second time', async () => {
  expect(await apply()).toEqual(expect.arrayContaining(['+ realm quan-so', '+ first password of desk-clerk', '~ secret of tax-office']));
  expect(await apply()).toEqual([]);
});

it('lets in who has a first password, as the pack says, and systems by their secret', async () => {
  const verifier = createVerifier({ issuer: issuer(), audience: 'quan-so-api' });
  try {
    const { access_token: token } = await enter('desk-clerk', secrets['desk-clerk']);
    expect(await verifier.verify(token)).toMatchObject({ username: 'desk-clerk', positions: [{ role: 'desk-clerk', unit: 'H99.06.01' }] });
    const answer = await systemIn('tax-office', secrets['tax-office']);
    expect(await verifier.verify((await answer.json()).access_token)).toMatchObject({ kind: 'system', positions: [{ role: 'partner-system', unit: 'H99.06' }] });
  } finally {
    await verifier.close();
  }
});

it('asks for another password at once where first ones are temporary', async () => {
  await apply(realm, { secrets: { auditor: 'first-of-the-auditor' }, temporary: true });
  expect((await user('auditor')).requiredActions).toEqual(['UPDATE_PASSWORD']);
});

it('brings back what is ours: settings, roles, clients, claims, roles they carry, profile', async () => {
  const web = await client('quan-so-web');
  await call('PUT', 'quan-so', { accessTokenLifespan: 36_000, registrationAllowed: true });
  await call('PUT', 'quan-so/roles/inspector', { name: 'inspector', description: '' });
  await call('PUT', `quan-so/clients/${web.id}`, { clientId: 'quan-so-web', directAccessGrantsEnabled: true, redirectUris: ['*'] });
  await call('DELETE', `quan-so/clients/${web.id}/protocol-mappers/models/${web.protocolMappers.find(({ name }) => name === 'positions').id}`);
  const filing = await call('GET', 'quan-so/roles/filing-system');
  await call('POST', `quan-so/clients/${web.id}/scope-mappings/realm`, [filing]);
  await call('PUT', 'quan-so/users/profile', { attributes: [{ name: 'username' }, { name: 'email' }] });
  expect(await apply()).toEqual(['~ settings', '~ profile of users', '~ role inspector', '~ client quan-so-web', '~ claim positions of quan-so-web', '~ roles that quan-so-web carries']);
  expect(await client('quan-so-web')).toMatchObject({ directAccessGrantsEnabled: false, redirectUris: [`${ORIGIN}/*`], attributes: { 'pkce.code.challenge.method': 'S256' } });
  expect((await call('GET', 'quan-so')).accessTokenLifespan).toBe(600);
  expect(await apply()).toEqual([]);
});

it('applies a later list: a new role, a new person, a new system with its positions', async () => {
  const next = structuredClone(realm);
  next.roles.realm.push({ name: 'archivist', description: 'Lưu trữ / Archivist' });
  next.users.push({ username: 'archivist', enabled: true, firstName: 'Lò Thị Mẫu', attributes: { positions: ['archivist@H99.06'] }, realmRoles: ['archivist'] });
  const copy = structuredClone(next.clients.find(({ clientId }) => clientId === 'tax-office'));
  next.clients.push({ ...copy, clientId: 'new-office', name: 'Mới' });
  next.scopeMappings.push({ client: 'new-office', roles: ['partner-system'] });
  next.users.push({ username: 'service-account-new-office', enabled: true, serviceAccountClientId: 'new-office', firstName: 'Mới', attributes: { positions: ['partner-system@H99.06'] }, realmRoles: ['partner-system'] });
  const given = { secrets: { ...secrets, 'new-office': 'secret-of-the-new-office' }, temporary: false };
  expect(await apply(next, given)).toEqual(['+ role archivist', '+ client new-office', '~ default scopes of new-office', '~ roles that new-office carries', '+ person archivist', '~ secret of new-office']);
  expect(await apply(next, given)).toEqual([]);
  const token = JSON.parse(Buffer.from((await (await systemIn('new-office', 'secret-of-the-new-office')).json()).access_token.split('.')[1], 'base64url'));
  expect([token.positions, token.realm_access.roles]).toEqual([['partner-system@H99.06'], ['partner-system']]);
});

it('leaves to administrators what is theirs: a password, a position, who has gone', async () => {
  const { id } = await user('desk-clerk');
  await call('PUT', `quan-so/users/${id}/reset-password`, { type: 'password', value: 'another-of-the-clerk', temporary: false });
  const inspector = await user('inspector');
  await call('PUT', `quan-so/users/${inspector.id}`, { ...inspector, attributes: { positions: ['inspector@H99.06.02'] } });
  await call('DELETE', `quan-so/users/${(await user('specialist')).id}`);
  expect(await apply()).toEqual([]);
  await expect(enter('desk-clerk', secrets['desk-clerk'])).rejects.toMatchObject({ step: 'login' });
  expect([(await user('inspector')).attributes.positions, await user('specialist')]).toEqual([['inspector@H99.06.02'], undefined]);
});

it('takes a new secret of a system', async () => {
  expect(await apply(realm, { secrets: { ...secrets, 'tax-office': 'second-of-the-tax-office' }, temporary: false })).toEqual(['~ secret of tax-office']);
  expect([(await systemIn('tax-office', secrets['tax-office'])).status, (await systemIn('tax-office', 'second-of-the-tax-office')).status]).toEqual([401, 200]);
});

it('goes on with a new password of the administrator, known by the one before', async () => {
  const rotated = { ...admin, password: 'second-of-the-administrator', previous: `never-applied-here\n${admin.password}` };
  call = await openAdmin(keycloak.url, rotated, 0);
  expect(await apply(realm, { secrets: {}, temporary: true })).toEqual([]);
  await expect(openAdmin(keycloak.url, admin, 0)).rejects.toThrow(/does not take the password/);
  await expect(openAdmin(keycloak.url, rotated, 0)).resolves.toBeInstanceOf(Function);
});

it('reads a mounted Secret: files by name, nothing of Kubernetes’ own', () => {
  const folder = join(dir, 'mounted');
  mkdirSync(join(folder, '..data'), { recursive: true });
  writeFileSync(join(folder, 'desk-clerk'), 'x\n');
  expect([filesOf(folder), filesOf(join(dir, 'nowhere')), filesOf(undefined)]).toEqual([{ 'desk-clerk': 'x' }, {}, {}]);
  expect(readFileSync(join(folder, 'desk-clerk'), 'utf8')).toBe('x\n');
});
