/**
 * People at the desks, outside the cluster, with a ledger of their own (test/chaos): they work while something is done to
 * the cluster, then what they were told is compared with what is there.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, noCounts } from '../../test/chaos/client.js';
import { compare } from '../../test/chaos/compare.js';
import { readFacts } from '../../test/chaos/facts.js';
import { Ledger, readLedger } from '../../test/chaos/ledger.js';
import { services } from '../layers.js';
import { logOf } from './broker.js';
import { reader } from './sql.js';

/** People who take part in what test/chaos/steps.js does. */
export const WORKERS = ['desk-clerk', 'division-head', 'specialist', 'authority-lead', 'return-clerk'];
/** Commands a second, unless a step says otherwise. */
export const RATE = 12;
const AT_ONCE = 6;
const WARM_MS = 120_000;
const DRAIN_MS = 180_000;
const REPEATS = 300;

/** @typedef {import('../../test/chaos/client.js').Counts} Counts */
/** @typedef {{ counts: Counts, acknowledged: number, longestGapMs: number, p99Ms: number }} Worked */

export class Load {
  /** Dossiers that others (the tour) made before. @type {Set<string>} */
  #others;
  /** @param {import('./kube.js').Kube} kube @param {Client} client @param {string} path @param {Set<string>} others @param {Ledger} ledger */
  constructor(kube, client, path, others, ledger) {
    this.kube = kube;
    this.client = client;
    this.path = path;
    this.ledger = ledger;
    this.#others = others;
  }

  /** Ends the work; resolves when what was begun has its answer. @returns {Promise<Worked>} */
  async stop() {
    await this.client.stop();
    const took = this.client.took.toSorted((a, b) => a - b);
    return { counts: this.client.counts, acknowledged: this.client.acknowledged, longestGapMs: Math.round(this.client.longestGapMs), p99Ms: Math.round(took[Math.floor(took.length * 0.99)] ?? 0) };
  }

  /** What must not be, as sentences: lost, twice, in the wrong order, answered differently. */
  async faults() {
    const read = reader(this.kube);
    const drainSeconds = await drained(read);
    const different = await this.#askAgain();
    const facts = await readFacts({ read, services: services.map(({ name }) => name), log: () => logOf(this.kube, 'records.dossiers') });
    const { lost, duplicated, gaps } = compare(readLedger(this.path), without(facts, this.#others));
    this.ledger.close();
    const { refused, parted } = this.client.counts;
    const told = (/** @type {string} */ word, /** @type {readonly string[]} */ list) => list.map((one) => `${word}: ${one}`);
    return { drainSeconds, lost: lost.length, duplicated: duplicated.length, gaps: gaps.length, different: different.length, faults: [...told('mất / lost', lost), ...told('lặp / twice', duplicated), ...told('hụt / gap', gaps), ...told('trả lời khác / answered differently', [...different, ...parted]), ...told('từ chối / refused', refused)] };
  }

  /** The same keys once more: the same answers. */
  async #askAgain() {
    const { asked, acknowledged } = readLedger(this.path);
    const different = [];
    for (const { k, h } of [...acknowledged.values()].slice(-REPEATS)) {
      const question = asked.get(k);
      const answer = question && (await this.client.ask(question));
      if (answer?.h !== h) different.push(`${question?.o} ${k}: ${answer?.status}`);
    }
    return different;
  }
}

/**
 * Begins to work; resolves when the first command was acknowledged.
 * @param {import('./kube.js').Kube} kube
 * @param {{ dir: string, name: string, base: () => string, token: (account: string) => string, rate?: number }} how
 */
export async function startLoad(kube, { dir, name, base, token, rate = RATE }) {
  mkdirSync(dir, { recursive: true });
  const others = new Set((await reader(kube)('dossiers')('', 'SELECT id FROM dossier', [])).map(({ id }) => String(id)));
  const path = freshPath(dir, name);
  const ledger = new Ledger(path);
  const client = new Client({ bases: () => [base()], token }, ledger, readLedger(path), { random: Math.random, counts: noCounts() });
  client.start({ rate: 2, workers: 1 });
  for (const ends = Date.now() + WARM_MS; client.acknowledged === 0; await sleep(100)) if (Date.now() > ends) throw new Error(`không lệnh nào được nhận / nothing was acknowledged: ${JSON.stringify(client.counts)}`);
  client.start({ rate, workers: AT_ONCE });
  client.longestGapMs = 0;
  return new Load(kube, client, path, others, ledger);
}

/**
 * What is there, but for the dossiers of others: their systems bring codes of their own, and repeat themselves on purpose.
 * Codes of the desks stay, for they count on.
 * @param {import('../../test/chaos/facts.js').Facts} facts @param {Set<string>} others @returns {import('../../test/chaos/facts.js').Facts}
 */
export function without(facts, others) {
  /** @template V @param {Map<string, V>} map @param {(key: string, value: V) => boolean} keeps */
  const only = (map, keeps) => new Map([...map].filter(([key, value]) => keeps(key, value)));
  const records = only(facts.records, (id) => !others.has(id));
  return {
    ...facts, records,
    dossiers: only(facts.dossiers, (id, { code }) => !others.has(id) || /-\d+$/.test(code)),
    history: only(facts.history, (id) => !others.has(id)),
    keys: only(facts.keys, (_, { dossier }) => !others.has(dossier)),
    counted: facts.counted - (facts.records.size - records.size),
  };
}

/** @param {string} dir @param {string} name */
function freshPath(dir, name) {
  for (let n = 1; ; n += 1) if (!existsSync(join(dir, `${name}-${n}.jsonl`))) return join(dir, `${name}-${n}.jsonl`);
}

/** Seconds until everything told is sent and every version is in the warehouse. @param {ReturnType<typeof reader>} read */
async function drained(read) {
  const began = performance.now();
  for (;;) {
    const unsent = await Promise.all(services.map(({ name }) => read(name)('', 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL', [])));
    const [told] = await read('dossiers')('', 'SELECT count(*)::int AS n FROM dossier_history', []);
    const [taken] = await read('warehouse')('', "SELECT count(*)::int AS n FROM record_history WHERE dataset = 'dossiers'", []);
    if (unsent.every(([row]) => row?.['n'] === 0) && told?.['n'] === taken?.['n']) break;
    if (performance.now() - began > DRAIN_MS) break;
    await sleep(1_000);
  }
  return Math.round((performance.now() - began) / 1_000);
}
