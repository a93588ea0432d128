/** The install of charts/README.md, word for word, in namespaces that take only restricted pods. */
import { ask } from '../kube.js';
import { freshInstall } from '../installed.js';
import { PLATFORM, RESTRICTED } from '../place.js';

/** @type {import('./steps.js').Step} */
export const install = {
  id: 'install',
  vi: 'cài datastores và quan-so vào không gian tên "restricted"',
  en: 'datastores and quan-so installed in restricted namespaces',
  run: async (stage) => {
    const took = await freshInstall(stage, { stores: 'node1' });
    return { ...took, refused: await refusal(stage) };
  },
};

/** That the namespace does refuse is seen by a pod that asks for more than nothing. @param {import('../stage.js').Stage} stage */
async function refusal({ images }) {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'careless', namespace: PLATFORM }, spec: { containers: [{ name: 'one', image: `quan-so.local/quan-so/services:${images.tag}` }] } };
  const { code, output } = await ask('kubectl', ['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(pod) });
  if (code === 0 || !output.includes('violates PodSecurity')) throw new Error(`${RESTRICTED}: ${output}`);
  return 'violates PodSecurity "restricted"';
}
