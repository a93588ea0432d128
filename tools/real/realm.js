/**
 * The Keycloak realm of an authority as code, from the lists that the embedded provider reads too: the roles of
 * `contracts/security`, the clients of `deploy/keycloak/clients.json`, the staff and systems of the authority pack.
 *
 *     node tools/real/realm.js          writes deploy/keycloak/<authority>.json for every pack
 *     node tools/real/realm.js --check  one sentence and exit 1 where a committed file differs
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '..', '..');
const AUTHORITIES = join(ROOT, 'deploy', 'authorities');
export const REALM = 'quan-so';

/** Words that the screens of Keycloak show; people read Vietnamese first. @typedef {{ vi: string, en: string }} Text */
/** @typedef {{ role: string, unit: string }} Position */
/** @typedef {{ people: { username: string, name: string, positions: Position[] }[], systems: { clientId: string, name: string | Text, positions: Position[] }[] }} Staff */
/** @typedef {{ code: string, name: Text, holder: 'person' | 'system' }} Role */
/** @typedef {{ audience: string, accessTokenSeconds: number, people: { clientId: string, name: Text, origin: string }[] }} Clients */

/**
 * The realm of the authority whose pack a folder is; no password and no secret is in it: Keycloak makes the secrets of
 * clients at import, and people get their password from an administrator.
 * @param {string} pack
 * @returns {Promise<Record<string, unknown>>}
 */
export async function realmOf(pack) {
  const { ROLES } = await import('@quan-so/contracts-security');
  return buildRealm(ROLES, readJson(join(ROOT, 'deploy', 'keycloak', 'clients.json')), readJson(join(pack, 'staff.json')));
}

/** @param {readonly Role[]} roles @param {Clients} clients @param {Staff} staff */
export function buildRealm(roles, clients, staff) {
  checkRoles(roles, staff);
  const ofPeople = roles.filter((role) => role.holder === 'person').map((role) => role.code);
  return {
    realm: REALM,
    enabled: true,
    displayName: 'Quận Số',
    ...LOGIN,
    ...tokenLives(clients.accessTokenSeconds),
    roles: { realm: roles.map((role) => ({ name: role.code, description: `${role.name.vi} / ${role.name.en}` })) },
    clients: [
      ...clients.people.map((client) => publicClient(client, clients.audience)),
      ...staff.systems.map((system) => systemClient(system, clients.audience)),
    ],
    // A client carries these roles and no others into a token, whatever its user holds.
    scopeMappings: [
      ...clients.people.map(({ clientId }) => ({ client: clientId, roles: ofPeople })),
      ...staff.systems.map((system) => ({ client: system.clientId, roles: rolesIn(system.positions) })),
    ],
    users: [...staff.people.map(person), ...staff.systems.map(serviceAccount)],
    components: { 'org.keycloak.userprofile.UserProfileProvider': [userProfile()] },
  };
}

const LOGIN = {
  sslRequired: 'external',
  registrationAllowed: false,
  resetPasswordAllowed: false,
  rememberMe: false,
  loginWithEmailAllowed: false,
  editUsernameAllowed: false,
  bruteForceProtected: true,
  failureFactor: 10,
  passwordPolicy: 'length(12) and notUsername',
  internationalizationEnabled: true,
  supportedLocales: ['vi', 'en'],
  defaultLocale: 'vi',
  eventsEnabled: true,
  eventsExpiration: 7_776_000,
  adminEventsEnabled: true,
  // keycloak-connect verifies RS256 alone (tried: ES256, EdDSA, PS256 and RS512 are refused).
  defaultSignatureAlgorithm: 'RS256',
};

/** @param {number} accessToken seconds */
function tokenLives(accessToken) {
  return {
    accessTokenLifespan: accessToken,
    // A working day at the desk, with a pause for lunch.
    ssoSessionIdleTimeout: 7_200,
    ssoSessionMaxLifespan: 36_000,
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
  };
}

/** @param {Clients['people'][number]} client @param {string} audience */
function publicClient({ clientId, name, origin }, audience) {
  return {
    ...client(clientId, `${name.vi} / ${name.en}`, audience),
    publicClient: true,
    standardFlowEnabled: true,
    serviceAccountsEnabled: false,
    // With the loopback address any port is taken (RFC 8252, 7.3).
    redirectUris: [`${origin}/*`],
    webOrigins: [origin],
    attributes: { 'pkce.code.challenge.method': 'S256', 'post.logout.redirect.uris': '+' },
  };
}

/** @param {Staff['systems'][number]} system @param {string} audience */
function systemClient({ clientId, name }, audience) {
  return {
    ...client(clientId, textOf(name), audience),
    publicClient: false,
    clientAuthenticatorType: 'client-secret',
    standardFlowEnabled: false,
    serviceAccountsEnabled: true,
  };
}

/** @param {string} clientId @param {string} name @param {string} audience */
function client(clientId, name, audience) {
  return {
    clientId,
    name,
    enabled: true,
    protocol: 'openid-connect',
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    fullScopeAllowed: false,
    // `basic` alone: profile, email, roles and web-origins would add claims that nothing here reads.
    defaultClientScopes: ['basic'],
    optionalClientScopes: [],
    protocolMappers: mappers(audience),
  };
}

