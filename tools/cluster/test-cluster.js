/**
 * `npm run test:cluster [-- --lab] [--if-changed] [--only step,…] [--keep] [--load COMMAND] [--shape services]`: the platform on a real cluster. KUBECONFIG
 * names it, `--load` loads an archive into its nodes (`kind load image-archive`); `--lab` builds and starts one, `--lab --build`
 * only builds it, and the version before.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { definitionFiles, strimziDefinitions } from '../charts/schemas.js';
import { tool } from '../charts/tools.js';
import { cacheRoot, PartError, told } from '../real/cache.js';
import { gitops } from './gitops.js';
import { makeArchives } from './images.js';
import { ask } from './kube.js';
import { buildLab, haveDebian, inLab, lab, loadCommand, startLab, stopLab } from './lab.js';
import { ROOT } from './place.js';
import { makePrevious } from './previous.js';
import { readResults } from './results.js';
import { runSteps } from './run.js';
import { changedIn, hashesOf } from './sources.js';
import { CORE, STEPS } from './steps/steps.js';

const USAGE = 'npm run test:cluster -- [--lab [--build]] [--if-changed] [--only step,step] [--keep] [--shape ward|services] [--load "kind load image-archive"]';
/** Set for the run inside the lab's network: a file with what was prepared outside. */
const INSIDE = 'QUANSO_CLUSTER_INSIDE';

/** @typedef {{ helm: string, images: import('./images.js').Images, crds: string[], bundle: string | undefined, gitops: string | undefined, load: string, lab: string | undefined, dir: string, only: string[], shape: import('./place.js').Shape }} Prepared */

async function main() {
  const inside = process.env[INSIDE];
  if (inside !== undefined) return void (process.exitCode = await runSteps(JSON.parse(readFileSync(inside, 'utf8'))));
  const values = parsed();
  const here = values.lab ? lab() : undefined;
  if (values['if-changed'] && sawAll(here)) return;
  if (here === undefined && (process.env.KUBECONFIG ?? '') === '') throw new PartError(`KUBECONFIG=… hoặc / or --lab. ${USAGE}`);
  if (here === undefined && values.load === undefined) throw new PartError(`--load: lệnh nạp một tệp ảnh vào các máy / the command that loads an archive into the nodes, e.g. "kind load image-archive". ${USAGE}`);
  if (here !== undefined && values.build) return buildAhead(here);
  const prepared = await prepare(values, here);
  if (here === undefined) return void (process.exitCode = await runSteps(prepared));
  try {
    await startLab(here);
    process.exitCode = await runInside(here, prepared);
  } finally {
    // Its kubelets remember from which registry an image came, and take it from no archive any more.
    if (!values.keep || prepared.only.includes('registry')) await stopLab(here);
  }
}

function parsed() {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  try {
    const { values } = parseArgs({ options: { lab: flag, keep: flag, build: flag, 'if-changed': flag, only: text, load: text, shape: text } });
    const only = values.only?.split(',') ?? (values['if-changed'] ? CORE : STEPS).map(({ id }) => id);
    const unknown = only.find((id) => !STEPS.some((step) => step.id === id));
    if (unknown !== undefined) throw new Error(`${unknown}? ${STEPS.map(({ id }) => id).join(', ')}`);
    if (values.build && !values.lab) throw new Error('--build: chỉ với / only with --lab');
    return { ...values, only };
  } catch (error) {
    throw new PartError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/** Whether every step of the core was seen with what is here now; says of all of them which commit that was. @param {import('./lab.js').Lab | undefined} here */
function sawAll(here) {
  const [results, now] = [readResults(ROOT), hashesOf(ROOT, here?.folder)];
  const due = STEPS.filter(({ id }) => results[id]?.shape !== 'ward' || changedIn(results[id].hashes, now).length > 0);
  for (const { id } of STEPS) {
    const seen = results[id];
    console.log(`${due.some((step) => step.id === id) ? '…' : '✓'} ${id}: ${seen === undefined ? 'chưa chạy / not run' : `${seen.at}, ${seen.commit}; ${Object.entries(seen.hashes).map(([part, hash]) => `${part} ${hash}`).join(', ')}`}`);
  }
  return CORE.every((step) => !due.includes(step));
}

/** All that comes from a network, before the lab's own has none. @param {ReturnType<typeof parsed>} values @param {import('./lab.js').Lab | undefined} here @returns {Promise<Prepared>} */
async function prepare({ load, only, shape }, here) {
  const folder = join(cacheRoot(), 'cluster');
  const [file, given] = [join(folder, 'prepared.json'), { only, shape: shape === 'services' ? /** @type {const} */ ('services') : /** @type {const} */ ('ward') }];
  // Steps without an install stand on what was installed.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const syncs = only.includes('argo') ? await gitops() : undefined;
  const bundle = here !== undefined && only.includes('registry') ? await bundled(folder) : undefined;
  if (!only.includes('install') && existsSync(file)) return { .../** @type {Prepared} */ (JSON.parse(readFileSync(file, 'utf8'))), ...given, bundle, gitops: syncs };
  const strimzi = join(folder, 'strimzi.json');
  writeFileSync(strimzi, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: strimziDefinitions() }));
  const prepared = {
    ...given, helm: await tool('helm4'), images: await makeArchives(imagesFolder()), crds: [...(await definitionFiles()), strimzi], bundle, gitops: syncs,
    load: here === undefined ? String(load) : loadCommand(here), lab: here?.work, dir: join(folder, 'run'),
  };
  writeFileSync(file, JSON.stringify(prepared));
  return prepared;
}

/** Where the archives are that go into the nodes. */
function imagesFolder() {
  const folder = join(cacheRoot(), 'cluster', 'images');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** What takes long and does not hang on the working copy. @param {import('./lab.js').Lab} here */
async function buildAhead(here) {
  await buildLab(here);
  await makePrevious(imagesFolder());
}

/** `npm run bundle`, and the programs that its README and a registry need. @param {string} folder */
async function bundled(folder) {
  await haveDebian(['docker-registry', 'skopeo']);
  const out = join(folder, 'bundle.tar');
  const { code, output } = await ask(process.execPath, [join(ROOT, 'tools', 'image', 'bundle.js'), '--out', out]);
  if (code !== 0) throw new PartError(`npm run bundle: ${output.trim()}`);
  return out;
}

/** The same program once more, where the cluster can be reached. @param {import('./lab.js').Lab} here @param {Prepared} prepared @returns {Promise<number>} */
function runInside(here, prepared) {
  const file = join(prepared.dir, '..', 'inside.json');
  writeFileSync(file, JSON.stringify(prepared));
  const child = spawn(inLab(here), [process.execPath, join(ROOT, 'tools', 'cluster', 'test-cluster.js')], { env: { ...process.env, [INSIDE]: file }, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
}

await told(main);
