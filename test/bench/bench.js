/**
 * `npm run bench -- <scene>`: measures the platform beside a peer, in turn, and asserts that nothing was lost or doubled.
 *   --rounds N   instead of the scene's own number
 *   --quick      shows in under 90 s that it works; measures nothing worth keeping
 *   --seed N     of what is drawn
 *   --json FILE  keeps the result (test/bench/results/<scene>.json is what BENCH.md is written from)
 *   --page       writes BENCH.md (after the scene, or alone)
 * Exits 0 when everything arrived once and in order; a target that is missed is told and is no failure.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot, PartError, workFolder } from '../../tools/real/cache.js';
import { whenToldToStop } from '../../tools/real/process.js';
import { writePage } from './page.js';
import { linesOf, resultOf, versionOf } from './result.js';
import { scenes } from './scenes.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const tell = (/** @type {string} */ line) => console.log(`    ${line}`);

/** @param {readonly string[]} argv */
function askedFor(argv) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { rounds: text, seed: text, json: text, quick: flag, page: flag } });
    return { name: positionals[0], rounds: numberOf(values.rounds), seed: numberOf(values.seed) ?? 42, json: values.json, quick: values.quick ?? false, page: values.page ?? false };
  } catch (error) {
    throw new PartError(`${error instanceof Error ? error.message : error}\n${usage()}`);
  }
}

/** @param {string | undefined} text */
function numberOf(text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new PartError(`${text}: một số nguyên dương / a positive whole number.`);
  return value;
}

function usage() {
  return `npm run bench -- <${Object.keys(scenes).join(' | ')}> [--rounds N] [--quick] [--seed N] [--json FILE] [--page]`;
}

/** @param {string} name @param {ReturnType<typeof askedFor>} asked */
async function measure(name, { rounds, seed, quick, json }) {
  const load = scenes[name];
  if (load === undefined) throw new PartError(`${name}? ${usage()}`);
  const { scene } = await load();
  console.log(`--- ${name}: ${scene.title.vi} / ${scene.title.en}`);
  // Before an hour is measured, not after.
  if (json !== undefined) mkdirSync(dirname(resolve(json)), { recursive: true });
  // On the disk of the cache, never in a memory file system: fsync is half of what is measured.
  mkdirSync(cacheRoot(), { recursive: true, mode: 0o700 });
  const dir = workFolder(`bench-${name}`, cacheRoot());
  const version = versionOf(ROOT);
  const began = performance.now();
  const report = await scene.run({ rounds: rounds ?? (quick ? 1 : scene.rounds), quick, seed, dir, tell });
  const result = resultOf({ scene: name, title: scene.title, quick, seed, seconds: Math.round((performance.now() - began) / 1_000) }, version, report);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 1)}\n`);
  for (const line of linesOf(result)) tell(line);
  rmSync(dir, { recursive: true, force: true });
}

async function main() {
  const asked = askedFor(process.argv.slice(2));
  if (asked.name === undefined && !asked.page) throw new PartError(usage());
  if (asked.name !== undefined) await measure(asked.name, asked);
  if (asked.page) writePage(ROOT);
}

// The programs a scene started end with it: the keeper of tools/real sees to it.
whenToldToStop(() => process.exit(130));
const began = performance.now();
let good = false;
try {
  await main();
  good = true;
} catch (error) {
  console.error(error instanceof PartError ? error.message : error);
}
console.log(`--- ${good ? 'đạt / passed' : 'KHÔNG ĐẠT / FAILED'}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
process.exit(good ? 0 : 1);
