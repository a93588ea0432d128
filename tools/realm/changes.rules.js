/** What of a realm is ours to change, and what belongs to its administrators once it is there. */

/** @typedef {{ people: string[], passwords: string[] }} Seeded who was made, and who was given a first password: each once */
/** @typedef {{ username: string, enabled: boolean, firstName: string, attributes: Record<string, string[]>, realmRoles: string[], serviceAccountClientId?: string }} User */
/** @typedef {{ name: string, description: string }} Role */

export const SEEDED = 'quanso.seeded';

/** Members of a realm that are objects of their own. */
const OBJECTS = ['roles', 'clients', 'scopeMappings', 'users', 'components'];

/** The settings of a realm alone. @param {Record<string, unknown>} realm */
export function settingsOf(realm) {
  return Object.fromEntries(Object.entries(realm).filter(([name]) => !OBJECTS.includes(name)));
}

/**
 * The realm with the values of the environment in the places that say `${NAME:default}`, as Keycloak's own import does.
 * @param {Record<string, unknown>} realm
 * @param {Record<string, string | undefined>} values
 * @returns {any}
 */
export function filled(realm, values) {
  const put = (/** @type {string} */ whole, /** @type {string} */ name, /** @type {string} */ otherwise) => JSON.stringify(values[name] || otherwise).slice(1, -1);
  return JSON.parse(JSON.stringify(realm).replace(/\$\{([A-Z_]+):([^}]*)\}/g, put));
}

/**
 * Whether what is there says all that is wanted; what it says beside that is not asked.
 * @param {unknown} there
 * @param {unknown} wanted
 * @returns {boolean}
 */
export function says(there, wanted) {
  if (Array.isArray(wanted)) return Array.isArray(there) && there.length === wanted.length && wanted.every((one, i) => says(there[i], one));
  if (typeof wanted !== 'object' || wanted === null) return there === wanted;
  const seen = /** @type {Record<string, unknown> | null} */ (typeof there === 'object' ? there : null);
  return Object.entries(wanted).every(([name, value]) => says(seen?.[name], value));
}

/** @param {{ attributes?: Record<string, string> } | undefined} realm @returns {Seeded} */
export function seededOf(realm) {
  const { people = [], passwords = [] } = JSON.parse(realm?.attributes?.[SEEDED] ?? '{}');
  return { people, passwords };
}

/**
 * Whom to make. Who was made once and is gone was taken away by an administrator, and stays away.
 * @param {readonly User[]} wanted
 * @param {readonly string[]} there usernames
 * @param {Seeded} seeded
 */
export function newPeople(wanted, there, seeded) {
  return wanted.filter(({ username, serviceAccountClientId }) => serviceAccountClientId === undefined && !there.includes(username) && !seeded.people.includes(username));
}

/**
 * Who gets the first password: who is there, has none, and was never given one.
 * @param {readonly { username: string, hasPassword: boolean }[]} there
 * @param {Readonly<Record<string, string>>} accounts
 * @param {Seeded} seeded
 */
export function firstPasswords(there, accounts, seeded) {
  return there.filter(({ username, hasPassword }) => accounts[username] !== undefined && !hasPassword && !seeded.passwords.includes(username)).map(({ username }) => username);
}

/** @param {Seeded} before @param {Partial<Seeded>} more @returns {Seeded} */
export function seededWith(before, { people = [], passwords = [] }) {
  const both = (/** @type {string[]} */ a, /** @type {string[]} */ b) => [...new Set([...a, ...b])].sort();
  return { people: both(before.people, people), passwords: both(before.passwords, passwords) };
}
