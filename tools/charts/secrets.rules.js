/** What each secret of the charts holds, and how a key ring goes on. */
import { randomBytes, randomInt } from 'node:crypto';

/** @typedef {{ name: string, layer: string }} Service */
/** @typedef {{ namespace: string, datastores: string, postgres: string, postgresSecurity: string }} Where namespaces of the platform and its datastores; servers of the databases, that of the layer security apart */
/** @typedef {{ name: string, namespaces: string[], data: () => Record<string, string> }} Shape */

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Letters and digits alone, for it stands in addresses; 32 of 57 are 186 bits. */
export function password() {
  return Array.from({ length: 32 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** For a person who types it once: sixteen small letters and digits in fours, 79 bits. */
export function firstPassword() {
  const small = 'abcdefghjkmnpqrstuvwxyz23456789';
  const four = () => Array.from({ length: 4 }, () => small[randomInt(small.length)]).join('');
  return [four(), four(), four(), four()].join('-');
}

/**
 * Every secret but those of TLS.
 * @param {readonly Service[]} services
 * @param {Where} where
 * @returns {Shape[]}
 */
export function shapesOf(services, where) {
  const both = [where.namespace, where.datastores];
  const one = () => ({ password: password() });
  return [
    ...services.flatMap((service) => [...databaseSecrets(service, where), { name: `${service.name}-kafka`, namespaces: both, data: one }]),
    { name: 'quan-so-keys', namespaces: [where.namespace], data: () => ({ 'keys.json': keyRing(new Date()) }) },
    { name: 'postgres-admin', namespaces: [where.datastores], data: one },
    { name: 'kafka-admin', namespaces: [where.datastores], data: one },
    { name: 'keycloak-database', namespaces: [where.datastores], data: () => ({ username: 'keycloak', password: password(), migrator: password() }) },
    { name: 'keycloak-admin', namespaces: [where.datastores], data: () => ({ username: 'admin', password: password() }) },
  ];
}

/** Both roles of a service's database, each with its address. @param {Service} service @param {Where} where @returns {Shape[]} */
export function databaseSecrets({ name: service, layer }, where) {
  const server = layer === 'security' ? where.postgresSecurity : where.postgres;
  const urlOf = (/** @type {string} */ role, /** @type {string} */ secret) => `postgres://${role}:${secret}@${server}:5432/${service}`;
  const shape = (/** @type {string} */ name, /** @type {string} */ role) => ({
    name,
    namespaces: [where.namespace, where.datastores],
    data: () => {
      const secret = password();
      // The name that CloudNativePG reads beside the password.
      return { username: role, password: secret, url: urlOf(role, secret) };
    },
  });
  // A database is named like the role, also where that has a hyphen.
  return [shape(`${service}-database`, service), shape(`${service}-migrator`, `${service}_migrator`)];
}

/** A ring with one key, named by its day. @param {Date} now */
export function keyRing(now) {
  const current = nameOf(now, []);
  return JSON.stringify({ current, keys: { [current]: key() }, index: key(), cursor: key() });
}

/**
 * The ring with one more key, that nothing is sealed with yet: every pod must know it before one uses it. Index and cursor
 * stay, for a search finds by them what was stored before.
 * @param {string} text
 * @param {Date} now
 */
export function addKey(text, now) {
  const ring = /** @type {{ keys: Record<string, string> }} */ (JSON.parse(text));
  const name = nameOf(now, Object.keys(ring.keys));
  return JSON.stringify({ ...ring, keys: { ...ring.keys, [name]: key() } });
}

/** The ring with its newest key in use; the ones before stay, for they open what they sealed. @param {string} text */
export function useKey(text) {
  const ring = /** @type {{ current: string, keys: Record<string, string> }} */ (JSON.parse(text));
  const current = Object.keys(ring.keys).at(-1);
  if (current === ring.current) throw new Error('keys-use: không có khóa mới / there is no newer key: keys-add');
  return JSON.stringify({ ...ring, current });
}

/** @param {Date} now @param {readonly string[]} taken */
function nameOf(now, taken) {
  const day = `k${now.toISOString().slice(0, 10)}`;
  const more = Array.from({ length: taken.length + 1 }, (_, index) => (index === 0 ? day : `${day}-${index + 1}`));
  return more.find((name) => !taken.includes(name)) ?? day;
}

function key() {
  return randomBytes(32).toString('base64');
}
