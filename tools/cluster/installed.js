/** The install of charts/README.md, word for word, in namespaces that take only restricted pods. */
import { join } from 'node:path';
import { ask } from './kube.js';
import { AUTHORITY, GATEWAY, gatewayObjects, namespace, PLATFORM, ROOT, STORES } from './place.js';

/** Machine of the lab whose cable is not pulled. */
const FIRST = 'node1';

/**
 * What may differ from the ward of the README.
 * @typedef {object} How
 * @property {import('./place.js').Version} [version] another one than the present
 * @property {'node1' | 'node2'} [stores]  machine of the lab on which the stores are put, and with them their volumes
 * @property {string} [pack]               whose people there are: name or folder
 * @property {Record<string, unknown>} [storesValues]
 * @property {Record<string, unknown>} [platformValues]
 * @property {() => Promise<void>} [before]  between the secrets and the first release
 */

/** On a lab what was there goes first; elsewhere nothing may be there. @param {import('./stage.js').Stage} stage @param {How} [how] @returns {Promise<Record<string, number>>} seconds */
export async function freshInstall(stage, { version = stage.images.present, stores, pack = AUTHORITY, storesValues = {}, platformValues = {}, before = async () => undefined } = {}) {
  const { kube, lab } = stage;
  await cleared(stage);
  await kube.apply([STORES, PLATFORM].map(namespace));
  stage.isOurs = true;
  await people(stage, pack);
  await before();
  const nodes = lab === undefined || stores === undefined ? [] : (await kube.json(['get', 'nodes'])).items.map((/** @type {import('./kube.js').Thing} */ { metadata }) => metadata.name).filter((/** @type {string} */ name) => name !== stores);
  const began = performance.now();
  stage.began = began;
  for (const node of nodes) await kube.kubectl(['cordon', node]);
  try {
    await stage.stores('install', storesValues, version);
  } finally {
    for (const node of nodes) await kube.kubectl(['uncordon', node]);
  }
  const between = performance.now();
  await stage.platform('install', platformValues, version);
  const ended = performance.now();
  await putGateway(stage);
  return { 'datastores, s': seconds(began, between), 'quan-so, s': seconds(between, ended), 'cả hai / both, s': seconds(began, ended) };
}

/** Secrets of everything, first passwords of everybody. @param {import('./stage.js').Stage} stage @param {string} [pack] */
export async function people(stage, pack = AUTHORITY) {
  await secrets(['make']);
  await secrets(['accounts', '--authority', pack, '--to', stage.accountsFile()]);
}

/** @param {import('./stage.js').Stage} stage */
export async function putGateway({ kube, images, lab }) {
  await kube.apply([namespace(GATEWAY)]);
  await kube.apply(gatewayObjects(images.tag, lab === undefined ? undefined : FIRST));
  await kube.settled(GATEWAY);
}

/** The command of the README. @param {readonly string[]} args @returns {Promise<string>} what it said */
export async function secrets(args) {
  const { code, output } = await ask(process.execPath, [join(ROOT, 'tools', 'charts', 'secrets.js'), ...args]);
  if (code !== 0) throw new Error(`secrets.js ${args.join(' ')}: ${output}`);
  return output;
}

/** What an earlier run left on the lab goes; on somebody's own cluster nothing is taken away that this run did not put there. @param {import('./stage.js').Stage} stage */
export async function cleared(stage) {
  const { kube, lab } = stage;
  const { items } = await kube.json(['get', 'namespaces']);
  const there = items.map((/** @type {import('./kube.js').Thing} */ { metadata }) => metadata.name).filter((/** @type {string} */ name) => name === GATEWAY || name.startsWith(PLATFORM));
  if (there.length === 0) return;
  if (lab === undefined && !stage.isOurs) throw new Error(`đã có / is there already: ${there.join(', ')}`);
  await stage.close();
  kube.servers.clear();
  await kube.kubectl(['delete', 'namespace', ...there, '--wait=false']);
  // Nothing of it is kept, so nobody is waited for.
  for (const name of there) await kube.kubectl(['-n', name, 'delete', 'pods', '--all', '--grace-period=0', '--force']);
  await kube.kubectl(['wait', '--for=delete', ...there.map((/** @type {string} */ name) => `namespace/${name}`), '--timeout=180s']);
}

/** @param {number} from @param {number} to milliseconds */
export function seconds(from, to) {
  return Math.round((to - from) / 1_000);
}
