/** One run: a platform, a client that keeps a ledger, blows from the plan, then quiet, and the comparison. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheRoot, digest } from '../../tools/real/cache.js';
import { services } from '../../tools/layers.js';
import { noBlows, Striker } from './blows.js';
import { Client, noCounts } from './client.js';
import { compare } from './compare.js';
import { readFacts } from './facts.js';
import { openGround } from './ground.js';
import { Ledger, readLedger } from './ledger.js';
import { inputsOf, planOf, randomOf } from './plan.js';
import { Sight } from './sight.js';

/**
 * @typedef {import('./plan.js').Sizes & { rate: number, workers: number, drainMs: number, repeats: number, twinEvery?: number, promise?: string }} Options
 *   `repeats`: acknowledged commands sent once more at the end; `promise`: whose scene it is
 */
/**
 * @typedef {object} Outcome
 * @property {import('./blows.js').Struck} struck
 * @property {import('./compare.js').Verdict} verdict
 * @property {number} acknowledged
 * @property {import('./client.js').Counts} counts
 * @property {{ asked: number, different: string[] }} answers  commands sent again after the run
 * @property {string[]} died      processes that ended by themselves while they were ready
 * @property {number} parked
 * @property {import('./sight.js').Measure[]} measures what a scene looked at
 * @property {string} log         SHA-256 of the ledger
 * @property {string} inputs
 * @property {number} drainSeconds
 * @property {number} seconds     of all parts of a run that was resumed
 */

/**
 * @typedef {object} Stage
 * @property {import('./ground.js').Ground} ground
 * @property {Striker} striker
 * @property {Client} client
 * @property {(service: string) => import('./facts.js').Read} read
 * @property {() => Promise<void>} plan strikes the blows of the plan
 * @property {Sight} sight
 * @property {(line: string) => void} tell
 */
/**
 * @typedef {object} Scene what is done while the client works
 * @property {(stage: Stage) => Promise<void>} [play]  without it the plan is done
 * @property {(end: End) => void | Promise<void>} [judge] when all is quiet
 * @property {boolean} [parks]    events aside are part of it
 * @property {(dir: string) => Promise<{ changes: import('./ground.js').Changes, undo: () => unknown }>} [prepare] how its ground differs
 */
/** @typedef {Stage & { facts: import('./facts.js').Facts, drainSeconds: number }} End */
/** What is kept of a run that is not at its end. @typedef {{ code: string, done: number, struck: import('./blows.js').Struck, counts: import('./client.js').Counts, died: string[], seconds: number }} Progress */

const WARM_MS = 60_000;
/** Three sessions at the broker: nothing that moves at all stands still so long. */
const STILL_MS = 30_000;
const PATIENCE_MS = 60_000;
const REPEATERS = 8;
const CHUNK = 20_000;
const SHARDS_OF_RECORDS = 4;

/**
 * @param {Options} options
 * @param {{ code: string, resume?: boolean, faults?: string | undefined, tell: (line: string) => void, scene?: Scene }} how
 *   `code` names the version under proof; a scene takes the place of the plan
 * @returns {Promise<Outcome>}
 */
