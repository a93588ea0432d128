/**
 * Which pod may talk to which, by the rendered network policies of several releases together: a flow needs the leave of
 * both ends, so a label that one chart writes in another way than the other expects shows as a flow that is missing.
 */
import { podsOf } from './policy.js';

/** @typedef {import('./policy.js').Manifest} Manifest */
/** @typedef {{ name: string, namespace: string, labels: Record<string, string>, ports: { name: string, containerPort: number }[] }} Pod */
/** @typedef {{ matchLabels?: Record<string, string>, matchExpressions?: { key: string, operator: string, values?: string[] }[] }} Selector */

/**
 * Every flow that is let through, as `from → to:port`, sorted.
 * @param {readonly { namespace: string, objects: readonly Manifest[] }[]} releases
 * @returns {string[]}
 */
export function flowsOf(releases) {
  const pods = releases.flatMap(({ namespace, objects }) => podsOf(objects).map((one) => podOf(namespace, one)));
  const policies = releases.flatMap(({ namespace, objects }) => objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => ({ namespace, spec })));
  const may = (/** @type {Pod} */ from, /** @type {Pod} */ to, /** @type {Pod['ports'][number]} */ port) =>
    passes(policies, from, 'Egress', (rule) => meets(rule.to, to, from.namespace) && opens(rule.ports, port)) && passes(policies, to, 'Ingress', (rule) => meets(rule.from, from, to.namespace) && opens(rule.ports, port));
  return pods.flatMap((from) => pods.flatMap((to) => to.ports.filter((port) => may(from, to, port)).map((port) => `${from.name} → ${to.name}:${port.containerPort}`))).sort();
}

/** @param {string} namespace @param {import('./policy.js').Pods} one @returns {Pod} */
function podOf(namespace, { labels, spec }) {
  return { name: labels['app.kubernetes.io/name'] ?? '?', namespace, labels, ports: spec.containers.flatMap((/** @type {any} */ { ports = [] }) => ports) };
}

/**
 * Nobody who selects the pod for this direction: open. Else one rule of one of them must fit.
 * @param {readonly { namespace: string, spec: any }[]} policies @param {Pod} pod @param {'Ingress' | 'Egress'} direction @param {(rule: any) => boolean} fits
 */
function passes(policies, pod, direction, fits) {
  const over = policies.filter(({ namespace, spec }) => namespace === pod.namespace && spec.policyTypes.includes(direction) && selects(spec.podSelector, pod.labels));
  return over.length === 0 || over.some(({ spec }) => (spec[direction.toLowerCase()] ?? []).some(fits));
}

/** Peers that are addresses meet no pod of ours. @param {any[] | undefined} peers @param {Pod} pod @param {string} home namespace of the policy */
function meets(peers, pod, home) {
  if (peers === undefined) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector }) => {
    const there = namespaceSelector === undefined ? pod.namespace === home : selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace });
    return ipBlock === undefined && there && selects(podSelector ?? {}, pod.labels);
  });
}

/** @param {any[] | undefined} ports @param {Pod['ports'][number]} to */
function opens(ports, to) {
  return ports === undefined || ports.some(({ port, protocol = 'TCP' }) => protocol === 'TCP' && (port === to.containerPort || port === to.name));
}

/** @param {Selector} selector @param {Record<string, string>} labels */
export function selects({ matchLabels = {}, matchExpressions = [] }, labels) {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const among = value !== undefined && values.includes(value);
    return operator === 'In' ? among : !among;
  });
}

/**
 * What the platform stands on, as seen by a flow: who reaches it, and what is reached beside.
 * @typedef {object} Ground
 * @property {(pod: { name: string, layer: string }) => readonly string[]} stores  that a service reaches
 * @property {(pod: { name: string, layer: string }) => readonly string[]} databases  that its migration reaches
 * @property {readonly string[]} within  flows between the parts themselves
 */

/** charts/datastores @type {Ground} */
export const DATASTORES = {
  stores: () => ['postgres:5432', 'kafka:9092', 'keycloak:8080', 'zipkin:9411'],
  databases: () => ['postgres:5432'],
  within: ['keycloak → postgres:5432', 'kafka → kafka:9092', 'kafka-topology → kafka:9092', 'keycloak-realm → keycloak:8080', 'datastores-test → postgres:5432', 'datastores-test → kafka:9092', 'datastores-test → keycloak:8080', 'datastores-test → zipkin:9411', 'postgres-backup → postgres:5432'],
};

const server = (/** @type {string} */ name, /** @type {Record<string, string>} */ labels, /** @type {readonly number[]} */ ports) => ({
  kind: 'Pod', metadata: { name, labels: { 'app.kubernetes.io/name': name, ...labels } }, spec: { containers: [{ ports: ports.map((containerPort) => ({ name: `p${containerPort}`, containerPort })) }] },
});

/**
 * Pods as the operators make them from the resources of charts/infrastructure, by the labels their documents name; and
 * the operators' own, in a namespace that has the label.
 */
export const OPERATED = [
  server('kafka', { 'strimzi.io/cluster': 'quan-so' }, [9090, 9091, 9093, 8443]),
  server('postgres', { 'cnpg.io/cluster': 'postgres' }, [5432, 8000, 9187]),
  server('postgres-security', { 'cnpg.io/cluster': 'postgres-security' }, [5432, 8000, 9187]),
  server('keycloak', { app: 'keycloak', 'app.kubernetes.io/managed-by': 'keycloak-operator' }, [8080, 9000, 7800, 57800]),
  server('collector', { 'app.kubernetes.io/component': 'opentelemetry-collector' }, [4318, 8888]),
];

/** Between the pods of the layer security's own server, where there is one. */
export const SECURITY_WITHIN = [5432, 8000].map((port) => `postgres-security → postgres-security:${port}`);

/** charts/infrastructure; without a service of the layer security its cluster is not made, and nobody reaches it. @type {Ground} */
export const INFRASTRUCTURE = {
  stores: ({ layer }) => [...INFRASTRUCTURE.databases({ name: '', layer }), 'kafka:9093', 'keycloak:8080', 'collector:4318'],
  databases: ({ layer }) => [layer === 'security' ? 'postgres-security:5432' : 'postgres:5432'],
  within: [
    ...[9090, 9091, 9093, 8443].map((port) => `kafka → kafka:${port}`), ...[5432, 8000].map((port) => `postgres → postgres:${port}`), 'keycloak → postgres:5432',
    'keycloak-realm → keycloak:8080',
    ...[7800, 57800].map((port) => `keycloak → keycloak:${port}`),
  ],
};

/**
 * The flows there have to be, by the order of the layers: services to their own layer and those below, to the stores,
 * and nothing else but what prepares and tests.
 * @param {readonly { name: string, layer: string }[]} pods of services, as they are named in the cluster
 * @param {readonly string[]} layers from the top to the ground
 * @param {Ground} ground
 */
export function dueFlows(pods, layers, ground) {
  return [
    ...pods.flatMap((from) => [
      ...pods.filter((to) => layers.indexOf(to.layer) >= layers.indexOf(from.layer)).map((to) => `${from.name} → ${to.name}:8080`),
      ...ground.stores(from).map((store) => `${from.name} → ${store}`),
      ...ground.databases(from).map((store) => `${from.name}-migration → ${store}`),
      `${from.name}-test → ${from.name}:8080`,
    ]),
    ...ground.within,
  ].sort();
}
