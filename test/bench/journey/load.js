/** Transitions at a fixed rate, and when each could be read in the warehouse. */
import { setTimeout as sleep } from 'node:timers/promises';
import { offered, summaryOf } from '../offered.js';
import { Meter } from '../cpu.js';
import { STEPS_OF_A_LIFE } from './desk.js';

/** @typedef {import('./ground.js').Ground} Ground @typedef {import('./desk.js').Desk} Desk @typedef {import('./desk.js').Dossier} Dossier */

/** So many a second are also looked for through the API, by two who look again and again until one is shown it. */
const SEEN_PER_SECOND = 4;
const LOOK_MS = 2;
const MOST_LOOKS = 1_000;
const SETTLE_MS = 20_000;

/**
 * @typedef {object} Measured ms; `answered` from due to answer, `readable` from answer to the commit in the warehouse,
 *   `whole` from due to that commit, `seen` from answer to the sending of the first request that was shown it
 * @property {number} rate
 * @property {import('../offered.js').Summary} answered
 * @property {import('../offered.js').Summary} readable
 * @property {import('../offered.js').Summary} whole
 * @property {import('../offered.js').Summary} seen
 * @property {import('../offered.js').Summary} late
 * @property {number} shed answers 503 or 429, asked again with the same key
 * @property {Record<string, number>} cpu µs a transition
 */

/** Steps of a dossier lie so far apart that on a platform that keeps up none waits for the one before it. */
const APART_S = 2;

/** Receives as many dossiers as these transitions need. @param {Desk} desk @param {{ rate: number, seconds: number, from: number }} given */
export async function receiveFor(desk, { rate, seconds, from }) {
  const many = Math.max(Math.ceil((rate * seconds) / STEPS_OF_A_LIFE), rate * APART_S);
  /** @type {Dossier[]} */
  const dossiers = [];
  let next = 0;
  const work = async () => {
    while (next < many) dossiers.push(await desk.receive(from + next++));
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return dossiers;
}

/**
 * Every dossier moves on in turn, so that its steps lie seconds apart.
 * @param {Ground} ground @param {Desk} desk @param {{ rate: number, seconds: number, dossiers: readonly Dossier[] }} given
 * @returns {Promise<Measured>}
 */
export async function transitions(ground, desk, { rate, seconds, dossiers }) {
  /** @type {{ key: string, version: number, due: number, answered: number }[]} */
  const done = [];
  /** @type {Promise<unknown>[]} */
  const looks = [];
  const move = inTurn(desk, dossiers);
  const every = Math.max(1, Math.round(rate / SEEN_PER_SECOND));
  const meter = new Meter(ground.parts);
  const own = process.cpuUsage();
  const shedBefore = desk.shed;
  meter.start();
  const { late, failed, errors } = await offered({
    rate,
    seconds,
    send: async (i, due) => {
      const { dossier, version } = await move(i);
      const answered = performance.now();
      done.push({ key: dossier.id, version: version + 1, due, answered });
      if (i % every === 0) looks.push(firstSeen(desk, dossier, version + 1, answered).catch((error) => error));
    },
  });
  const cpu = { ...meter.stop().cpu, client: ofThis(own) };
  const seen = await Promise.all(looks);
  const wrong = [...errors, ...seen.filter((one) => typeof one !== 'number')];
  if (failed > 0 || wrong.length > 0) throw new Error(`${failed} transitions failed; the first of ${wrong.length} errors: ${wrong[0]}`);
  await settled(ground, done.length, dossiers);
  const at = await committed(ground, dossiers);
  const epoch = epochOf();
  const ms = (/** @type {(one: typeof done[number], readable: number) => number} */ of) =>
    summaryOf(
      done.map((one) => {
        const time = at.get(`${one.key} ${one.version}`);
        if (time === undefined) throw new Error(`${one.key} version ${one.version} is not in the warehouse`);
        return of(one, time - epoch);
      }),
    );
  return {
    rate,
    answered: ms(({ due, answered }) => answered - due),
    readable: ms(({ answered }, readable) => readable - answered),
    whole: ms(({ due }, readable) => readable - due),
    seen: summaryOf(seen.filter((one) => typeof one === 'number')),
    late,
    shed: desk.shed - shedBefore,
    cpu: Object.fromEntries(Object.entries(cpu).map(([name, us]) => [name, Math.round(us / done.length)])),
  };
}

/** The i-th step of all; on a platform that falls behind it waits for the one before it of its dossier. @param {Desk} desk @param {readonly Dossier[]} dossiers */
function inTurn(desk, dossiers) {
  /** @type {Promise<void>[]} by dossier */
  const before = [];
  return async (/** @type {number} */ i) => {
    const turn = i % dossiers.length;
    const dossier = dossiers[turn];
    if (dossier === undefined) throw new RangeError('no dossier');
    const version = 1 + Math.floor(i / dossiers.length);
    const moved = (before[turn] ?? Promise.resolve()).then(() => desk.move(dossier, version));
    before[turn] = moved;
    await moved;
    return { dossier, version };
  };
}

/**
 * When the first request was sent that was shown this version, after the answer (ms).
 * @param {Desk} desk @param {Dossier} dossier @param {number} version @param {number} answered
 */
async function firstSeen(desk, dossier, version, answered) {
  let first = Infinity;
  let looks = 0;
  const look = async () => {
    while (first === Infinity && (looks += 1) <= MOST_LOOKS) {
      const sent = performance.now();
      if ((await desk.shown(dossier)) >= version) first = Math.min(first, sent);
      else await sleep(LOOK_MS);
    }
  };
  await Promise.all([look(), sleep(LOOK_MS).then(look)]);
  if (first === Infinity) throw new Error(`${dossier.id}: version ${version} was never shown`);
  return first - answered;
}

/** CPU of this program itself since then (µs). @param {NodeJS.CpuUsage} since */
function ofThis(since) {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

/** Milliseconds since 1970 at which `performance.now()` was 0, to a fraction of a millisecond: Date.now() cuts. */
function epochOf() {
  let epoch = -Infinity;
  for (const until = performance.now() + 5; performance.now() < until; ) epoch = Math.max(epoch, Date.now() - performance.now());
  return epoch;
}

/** When each version of these dossiers was committed in the warehouse (ms since 1970). @param {Ground} ground @param {readonly Dossier[]} dossiers */
async function committed({ sql }, dossiers) {
  /** @type {Map<string, number>} */
  const at = new Map();
  const rows = await sql.warehouse('bench-committed', `SELECT key::text AS key, version, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at FROM record_history WHERE dataset = 'dossiers' AND key = ANY($1::uuid[])`, [dossiers.map(({ id }) => id)]);
  for (const { key, version, at: time } of rows) at.set(`${key} ${version}`, Number(time));
  return at;
}

/** @param {Ground} ground @param {number} count of transitions, beside the receipt of each @param {readonly Dossier[]} dossiers */
async function settled({ sql }, count, dossiers) {
  const ids = dossiers.map(({ id }) => id);
  for (const ends = Date.now() + SETTLE_MS; ; ) {
    const [row] = await sql.warehouse('bench-count', `SELECT count(*)::int AS n FROM record_history WHERE dataset = 'dossiers' AND key = ANY($1::uuid[])`, [ids]);
    if (Number(row?.n) >= count + ids.length) return;
    if (Date.now() > ends) throw new Error(`the warehouse has ${row?.n} of ${count + ids.length} versions`);
    await sleep(100);
  }
}
