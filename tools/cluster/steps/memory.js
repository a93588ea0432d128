/** What each pod takes, at rest after the tour and while people work, as the cluster's own metrics say; and how long it took to be ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../kube.js';
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
  for (const { metadata, status } of (await stage.pods()).filter(({ status: { phase } }) => phase === 'Running')) {
    const name = metadata.labels['app.kubernetes.io/name'];
    const containers = await measured(stage.kube, metadata, since);
    keep(`${name}${MEMORY}`, total(containers, 'memory') / 2 ** 20);
    keep(`${name}${PROCESSOR}`, total(containers, 'cpu') * 1_000);
    keep(`${name}${READY}`, readyAfter(status));
  }
  return most;
}

/** @param {import('../kube.js').Kube} kube @param {{ namespace: string, name: string }} pod @param {number} since @returns {Promise<any[]>} */
function measured(kube, { namespace, name }, since) {
  return until(`metrics: ${name}`, FRESH_SECONDS, async () => {
    const { items } = JSON.parse(await kube.kubectl(['get', '--raw', `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`]));
    const found = items.find((/** @type {any} */ { metadata }) => metadata.name === name);
    return found !== undefined && Date.parse(found.timestamp) >= since && found.containers;
  });
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
