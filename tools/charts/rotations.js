/** What can be changed while all of it runs, and what is to be done after each step. Between two steps everything works. */
import { authorityOf, certificateOf } from './certificate.js';
import { find, get, put } from './kubectl.js';
import { addKey, databaseSecrets, keyRing, password, useKey } from './secrets.rules.js';

/** @typedef {import('./kubectl.js').To} To */
/** @typedef {import('./secrets.rules.js').Service} Service */
/** @typedef {{ to: To, name: string, service: Service, inFolder: <T>(work: (folder: string) => T) => T }} Given */
/**
 * @typedef {object} Rotation
 * @property {'service' | 'system'} [of]
 * @property {(given: Given) => void} work
 * @property {(to: To, service: Service) => string[]} after
 */

const store = (/** @type {string} */ what) => (/** @type {To} */ { datastores }) => `kubectl -n ${datastores} rollout restart ${what}`;
/** @type {Service} */
const ALL = { name: '', layer: '' };
/** All of them, or one: where a pod holds the services of a layer, that layer's. */
const services = (/** @type {To} */ { namespace }, /** @type {Service} */ one = ALL) => `kubectl -n ${namespace} rollout restart deployment${one === ALL ? '' : `/${one.name}   (một pod mỗi tầng / a pod per layer: deployment/layer-${one.layer})`}`;
const realm = () => 'helm upgrade datastores …';

/** @type {Record<string, Rotation>} */
export const ROTATIONS = {
  database: { of: 'service', work: database, after: (to, service) => [store('statefulset/postgres')(to), services(to, service)] },
  kafka: { of: 'service', work: ({ to, name }) => put(to, 'rotated', [to.namespace, to.datastores], `${name}-kafka`, { password: password() }), after: (to, service) => [store('statefulset/kafka')(to), services(to, service)] },
  account: { of: 'system', work: account, after: () => [realm()] },
  'postgres-admin': { work: ({ to }) => put(to, 'rotated', [to.datastores], 'postgres-admin', { password: password() }), after: (to) => [store('statefulset/postgres')(to)] },
  'kafka-admin': { work: ({ to }) => put(to, 'rotated', [to.datastores], 'kafka-admin', { password: password() }), after: (to) => [store('statefulset/kafka')(to)] },
  'keycloak-admin': { work: keycloakAdmin, after: () => [realm()] },
  'keycloak-database': {
    work: ({ to }) => put(to, 'rotated', [to.datastores], 'keycloak-database', { ...get(to, to.datastores, 'keycloak-database'), password: password(), migrator: password() }),
    after: (to) => [store('statefulset/postgres')(to), store('deployment/keycloak')(to)],
  },
  'keys-add': { work: (given) => keys(given, (ring) => addKey(ring, new Date())), after: (to) => [services(to), 'secrets.js rotate keys-use'] },
  'keys-use': { work: (given) => keys(given, useKey), after: (to) => [services(to)] },
  tls: { work: tls, after: (to) => [store('statefulset/kafka')(to)] },
  'authority-add': { work: authorityAdd, after: (to) => [services(to), store('statefulset/kafka')(to), 'secrets.js rotate authority-use'] },
  'authority-use': { work: authorityUse, after: (to) => [store('statefulset/kafka')(to), 'secrets.js rotate authority-drop'] },
  'authority-drop': { work: authorityDrop, after: (to) => [services(to), store('statefulset/kafka')(to)] },
};

/** New passwords; where the database is stays as it was written. @param {Given} given */
function database({ to, service }) {
  for (const { name, data } of databaseSecrets(service, to)) {
    const made = data();
    const there = find(to, to.namespace, name)?.url;
    const url = new URL(there ?? String(made.url));
    url.password = String(made.password);
    put(to, 'rotated', [to.namespace, to.datastores], name, { ...made, url: url.href });
  }
}

