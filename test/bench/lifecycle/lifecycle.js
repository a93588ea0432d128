/**
 * N15: one life of a dossier (received, three steps, read) by dossiers as production runs it, by the same domain written
 * with NestJS and TypeORM as is usual (Express, and Fastify so that the adapter wins nothing), and by a process engine.
 */
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Meter } from '../cpu.js';
import { summaryOf } from '../offered.js';
import { interleaved } from '../rounds.js';
import { received } from '../dossier.js';
import { LifeClient } from './client.js';
import { engineHolds, houseHolds, typeormHolds } from './holds.js';
import { openHouse, openKafka } from './house.js';
import { openIssuer } from './issuer.js';
import { EngineClient, openOperaton } from './operaton.js';
import { reportOf } from './report.js';
import { buildTypeorm, openTypeorm } from './typeorm.js';
import { undoAll } from './database.js';

/** @typedef {{ lives: number, warm: number, connections: number, warmEngineMs: number }} Sizes */
/** @typedef {{ lives: number, us: number, cpu: { node: number, postgres: number }, steps: import('../offered.js').Summary[] }} Shown */
/** @typedef {{ side: import('./sides.js').Side, client: LifeClient | EngineClient, holds: (sql: import('./database.js').Sql, lives: number) => Promise<void> }} Runner */

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
export const PACK = join(ROOT, 'deploy', 'authorities', 'quan-sao-mai');
/** @type {{ full: Sizes, quick: Sizes }} */
const SIZES = {
  full: { lives: 600, warm: 600, connections: 16, warmEngineMs: 65_000 },
  quick: { lives: 20, warm: 5, connections: 4, warmEngineMs: 0 },
};
const UP_MS = 60_000;

/** @type {import('../scenes.js').Scene} */
export const scene = {
  title: { vi: 'vòng đời hồ sơ, bên cạnh TypeORM và máy quy trình', en: 'the life of a dossier, beside TypeORM and a process engine' },
  rounds: 5,
  run: async ({ rounds, quick, dir, tell }) => {
    const sizes = quick ? SIZES.quick : SIZES.full;
    /** @type {(() => Promise<unknown>)[]} */
    const undo = [];
    try {
      const runners = await openAll(dir, sizes, undo);
      tell('làm nóng / warming up');
      const counts = new Map();
      for (const runner of runners) counts.set(runner.side.name, await warmUp(runner, sizes));
      const sides = runners.map((runner) => ({ name: runner.side.name, run: () => measured(runner, sizes, counts) }));
      return reportOf(await interleaved({ rounds, sides, tell }), sizes);
    } finally {
      await undoAll(undo);
    }
  },
};

/** @param {string} dir @param {Sizes} sizes @param {(() => Promise<unknown>)[]} undo @returns {Promise<Runner[]>} */
async function openAll(dir, { connections }, undo) {
  const issuer = await openIssuer(PACK);
  undo.push(issuer.stop);
  const kafka = await openKafka(ROOT, join(dir, 'kafka'));
  undo.push(kafka.stop);
  const ground = { root: ROOT, pack: PACK, issuer: issuer.issuer, kafka };
  const main = await buildTypeorm(ROOT, join(dir, 'app'));
  /** @type {Runner[]} */
  const runners = [];
  const add = (/** @type {Runner['side']} */ side, /** @type {Runner['client']} */ client, /** @type {Runner['holds']} */ holds) => {
    undo.push(side.stop);
    runners.push({ side, client, holds });
  };
  const house = await openHouse(ground, 'house', join(dir, 'house'));
  add(house, new LifeClient(house.base, issuer.token, connections), houseHolds);
  for (const adapter of /** @type {const} */ (['express', 'fastify'])) {
    const side = await openTypeorm(ground, { name: `typeorm-${adapter}`, adapter, main, dir: join(dir, adapter) });
    add(side, new LifeClient(side.base, issuer.token, connections), typeormHolds);
  }
  const engine = await openOperaton({ name: 'operaton', dir: join(dir, 'operaton') });
  add(engine, new EngineClient(engine.base, connections), engineHolds);
  return runners;
}

/** Answers how many lives there are then. @param {Runner} runner @param {Sizes} sizes */
async function warmUp(runner, { warm, connections, warmEngineMs }) {
  await untilServed(runner);
  let lives = 1;
  const ends = performance.now() + (runner.client instanceof EngineClient ? warmEngineMs : 0);
  do {
    await many(runner.client, lives, warm, connections);
    lives += warm;
  } while (performance.now() < ends);
  if (runner.client instanceof LifeClient) await repeats(runner.client);
  return lives;
}

/** The first life; our copy of the catalogue is on its way when the process is ready. @param {Pick<Runner, 'client'>} runner */
export async function untilServed({ client }) {
  const ends = performance.now() + UP_MS;
  for (;;) {
    try {
      await client.live(0);
      return;
    } catch (error) {
      if (performance.now() > ends) throw error;
      await sleep(500);
    }
  }
}

/** The same key again is the same answer, from whoever keeps the dossiers. @param {LifeClient} client */
async function repeats(client) {
  const key = randomUUID();
  const [first, again] = [await client.receive(received(1), 0, key), await client.receive(received(1), 0, key)];
  if (!isDeepStrictEqual(first, again)) throw new Error('the same key was answered differently');
}

/** @param {{ live: (n: number, desk: number) => Promise<import('./client.js').Life> }} client @param {number} from @param {number} lives @param {number} connections */
export async function many(client, from, lives, connections) {
  /** @type {import('./client.js').Life[]} */
  const lived = [];
  let begun = 0;
  const one = async (/** @type {number} */ desk) => {
    while (begun < lives) {
      const n = from + begun;
      begun += 1;
      lived.push(await client.live(n, desk));
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, desk) => one(desk)));
  if (new Set(lived.map(({ code }) => code)).size !== lives) throw new Error('a code was given twice');
  return lived;
}

/** @param {Runner} runner @param {Sizes} sizes @param {Map<string, number>} counts @returns {Promise<Shown>} */
async function measured({ side, client, holds }, { lives, connections }, counts) {
  const before = counts.get(side.name) ?? 0;
  const shown = await metered(side, client, before, lives, connections);
  counts.set(side.name, before + lives);
  await holds(side.sql, before + lives);
  return shown;
}

/**
 * So many lives, and what they leave to be done: the outbox is sent, what was changed is on the disk. Both belong to the work.
 * @param {import('./sides.js').Side} side @param {LifeClient | EngineClient} client @param {number} from @param {number} lives @param {number} connections
 * @returns {Promise<Shown>}
 */
export async function metered(side, client, from, lives, connections) {
  await side.sql('CHECKPOINT');
  const meter = new Meter(side.parts);
  meter.start();
  const lived = await many(client, from, lives, connections);
  while ((await side.unsent()) > 0) await sleep(50);
  await side.sql('CHECKPOINT');
  const { cpu, us } = meter.stop();
  const steps = [0, 1, 2, 3, 4].map((step) => summaryOf(lived.map(({ ms }) => Number(ms[step]))));
  return { lives, us, cpu: { node: Number(cpu['node']), postgres: Number(cpu['postgres']) }, steps };
}