export async function run(options, { code, resume = false, faults, tell, scene }) {
  const began = performance.now();
  const dir = folderOf(options, faults);
  if (!resume) rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const progress = readProgress(dir, code);
  const ledgerPath = join(dir, 'ledger.jsonl');
  const before = readLedger(ledgerPath);
  const ledger = new Ledger(ledgerPath);
  const prepared = await scene?.prepare?.(dir);
  const ground = await openGround({ transport: options.transport, dir, faults, ...prepared?.changes });
  try {
    const databases = await openDatabases(ground);
    const striker = new Striker(ground, databases.read('dossiers'), progress.struck);
    const client = new Client(ground, ledger, before, { random: randomOf(options.seed + progress.done + 1), counts: progress.counts, twinEvery: options.twinEvery });
    await warm(client);
    tell(`${options.transport}: ${Math.round((performance.now() - began) / 1_000)} s, ${ground.instances.map(({ name }) => name).join(' ')}`);
    client.start({ rate: options.rate, workers: options.workers });
    const died = () => [...progress.died, ...ground.instances.flatMap((one) => one.died)];
    const save = (/** @type {number} */ done) => saveProgress(dir, { code, done, struck: striker.struck, counts: client.counts, died: died(), seconds: progress.seconds + (performance.now() - began) / 1_000 });
    const plan = () => strikeAll(planOf(options), progress.done, striker, client, save, tell);
    const stage = { ground, striker, client, read: databases.read, plan, sight: new Sight(), tell };
    await (scene?.play?.(stage) ?? plan());
    await striker.settle();
    await client.stop();
    const drainSeconds = await drained(databases, options.drainMs);
    const answers = await repeat(client, ledgerPath, options);
    const read = patient(databases.read);
    const log = logOf(ground, { read });
    const facts = await readFacts({ read, services: services.map(({ name }) => name), log });
    const written = readLedger(ledgerPath);
    const verdict = compare(written, { ...facts, parked: scene?.parks === true ? 0 : facts.parked });
    await scene?.judge?.({ ...stage, read, facts, drainSeconds });
    await databases.close();
    return {
      measures: stage.sight.measures,
      struck: striker.struck, verdict, acknowledged: written.acknowledged.size, counts: client.counts, answers, parked: facts.parked,
      died: died(), log: written.hash, inputs: inputsOf(options), drainSeconds,
      seconds: Math.round(progress.seconds + (performance.now() - began) / 1_000),
    };
  } finally {
    ledger.close();
    await ground.stop();
    await prepared?.undo();
  }
}

/** Where a run lives until it is whole. @param {Options} options @param {string} [faults] */
export function folderOf(options, faults) {
  return join(cacheRoot(), 'proof', `${options.transport}-${digest(options, faults)}`);
}

/** @param {string} dir @param {string} code @returns {Progress} */
function readProgress(dir, code) {
  const path = join(dir, 'progress.json');
  if (!existsSync(path)) return { code, done: 0, struck: noBlows(), counts: noCounts(), died: [], seconds: 0 };
  const progress = JSON.parse(readFileSync(path, 'utf8'));
  if (progress.code !== code) throw new Error('Mã nguồn đã đổi từ khi lần chạy này bắt đầu / the code has changed since this run began: run it without --resume.');
  return progress;
}

/** @param {string} dir @param {Progress} progress */
function saveProgress(dir, progress) {
  writeFileSync(join(dir, 'progress.json.new'), JSON.stringify(progress));
  renameSync(join(dir, 'progress.json.new'), join(dir, 'progress.json'));
}

/** A service takes nothing before its copies of reference data are there. @param {Client} client */
async function warm(client) {
  const before = client.acknowledged;
  const ends = Date.now() + WARM_MS;
  client.start({ rate: 2, workers: 1 });
  while (client.acknowledged === before) {
    if (Date.now() > ends) throw new Error(`nothing was acknowledged in ${WARM_MS / 1_000} s: ${JSON.stringify(client.counts)}`);
    await sleep(100);
  }
}

/**
 * @param {readonly import('./plan.js').Blow[]} plan @param {number} from @param {Striker} striker @param {Client} client
 * @param {(done: number) => void} save @param {(line: string) => void} tell
 */
async function strikeAll(plan, from, striker, client, save, tell) {
  for (const [i, blow] of plan.entries()) {
    if (i < from) continue;
    await sleep(blow.afterMs);
    await striker.strike(blow);
    save(i + 1);
    if ((i + 1) % 20 === 0 || i + 1 === plan.length) tell(`${i + 1}/${plan.length}: ${client.acknowledged} đã xác nhận / acknowledged`);
  }
}

/** The databases seen from outside, asked again while they come up. @param {import('./ground.js').Ground} ground */
async function openDatabases(ground) {
  const { Database } = await import('@quan-so/persistence');
  /** @type {Map<string, import('@quan-so/persistence').Database>} */
  const open = new Map();
  for (const { name } of services) open.set(name, await patiently(() => Database.open({ service: `chaos-${name}`, url: String(ground.postgres.databases[name]?.url), poolSize: 2 })));
  /** @param {string} service @returns {import('./facts.js').Read} */
  const read = (service) => async (name, text, values) => /** @type {any} */ (await open.get(service)?.sql(name, text, values)) ?? [];
  return { read, close: async () => void (await Promise.all([...open.values()].map((one) => one.close()))) };
}

