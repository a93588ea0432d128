/** Passwords of people and secrets of systems, given through Keycloak's administration, and tokens that people at the desks hold. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTHORITY, ROOT } from './place.js';

const REALM = 'quan-so';
const CALLBACK = 'http://127.0.0.1/callback';
/** Tokens live ten minutes. */
const FRESH_MS = 4 * 60_000;

/**
 * @param {string} base of Keycloak
 * @param {{ username: string, password: string }} admin
 * @returns {Promise<Record<string, string>>} by account
 */
export async function giveAccounts(base, admin) {
  const token = await adminToken(base, admin);
  const call = async (/** @type {string} */ path, /** @type {object | undefined} */ body, method = body === undefined ? 'GET' : 'PUT') => {
    const answer = await fetch(`${base}/admin/realms/${REALM}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Keycloak ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const staff = JSON.parse(readFileSync(join(ROOT, 'deploy', 'authorities', AUTHORITY, 'staff.json'), 'utf8'));
  /** @type {Record<string, string>} */
  const accounts = {};
  for (const { id, username } of await call('/users?max=500', undefined)) {
    if (!staff.people.some((/** @type {{ username: string }} */ one) => one.username === username)) continue;
    accounts[username] = randomBytes(18).toString('base64url');
    await call(`/users/${id}/reset-password`, { type: 'password', value: accounts[username], temporary: false });
  }
  for (const { clientId } of staff.systems) {
    const [{ id }] = await call(`/clients?clientId=${clientId}`, undefined);
    accounts[clientId] = (await call(`/clients/${id}/client-secret`, {}, 'POST')).value;
  }
  return accounts;
}

/** @param {string} base @param {{ username: string, password: string }} admin */
async function adminToken(base, { username, password }) {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username, password });
  const answer = await fetch(`${base}/realms/master/protocol/openid-connect/token`, { method: 'POST', body });
  const said = /** @type {{ access_token: string }} */ (await answer.json());
  if (!answer.ok) throw new Error(`Keycloak: ${answer.status} ${JSON.stringify(said)}`);
  return said.access_token;
}

/**
 * Tokens of some people, fresh at any time; who cannot log in anew keeps the old one.
 * @param {string} issuer @param {Record<string, string>} accounts @param {readonly string[]} names
 */
export async function tokensOf(issuer, accounts, names) {
  const { signIn } = await import('@quan-so/testing/sign-in');
  /** @type {Map<string, string>} */
  const tokens = new Map();
  const renew = async (/** @type {string} */ username) => {
    const { access_token } = await signIn({ issuer, clientId: 'quan-so-cli', redirectUri: CALLBACK, username, password: accounts[username] ?? '' });
    tokens.set(username, access_token);
  };
  for (const name of names) await renew(name);
  const timer = setInterval(() => void Promise.allSettled(names.map(renew)), FRESH_MS);
  timer.unref();
  return { token: (/** @type {string} */ name) => tokens.get(name) ?? '', stop: () => clearInterval(timer) };
}
