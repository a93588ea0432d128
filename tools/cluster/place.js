/** Where the platform is put on the cluster under test, and with which values. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { services } from '../layers.js';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const STORES = 'quan-so-datastores';
export const PLATFORM = 'quan-so';
/** Whoever comes from outside comes through here. */
export const GATEWAY = 'quan-so-gateway';
export const REGISTRY = 'quan-so.local';
export const AUTHORITY = 'phuong-sao-mai';
/** Keycloak as tokens name it. */
export const KEYCLOAK = `keycloak.${STORES}`;
export const ISSUER = `http://${KEYCLOAK}:8080/realms/quan-so`;
const SET = (/** @type {Record<string, unknown>} */ values) => Object.entries(values).flatMap(([path, value]) => ['--set-json', `${path}=${JSON.stringify(value)}`]);
const FROM_GATEWAY = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': GATEWAY } } }];

/** @typedef {'ward' | 'services'} Shape a pod per layer; a pod per service, two of each */

/**
 * What Helm is given: folder with the charts and their profiles, files that say which images.
 * @typedef {{ charts: string, images: readonly string[] }} Version
 */

/** @param {Version} version @param {Record<string, unknown>} [more] */
export function storesArgs({ charts, images }, more = {}) {
  return ['datastores', join(charts, 'datastores'), '-n', STORES, ...images.flatMap((file) => ['-f', file]), ...SET({ authority: AUTHORITY, 'realm.temporaryPasswords': false, ...more })];
}

/** @param {Shape} shape @param {Version} version @param {Record<string, unknown>} [more] */
export function platformArgs(shape, { charts, images }, more = {}) {
  const one = Object.fromEntries(services.map(({ name }) => [`${name}.replicas`, 2]));
  const own = shape === 'ward' ? {} : { 'tags.grouped': false, 'tags.applications': true, 'tags.platform': true, 'tags.data': true, 'tags.security': true, ...one };
  return ['quan-so', join(charts, 'quan-so'), '-n', PLATFORM, '-f', join(charts, 'profiles', 'ward.yaml'), ...images.flatMap((file) => ['-f', file]), ...SET({ 'global.network.gateway.from': FROM_GATEWAY, ...own, ...more })];
}

/** The pods of a shape, each with its layer and the services in it. @param {Shape} shape @returns {{ name: string, layer: string, services: string[] }[]} */
export function podsOf(shape) {
  if (shape === 'services') return services.map(({ name, layer }) => ({ name, layer, services: [name] }));
  return [...new Set(services.map(({ layer }) => layer))].map((layer) => ({ name: `layer-${layer}`, layer, services: services.filter((one) => one.layer === layer).map(({ name }) => name) }));
}

export const RESTRICTED = 'pod-security.kubernetes.io/enforce';

/** What a pod must say of itself to be taken where `restricted` is enforced. */
export const HARMLESS = {
  pod: { runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
  container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
};

/** @param {string} name */
export function namespace(name) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [RESTRICTED]: 'restricted' } } };
}

/** The stand-in of a gateway, with the routes of every service. @param {string} tag of the image it runs on @param {string} [node] that is never cut off */
export function gatewayObjects(tag, node) {
  const labels = { 'app.kubernetes.io/name': 'gateway' };
  const routes = services.map(({ name }) => [`/api/${name}`, `${name}.${PLATFORM}`, 80]);
  const container = {
    name: 'gateway', image: `${REGISTRY}/quan-so/services:${tag}`, imagePullPolicy: 'IfNotPresent', args: ['/program/gateway.js'],
    env: [{ name: 'ROUTES', value: JSON.stringify(routes) }],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/gateway', port: 'http' }, periodSeconds: 2 },
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '192Mi' } },
    securityContext: HARMLESS.container, volumeMounts: [{ name: 'program', mountPath: '/program', readOnly: true }],
  };
  const meta = { name: 'gateway', namespace: GATEWAY };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta, data: { 'gateway.js': readFileSync(join(import.meta.dirname, 'in-cluster', 'gateway.js'), 'utf8'), 'package.json': '{"type":"module"}' } },
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta,
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }), automountServiceAccountToken: false, enableServiceLinks: false, securityContext: HARMLESS.pod, containers: [container], volumes: [{ name: 'program', configMap: { name: 'gateway' } }] } } },
    },
  ];
}