/** @typedef {Awaited<ReturnType<typeof openDatabases>>} Databases */

/** After a run nothing strikes. @param {Databases['read']} reader @returns {Databases['read']} */
function patient(reader) {
  return (service) => (name, text, values) => patiently(() => reader(service)(name, text, values));
}

/** A machine that is busy with other things is waited for. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function patiently(work) {
  for (const ends = performance.now() + PATIENCE_MS; ; await sleep(500)) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > ends) throw error;
    }
  }
}

/** Resolves when everything told is sent and every version is in the warehouse, or nothing moves any more. @param {Databases} databases @param {number} limitMs */
async function drained(databases, limitMs) {
  const began = performance.now();
  let last = '';
  let movedAt = began;
  for (;;) {
    const now = await standing(databases).catch(() => undefined);
    if (now !== undefined && now.unsent === 0 && now.told === now.taken) break;
    const text = JSON.stringify(now);
    if (text !== last) movedAt = performance.now();
    last = text;
    if (performance.now() - movedAt > STILL_MS || performance.now() - began > limitMs) break;
    await sleep(500);
  }
  return Math.round((performance.now() - began) / 1_000);
}

/** @param {Databases} databases */
async function standing({ read }) {
  const unsent = await Promise.all(services.map(({ name }) => read(name)('chaos-unsent', 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL', [])));
  const [told] = await read('dossiers')('chaos-told-count', 'SELECT count(*)::int AS n FROM dossier_history', []);
  const [taken] = await read('warehouse')('chaos-taken-count', "SELECT count(*)::int AS n FROM record_history WHERE dataset = 'dossiers'", []);
  return { unsent: unsent.reduce((sum, [row]) => sum + Number(row?.n), 0), told: told?.n, taken: taken?.n };
}

/** The same key again after all that: the same answer, byte by byte. @param {Client} client @param {string} path @param {Options} options */
async function repeat(client, path, { repeats, seed }) {
  const { asked, acknowledged } = readLedger(path);
  const random = randomOf(seed ^ 0x5eed);
  const all = [...acknowledged.values()];
  const chosen = all.length <= repeats ? all : all.filter(() => random() < repeats / all.length);
  /** @type {string[]} */
  const different = [];
  const queue = [...chosen];
  await Promise.all(
    Array.from({ length: REPEATERS }, async () => {
      for (let ack = queue.shift(); ack !== undefined; ack = queue.shift()) {
        const question = asked.get(ack.k);
        if (question === undefined) continue;
        const { h, status } = await client.ask(question);
        if (h !== ack.h) different.push(`${question.o} ${ack.k}: ${status}`);
      }
    }),
  );
  return { asked: chosen.length, different };
}

/** The order in which facts went out: from the broker's files, or by the numbers of the kept outbox. @param {import('./ground.js').Ground} ground @param {Pick<Databases, 'read'>} databases */
function logOf({ kafka }, { read }) {
  if (kafka !== undefined) {
    return async () => {
      await kafka.stop();
      return kafka.dump('records.dossiers');
    };
  }
  const text = `SELECT ' key: ' || subject || ' payload: "version":' || (envelope::json->'data'->>'version') AS line, position
    FROM outbox WHERE topic = 'records.dossiers' AND type = 'vn.quanso.data.record-changed.v1' AND shard = $1 AND position > $2 ORDER BY position LIMIT ${CHUNK}`;
  return async () => {
    const lines = [];
    for (let shard = 0; shard < SHARDS_OF_RECORDS; shard += 1) {
      for (let after = '0', more = true; more; ) {
        const rows = await read('dossiers')('chaos-log', text, [shard, after]);
        for (const { line } of rows) lines.push(line);
        more = rows.length === CHUNK;
        after = rows.at(-1)?.['position'] ?? after;
      }
    }
    return [lines.join('\n')];
  };
}
