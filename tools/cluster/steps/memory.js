/** What each pod takes, at rest after the tour and while people work, as the cluster's own metrics say; and how long it took to be ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, until } from '../kube.js';
import { RATE } from '../load.js';

/** Behind the name of a pod in what is measured; `page.js` makes a table of them. */
export const [MEMORY, PROCESSOR, READY, WORKING] = [', MiB', ', mCPU', ', s', ` (${RATE}/s)`];
/** So long people work before somebody looks: the cluster measures over the last fifteen seconds. */
const WORK_MS = 30_000;
const FRESH_SECONDS = 120;

/** @type {import('./steps.js').Step} */
export const memory = {
  id: 'memory',
  vi: 'bộ nhớ và bộ xử lý mỗi pod, lúc nghỉ và khi mọi người làm việc; từ lúc chạy tới lúc sẵn sàng',
  en: 'memory and processor of each pod, at rest and while people work; from its start until it is ready',
  run: async (stage) => {
    const rest = await needsOf(stage);
    const load = await stage.load('memory');
    await sleep(WORK_MS);
    const busy = await needsOf(stage, Date.now());
    await load.stop();
    const { faults } = await load.faults();
    if (faults.length > 0) throw new Error(faults.slice(0, 5).join('\n'));
    const working = Object.entries(busy).filter(([name]) => !name.endsWith(READY)).map(([name, value]) => [`${name}${WORKING}`, value]);
    return { ...rest, ...Object.fromEntries(working) };
  },
};


/**
 * The most that a pod of each name takes: MiB, thousandths of a processor, seconds until it was ready.
 * @param {import('../stage.js').Stage} stage @param {number} [since] measured after that, ms
 */
export async function needsOf(stage, since = 0) {
  /** @type {Record<string, number>} */
  const most = {};
  const keep = (/** @type {string} */ name, /** @type {number} */ value) => (most[name] = Math.max(most[name] ?? 0, Math.round(value)));
  const pods = (await stage.pods()).filter(({ status }) => status.phase === 'Running');
  const measured = await measurements(stage.kube, pods, since);
  for (const { metadata, status } of pods) {
    const containers = measured.get(keyOf(metadata));
    keep(`${nameOf(metadata)}${MEMORY}`, total(containers, 'memory') / 2 ** 20);
    keep(`${nameOf(metadata)}${PROCESSOR}`, total(containers, 'cpu') * 1_000);
    keep(`${nameOf(metadata)}${READY}`, readyAfter(status));
  }
  return most;
}

/**
 * What the cluster measured in the containers of each of these pods, asked for until all of it is new enough.
 * @param {import('../kube.js').Kube} kube @param {readonly import('../kube.js').Thing[]} pods @param {number} since @returns {Promise<Map<string, any>>}
 */
function measurements(kube, pods, since) {
  return until('metrics', FRESH_SECONDS, async () => {
    const { items } = JSON.parse(await kube.kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/pods']));
    const fresh = items.filter((/** @type {any} */ { timestamp }) => Date.parse(timestamp) >= since);
    const found = new Map(fresh.map((/** @type {any} */ { metadata, containers }) => [keyOf(metadata), containers]));
    return pods.every(({ metadata }) => found.has(keyOf(metadata))) && found;
  });
}

/** @param {{ namespace: string, name: string }} metadata */
function keyOf({ namespace, name }) {
  return `${namespace}/${name}`;
}

/** @param {any[]} containers @param {'memory' | 'cpu'} what @returns {number} bytes, processors */
function total(containers, what) {
  return containers.reduce((sum, { usage }) => sum + amount(usage[what]), 0);
}

/** Seconds from the start of its container. @param {any} status */
function readyAfter({ conditions, containerStatuses }) {
  const ready = conditions.find((/** @type {any} */ { type }) => type === 'Ready').lastTransitionTime;
  return (Date.parse(ready) - Date.parse(containerStatuses[0].state.running.startedAt)) / 1_000;
}

/** @param {string} quantity of Kubernetes */
function amount(quantity) {
  const [, digits = '0', unit = ''] = /^(\d+)(\w*)$/.exec(quantity) ?? [];
  return Number(digits) * ({ n: 1e-9, u: 1e-6, m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, '': 1 }[unit] ?? Number.NaN);
}
