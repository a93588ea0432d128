/**
 * The people at the desks, outside the platform: dossiers received and moved on at a steady rate, each command with its
 * own Idempotency-Key, sent again until somebody answers for certain, and every answer in the ledger before it counts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestOf, stepAfter } from './steps.js';

/**
 * @typedef {object} World
 * @property {() => readonly string[]} bases addresses of the processes that serve dossiers
 * @property {(account: string) => string} token
 * @property {(() => number) | undefined} [clock] there when clocks jump: until all have jumped a token may be of another time
 */
/**
 * @typedef {object} Counts
 * @property {number} sent      requests
 * @property {number} again     requests after the first of a command
 * @property {number} shed      answers 503 and 429
 * @property {number} failed    answers 500 and other 5xx: a defect even when sending again helps
 * @property {number} turned    connections refused; the next process was asked at once, as a proxy does it
 * @property {number} cut       requests without an answer: connection reset, or nothing within the time
 * @property {number} twins     commands sent several times at once
 * @property {number} unsaid    answers 503 and 429 that do not say when to come again
 * @property {Record<string, number>} why  of `shed` and `cut`: code of the problem or of the network
 * @property {string[]} refused commands refused although nobody else touches the dossier: a defect
 * @property {string[]} parted  twins or repeats that were answered differently: a defect
 * @property {number} longestMs from the first request of a command to its answer
 */

const ANSWER_MS = 5_000;
const AGAIN_MS = 150;
/** One command in twenty is sent two to five times at once, as an impatient person does. */
const TWIN_EVERY = 20;
/** Of the commands that begin; the others move a dossier on. */
const RECEIVE_SHARE = 0.25;
const LAST_MS = 180_000;
const MOST_TIMES = 100_000;

/** @returns {Counts} */
export const noCounts = () => ({ sent: 0, again: 0, shed: 0, failed: 0, unsaid: 0, turned: 0, cut: 0, why: {}, twins: 0, refused: [], parted: [], longestMs: 0 });

export class Client {
  #stopped = false;
  #leave = false;
  #broken = false;
  #turn = 0;
  #n;
  /** @type {Promise<void>[]} */
  #workers = [];
  /** @type {{ d: string, v: number }[]} dossiers nobody works on */
  #idle;
  /** @type {import('./ledger.js').Asked[]} left without an answer by a run that was killed */
  #open;
  acknowledged = 0;
  /** The last command acknowledged, and the longest time without one. */
  latest = { d: '', v: 0, at: performance.now() };
  longestGapMs = 0;
  /** How long each request took that was answered 200 or 201; emptied by who measures. @type {number[]} */
  took = [];

  /**
   * @param {World} world
   * @param {import('./ledger.js').Ledger} ledger
   * @param {ReturnType<typeof import('./ledger.js').readLedger>} before what earlier parts of this run left
   * @param {{ random: () => number, counts: Counts, twinEvery?: number | undefined }} how `counts` of those parts are counted on
   */
  constructor(world, ledger, before, { random, counts, twinEvery = TWIN_EVERY }) {
    this.world = world;
    this.ledger = ledger;
    this.random = random;
    this.counts = counts;
    this.twinEvery = twinEvery;
    this.#open = [...before.asked.values()].filter(({ k }) => !before.acknowledged.has(k));
    const latest = new Map([...before.acknowledged.values()].map((ack) => [ack.d, ack.v]));
    const busy = new Set(this.#open.map(({ d }) => d));
    this.#idle = [...latest].filter(([d, v]) => !busy.has(d) && stepAfter(v) !== undefined).map(([d, v]) => ({ d, v }));
    this.#n = before.asked.size;
    this.acknowledged = before.acknowledged.size;
  }

  /**
   * @param {{ rate: number, workers: number, patient?: boolean }} pace commands begun per second, by how many at once; who is
   *   patient comes again when the answer says, the others at once
   */
  start({ rate, workers, patient = false }) {
    const extra = this.#workers.length > 1;
    this.#leave = false;
    for (let i = 0; i < workers; i += 1) this.#workers.push(this.#work((1_000 * workers) / rate, (1_000 * i) / rate, { extra, patient }));
  }

  /** Those who were started last go home after what they are at; the first of all stay. */
  calm() {
    this.#leave = true;
  }

  /** Begins nothing new; resolves when all that was begun has its answer, throws when that takes longer than any recovery. */
  async stop() {
    this.#stopped = true;
    const all = Promise.all(this.#workers).then(() => true);
    if (await Promise.race([all, sleep(LAST_MS, false, { ref: false })])) return;
    this.#broken = true;
    await all;
    throw new Error(`commands without an answer for ${LAST_MS / 1_000} s: the platform does not recover`);
  }

  /** @param {number} everyMs @param {number} firstMs @param {{ extra: boolean, patient: boolean }} who */
  async #work(everyMs, firstMs, { extra, patient }) {
    await sleep(firstMs);
    let next = performance.now();
    while (!this.#stopped && !(extra && this.#leave)) {
      const asked = this.#open.shift() ?? this.#next();
      const answer = await this.command(asked, patient);
      if (answer !== undefined && stepAfter(answer.v) !== undefined) this.#idle.push({ d: answer.d, v: answer.v });
      // What a broken platform held back is not made up for in a burst.
      next = Math.max(next + everyMs, performance.now() - everyMs);
      await sleep(Math.max(0, next - performance.now()));
    }
  }

  /** @returns {import('./ledger.js').Asked} */
  #next() {
    const n = (this.#n += 1);
    const fresh = this.#idle.length === 0 || this.random() < RECEIVE_SHARE;
    // The oldest first: a dossier's steps lie apart, across kills.
    const dossier = fresh ? undefined : this.#idle.shift();
    const step = dossier === undefined ? undefined : stepAfter(dossier.v);
    /** @type {import('./ledger.js').Asked} */
    const asked = { t: 'ask', n, k: randomUUID(), o: step?.name ?? 'receive', d: dossier?.d ?? null, v: dossier?.v ?? 0 };
    this.ledger.ask(asked);
    return asked;
  }

  /**
   * Sends one command until it is answered for certain, then writes the answer down.
   * @param {import('./ledger.js').Asked} asked
   * @param {boolean} patient
   */
  async command(asked, patient) {
    const began = performance.now();
    const copies = asked.n % this.twinEvery === 0 ? 2 + (asked.n % 4) : 1;
    if (copies > 1) this.counts.twins += 1;
    const first = await this.#alike(asked, copies, patient);
    this.counts.longestMs = Math.max(this.counts.longestMs, Math.round(performance.now() - began));
    if (first.answer === undefined) {
      this.counts.refused.push(`${asked.o} ${asked.k}: ${first.status} ${first.said}`);
      return undefined;
    }
    const { id: d, code: c, version: v, state: s } = first.answer;
    this.ledger.acknowledge({ k: asked.k, d, c, v, s, h: first.h, w: first.times });
    this.acknowledged += 1;
    this.longestGapMs = Math.max(this.longestGapMs, performance.now() - this.latest.at);
    this.latest = { d, v, at: performance.now() };
    return { d, v };
  }

  /** Several at once; all must be answered alike. @param {import('./ledger.js').Asked} asked @param {number} copies @param {boolean} patient */
  async #alike(asked, copies, patient) {
    const [first, ...others] = await Promise.all([this.ask(asked, patient), ...Array.from({ length: copies - 1 }, () => this.ask(asked, patient))]);
    for (const other of others) {
      if (other.h !== first.h || other.status !== first.status) this.counts.parted.push(`${asked.o} ${asked.k}: ${first.status}/${other.status}`);
    }
    return first;
  }

