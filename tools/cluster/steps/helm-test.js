/** `helm test` of both releases. */
import { PLATFORM, STORES } from '../place.js';

/** @type {import('./steps.js').Step} */
export const helmTest = {
  id: 'helm-test',
  vi: 'helm test cả hai bản cài',
  en: 'helm test of both releases',
  run: async ({ kube }) => {
    for (const [name, namespace] of [['datastores', STORES], ['quan-so', PLATFORM]]) await kube.helm(['test', String(name), '-n', String(namespace), '--timeout', '180s']);
    return {};
  },
};
