/**
 * `node tools/api/api.js --check | --write`: what the services say outside, written down and kept.
 * --write makes the documents anew from the built services; what would break an earlier promise is not written.
 * --check tells, in one sentence each: a document that is not what the code says, one that breaks a promise, one that the
 * linter refuses, an old event that cannot be read any more. Exits 1 when there is one.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { services } from '../layers.js';
import { corpusSentences, isGolden } from './corpus.js';
import { documentsOf, isDocument } from './documents.js';
import { committed, promisesOf } from './history.js';
import { asyncApiSentences, lint } from './lint.js';
import { acceptedOf, incompatible, stale } from './rules.js';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Definitions and makers as they were built. */
async function built() {
  for (const { layer, name } of services) {
    if (!existsSync(join(ROOT, 'apps', layer, name, 'dist'))) throw new Error(`apps/${layer}/${name}: chưa dịch: npm run build. / is not built: npm run build.`);
  }
  const make = await import(pathToFileURL(join(ROOT, 'libs', 'kernel', 'http', 'dist', 'index.js')).href);
  const definitions = await Promise.all(services.map(async ({ name }) => (await import(`@quan-so/${name}`))[name]));
  return documentsOf(definitions, make);
}

/** @returns {Map<string, string>} */
function standing() {
  const paths = globSync('libs/contracts/*/{api,events}/*.json', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.filter(isDocument).toSorted().map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

/** @returns {Map<string, string>} */
function golden() {
  const paths = globSync('libs/contracts/*/corpus/*/*', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.filter(isGolden).toSorted().map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

/** @param {ReadonlyMap<string, string>} made */
function promised(made) {
  const paths = new Set([...made.keys(), ...committed(ROOT).filter(isDocument)]);
  return new Map([...paths].map((path) => [path, promisesOf(ROOT, path)]));
}

function accepted() {
  return acceptedOf(JSON.parse(readFileSync(join(ROOT, 'tools', 'api', 'accepted.json'), 'utf8')));
}

/** @returns {Promise<string[]>} */
async function check() {
  const made = await built();
  const kept = standing();
  return [
    ...stale(made, kept),
    ...incompatible(made, promised(made), accepted()).map(({ sentence }) => sentence),
    ...corpusSentences(new Map([...made].filter(([path]) => path.endsWith('.schema.json'))), golden(), (path) => promisesOf(ROOT, path)),
    ...asyncApiSentences([...kept].filter(([path]) => path.endsWith('.asyncapi.json'))),
    ...(await lint(ROOT, [...kept.keys()].filter((path) => path.endsWith('.openapi.json')))),
  ];
}

/** @returns {Promise<string[]>} */
async function write() {
  const made = await built();
  const breaking = incompatible(made, promised(made), accepted());
  const held = new Set(breaking.map(({ path }) => path));
  for (const [path, text] of made) {
    if (held.has(path)) continue;
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  for (const path of standing().keys()) if (!made.has(path) && !held.has(path)) rmSync(join(ROOT, path));
  return breaking.map(({ sentence }) => sentence);
}

async function main() {
  const [flag, ...rest] = process.argv.slice(2);
  const work = { '--check': check, '--write': write }[flag ?? ''];
  if (work === undefined || rest.length > 0) throw new Error('node tools/api/api.js --check | --write');
  const sentences = await work();
  for (const sentence of sentences) console.log(sentence);
  process.exitCode = sentences.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
