/**
 * `npm run check [name …]`: the rules of the house. One plain sentence per breach, in Vietnamese and English; exits 1
 * when there is one.
 */
import { join } from 'node:path';
import { compile } from '../run/build.js';
import { api } from './api.js';
import { charts } from './charts.js';
import { cluster } from './cluster.js';
import { sentence } from './finding.js';
import { imports } from './imports.js';
import { lint } from './lint.js';
import { lockfile } from './lockfile.js';
import { parts } from './parts.js';
import { personalNumbers } from './personal-numbers.js';
import { proof } from './proof.js';
import { purity } from './purity.js';
import { rooms } from './rooms.js';
import { routes } from './routes.js';
import { types } from './types.js';
import { unused } from './unused.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** @type {Record<string, (where: { root: string }) => Promise<import('./finding.js').Finding[]>>} */
const CHECKS = { rooms, parts, imports, purity, 'personal-numbers': personalNumbers, lockfile, unused, lint, types, api, routes, charts, cluster, proof };

/** What these look at, or take their types from, is what the build writes. */
const BUILT = new Set(['lint', 'types', 'api', 'routes', 'charts']);

async function main() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(CHECKS, name));
  if (unknown) throw new Error(`${unknown}? ${Object.keys(CHECKS).join(', ')}`);
  const began = performance.now();
  let broken = 0;
  for (const { name, found } of startAll(names.length > 0 ? names : Object.keys(CHECKS))) {
    const all = await found;
    const breaches = all.filter(({ warns }) => !warns).length;
    console.log(`${all.length === 0 ? '✓' : breaches === 0 ? '!' : '✗'} ${name}`);
    for (const one of all) console.log(`  ${sentence(one)}`);
    broken += breaches;
  }
  console.log(broken === 0 ? `Đạt / passed, ${seconds(began)} s` : `Không đạt / failed: ${broken}, ${seconds(began)} s`);
  process.exitCode = broken === 0 ? 0 : 1;
}

/** The checks side by side, some once the build is done; what does not compile is told by `types`. @param {readonly string[]} names */
function startAll(names) {
  const built = names.some((name) => BUILT.has(name)) ? compile() : undefined;
  return Object.entries(CHECKS)
    .filter(([name]) => names.includes(name))
    .map(([name, check]) => ({ name, found: BUILT.has(name) ? Promise.resolve(built).then(() => check({ root: ROOT })) : check({ root: ROOT }) }));
}

/** @param {number} from */
function seconds(from) {
  return ((performance.now() - from) / 1_000).toFixed(1);
}

await main();
