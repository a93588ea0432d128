/** The desks over HTTP: dossiers received, then each moved on step by step; and whoever reads the warehouse. */
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { received } from '../dossier.js';
import { nameOf } from './people.js';

const BASE = '/api/dossiers/v1/dossiers';
const ANSWER_MS = 20_000;
const OPEN_MS = 90_000;
const AGAIN_MS = 50;
const MOST_TIMES = 200;

/** @typedef {{ id: string, n: number }} Dossier */

/** What follows receipt, in this order; the dossier's version before it is its place here plus one. */
const STEPS = /** @type {readonly { by: string, path: string, body: (n: number) => object }[]} */ ([
  { by: 'division-head', path: 'assignment', body: (n) => ({ specialist: nameOf('specialist', n) }) },
  { by: 'specialist', path: 'supplement-request', body: (n) => ({ missing: [`Bản vẽ ${n}`], reason: 'Thiếu bản vẽ' }) },
  { by: 'desk-clerk', path: 'supplement', body: (n) => ({ papers: [{ name: `Bản vẽ ${n}`, originals: 1, copies: 0 }] }) },
  { by: 'specialist', path: 'proposal', body: () => ({ outcome: 'granted', reason: 'Hồ sơ đủ điều kiện cấp phép' }) },
  { by: 'division-head', path: 'review', body: () => ({ verdict: 'approved' }) },
  { by: 'authority-lead', path: 'decision', body: (n) => ({ verdict: 'granted', documentNumber: `${n}/GPXD-UBND` }) },
  { by: 'return-clerk', path: 'return', body: (n) => ({ receivedBy: `Người nhận thử ${n}` }) },
]);
export const STEPS_OF_A_LIFE = STEPS.length;

export class Desk {
  /** Requests answered 503 or 429. */
  shed = 0;
  #agent = new Agent({ keepAlive: true, maxSockets: 128 });

  /** @param {{ dossiers: string, warehouse: string }} bases @param {(post: string, n: number) => string} token */
  constructor(bases, token) {
    this.bases = { dossiers: new URL(bases.dossiers), warehouse: new URL(bases.warehouse) };
    this.token = token;
  }

  close() {
    this.#agent.destroy();
  }

  /** @param {number} n @returns {Promise<Dossier>} */
  async receive(n) {
    const { id } = await this.#command('desk-clerk', n, BASE, received(n), undefined, 201);
    return { id, n };
  }

  /** The first one, as soon as the catalogue's facts have come. @param {number} n */
  async opened(n) {
    for (const ends = Date.now() + OPEN_MS; ; await sleep(500)) {
      try {
        return await this.receive(n);
      } catch (error) {
        if (Date.now() > ends || !String(error).includes('REFERENCE_NOT_YET_HERE')) throw error;
      }
    }
  }

  /** The step after `version`; throws when it is not done, or not by this request. @param {Dossier} dossier @param {number} version */
  async move({ id, n }, version) {
    const step = STEPS[version - 1];
    if (step === undefined) throw new RangeError(`no step after version ${version}`);
    const answer = await this.#command(step.by, n, `${BASE}/${id}/${step.path}`, step.body(n), version, 200);
    if (answer.version !== version + 1) throw new Error(`${step.path}: version ${answer.version} after ${version}`);
  }

  /** The version the warehouse shows; 0 when it has none. @param {Dossier} dossier */
  async shown({ id, n }) {
    const headers = { authorization: `Bearer ${this.token('division-head', n)}`, 'purpose-code': 'DOSSIER_HANDLING' };
    const { status, body } = await this.#send(this.bases.warehouse, 'GET', `/api/warehouse/v1/datasets/dossiers/records/${id}`, headers, undefined);
    if (status !== 200) throw new Error(`warehouse: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    return Number(body.record?.version ?? body.version ?? 0);
  }

  /** @param {string} post @param {number} n @param {string} path @param {object} body @param {number | undefined} version @param {number} wanted */
  async #command(post, n, path, body, version, wanted) {
    const headers = {
      authorization: `Bearer ${this.token(post, n)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    };
    const text = JSON.stringify(body);
    let { status, body: answer } = await this.#send(this.bases.dossiers, 'POST', path, headers, text);
    // Shed: as a client does it, the same again with the same key; the wait counts.
    for (let times = 1; (status === 503 || status === 429) && times <= MOST_TIMES; times += 1) {
      this.shed += 1;
      await sleep(AGAIN_MS);
      ({ status, body: answer } = await this.#send(this.bases.dossiers, 'POST', path, headers, text));
    }
    if (status !== wanted) throw new Error(`${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`);
    return answer;
  }

  /** @param {URL} base @param {string} method @param {string} path @param {Record<string, string>} headers @param {string | undefined} body @returns {Promise<{ status: number, body: any }>} */
  #send({ hostname, port }, method, path, headers, body) {
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
      const req = request({ hostname, port, method, path, headers: sent, agent: this.#agent, timeout: ANSWER_MS }, (res) => {
        /** @type {Buffer[]} */
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }));
        res.on('error', reject);
      });
      req.on('timeout', () => req.destroy(new Error(`${method} ${path}: no answer in ${ANSWER_MS} ms`)));
      req.on('error', reject);
      req.end(body);
    });
  }
}
