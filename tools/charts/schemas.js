/**
 * Schemas for kubeconform. Those of Kubernetes come from an API server's own document and stand in kubernetes.json;
 * those of custom resources come from the Go module of their project, through the cache.
 *
 *     kubectl get --raw /openapi/v2 | node tools/charts/schemas.js take     writes kubernetes.json anew
 *     node tools/charts/schemas.js take-strimzi VERSION FILE…               writes strimzi.json anew (README.md)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { digest, once, PartError, prune } from '../real/cache.js';
import { objectsOf } from './helm.js';
import { download, tool } from './tools.js';

export const KUBERNETES = join(import.meta.dirname, 'kubernetes.json');
/** Made by Strimzi's own generator from its classes, which needs Maven and Java 21: not something every machine has. */
const STRIMZI = join(import.meta.dirname, 'strimzi.json');
/** Changes of this file that change what is cached. */
const FORM = 2;

/** Kinds that the charts render. */
const KINDS = [
  'apps.v1.Deployment', 'apps.v1.StatefulSet', 'autoscaling.v2.HorizontalPodAutoscaler', 'batch.v1.CronJob', 'batch.v1.Job', 'core.v1.ConfigMap',
  'core.v1.PersistentVolumeClaim', 'core.v1.Pod', 'core.v1.Service', 'core.v1.ServiceAccount', 'networking.v1.Ingress', 'networking.v1.NetworkPolicy',
  'policy.v1.PodDisruptionBudget',
];

