/** Each part of a realm, brought to what is wanted. A part answers what it changed, in words for the log. */
import { firstPasswords, newPeople, says, SEEDED, seededOf, seededWith, settingsOf } from './changes.rules.js';

/** Far above the staff of a district. */
const ALL = 'max=10000';

/** @typedef {import('./admin.js').Call} Call */
/** @typedef {{ call: Call, realm: any, name: string, log: (line: string) => void }} At */
/** @typedef {{ secrets: Readonly<Record<string, string>>, temporary: boolean }} Accounts */

/** A realm that is not there comes whole. @param {At} at @returns {Promise<any>} as it is */
export async function theRealm({ call, realm, name, log }) {
  const there = await call('GET', name);
  if (there !== undefined) return there;
  await call('POST', '', realm);
  log(`+ realm ${name}`);
  return call('GET', name);
}

/** @param {At} at @param {any} there */
export async function settings({ call, realm, name, log }, there) {
  const wanted = settingsOf(realm);
  if (says(there, wanted)) return;
  await call('PUT', name, wanted);
  log('~ settings');
}

/** Which attributes a person has, and who may write them. @param {At} at */
export async function profile({ call, realm, name, log }) {
  const [component] = realm.components['org.keycloak.userprofile.UserProfileProvider'];
  const wanted = JSON.parse(component.config['kc.user.profile.config'][0]);
  if (says(await call('GET', `${name}/users/profile`), wanted)) return;
  await call('PUT', `${name}/users/profile`, wanted);
  log('~ profile of users');
}

/** @param {At} at */
export async function roles({ call, realm, name, log }) {
  const there = new Map((await call('GET', `${name}/roles?${ALL}`)).map((/** @type {import('./changes.rules.js').Role} */ role) => [role.name, role]));
  for (const role of realm.roles.realm) {
    if (says(there.get(role.name), role)) continue;
    if (there.has(role.name)) await call('PUT', `${name}/roles/${role.name}`, role);
    else await call('POST', `${name}/roles`, role);
    log(`${there.has(role.name) ? '~' : '+'} role ${role.name}`);
  }
}

/** Clients, their claims, and which roles they carry. @param {At} at */
export async function clients(at) {
  for (const wanted of at.realm.clients) {
    const there = await clientOf(at, wanted.clientId);
    const mapping = at.realm.scopeMappings.find((/** @type {{ client: string }} */ one) => one.client === wanted.clientId);
    if (there === undefined) await newClient(at, wanted);
    else await oldClient(at, there, wanted);
    await scopes(at, wanted);
    await carried(at, wanted.clientId, mapping?.roles ?? []);
  }
}

/** @param {At} at @param {string} clientId */
export async function clientOf({ call, name }, clientId) {
  const [found] = await call('GET', `${name}/clients?clientId=${encodeURIComponent(clientId)}`);
  return found;
}

/** A system comes with its positions; later they are the administrators'. @param {At} at @param {any} wanted */
async function newClient(at, wanted) {
  const { call, realm, name, log } = at;
  await call('POST', `${name}/clients`, wanted);
  log(`+ client ${wanted.clientId}`);
  const holder = realm.users.find((/** @type {import('./changes.rules.js').User} */ user) => user.serviceAccountClientId === wanted.clientId);
  if (holder === undefined) return;
  const { id } = await clientOf(at, wanted.clientId);
  const user = await call('GET', `${name}/clients/${id}/service-account-user`);
  await call('PUT', `${name}/users/${user.id}`, { ...user, firstName: holder.firstName, attributes: holder.attributes });
  await give(at, user.id, holder.realmRoles);
}

/** @param {At} at @param {any} there @param {any} wanted */
async function oldClient({ call, name, log }, there, { protocolMappers, defaultClientScopes: _default, optionalClientScopes: _optional, ...wanted }) {
  if (!says(there, wanted)) {
    await call('PUT', `${name}/clients/${there.id}`, { ...wanted, attributes: { ...there.attributes, ...wanted.attributes } });
    log(`~ client ${wanted.clientId}`);
  }
  const claims = `${name}/clients/${there.id}/protocol-mappers/models`;
  for (const claim of protocolMappers) {
    const old = there.protocolMappers?.find((/** @type {{ name: string }} */ one) => one.name === claim.name);
    if (says(old, claim)) continue;
    if (old === undefined) await call('POST', claims, claim);
    else await call('PUT', `${claims}/${old.id}`, { ...claim, id: old.id });
    log(`~ claim ${claim.name} of ${wanted.clientId}`);
  }
  for (const { id, name: claim } of there.protocolMappers ?? []) {
    if (protocolMappers.some((/** @type {{ name: string }} */ one) => one.name === claim)) continue;
    await call('DELETE', `${claims}/${id}`);
    log(`- claim ${claim} of ${wanted.clientId}`);
  }
}

