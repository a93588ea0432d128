/**
 * Who may really talk to whom: for every kind of pod of both releases one that carries its labels tries every port of every
 * running pod; what gets through is compared with what the rendered policies say (tools/charts/flows.js).
 */
import { flowsOf } from '../../charts/flows.js';
import { objectsOf, render } from '../../charts/helm.js';
import { podsOf } from '../../charts/policy.js';
import { nameOf, until } from '../kube.js';
import { HARMLESS, PLATFORM, platformArgs, REGISTRY, STORES, storesArgs } from '../place.js';

const PROBE = { 'quan-so.vn/probe': 'flows' };
/** Policies reach a new pod a moment after it starts. */
const AFTER_MS = 4_000;
const WAIT_MS = 2_000;
const MINE = ['pod-template-hash', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid', 'job-name', 'controller-uid'];

const PROGRAM = `
const { connect } = await import('node:net');
await new Promise((done) => setTimeout(done, ${AFTER_MS}));
const open = (address, port) => new Promise((done) => {
  const socket = connect({ host: address, port, timeout: ${WAIT_MS} });
  for (const [event, passed] of [['connect', true], ['error', false], ['timeout', false]]) socket.once(event, (error) => (socket.destroy(), done(passed || error?.code === 'ECONNREFUSED')));
});
const targets = JSON.parse(process.env.TARGETS);
const passed = await Promise.all(targets.map(async ([name, address, port]) => ((await open(address, port)) ? [name + ':' + port] : [])));
console.log(JSON.stringify(passed.flat()));
`;

/** @typedef {{ name: string, namespace: string, labels: Record<string, string> }} Kind */

/** @type {import('./steps.js').Step} */
export const flows = {
  id: 'flows',
  vi: 'ma trận luồng được phép và bị chặn giữa mọi pod, so với chính sách',
  en: 'the matrix of allowed and denied flows between all pods, beside what the policies say',
  run: async (stage) => {
    const releases = await rendered(stage);
    const due = [...new Set(flowsOf(releases))].sort();
    const kinds = kindsOf(releases);
    const targets = await targetsOf(stage);
    const found = await probe(stage, kinds, targets);
    const missing = due.filter((one) => !found.includes(one));
    const open = found.filter((one) => !due.includes(one));
    if (missing.length + open.length > 0) throw new Error([...missing.map((one) => `bị chặn / is blocked: ${one}`), ...open.map((one) => `mở thừa / is open: ${one}`)].join('\n'));
    return { 'thử / tried': kinds.length * targets.length, 'được / allowed': found.length, 'bị chặn / denied': kinds.length * targets.length - found.length };
  },
};

/** @param {import('../stage.js').Stage} stage */
async function rendered({ kube, images, shape }) {
  return Promise.all([platformArgs(shape, images.present), storesArgs(images.present)].map(async ([chart = '', , , namespace = '', ...args]) => {
    const { code, output, stdout } = await render(kube.helmPath, { name: chart, chart, namespace, args });
    if (code !== 0) throw new Error(output);
    return { namespace, objects: await objectsOf(kube.helmPath, stdout) };
  }));
}

/** @param {Awaited<ReturnType<typeof rendered>>} releases @returns {Kind[]} */
function kindsOf(releases) {
  const all = releases.flatMap(({ namespace, objects }) => podsOf(objects).map(({ labels }) => ({ name: nameOf({ labels }), namespace, labels })));
  return [...new Map(all.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** One running pod of each kind and its ports. @param {import('../stage.js').Stage} stage @returns {Promise<[string, string, number][]>} */
async function targetsOf(stage) {
  const pods = await stage.pods();
  const running = pods.filter(({ status, metadata }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined && metadata.labels['quan-so.vn/probe'] === undefined);
  const one = new Map(running.map((pod) => [nameOf(pod.metadata), pod]));
  return [...one].flatMap(([name, { spec, status }]) => spec.containers.flatMap((/** @type {any} */ { ports = [] }) => ports.map((/** @type {any} */ { containerPort }) => [name, status.podIP, containerPort])));
}

/** @param {import('../stage.js').Stage} stage @param {readonly Kind[]} kinds @param {readonly [string, string, number][]} targets */
async function probe({ kube, images }, kinds, targets) {
  await clear(kube);
  const name = (/** @type {Kind} */ kind) => `probe-${kind.name}`.slice(0, 60);
  await kube.apply(kinds.map((kind) => ({
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name: name(kind), namespace: kind.namespace, labels: { ...Object.fromEntries(Object.entries(kind.labels).filter(([key]) => !MINE.includes(key))), ...PROBE } },
    spec: {
      restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false, securityContext: HARMLESS.pod,
      containers: [{ name: 'probe', image: `${REGISTRY}/quan-so/services:${images.tag}`, imagePullPolicy: 'IfNotPresent', args: ['--input-type=module', '-e', PROGRAM], env: [{ name: 'TARGETS', value: JSON.stringify(targets) }], resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } }, securityContext: HARMLESS.container }],
    },
  })));
  try {
    const found = [];
    for (const kind of kinds) {
      await until(name(kind), 120, async () => ['Succeeded', 'Failed'].includes((await kube.json(['-n', kind.namespace, 'get', 'pod', name(kind)])).status.phase));
      const said = JSON.parse(await kube.kubectl(['-n', kind.namespace, 'logs', name(kind)]));
      found.push(...said.map((/** @type {string} */ to) => `${kind.name} → ${to}`));
    }
    return [...new Set(found)].sort();
  } finally {
    await clear(kube);
  }
}

/** @param {import('../kube.js').Kube} kube */
async function clear(kube) {
  for (const namespace of [PLATFORM, STORES]) await kube.kubectl(['-n', namespace, 'delete', 'pod', '-l', 'quan-so.vn/probe', '--grace-period=0', '--force', '--ignore-not-found']);
}
