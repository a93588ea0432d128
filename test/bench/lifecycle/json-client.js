/** JSON over kept connections, by Node's plain client: the load must cost less than what it measures. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_MS = 30_000;
/** A service that is asked for more than it can says so at once; whoever asked comes again, with the same key. */
const BUSY = 503;
const AGAIN_MS = 50;
const MOST_TIMES = 100;

export class JsonClient {
  /** Answers 503 so far. */
  busy = 0;
  #agent;
  #base;

  /** @param {string} base @param {number} connections @param {string} [localAddress] from where */
  constructor(base, connections, localAddress) {
    this.#base = new URL(base);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, ...(localAddress === undefined ? {} : { localAddress }) });
  }

  close() {
    this.#agent.destroy();
  }

  /**
   * Answers the body; throws when the status is another than that which is due.
   * @param {string} method @param {string} path @param {Record<string, string>} headers @param {object | undefined} body @param {number} wanted
   * @returns {Promise<any>}
   */
  async send(method, path, headers, body, wanted) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = text === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
    for (let times = 1; ; times += 1) {
      const { status, said } = await this.#once(method, path, sent, text);
      if (status === wanted) return said === '' ? undefined : JSON.parse(said);
      if (status !== BUSY || times === MOST_TIMES) throw new Error(`${method} ${path}: ${status} ${said.slice(0, 500)}`);
      this.busy += 1;
      await sleep(AGAIN_MS);
    }
  }

  /** @param {string} method @param {string} path @param {Record<string, string>} headers @param {string | undefined} text @returns {Promise<{ status: number | undefined, said: string }>} */
  #once(method, path, headers, text) {
    const { hostname, port, pathname } = this.#base;
    const options = { hostname, port, method, path: `${pathname.replace(/\/$/, '')}${path}`, headers, agent: this.#agent, timeout: ANSWER_MS };
    return new Promise((resolve, reject) => {
      const req = request(options, (res) => {
        /** @type {Buffer[]} */
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => resolve({ status: res.statusCode, said: Buffer.concat(chunks).toString('utf8') }));
      });
      req.on('timeout', () => req.destroy(new Error(`${method} ${path}: no answer in ${ANSWER_MS} ms`)));
      req.on('error', reject);
      req.end(text);
    });
  }
}
