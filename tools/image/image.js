/**
 * `npm run image [-- name … | all] [--out DIR] [--registry NAME] [--folders] [--pin]`: images without an engine. Writes
 * `<name>.tar` (OCI archive), `<name>.cdx.json` (what is in it) and, with `--folders`, each layer as a folder
 * for `deploy/Dockerfile`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PartError } from '../real/cache.js';
import { pin } from './debian.js';
import { packLayer, writeArchive } from './oci.js';
import { RECIPES } from './recipes.js';
import { sbomOf } from './sbom.js';
import { whole, writeTree } from './tree.js';

const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * @typedef {object} Made
 * @property {string} reference
 * @property {string} digest
 * @property {string} archive
 * @property {import('./oci.js').Packed[]} layers
 */

/**
 * Makes one image.
 * @param {import('./recipes.js').ImageName} name
 * @param {{ out: string, registry: string, folders: boolean }} options
 * @returns {Promise<Made>}
 */
async function make(name, { out, registry, folders }) {
  const { version, layers, config, components } = await RECIPES[name](ROOT);
  const { revision, created } = sourceOf();
  const reference = `${registry}/quan-so/${name}:${version}`;
  /** @type {import('./oci.js').Packed[]} */
  const packed = [];
  for (const layer of layers) {
    const entries = whole(layer.entries);
    packed.push(await packLayer(layer.name, entries));
    if (folders) writeTree(entries, join(out, name, layer.name));
  }
  const archive = join(out, `${name}.tar`);
  const Labels = { 'org.opencontainers.image.title': `quan-so/${name}`, 'org.opencontainers.image.version': version, 'org.opencontainers.image.revision': revision };
  const digest = await writeArchive(archive, { reference, created, config: { ...config, Labels }, layers: packed });
  writeFileSync(join(out, `${name}.cdx.json`), `${JSON.stringify(sbomOf({ name, version, digest, created, components }), null, 2)}\n`);
  return { reference, digest, archive, layers: packed };
}

/** The commit an image comes from and its time; `+changed` when this is no longer what was committed. */
function sourceOf() {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const [revision = '', at = ''] = git('log', '-1', '--format=%H %ct').split(' ');
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'apps', 'libs', 'deploy', 'tools/image', 'package-lock.json') !== '';
    return { revision: changed ? `${revision}+changed` : revision, created: new Date(Number(at) * 1_000).toISOString().replace('.000', '') };
  } catch {
    // A copy without its history: what is in it still tells images apart.
    return { revision: 'unknown', created: '2026-01-01T00:00:00Z' };
  }
}

/** @param {readonly string[]} names @returns {import('./recipes.js').ImageName[]} */
function chosen(names) {
  const known = /** @type {import('./recipes.js').ImageName[]} */ (Object.keys(RECIPES));
  const unknown = names.find((name) => name !== 'all' && !known.includes(/** @type {any} */ (name)));
  if (unknown !== undefined) throw new PartError(`${unknown}? có / there are: ${known.join(', ')}, all.`);
  if (names.includes('all')) return known;
  return names.length === 0 ? ['services'] : known.filter((name) => names.includes(name));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: join(ROOT, '.image') }, registry: { type: 'string', default: 'quan-so.local' }, folders: { type: 'boolean', default: false }, pin: { type: 'boolean', default: false } },
  });
  if (values.pin) return pin();
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  for (const name of chosen(positionals)) {
    const { reference, digest, archive, layers } = await make(name, { ...values, out });
    console.log(`${reference}\n  ${digest}\n  ${archive}`);
    for (const layer of layers) console.log(`  ${layer.name.padEnd(13)}${mega(layer.bytes)} MB, ${mega(layer.size)} MB gzip  sha256:${layer.digest.slice(0, 12)}`);
    console.log(`  ${'='.padEnd(13)}${mega(layers.reduce((sum, { bytes }) => sum + bytes, 0))} MB, ${mega(layers.reduce((sum, { size }) => sum + size, 0))} MB gzip`);
  }
}

/** @param {number} bytes */
function mega(bytes) {
  return (bytes / 1_000_000).toFixed(1).padStart(6);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
