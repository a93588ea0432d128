/** The install of charts/README.md, word for word, in namespaces that take only restricted pods. */
import { join } from 'node:path';
import { ask } from '../kube.js';
import { AUTHORITY, GATEWAY, gatewayObjects, namespace, PLATFORM, RESTRICTED, ROOT, STORES } from '../place.js';

/** @type {import('./steps.js').Step} */
export const install = {
  id: 'install',
  vi: 'cài datastores và quan-so vào không gian tên "restricted"',
  en: 'datastores and quan-so installed in restricted namespaces',
  run: async (stage) => {
    const { kube } = stage;
    await clear(stage);
    await kube.apply([STORES, PLATFORM, GATEWAY].map(namespace));
    const refused = await refusal(stage);
    for (const args of [['make'], ['accounts', '--authority', AUTHORITY, '--to', stage.accountsFile()]]) {
      const made = await ask(process.execPath, [join(ROOT, 'tools', 'charts', 'secrets.js'), ...args]);
      if (made.code !== 0) throw new Error(made.output);
    }
    const began = performance.now();
    await stage.stores('install');
    const stores = performance.now();
    await stage.platform('install');
    const platform = performance.now();
    await kube.apply(gatewayObjects(stage.images.tags.present));
    await kube.settled(GATEWAY);
    return { 'datastores, s': seconds(began, stores), 'quan-so, s': seconds(stores, platform), 'cả hai / both, s': seconds(began, platform), refused };
  },
};

/** What an earlier run left on the lab goes; on somebody's own cluster nothing is taken away. @param {import('../stage.js').Stage} stage */
async function clear({ kube, lab }) {
  const { items } = await kube.json(['get', 'namespaces']);
  const there = items.map((/** @type {import('../kube.js').Thing} */ { metadata }) => metadata.name).filter((/** @type {string} */ name) => [STORES, PLATFORM, GATEWAY].includes(name));
  if (there.length === 0) return;
  if (lab === undefined) throw new Error(`đã có / is there already: ${there.join(', ')}`);
  await kube.kubectl(['delete', 'namespace', ...there, '--wait', '--timeout=180s']);
}

/** That the namespace does refuse is seen by a pod that asks for more than nothing. @param {import('../stage.js').Stage} stage */
async function refusal({ images }) {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'careless', namespace: PLATFORM }, spec: { containers: [{ name: 'one', image: `quan-so.local/quan-so/services:${images.tags.present}` }] } };
  const { code, output } = await ask('kubectl', ['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(pod) });
  if (code === 0 || !output.includes('violates PodSecurity')) throw new Error(`${RESTRICTED}: ${output}`);
  return 'violates PodSecurity "restricted"';
}

/** @param {number} from @param {number} to */
export function seconds(from, to) {
  return Math.round((to - from) / 1_000);
}
