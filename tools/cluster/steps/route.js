/** The routes of a district, and everything else that the charts render, taken by the API server in a dry run: the lab has no gateway and no operators. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { objectsOf, render } from '../../charts/helm.js';
import { RELEASES } from '../../charts/releases.js';
import { KUBERNETES, reduced, UNPROVEN } from '../../charts/schemas.js';
import { platformArgs, storesArgs } from '../place.js';

const GATEWAY_API = { 'global.gateway.enabled': true, 'global.gateway.parentRefs': [{ name: 'public', namespace: 'gateway' }], 'global.gateway.hostnames': ['quan-so.example.vn'] };
/** Of each kind whose definition is to be had. */
const DUE = ['HTTPRoute', 'Ingress', 'Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser', 'Cluster', 'Database', 'ScheduledBackup', 'OpenTelemetryCollector', 'PrometheusRule', 'PodMonitor'];
const INGRESS = { 'global.ingress.enabled': true, 'global.ingress.host': 'quan-so.example.vn', 'global.ingress.className': 'public', 'global.ingress.tlsSecret': 'quan-so-tls' };

/** @type {import('./steps.js').Step} */
export const route = {
  id: 'route',
  vi: 'HTTPRoute, Ingress, tài nguyên của các operator có định nghĩa và mọi đối tượng khác của mọi chart, trừ pod thử, được máy chủ API nhận (thử khô)',
  en: 'HTTPRoute, Ingress, resources of the operators whose definitions are to be had and every other object of every chart but test pods taken by the API server in a dry run',
  run: async ({ kube, images, crds }) => {
    for (const file of crds) await kube.kubectl(['apply', '--server-side', '-f', '-'], { input: readFileSync(file, 'utf8') });
    await kube.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    /** @type {Record<string, number>} */
    const kinds = {};
    for (const args of [platformArgs('services', images.present, GATEWAY_API), platformArgs('ward', images.present, INGRESS), storesArgs(images.present)]) {
      for (const { kind } of await dry(kube, args)) kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    for (const { chart, namespace, args } of RELEASES) {
      const others = (await dry(kube, [chart, chart, '-n', namespace, ...args])).filter(({ apiVersion }) => /\.(io|org|com)\/|opentelemetry/.test(apiVersion) && !/k8s\.io\//.test(apiVersion));
      for (const { kind } of others) kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    await compareSchemas(kube);
    const missing = DUE.filter((kind) => !kinds[kind]);
    if (missing.length > 0) throw new Error(`không có / there is no ${missing.join(', ')}: ${JSON.stringify(kinds)}`);
    return kinds;
  },
};

/** What `npm run test:charts` holds the charts against is what this server says, where it is of that version. @param {import('../kube.js').Kube} kube */
async function compareSchemas(kube) {
  const here = reduced(JSON.parse(await kube.kubectl(['get', '--raw', '/openapi/v2'])));
  const kept = JSON.parse(readFileSync(KUBERNETES, 'utf8'));
  if (here.version === kept.version && !isDeepStrictEqual(JSON.parse(JSON.stringify(here)), kept)) throw new Error('tools/charts/kubernetes.json khác máy chủ này / differs from what this server says: schemas.js take');
}

/** @param {import('../kube.js').Kube} kube @param {readonly string[]} args */
async function dry(kube, [chart = '', , , namespace = '', ...args]) {
  const { code, output, stdout } = await render(kube.helmPath, { name: chart, chart, namespace, args });
  if (code !== 0) throw new Error(output);
  const items = await objectsOf(kube.helmPath, stdout);
  // Under other names, so that what cannot be changed of what runs is not in the way; a pod alone needs an account that is there.
  const renamed = items.filter(({ kind }) => kind !== 'Pod' && !UNPROVEN.includes(kind)).map((one) => ({ ...one, metadata: { ...one.metadata, name: `dry-${one.metadata.name}`, namespace } }));
  await kube.kubectl(['apply', '--server-side', '--dry-run=server', '--field-manager=quan-so-test', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: renamed }) });
  return renamed;
}
