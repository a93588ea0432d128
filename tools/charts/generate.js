/**
 * What the charts take from the house: dependencies and aliases from tools/layers.js, users, topics and rights from the
 * contracts of the services, rules and dashboards from the alarms, tables of values from their comments. Committed, so that a chart is whole without Node.
 *
 *     node tools/charts/generate.js            writes (needs what `npm run build` made)
 *     node tools/charts/generate.js --check    one sentence and exit 1 where a committed file differs
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { charts, layers, services } from '../layers.js';
import { observabilityFiles } from '../observability/generate.js';
import { topologyOf } from '../real/topology.js';
import { withTable } from './readme.js';
import { chartOf, schemaOf } from './umbrella.js';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Path from the root → content it must have. @param {string} [root] @returns {Promise<Record<string, string>>} */
export async function filesOf(root = ROOT) {
  const text = (/** @type {string} */ path) => readFileSync(join(root, 'charts', path), 'utf8');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { heardBy, ...contracts } = await contractsOf();
  const there = charts.filter((name) => existsSync(join(root, 'charts', name)));
  return {
    'charts/quan-so/Chart.yaml': chartOf(layers, services, version),
    'charts/quan-so/values.schema.json': schemaOf(layers, services, JSON.parse(text('service/values.schema.json'))),
    'charts/service/files/contracts.json': textOf({ heardBy }),
    ...Object.fromEntries(there.filter((name) => name === 'datastores' || name === 'infrastructure').map((name) => [`charts/${name}/files/contracts.json`, textOf(contracts)])),
    ...(await observabilityFiles()),
    ...Object.fromEntries(there.map((name) => [`charts/${name}/README.md`, withTable(text(`${name}/README.md`), text(`${name}/values.yaml`))])),
  };
}

/** @param {object} value */
function textOf(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Who writes and reads what, from the definitions themselves. */
async function contractsOf() {
  const { SHARDS } = await import('@quan-so/contract');
  const definitions = await Promise.all(services.map(async ({ name }) => (await import(`@quan-so/${name}`))[name]));
  return { services: services.map(({ name, layer }) => ({ name, layer })), ...topologyOf(definitions, SHARDS) };
}

/** Paths whose committed content differs. @param {string} [root] */
export async function staleFiles(root = ROOT) {
  const stale = [];
  for (const [path, content] of Object.entries(await filesOf(root))) {
    if (!existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== content) stale.push(path);
  }
  return stale;
}

async function main() {
  if (process.argv.includes('--check')) {
    const stale = await staleFiles();
    for (const path of stale) console.error(`${path} khác với mã / differs from the code: node tools/charts/generate.js`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, content] of Object.entries(await filesOf())) writeFileSync(join(ROOT, path), content);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