/** Keycloak gives a system that is made alone a scope of its own, with claims that nothing reads. @param {At} at @param {any} wanted */
async function scopes(at, { clientId, defaultClientScopes, optionalClientScopes }) {
  const { call, name, log } = at;
  const { id } = await clientOf(at, clientId);
  const all = /** @type {{ id: string, name: string }[]} */ (await call('GET', `${name}/client-scopes`));
  for (const [kind, wanted] of Object.entries({ default: defaultClientScopes, optional: optionalClientScopes })) {
    const path = `${name}/clients/${id}/${kind}-client-scopes`;
    const there = /** @type {{ id: string, name: string }[]} */ (await call('GET', path));
    for (const scope of there.filter((one) => !wanted.includes(one.name))) await call('DELETE', `${path}/${scope.id}`);
    for (const scope of all.filter((one) => wanted.includes(one.name) && !there.some(({ id: known }) => known === one.id))) await call('PUT', `${path}/${scope.id}`);
    if (there.map((one) => one.name).sort().join() !== [...wanted].sort().join()) log(`~ ${kind} scopes of ${clientId}`);
  }
}

/** @param {At} at @param {string} clientId @param {readonly string[]} wanted */
async function carried(at, clientId, wanted) {
  const { call, name, log } = at;
  const { id } = await clientOf(at, clientId);
  const path = `${name}/clients/${id}/scope-mappings/realm`;
  const there = /** @type {{ name: string }[]} */ (await call('GET', path));
  const missing = wanted.filter((role) => !there.some((one) => one.name === role));
  const over = there.filter((one) => !wanted.includes(one.name));
  if (missing.length > 0) await call('POST', path, await rolesNamed(at, missing));
  if (over.length > 0) await call('DELETE', path, over);
  if (missing.length + over.length > 0) log(`~ roles that ${clientId} carries`);
}

/** @param {At} at @param {readonly string[]} names */
function rolesNamed({ call, name }, names) {
  return Promise.all(names.map((role) => call('GET', `${name}/roles/${role}`)));
}

/** @param {At} at @param {string} userId @param {readonly string[]} names */
async function give(at, userId, names) {
  if (names.length > 0) await at.call('POST', `${at.name}/users/${userId}/role-mappings/realm`, await rolesNamed(at, names));
}

/** People of the pack who were never there, first passwords, secrets of systems. @param {At} at @param {any} before the realm as it was @param {Accounts} accounts */
export async function people(at, before, { secrets, temporary }) {
  const { call, realm, name, log } = at;
  const seeded = seededOf(before);
  const list = async () => /** @type {{ id: string, username: string, enabled: boolean }[]} */ (await call('GET', `${name}/users?${ALL}`));
  const fresh = newPeople(realm.users, (await list()).map(({ username }) => username), seeded);
  for (const { realmRoles, ...user } of fresh) {
    await call('POST', `${name}/users`, user);
    const [{ id }] = await call('GET', `${name}/users?username=${encodeURIComponent(user.username)}&exact=true`);
    await give(at, id, realmRoles);
    log(`+ person ${user.username}`);
  }
  const there = (await list()).filter(({ username, enabled }) => enabled && secrets[username] !== undefined);
  const known = await Promise.all(there.map(async (one) => ({ ...one, hasPassword: (await call('GET', `${name}/users/${one.id}/credentials`)).some((/** @type {{ type: string }} */ { type }) => type === 'password') })));
  const given = firstPasswords(known, secrets, seeded);
  for (const { id, username } of known.filter((one) => given.includes(one.username))) {
    await call('PUT', `${name}/users/${id}/reset-password`, { type: 'password', value: secrets[username], temporary });
    log(`+ first password of ${username}`);
  }
  const wanted = realm.users.filter((/** @type {import('./changes.rules.js').User} */ user) => user.serviceAccountClientId === undefined).map((/** @type {{ username: string }} */ { username }) => username);
  const now = seededWith(seeded, { people: wanted, passwords: given });
  if (JSON.stringify(now) === JSON.stringify(seeded)) return;
  const { attributes } = await call('GET', name);
  await call('PUT', name, { attributes: { ...attributes, [SEEDED]: JSON.stringify(now) } });
}

/** The secret of a system is what the accounts say, also when it changed. @param {At} at @param {Accounts} accounts */
export async function systems(at, { secrets }) {
  const { call, realm, name, log } = at;
  for (const { clientId, publicClient } of realm.clients) {
    if (publicClient || secrets[clientId] === undefined) continue;
    const { id } = await clientOf(at, clientId);
    const { value } = await call('GET', `${name}/clients/${id}/client-secret`);
    if (value === secrets[clientId]) continue;
    await call('PUT', `${name}/clients/${id}`, { clientId, secret: secrets[clientId] });
    log(`~ secret of ${clientId}`);
  }
}
