/**
 * The life of a dossier over HTTP, the same requests to whoever keeps it: received at the counter, assigned, proposed,
 * reviewed, read; each step after the answer to the one before.
 */
import { randomUUID } from 'node:crypto';
import { received } from '../dossier.js';
import { accountOf } from './issuer.js';
import { JsonClient } from './json-client.js';

const BASE = '/api/dossiers/v1/dossiers';

/** A dossier at its end, and how long each answer took (ms). @typedef {{ id: string, code: string, version: number, state: string, ms: number[] }} Life */

/** What may follow the review, and what may end a dossier before. */
const MORE = /** @type {const} */ ([
  { by: 'authority-lead', path: 'decision', body: () => ({ verdict: 'granted', documentNumber: '12/GPXD-UBND' }), state: 'decided' },
  { by: 'return-clerk', path: 'return', body: () => ({ receivedBy: 'Nguyễn Thị Đặng Thử' }), state: 'returned' },
]);
const WITHDRAWAL = /** @type {const} */ ({ by: 'desk-clerk', path: 'withdrawal', body: () => ({ reason: 'Người nộp xin rút hồ sơ' }), state: 'withdrawn' });
const STEPS = /** @type {const} */ ([
  { by: 'division-head', path: 'assignment', body: (/** @type {string} */ specialist) => ({ specialist, note: 'Xử lý trong hạn' }), state: 'processing' },
  { by: 'specialist', path: 'proposal', body: () => ({ outcome: 'granted', reason: 'Hồ sơ đủ điều kiện cấp phép theo quy định' }), state: 'proposed' },
  { by: 'division-head', path: 'review', body: () => ({ verdict: 'approved', note: 'Đồng ý' }), state: 'reviewed' },
]);
/** Who reads, in order to work on it. */
const READER = 'division-head';

export class LifeClient {
  #http;
  #token;

  /** @param {string} base @param {(account: string, desk: number) => string} token @param {number} desks so many people of each kind, each at an address of their own, as limits per person and address expect */
  constructor(base, token, desks) {
    this.#http = Array.from({ length: desks }, (_, desk) => new JsonClient(base, 1, `127.0.1.${desk + 1}`));
    this.#token = token;
  }

  close() {
    for (const http of this.#http) http.close();
  }

  /** One life, at one desk. Throws when an answer is not the one that is due. @param {number} n @param {number} [desk] @returns {Promise<Life>} */
  async live(n, desk = 0) {
    /** @type {number[]} */
    const ms = [];
    const timed = async (/** @type {() => Promise<any>} */ ask) => {
      const began = performance.now();
      const value = await ask();
      ms.push(performance.now() - began);
      return value;
    };
    let dossier = await timed(() => this.receive(received(n), desk));
    demand(dossier.version === 1 && dossier.state === 'received', 'received', dossier);
    for (const { by, path, body, state } of STEPS) {
      const given = { path: `${BASE}/${dossier.id}/${path}`, body: body(accountOf('specialist', desk)), version: dossier.version };
      const next = await timed(() => this.#command(by, desk, given, 200, randomUUID()));
      demand(next.id === dossier.id && next.version === dossier.version + 1 && next.state === state, state, next);
      dossier = next;
    }
    const read = await timed(() => this.read(dossier.id, desk));
    demand(wholeOf(read) === wholeOf(dossier), 'read', read);
    return { id: read.id, code: read.code, version: read.version, state: read.state, ms };
  }

  /** A dossier moved on until it has this state. @param {string} state @param {object} body @returns {Promise<any>} */
  async until(state, body) {
    let dossier = await this.receive(body);
    for (const step of state === WITHDRAWAL.state ? [WITHDRAWAL] : [...STEPS, ...MORE]) {
      if (dossier.state === state) break;
      const given = { path: `${BASE}/${dossier.id}/${step.path}`, body: step.body('specialist'), version: dossier.version };
      dossier = await this.#command(step.by, 0, given, 200, randomUUID());
    }
    return dossier;
  }

  /** Received; asked for again under the same key it is the same dossier. @param {object} body @param {number} [desk] @param {string} [key] @returns {Promise<any>} */
  receive(body, desk = 0, key = randomUUID()) {
    return this.#command('desk-clerk', desk, { path: BASE, body, version: undefined }, 201, key);
  }

  /** @param {string} id @returns {Promise<any>} */
  journey(id) {
    return this.#look(`${BASE}/${id}/journey`, 0);
  }

  /** @param {string} id @param {number} [desk] @returns {Promise<any>} */
  read(id, desk = 0) {
    return this.#look(`${BASE}/${id}`, desk);
  }

  /** @param {string} path @param {number} desk */
  #look(path, desk) {
    return this.#at(desk).send('GET', path, { authorization: `Bearer ${this.#token(READER, desk)}`, 'purpose-code': 'DOSSIER_HANDLING' }, undefined, 200);
  }

  /** @param {string} by @param {number} desk @param {{ path: string, body: object, version: number | undefined }} given @param {number} status @param {string} key */
  #command(by, desk, { path, body, version }, status, key) {
    const headers = { authorization: `Bearer ${this.#token(by, desk)}`, 'idempotency-key': key, ...(version === undefined ? {} : { 'if-match': `"${version}"` }) };
    return this.#at(desk).send('POST', path, headers, body, status);
  }

  /** @param {number} desk */
  #at(desk) {
    const http = this.#http[desk];
    if (http === undefined) throw new RangeError(`no desk ${desk}`);
    return http;
  }
}

/** What must be the same when it is read as when it was changed. @param {any} dossier */
function wholeOf({ id, code, version, state, outcome, summary, applicant, papers, deadline, assignee, result }) {
  return JSON.stringify([id, code, version, state, outcome, summary, applicant, papers, deadline, assignee, result]);
}

/** @param {boolean} holds @param {string} what @param {unknown} got */
function demand(holds, what, got) {
  if (!holds) throw new Error(`${what}: not as due: ${JSON.stringify(got)?.slice(0, 500)}`);
}
