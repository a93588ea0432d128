/** What each pod takes after the tour, as the cluster's own metrics say. */
import { until } from '../kube.js';
import { PLATFORM, STORES } from '../place.js';

const FRESH_SECONDS = 120;

/** @type {import('./steps.js').Step} */
export const memory = {
  id: 'memory',
  vi: 'bộ nhớ mỗi pod',
  en: 'memory of each pod',
  run: async ({ kube }) => {
    /** @type {Record<string, number>} */
    const mib = {};
    for (const namespace of [PLATFORM, STORES]) {
      const running = (await kube.pods(namespace)).filter(({ status }) => status.phase === 'Running');
      const items = await until('metrics', FRESH_SECONDS, async () => {
        const { items: seen } = JSON.parse(await kube.kubectl(['get', '--raw', `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`]));
        return running.every(({ metadata }) => seen.some((/** @type {any} */ one) => one.metadata.name === metadata.name)) && seen;
      });
      for (const { metadata, containers } of items) {
        const name = running.find((one) => one.metadata.name === metadata.name)?.metadata.labels['app.kubernetes.io/name'];
        if (name !== undefined) mib[`${name}, MiB`] = Math.max(mib[`${name}, MiB`] ?? 0, Math.round(containers.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + kib(one.usage.memory), 0) / 1_024));
      }
    }
    return mib;
  },
};

/** @param {string} quantity */
function kib(quantity) {
  const [, digits = '0', unit = ''] = /^(\d+)(\w*)$/.exec(quantity) ?? [];
  return Number(digits) * ({ Ki: 1, Mi: 1_024, Gi: 1_048_576, '': 1 / 1_024 }[unit] ?? 0);
}