/** Custom resources whose definitions a Go module carries. */
const DEFINITIONS = [
  { module: 'sigs.k8s.io/gateway-api', version: 'v1.4.0', file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml' },
  { module: 'github.com/cloudnative-pg/cloudnative-pg', version: 'v1.30.0', file: 'config/crd/bases/postgresql.cnpg.io_clusters.yaml' },
  { module: 'github.com/cloudnative-pg/cloudnative-pg', version: 'v1.30.0', file: 'config/crd/bases/postgresql.cnpg.io_databases.yaml' },
  { module: 'github.com/cloudnative-pg/cloudnative-pg', version: 'v1.30.0', file: 'config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml' },
  { module: 'github.com/open-telemetry/opentelemetry-operator', version: 'v0.140.0', file: 'config/crd/bases/opentelemetry.io_opentelemetrycollectors.yaml' },
  { module: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.93.1', file: 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml' },
  { module: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.93.1', file: 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml' },
];

/** Kinds whose definitions are not to be had from a registry of packages: rendered and read by people alone (charts/infrastructure/README.md). */
export const UNPROVEN = ['Keycloak'];

/** Folder with one strict schema per kind, named as kubeconform asks for them. @returns {Promise<string>} */
export async function schemas() {
  const { version, definitions } = JSON.parse(readFileSync(KUBERNETES, 'utf8'));
  const strimzi = JSON.parse(readFileSync(STRIMZI, 'utf8'));
  const folder = await once(`chart-schemas-${version}-${digest(FORM, definitions, strimzi, DEFINITIONS)}`, async (draft) => {
    for (const kind of KINDS) {
      const [group = '', of = '', name = ''] = kind.split('.');
      const suffix = group === 'core' ? of : `${group}-${of}`;
      write(draft, `${name}-${suffix}`, { $ref: `#/definitions/io.k8s.api.${kind}`, definitions: strict(definitions) });
    }
    for (const [name, schema] of Object.entries(strimzi.kinds)) write(draft, name, strict(schema));
    for (const one of DEFINITIONS) await writeCustom(draft, one);
  });
  prune('chart-schemas-', 2);
  return folder;
}

/** @param {string} draft @param {typeof DEFINITIONS[number]} from */
async function writeCustom(draft, { module, version, file }) {
  const folder = await download(module, version);
  for (const [name, schema] of Object.entries(await customOf(join(folder, file)))) write(draft, name, strict(schema));
}

/** Schemas in a definition of custom resources, by the name kubeconform asks for. @param {string} file @returns {Promise<Record<string, any>>} */
async function customOf(file) {
  const [{ spec }] = await objectsOf(await tool('helm4'), readFileSync(file, 'utf8'));
  const group = String(spec.group).split('.')[0];
  return Object.fromEntries(spec.versions.map((/** @type {any} */ { name, schema }) => [`${spec.names.kind}-${group}-${name}`, schema.openAPIV3Schema]));
}

/** Files with the definitions that Go modules carry, as `kubectl apply` takes them. @returns {Promise<string[]>} */
export async function definitionFiles() {
  const files = [];
  for (const { module, version, file } of DEFINITIONS) files.push(join(await download(module, version), file));
  return files;
}

/** Strimzi's kinds as definitions for a server. @returns {object[]} */
export function strimziDefinitions() {
  return Object.entries(JSON.parse(readFileSync(STRIMZI, 'utf8')).kinds).map(([id, schema]) => {
    const [kind = '', , version] = id.split('-');
    const [singular, plural] = [kind.toLowerCase(), `${kind.toLowerCase()}s`];
    const versions = [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }];
    return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.kafka.strimzi.io` }, spec: { group: 'kafka.strimzi.io', scope: 'Namespaced', names: { kind, plural, singular, listKind: `${kind}List` }, versions } };
  });
}

/** @param {string} folder @param {string} name @param {object} schema */
function write(folder, name, schema) {
  writeFileSync(join(folder, `${name.toLowerCase()}.json`), JSON.stringify(schema));
}

/**
 * As the server takes it with strict validation: nothing that is not named. What OpenAPI says in words of its own
 * becomes JSON Schema.
 * @param {any} node
 * @returns {any}
 */
export function strict(node) {
  if (Array.isArray(node)) return node.map(strict);
  if (node === null || typeof node !== 'object') return node;
  if (node.format === 'int-or-string' || node['x-kubernetes-int-or-string']) return { type: ['integer', 'string'] };
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]));
  const closed = node.properties && typeof node.properties === 'object' && !node.additionalProperties && !node['x-kubernetes-preserve-unknown-fields'];
  // A custom resource's definition leaves out what every object has.
  const common = node.properties?.apiVersion && node.properties?.spec && node.properties?.metadata?.type === 'object' ? { metadata: { type: 'object' } } : {};
  return closed && typeof node.type !== 'undefined' ? { ...inner, properties: { ...inner.properties, ...common }, additionalProperties: false } : inner;
}

/**
 * The definitions of the kinds above and of all they stand on, without their prose.
 * @param {{ info: { version: string }, definitions: Record<string, any> }} document of `/openapi/v2`
 */
export function reduced({ info, definitions }) {
  /** @type {Record<string, any>} */
  const kept = {};
  const take = (/** @type {string} */ name) => {
    if (kept[name]) return;
    const definition = definitions[name];
    if (definition === undefined) throw new PartError(`${name}: máy chủ này không có / this server does not have it.`);
    kept[name] = withoutProse(definition);
    for (const [, inner = ''] of JSON.stringify(definition).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) take(inner);
  };
  for (const kind of KINDS) take(`io.k8s.api.${kind}`);
  return { version: info.version, definitions: Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** @param {any} node @returns {any} */
function withoutProse(node) {
  if (Array.isArray(node)) return node.map(withoutProse);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).filter(([key, value]) => key !== 'description' || typeof value !== 'string').filter(([key]) => !key.startsWith('x-kubernetes-') || key === 'x-kubernetes-int-or-string').map(([key, value]) => [key, withoutProse(value)]));
}

/** What is written by hand of a resource: no prose, no status. @param {any} schema */
function written(schema) {
  const { status: _, ...properties } = schema.properties;
  return withoutProse({ ...schema, properties });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [command, version, ...files] = process.argv.slice(2);
  if (command === 'take') writeFileSync(KUBERNETES, `${JSON.stringify(reduced(JSON.parse(await text(process.stdin))))}\n`);
  else if (command === 'take-strimzi' && files.length > 0) {
    const kinds = Object.assign({}, ...(await Promise.all(files.map(customOf))));
    writeFileSync(STRIMZI, `${JSON.stringify({ version, kinds: Object.fromEntries(Object.entries(kinds).map(([name, schema]) => [name, written(schema)])) })}\n`);
  } else throw new PartError('kubectl get --raw /openapi/v2 | node tools/charts/schemas.js take; node tools/charts/schemas.js take-strimzi VERSION FILE…');
}