  /** The answer of a command, however often it must be asked for. @param {import('./ledger.js').Asked} asked @param {boolean} [patient] */
  async ask(asked, patient = false) {
    for (let times = 1; ; times += 1) {
      const answer = await this.#send(asked);
      if (this.#broken) return { status: 0, h: '', times, answer: undefined, said: 'given up' };
      this.counts.sent += 1;
      if (times > 1) this.counts.again += 1;
      if (answer !== undefined && !this.#isTemporary(answer)) {
        const good = answer.status === 200 || answer.status === 201;
        const h = createHash('sha256').update(answer.text).digest('hex');
        const body = JSON.parse(answer.text);
        return { status: answer.status, h, times, answer: good ? body : undefined, said: good ? '' : String(body.code) };
      }
      const waitMs = patient ? Math.max(AGAIN_MS, (answer?.after ?? 0) * 1_000) : AGAIN_MS;
      await sleep(waitMs * (0.5 + this.random()));
    }
  }

  /** @param {{ status: number, text: string, after: number }} answer */
  #isTemporary({ status, text, after }) {
    const shed = status === 503 || status === 429;
    if (shed) {
      this.counts.shed += 1;
      if (!(after > 0)) this.counts.unsaid += 1;
      this.#because(`${status} ${/"code":"([A-Z_]+)"/.exec(text)?.[1]}`);
    } else if (status >= 500) this.counts.failed += 1;
    return status >= 500 || status === 429 || (status === 401 && this.world.clock !== undefined) || (status === 409 && text.includes('REQUEST_IN_PROGRESS'));
  }

  /** @param {string} code */
  #because(code) {
    this.counts.why[code] = (this.counts.why[code] ?? 0) + 1;
  }

  /** Undefined when nobody answered: whether it was done is not known. @param {import('./ledger.js').Asked} asked */
  async #send(asked) {
    const { by, path, body, ifMatch } = requestOf(asked);
    const headers = {
      authorization: `Bearer ${this.world.token(by)}`,
      'content-type': 'application/json',
      'idempotency-key': asked.k,
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    };
    const bases = this.world.bases();
    this.#turn += 1;
    for (let i = 0; i < bases.length; i += 1) {
      const began = performance.now();
      try {
        const response = await fetch(`${bases[(this.#turn + i) % bases.length]}${path}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
        const text = await response.text();
        if (response.ok && this.took.length < MOST_TIMES) this.took.push(performance.now() - began);
        return { status: response.status, text, after: Number(response.headers.get('retry-after')) };
      } catch (error) {
        // A connection that was refused carried nothing: another process may be asked at once.
        const code = codeOf(error);
        if (code !== 'ECONNREFUSED') {
          this.counts.cut += 1;
          this.#because(code);
          return undefined;
        }
        this.counts.turned += 1;
      }
    }
    return undefined;
  }
}

/** What broke a `fetch`: the code of the network, else the name of the error. @param {unknown} error */
function codeOf(error) {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = /** @type {{ code?: unknown }} */ (error.cause ?? {});
  return typeof code === 'string' ? code : error.name;
}
