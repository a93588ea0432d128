/**
 * `npm run image [-- name … | all] [--out DIR] [--registry NAME] [--folders] [--pin]`: images without an engine. Writes
 * `<name>.tar` (OCI archive), `<name>.cdx.json` (what is in it), `images.yaml` (what the charts are told) and, with
 * `--folders`, each layer as a folder for `deploy/Dockerfile`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PartError, told } from '../real/cache.js';
import { pin } from './debian.js';
import { makeImage, ROOT } from './made.js';
import { valuesOf } from './names.js';
import { writeArchive } from './oci.js';
import { RECIPES } from './recipes.js';

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
  const file = join(out, 'images.yaml');
  for (const name of chosen(positionals)) {
    const image = await makeImage(name, { registry: values.registry, ...(values.folders ? { folders: join(out, name) } : {}) });
    const { reference, digest, layers, sbom } = image;
    const archive = join(out, `${name}.tar`);
    await writeArchive(archive, [image]);
    writeFileSync(join(out, `${name}.cdx.json`), sbom);
    writeFileSync(file, valuesOf(values.registry, [image], existsSync(file) ? readFileSync(file, 'utf8') : ''));
    console.log(`${reference}\n  ${digest}\n  ${archive}`);
    for (const layer of layers) console.log(`  ${layer.name.padEnd(13)}${mega(layer.bytes)} MB, ${mega(layer.size)} MB gzip  sha256:${layer.digest.slice(0, 12)}`);
    console.log(`  ${'='.padEnd(13)}${mega(layers.reduce((sum, { bytes }) => sum + bytes, 0))} MB, ${mega(layers.reduce((sum, { size }) => sum + size, 0))} MB gzip`);
  }
}

/** @param {number} bytes */
function mega(bytes) {
  return (bytes / 1_000_000).toFixed(1).padStart(6);
}

await told(main);