/** @param {Given} given */
function account({ to, name }) {
  const all = get(to, to.datastores, 'quan-so-accounts');
  if (!(name in all)) throw new Error(`${name}: không có trong / is not in quan-so-accounts`);
  put(to, 'rotated', [to.datastores], 'quan-so-accounts', { ...all, [name]: password() });
}

/** The job of the realm knows the administrator by a password before this one, and gives the new one. @param {Given} given */
function keycloakAdmin({ to }) {
  const { username = 'admin', password: before = '', previous = '' } = get(to, to.datastores, 'keycloak-admin');
  const known = [before, ...previous.split('\n')].filter((one) => one !== '').slice(0, 5);
  put(to, 'rotated', [to.datastores], 'keycloak-admin', { username, password: password(), previous: known.join('\n') });
}

/** @param {Given} given @param {(ring: string) => string} next */
function keys({ to }, next) {
  const ring = find(to, to.namespace, 'quan-so-keys')?.['keys.json'] ?? keyRing(new Date());
  put(to, 'rotated', [to.namespace], 'quan-so-keys', { 'keys.json': next(ring) });
}

/** The same authority signs a new certificate, so that nobody has to trust anew. @param {Given} given */
function tls({ to, inFolder }) {
  const { 'ca.crt': certificate = '', 'ca.key': key = '' } = get(to, to.datastores, 'kafka-ca-key');
  const made = inFolder((folder) => certificateOf(folder, to.datastores, { certificate, key }));
  put(to, 'rotated', [to.datastores], 'kafka-tls', { 'tls.crt': made.certificate, 'tls.key': made.key, 'ca.crt': get(to, to.datastores, 'kafka-tls')['ca.crt'] ?? certificate });
}

/** A second authority that everybody trusts and that signs nothing yet. @param {Given} given */
function authorityAdd({ to, inFolder }) {
  const old = get(to, to.datastores, 'kafka-ca-key');
  if ('next.crt' in old || 'old.crt' in old) throw new Error('authority-add: đang đổi dở / one is under way: authority-use, authority-drop');
  const next = inFolder(authorityOf);
  put(to, 'rotated', [to.datastores], 'kafka-ca-key', { ...old, 'next.crt': next.certificate, 'next.key': next.key });
  trust(to, `${old['ca.crt']}${next.certificate}`);
}

/** The second authority signs; the first one is still trusted. @param {Given} given */
function authorityUse({ to, inFolder }) {
  const { 'ca.crt': old = '', 'next.crt': certificate, 'next.key': key } = get(to, to.datastores, 'kafka-ca-key');
  if (certificate === undefined || key === undefined) throw new Error('authority-use: trước đó / first authority-add');
  const made = inFolder((folder) => certificateOf(folder, to.datastores, { certificate, key }));
  put(to, 'rotated', [to.datastores], 'kafka-tls', { 'tls.crt': made.certificate, 'tls.key': made.key, 'ca.crt': `${old}${certificate}` });
  put(to, 'rotated', [to.datastores], 'kafka-ca-key', { 'ca.crt': certificate, 'ca.key': key, 'old.crt': old });
}

/** The first authority is trusted no more. @param {Given} given */
function authorityDrop({ to }) {
  const { 'ca.crt': certificate = '', 'ca.key': key = '', 'old.crt': old } = get(to, to.datastores, 'kafka-ca-key');
  if (old === undefined) throw new Error('authority-drop: trước đó / first authority-use');
  put(to, 'rotated', [to.datastores], 'kafka-ca-key', { 'ca.crt': certificate, 'ca.key': key });
  trust(to, certificate);
}

/** Whom the services and the broker itself believe. @param {To} to @param {string} certificates */
function trust(to, certificates) {
  put(to, 'rotated', [to.namespace], 'kafka-ca', { 'ca.crt': certificates });
  put(to, 'rotated', [to.datastores], 'kafka-tls', { ...get(to, to.datastores, 'kafka-tls'), 'ca.crt': certificates });
}