/** Claims of an access token beyond the standard's own; the embedded provider gives the same. @param {string} audience */
function mappers(audience) {
  const everywhere = { 'access.token.claim': 'true', 'id.token.claim': 'true', 'userinfo.token.claim': 'true' };
  const access = { 'access.token.claim': 'true', 'id.token.claim': 'false', 'userinfo.token.claim': 'false' };
  return [
    mapper('audience', 'oidc-audience-mapper', { 'included.custom.audience': audience, 'access.token.claim': 'true', 'id.token.claim': 'false' }),
    mapper('preferred_username', 'oidc-usermodel-attribute-mapper', { 'user.attribute': 'username', 'claim.name': 'preferred_username', 'jsonType.label': 'String', ...everywhere }),
    mapper('name', 'oidc-usermodel-attribute-mapper', { 'user.attribute': 'firstName', 'claim.name': 'name', 'jsonType.label': 'String', ...everywhere }),
    mapper('roles', 'oidc-usermodel-realm-role-mapper', { 'claim.name': 'realm_access.roles', 'jsonType.label': 'String', multivalued: 'true', ...access }),
    mapper('positions', 'oidc-usermodel-attribute-mapper', { 'user.attribute': 'positions', 'claim.name': 'positions', 'jsonType.label': 'String', multivalued: 'true', ...access }),
  ];
}

/** @param {string} name @param {string} protocolMapper @param {Record<string, string>} config */
function mapper(name, protocolMapper, config) {
  return { name, protocol: 'openid-connect', protocolMapper, config };
}

/** @param {Staff['people'][number]} one */
function person({ username, name, positions }) {
  return { username, enabled: true, ...holder(name, positions) };
}

/** @param {Staff['systems'][number]} system */
function serviceAccount({ clientId, name, positions }) {
  return { username: `service-account-${clientId}`, enabled: true, serviceAccountClientId: clientId, ...holder(textOf(name), positions) };
}

/** @param {string} name @param {Position[]} positions */
function holder(name, positions) {
  // A Vietnamese name is one: family name first, called by the last word. It is not cut into first and last.
  return { firstName: name, attributes: { positions: positions.map(({ role, unit }) => `${role}@${unit}`) }, realmRoles: rolesIn(positions) };
}

/** Positions are the administrator's to give: who could write them could write himself any role of any unit. */
function userProfile() {
  const admin = { view: ['admin'], edit: ['admin'] };
  const attributes = [
    { name: 'username', displayName: '${username}', permissions: { view: ['admin', 'user'], edit: ['admin'] }, validations: { length: { min: 2, max: 100 } } },
    { name: 'firstName', displayName: '${fullName}', permissions: { view: ['admin', 'user'], edit: ['admin'] }, validations: { length: { max: 200 } } },
    // Keycloak refuses a profile without it; nobody needs one.
    { name: 'email', displayName: '${email}', permissions: admin, validations: { email: {} } },
    { name: 'positions', displayName: 'Vai trò tại đơn vị / positions', multivalued: true, permissions: admin, validations: { pattern: { pattern: '^[a-z-]{1,60}@[A-Y][0-9]{2}([.][A-Z0-9]{1,20})*$' } } },
  ];
  return { providerId: 'declarative-user-profile', config: { 'kc.user.profile.config': [JSON.stringify({ attributes, groups: [] })] } };
}

/** @param {Position[]} positions */
function rolesIn(positions) {
  return [...new Set(positions.map(({ role }) => role))].sort();
}

/** @param {string | Text} name */
function textOf(name) {
  return typeof name === 'string' ? name : name.vi;
}

/** @param {readonly Role[]} roles @param {Staff} staff */
function checkRoles(roles, staff) {
  const check = (/** @type {string} */ who, /** @type {Position[]} */ positions, /** @type {Role['holder']} */ kind) => {
    for (const { role } of positions) {
      if (!roles.some((known) => known.code === role && known.holder === kind)) throw new Error(`staff.json: ${who}: "${role}" không phải vai trò của ${kind === 'person' ? 'người' : 'hệ thống'} / is no role of a ${kind}.`);
    }
  };
  for (const { username, positions } of staff.people) check(username, positions, 'person');
  for (const { clientId, positions } of staff.systems) check(clientId, positions, 'system');
}

/** Names of the packs. @returns {string[]} */
export function authorities() {
  return readdirSync(AUTHORITIES).filter((name) => existsSync(join(AUTHORITIES, name, 'staff.json'))).sort();
}

/** @param {string} path @returns {any} */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** @param {string} authority @returns {string} */
export function realmFile(authority) {
  return join(ROOT, 'deploy', 'keycloak', `${authority}.json`);
}

/** Sentences about committed files that differ from what the lists say now. @returns {Promise<string[]>} */
export async function staleRealms() {
  const stale = [];
  for (const authority of authorities()) {
    const file = realmFile(authority);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== textOfRealm(await realmOf(join(AUTHORITIES, authority)))) {
      stale.push(`deploy/keycloak/${authority}.json khác danh sách vai trò, ứng dụng và cán bộ / differs from the lists of roles, clients and staff: node tools/real/realm.js`);
    }
  }
  return stale;
}

/** @param {Record<string, unknown>} realm */
function textOfRealm(realm) {
  return `${JSON.stringify(realm, null, 2)}\n`;
}

async function main() {
  if (process.argv.includes('--check')) {
    const stale = await staleRealms();
    for (const sentence of stale) console.error(sentence);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const authority of authorities()) writeFileSync(realmFile(authority), textOfRealm(await realmOf(join(AUTHORITIES, authority))));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
