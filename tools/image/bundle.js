/**
 * `npm run bundle [-- --out FILE]`: one archive with all images, charts and profiles, the command that makes secrets, the
 * lists of what is in the images, and the sums of everything, for a network from which nothing else can be reached.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { PartError, sha256, workFolder, told } from '../real/cache.js';
import { guideEntries, secretsEntries } from './bundled.js';
import { makeImage, ROOT } from './made.js';
import { listOf, valuesOf } from './names.js';
import { writeArchive, writeTar } from './oci.js';
import { RECIPES } from './recipes.js';
import { tarOf } from './tar.js';
import { file, textFile, whole } from './tree.js';

/** Where images are said to come from, until `load` puts them into a registry. */
const REGISTRY = 'quan-so.local';

/** A chart as `helm package` makes it, links followed, the same bytes each time. @param {string} folder @param {string} name */
export function packChart(folder, name) {
  const ignored = readdirSync(folder).includes('.helmignore') ? readFileSync(join(folder, '.helmignore'), 'utf8').split('\n').map((line) => line.trim().replace(/\/$/, '')).filter((line) => line !== '' && !line.startsWith('#')) : [];
  const entries = whole(filesOf(folder, name, ignored)).filter(({ kind }) => kind === 'file');
  const packed = gzipSync(Buffer.concat([...tarOf(entries)]));
  // As in oci.js: not the system that packed.
  packed[9] = 255;
  return packed;
}

/** @param {string} from @param {string} to @param {readonly string[]} ignored names that are left out at every depth @returns {import('./tree.js').Entry[]} */
function filesOf(from, to, ignored) {
  return readdirSync(from).flatMap((name) => {
    const [source, path] = [join(from, name), posix.join(to, name)];
    if (ignored.includes(name) || name === '.helmignore') return [];
    return statSync(source).isDirectory() ? filesOf(source, path, ignored) : [file(path, source)];
  });
}

/** Every chart of the house, as file name and bytes. @param {string} root @returns {Map<string, Buffer>} */
export function chartsOf(root) {
  const folder = join(root, 'charts');
  const names = readdirSync(folder).filter((name) => readdirSync(folder, { withFileTypes: true }).some((entry) => entry.name === name && entry.isDirectory()) && readdirSync(join(folder, name)).includes('Chart.yaml'));
  return new Map(names.map((name) => [`${name}-${versionOf(join(folder, name))}.tgz`, packChart(join(folder, name), name)]));
}

/** @param {string} chart */
function versionOf(chart) {
  const [, version] = /^version: *"?([^"\s]+)/m.exec(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) ?? [];
  if (version === undefined) throw new PartError(`${chart}/Chart.yaml: thiếu version / has no version.`);
  return version;
}

/** Lines as `sha256sum -c` reads them. @param {readonly (readonly [string, string])[]} sums path and sum */
export function sumsOf(sums) {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, sum]) => `${sum}  ${path}\n`).join('');
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const top = `quan-so-${version}`;
  const out = resolve(values.out ?? join(ROOT, '.image', `${top}.tar`));
  const images = [];
  for (const name of /** @type {import('./recipes.js').ImageName[]} */ (Object.keys(RECIPES))) images.push(await makeImage(name, { registry: REGISTRY }));
  const work = workFolder('quan-so-bundle');
  try {
    const archive = join(work, 'images.tar');
    await writeArchive(archive, images);
    const entries = [
      file('images.tar', archive),
      textFile('images.txt', listOf(images)),
      textFile('images.yaml', valuesOf(REGISTRY, images)),
      ...(await guideEntries(ROOT)),
      ...secretsEntries(ROOT),
      ...images.map(({ name, sbom }) => textFile(`sbom/${name}.cdx.json`, sbom)),
      ...[...chartsOf(ROOT)].map(([name, bytes]) => textFile(`charts/${name}`, bytes)),
    ];
    const sums = await Promise.all(entries.map(async ({ path, from, text = '' }) => /** @type {const} */ ([path, from === undefined ? createHash('sha256').update(text).digest('hex') : await sha256(from)])));
    await writeTar(out, whole([...entries, textFile('SHA256SUMS', sumsOf(sums))].map((entry) => ({ ...entry, path: `${top}/${entry.path}` }))));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`${out}\n  ${(statSync(out).size / 1_000_000).toFixed(0)} MB  sha256:${await sha256(out)}`);
}

if (import.meta.filename === process.argv[1]) await told(main);
