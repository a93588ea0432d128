/** The platform over HTTP: Node's fetch, problem documents, nothing else. */
import { randomUUID } from 'node:crypto';
import { EXIT, Failure } from './failure.js';

/** @typedef {{ base: string, token: string, lang: 'vi' | 'en' }} Ground */

const CHANGED = new Set(['REPLAY_PLAN_OUTDATED', 'VERSION_MISMATCH']);

export class Api {
  /** @param {Ground} ground */
  constructor(ground) {
    this.ground = ground;
  }

  /** Names of the services there. @returns {Promise<string[]>} */
  async services() {
    const { services } = await this.#ask('GET', '/openapi/index.json');
    return services.map((/** @type {{ service: string }} */ { service }) => service);
  }

  /** @param {string} path @returns {Promise<any>} */
  read(path) {
    return this.#ask('GET', path);
  }

  /** Every item of a list, page by page. @param {string} path @returns {Promise<any[]>} */
  async all(path) {
    const items = [];
    for (let next = /** @type {string | undefined} */ (path); next !== undefined; ) {
      const page = await this.#ask('GET', next);
      items.push(...page.items);
      next = page.page.next;
    }
    return items;
  }

  /** @param {string} path @param {object} body @param {number} [version] @returns {Promise<any>} */
  post(path, body, version) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) };
    return this.#ask('POST', path, headers, JSON.stringify(body));
  }

  /** @param {string} method @param {string} path @param {Record<string, string>} [headers] @param {string} [body] @returns {Promise<any>} */
  async #ask(method, path, headers = {}, body) {
    const { base, token, lang } = this.ground;
    const init = { method, headers: { accept: 'application/json, application/problem+json', 'accept-language': lang, authorization: `Bearer ${token}`, ...headers }, signal: AbortSignal.timeout(15_000) };
    const response = await fetch(`${base}${path}`, body === undefined ? init : { ...init, body }).catch((/** @type {Error} */ error) => {
      throw new Failure(EXIT.unreachable, `Không tới được ${base}: ${error.message}.`, `${base} cannot be reached: ${error.message}.`);
    });
    const answer = await response.json().catch(() => undefined);
    if (response.ok && answer !== undefined) return answer;
    throw refused(response.status, answer);
  }
}

/** @param {number} status @param {any} problem */
function refused(status, problem) {
  const said = problem?.detail ?? problem?.title ?? `HTTP ${status}`;
  const about = Object.entries(problem ?? {}).filter(([name]) => ['messages', 'keys', 'processed', 'first', 'state', 'possible', 'cap', 'now', 'currentVersion'].includes(name));
  const words = `${said} (${[problem?.code ?? status, ...about.map(([name, value]) => `${name}: ${value}`)].join(', ')})`;
  const code = status === 401 || status === 403 ? EXIT.notPermitted : status >= 502 ? EXIT.unreachable : CHANGED.has(problem?.code) ? EXIT.changed : EXIT.refused;
  return new Failure(code, words, words, problem);
}
