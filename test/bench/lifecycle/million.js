/**
 * N15: the same life in a table of a million dossiers and in an empty one: the service twice, each with its own PostgreSQL
 * and its own broker, in turn.
 */
import { join, resolve } from 'node:path';
import { interleaved, ratioOf } from '../rounds.js';
import { spreadText } from '../result.js';
import { LifeClient } from './client.js';
import { undoAll } from './database.js';
import { fill } from './fill.js';
import { openHouse, openKafka } from './house.js';
import { openIssuer } from './issuer.js';
import { many, metered, PACK, untilServed } from './lifecycle.js';
import { cpuTable, latencyTable, whole } from './report.js';

/** @typedef {import('./lifecycle.js').Shown} Shown */
/** @typedef {{ side: Awaited<ReturnType<typeof openHouse>>, client: LifeClient }} Runner */

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const SIZES = {
  full: { rows: 1_000_000, lives: 600, warm: 600, connections: 16 },
  quick: { rows: 2_000, lives: 20, warm: 5, connections: 4 },
};
const WITHIN = 1.1;
/** Copies that are read over HTTP and must be as good as what the service made itself. */
const LOOKED_AT = 200;

/** @type {import('../scenes.js').Scene} */
export const scene = {
  title: { vi: 'vòng đời hồ sơ giữa một triệu hồ sơ', en: 'the life of a dossier among a million' },
  rounds: 5,
  run: async ({ rounds, quick, dir, tell }) => {
    const sizes = quick ? SIZES.quick : SIZES.full;
    /** @type {(() => Promise<unknown>)[]} */
    const undo = [];
    try {
      const issuer = await openIssuer(PACK);
      undo.push(issuer.stop);
      const open = (/** @type {string} */ name) => openRunner(name, join(dir, name), issuer, sizes.connections, undo);
      const runners = [await open('empty'), await open('million')];
      const full = /** @type {Runner} */ (runners[1]);
      const began = performance.now();
      await fill(full.side, full.client, sizes.rows, tell);
      tell(`${sizes.rows}: ${((performance.now() - began) / 1_000).toFixed(0)} s`);
      const seen = await lookAt(full);
      const bytes = (await full.side.sql("SELECT pg_database_size('dossiers')::float8 AS n"))[0]?.['n'];
      for (const { client } of runners) await many(client, 1, sizes.warm, sizes.connections);
      const sides = runners.map((runner) => ({ name: runner.side.name, run: (/** @type {number} */ round) => metered(runner.side, runner.client, 100_000 * round, sizes.lives, sizes.connections) }));
      return reportOf(await interleaved({ rounds, sides, tell }), { ...sizes, megabytes: Math.round(bytes / 1e6), copiesReadOverHttp: seen });
    } finally {
      await undoAll(undo);
    }
  },
};

/** @param {string} name @param {string} dir @param {Awaited<ReturnType<typeof openIssuer>>} issuer @param {number} connections @param {(() => Promise<unknown>)[]} undo @returns {Promise<Runner>} */
async function openRunner(name, dir, issuer, connections, undo) {
  const kafka = await openKafka(ROOT, join(dir, 'kafka'));
  undo.push(kafka.stop);
  const side = await openHouse({ root: ROOT, pack: PACK, issuer: issuer.issuer, kafka }, name, dir);
  undo.push(side.stop);
  const client = new LifeClient(side.base, issuer.token, connections);
  await untilServed({ client });
  return { side, client };
}

/** Copies of every state, by id and journey: what the service answers of them is whole, and each is its own. @param {Runner} runner */
async function lookAt({ side, client }) {
  const rows = await side.sql(
    `SELECT id, code, version, state FROM (SELECT id, code, version, state, row_number() OVER (PARTITION BY state ORDER BY id) AS n FROM dossier WHERE received_at < now() - interval '7 days') one
      WHERE n <= ${LOOKED_AT / 5}`,
  );
  if (rows.length < 5) throw new Error('there is nothing to look at');
  for (const { id, code, version, state } of rows) {
    const dossier = await client.read(id);
    const journey = await client.journey(id);
    const fits = dossier.id === id && dossier.code === code && dossier.version === version && dossier.state === state;
    const dated = code.includes(`-${dossier.receivedAt.slice(2, 10).replaceAll('-', '')}-`) && code.startsWith(`${dossier.receivingUnit}-`);
    const steps = journey.steps.map((/** @type {{ number: number }} */ step) => step.number);
    if (!fits || !dated || journey.code !== code || steps.join() !== Array.from({ length: version }, (_, i) => i + 1).join()) {
      throw new Error(`${code}: not as the service makes them: ${JSON.stringify(dossier).slice(0, 400)} ${JSON.stringify(steps)}`);
    }
  }
  const [twice] = await side.sql('SELECT count(*)::int - count(DISTINCT code)::int AS n FROM dossier');
  if (twice?.['n'] !== 0) throw new Error('a code was given twice');
  return rows.length;
}

/** @param {readonly import('../rounds.js').Round<Shown>[]} rounds @param {Readonly<Record<string, unknown>>} sizes @returns {import('../scenes.js').Report} */
function reportOf(rounds, sizes) {
  const spread = ratioOf(rounds, 'million', 'empty', whole);
  const sides = ['empty', 'million'];
  return {
    versions: {},
    sizes,
    rounds,
    ratios: [
      { vi: 'CPU một vòng đời, một triệu so với bảng trống', en: 'CPU of a life, a million to an empty table', spread },
      { vi: 'PostgreSQL', en: 'PostgreSQL', spread: ratioOf(rounds, 'million', 'empty', ({ cpu }) => cpu.postgres) },
    ],
    targets: [{ vi: 'CPU một vòng đời giữa một triệu hồ sơ', en: 'CPU of a life among a million dossiers', wanted: `≤ ${WITHIN}`, got: spreadText(spread), met: spread.median <= WITHIN }],
    tables: [cpuTable(rounds, sides), latencyTable(rounds, sides)],
  };
}
