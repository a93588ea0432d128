/**
 * A cluster where there is none: the two-node Kubernetes of the lab beside this repository (`../shared/lab`, or LAB),
 * built once into LAB_WORK, started for a run and taken down after it; and what only whoever owns the machines can do:
 * pull a cable, kill a process of a container.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { go, needGo } from '../charts/tools.js';
import { cacheRoot, PartError } from '../real/cache.js';
import { ask } from './kube.js';
import { ROOT } from './place.js';
import { hashesOf } from './sources.js';

/** @typedef {{ folder: string, work: string }} Lab */

const LAB_IMAGES = 'lab.local/';

/** @returns {Lab} */
export function lab(env = process.env) {
  const folder = resolve(env.LAB ?? join(ROOT, '..', 'shared', 'lab'));
  return { folder, work: resolve(env.LAB_WORK ?? join(cacheRoot(), 'lab')) };
}

/** Builds what was not built from this lab. @param {Lab} lab */
export async function buildLab({ folder, work }) {
  if (!existsSync(join(folder, 'up.sh'))) throw new PartError(`Không thấy phòng thử ở / no lab at ${folder}; LAB=… hoặc / or KUBECONFIG.`);
  mkdirSync(work, { recursive: true });
  const [stamp, version] = [join(work, 'built'), hashesOf(ROOT, folder).lab ?? ''];
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  // In Go's own cache is what the tools of the charts were built of.
  needGo();
  const { GOCACHE, GOMODCACHE } = JSON.parse(await go(['env', '-json', 'GOCACHE', 'GOMODCACHE'], work));
  await inherit(join(folder, 'build.sh'), [work, 'apt', 'k8s', 'addons', 'images'], { ...process.env, GOCACHE, GOMODCACHE });
  writeFileSync(stamp, version);
}

/** Starts what does not run. @param {Lab} lab */
export async function startLab(lab) {
  await buildLab(lab);
  if (!(await answers(lab.work))) await inherit(join(lab.folder, 'up.sh'), [lab.work]);
}

/** Whether a lab that was kept still runs. @param {string} work */
async function answers(work) {
  return existsSync(join(work, 'kubectl')) && (await ask(join(work, 'kubectl'), ['get', '--raw', '/readyz'], { timeoutMs: 60_000 })).code === 0;
}

/** @param {Lab} lab */
export function stopLab({ folder, work }) {
  return inherit(join(folder, 'down.sh'), [work]);
}

/** A program that runs in the network of the first node, with the admin's KUBECONFIG. @param {Lab} lab */
export function inLab({ work }) {
  return join(work, 'in');
}

/** Loads an archive into both nodes at once; the archive stands behind it. @param {Lab} lab */
export function loadCommand({ work }) {
  const on = (/** @type {number} */ node) => `ctr --address '${work}/run/node${node}/containerd.sock' --namespace k8s.io images import "$1"`;
  return `load() { ${on(1)} & ${on(2)} && wait $!; }; load`;
}

/** Both nodes forget every image that the lab did not bring, by each of its names, layers and all. @param {Lab['work']} work */
export async function forgetImages(work) {
  for (const node of [1, 2]) {
    const there = (await ctr(work, node, ['images', 'ls'])).trim().split('\n').slice(1).map((line) => line.split(/\s+/)).map(([name = '', , digest = '']) => ({ name, digest }));
    // The kubelet names each image a second time, by the digest of its configuration.
    const own = new Set(there.filter(({ name }) => name.startsWith(LAB_IMAGES)).map(({ digest }) => digest));
    const names = there.filter(({ digest }) => !own.has(digest)).map(({ name }) => name);
    if (names.length > 0) await ctr(work, node, ['images', 'rm', '--sync', ...names]);
  }
}

/** What a step needs of Debian beside the lab's own; root, as the lab is. @param {readonly string[]} packages */
export async function haveDebian(packages) {
  const { code, output } = await ask('sh', ['-c', 'dpkg -s "$@" >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }', 'sh', ...packages]);
  if (code !== 0) throw new PartError(`apt-get install ${packages.join(' ')}: ${output.trim()}`);
}

/** The cable between the nodes; whoever calls is in the network of the first. */
export async function cutCable() {
  await ip(['link', 'set', 'cable', 'down']);
}

/** With it the way to the other node's pods, which went with the cable. */
export async function mendCable() {
  await ip(['link', 'set', 'cable', 'up']);
  await ip(['route', 'replace', '10.244.2.0/24', 'via', '198.18.0.2']);
}

/** @param {readonly string[]} args */
async function ip(args) {
  const { code, output } = await ask('ip', args);
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${output}`);
}

/** Where packets leave the lab's network from either node; nothing where they cannot. @param {Lab['work']} work */
export async function waysOut(work) {
  let ways = '';
  for (const node of [1, 2]) {
    const pid = readFileSync(join(work, 'run', `${node}-containerd.pid`), 'utf8').trim();
    const { code, output } = await ask('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', 'route', 'show', 'default']);
    if (code !== 0) throw new Error(`nsenter node${node}: ${output}`);
    ways += output;
  }
  return ways.trim();
}

/** SIGKILL to the first process of a pod's container: nobody is asked. @param {string} work @param {import('./kube.js').Thing} pod */
export async function killContainer(work, pod) {
  const id = String(pod.status.containerStatuses[0].containerID).replace('containerd://', '');
  await ctr(work, Number(String(pod.spec.nodeName).replace('node', '')), ['tasks', 'kill', '--signal', 'SIGKILL', id]);
}

/** What the containerd of a node answers. @param {string} work @param {number} node @param {readonly string[]} args */
async function ctr(work, node, args) {
  const { code, output, stdout } = await ask('ctr', ['--address', join(work, 'run', `node${node}`, 'containerd.sock'), '--namespace', 'k8s.io', ...args]);
  if (code !== 0) throw new Error(`ctr ${args.slice(0, 2).join(' ')}: ${output}`);
  return stdout;
}

/** @param {string} program @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
async function inherit(program, args, env = process.env) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const code = await new Promise((done) => child.once('exit', done).once('error', (error) => done(error.message)));
  if (code !== 0) throw new PartError(`${program}: ${code}`);
}
