/** Keycloak's administration over HTTP, as much of it as a realm needs. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Tokens of the administrators' realm live 60 s. */
const FRESH_MS = 40_000;
const CALL_MS = 30_000;

/** Keycloak said no, or nothing. */
export class AdminError extends Error {
  /** @type {string} */
  name = 'AdminError';
  /** @param {string} what @param {number} status 0 when nothing was answered */
  constructor(what, status) {
    super(what);
    this.status = status;
  }
}

/** @typedef {{ username: string, password: string, previous?: string }} Login `previous`: passwords before rotations, the last one first, one a line */
/** @typedef {(method: string, path: string, body?: unknown) => Promise<any>} Call path below /admin/realms; undefined when it is not there */

/**
 * Logs in, waiting up to `waitMs` for a server that is starting. Who is known by a previous password alone gets the
 * present one.
 * @param {string} url of Keycloak
 * @param {Login} login
 * @param {number} waitMs
 * @returns {Promise<Call>}
 */
export async function openAdmin(url, { username, password, previous = '' }, waitMs) {
  const token = (/** @type {string} */ secret) => tokenOf(url, username, secret);
  if (await accepted(() => token(password), waitMs)) return callsTo(url, () => token(password));
  const before = await firstAccepted(previous.split('\n').filter((one) => one !== ''), token);
  if (before === undefined) throw new AdminError(`${username}: Keycloak không nhận mật khẩu / does not take the password.`, 401);
  const call = callsTo(url, () => token(before));
  const [me] = await call('GET', `master/users?username=${encodeURIComponent(username)}&exact=true`);
  await call('PUT', `master/users/${me.id}/reset-password`, { type: 'password', value: password, temporary: false });
  return callsTo(url, () => token(password));
}

/** @param {readonly string[]} passwords @param {(secret: string) => Promise<string>} token */
async function firstAccepted(passwords, token) {
  for (const one of passwords) if (await accepted(() => token(one), 0)) return one;
  return undefined;
}

/** @param {() => Promise<string>} login @param {number} waitMs @returns {Promise<boolean>} false: another password */
async function accepted(login, waitMs) {
  for (const ends = Date.now() + waitMs; ; await sleep(2_000)) {
    try {
      await login();
      return true;
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      if (error.status === 401 || error.status === 400) return false;
      if (Date.now() > ends) throw error;
    }
  }
}

/** @param {string} url @param {string} username @param {string} password @returns {Promise<string>} */
async function tokenOf(url, username, password) {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username, password });
  const answer = await send(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body });
  if (answer.status !== 200) throw new AdminError(`${url}: ${answer.status} ${answer.text.slice(0, 300)}`, answer.status);
  return JSON.parse(answer.text).access_token;
}

/** @param {string} url @param {() => Promise<string>} login @returns {Call} */
function callsTo(url, login) {
  let token = '';
  let until = 0;
  return async (method, path, body) => {
    if (Date.now() > until) [token, until] = [await login(), Date.now() + FRESH_MS];
    const answer = await send(`${url}/admin/realms${path === '' ? '' : `/${path}`}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 404 && method === 'GET') return undefined;
    // What was sent is not said: it may hold a password.
    if (answer.status >= 400) throw new AdminError(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`, answer.status);
    return answer.text === '' ? undefined : JSON.parse(answer.text);
  };
}

/** @param {string} url @param {RequestInit} request */
async function send(url, request) {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(CALL_MS) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { cause, message } = /** @type {Error & { cause?: Error }} */ (error);
    throw new AdminError(`${new URL(url).origin}: ${cause?.message ?? message}`, 0);
  }
}
