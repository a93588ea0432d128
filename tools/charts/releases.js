/** What is rendered, linted and looked at: both profiles, the stores, and the switches that bring out a template which these do not. */

const PROFILE = (/** @type {string} */ name) => ['-f', `charts/profiles/${name}.yaml`];
/** Every image is moved there, so that one which does not follow the setting is seen. */
export const REGISTRY = 'registry.example.vn/quan-so';
/** As `npm run image -- all` writes it. */
export const IMAGES_FILE = 'charts/datastores/tests/values.yaml';
const IMAGES = ['-f', IMAGES_FILE];
const MOVED = [...IMAGES, '--set', `global.imageRegistry=${REGISTRY}`];

/** What charts/infrastructure asks for, and everything it can write. */
const OPERATORS = ['-f', 'charts/infrastructure/tests/values.yaml', '--set', 'postgres.backup.objectStore=backup,collector.endpoint=http://tempo:4318'];

const WATCHED = ['--set', 'platform.url=https://quan.example.vn'];

/** @type {readonly import('./helm.js').Release[]} */
export const RELEASES = [
  { name: 'ward', chart: 'quan-so', namespace: 'quan-so', args: [...PROFILE('ward'), ...MOVED] },
  {
    name: 'ward, a pod per service', chart: 'quan-so', namespace: 'quan-so',
    args: [...PROFILE('ward'), ...MOVED, '--set', 'tags.grouped=false,tags.applications=true,tags.platform=true,tags.data=true,tags.security=true'],
  },
  { name: 'ward from outside', chart: 'quan-so', namespace: 'quan-so', args: [...PROFILE('ward'), ...PROFILE('outside'), ...MOVED] },
  { name: 'district', chart: 'quan-so', namespace: 'quan-so', args: [...PROFILE('district'), ...MOVED] },
  {
    name: 'district behind an ingress', chart: 'quan-so', namespace: 'quan-so',
    args: [...PROFILE('district'), ...MOVED, '--set', 'global.gateway.enabled=false,global.ingress.enabled=true,global.ingress.host=quan-so.example.vn,global.ingress.className=public,global.ingress.tlsSecret=quan-so-tls'],
  },
  { name: 'lower layers', chart: 'quan-so', namespace: 'quan-so', args: [...PROFILE('district'), ...MOVED, '--set', 'tags.applications=false'] },
  { name: 'datastores', chart: 'datastores', namespace: 'quan-so-datastores', args: [...MOVED] },
  {
    name: 'datastores behind a gateway and an ingress', chart: 'datastores', namespace: 'quan-so-datastores',
    args: [...MOVED, '--set', 'keycloak.hostname=https://id.example.vn,network.keycloakFrom[0].namespaceSelector.matchLabels.a=b,gateway.enabled=true,gateway.parentRefs[0].name=public,ingress.enabled=true,ingress.tlsSecret=id'],
  },
  { name: 'infrastructure', chart: 'infrastructure', namespace: 'quan-so-datastores', args: [...OPERATORS, '--set', `global.imageRegistry=${REGISTRY},realm.image.registry=,realm.image.tag=,global.images.services=1.2.3-a`] },
  {
    name: 'infrastructure behind a gateway, images from their makers', chart: 'infrastructure', namespace: 'quan-so-datastores',
    args: [...OPERATORS, '--set', 'gateway.enabled=true,gateway.parentRefs[0].name=public,network.keycloakFrom[0].namespaceSelector.matchLabels.a=b'],
  },
  {
    name: 'infrastructure behind an ingress, put back to an instant', chart: 'infrastructure', namespace: 'quan-so-datastores',
    args: [...OPERATORS, '--set', `global.imageRegistry=${REGISTRY},ingress.enabled=true,ingress.tlsSecret=id,network.keycloakFrom[0].namespaceSelector.matchLabels.a=b,postgres.backup.series=2,postgres.restore.to=2026-11-26T03:00:00Z,postgres.restore.confirm=2026-11-26T03:00:00Z`],
  },
  { name: 'observability for operators', chart: 'observability', namespace: 'quan-so', args: [...WATCHED, '--set', 'rules.as=operator,scrape.enabled=true'] },
  { name: 'observability', chart: 'observability', namespace: 'quan-so', args: WATCHED },
];

/**
 * Values that must be refused, and what the refusal must name.
 * @type {readonly { what: string, chart: string, args: readonly string[], names: readonly string[] }[]}
 */
export const REFUSED = [
  refused('a service that is not there', 'quan-so', ['catalogue.replicas=2'], ['catalogue']),
  refused('a value of a service, misspelt', 'quan-so', ['catalog.replica=2'], ['catalog', 'replica']),
  refused('a value, misspelt, of a service that is off', 'quan-so', ['tags.applications=false', 'dossiers.replica=2'], ['dossiers', 'replica']),
  refused('a service twice, by itself and with its layer', 'quan-so', ['layer-data.enabled=true'], ['layer-data.enabled', 'catalog']),
  refused('a value of a service that runs in the pod of its layer', 'quan-so', ['tags.grouped=true', 'tags.applications=false', 'tags.platform=false', 'tags.data=false', 'tags.security=false'], ['grouped', 'layer-']),
  refused('a nested value, misspelt', 'quan-so', ['catalog.image.tags=1'], ['catalog', 'tags']),
  refused('images from nowhere', 'quan-so', ['global.imageRegistry='], ['global.imageRegistry', 'quan-so.local', 'images.yaml']),
  refused('an image without a tag', 'quan-so', ['global.images.services='], ['global.images.services', 'images.yaml']),
  refused('an image that is not there', 'quan-so', ['global.images.service=1'], ['images', 'service']),
  refused('stores from nowhere', 'datastores', ['global.imageRegistry='], ['global.imageRegistry']),
  refused('a store without a tag', 'datastores', ['global.images.kafka='], ['global.images.kafka']),
  refused('a layer that is not there', 'quan-so', ['tags.aplications=false'], ['aplications']),
  refused('something for all, misspelt', 'quan-so', ['global.registry=x'], ['registry']),
  refused('a service in a layer that is not there', 'quan-so', ['catalog.layer=dat'], ['catalog.layer', 'dat']),
  refused('text where a number is due', 'quan-so', ['catalog.replicas=two'], ['catalog', 'replicas']),
  refused('a version that moves', 'quan-so', ['catalog.image.tag=latest'], ['catalog', 'tag']),
  refused('a version that is no label', 'quan-so', [`catalog.image.tag=${'1'.repeat(64)}`], ['catalog', 'tag']),
  refused('a digest that is none', 'quan-so', ['catalog.image.digest=sha256:1'], ['catalog', 'digest']),
  refused('an end before the way down', 'quan-so', ['catalog.termination.graceSeconds=32'], ['catalog.termination.graceSeconds']),
  refused('an issuer without TLS in production', 'quan-so', ['global.oidc.issuer=http://id.example.vn/realms/quan-so'], ['global.oidc.issuer', 'https']),
  refused('no issuer', 'quan-so', ['global.oidc.issuer='], ['global.oidc.issuer']),
  refused('no broker', 'quan-so', ['global.kafka.brokers='], ['global.kafka.brokers']),
  refused('brokers without ports', 'quan-so', ['global.kafka.brokers=kafka'], ['brokers']),
  refused('both pods per service and pods per layer', 'quan-so', ['tags.grouped=true'], ['tags', 'grouped']),
  refused('an exporter without an address', 'quan-so', ['global.telemetry.endpoint='], ['global.telemetry.endpoint']),
  refused('a gateway that nobody names', 'quan-so', ['global.gateway.parentRefs=null'], ['parentRefs']),
  refused('a gateway whose pods may not come in', 'quan-so', ['global.network.gateway.from=null'], ['global.network.gateway.from']),
  refused('environment that the chart sets itself', 'quan-so', ['catalog.env.DATABASE_URL=postgres://x'], ['catalog.env.DATABASE_URL']),
  refused('a secret for all services', 'quan-so', ['global.secrets.database=all'], ['secrets', 'database']),
  refused('no bound on memory', 'quan-so', ['catalog.resources.limits.memory=null'], ['catalog', 'memory']),
  refused('a share of the processor instead of its time', 'quan-so', ['dossiers.autoscaling.cpu=70'], ['autoscaling', 'cpu']),
  refused('an autoscaler upside down', 'quan-so', ['dossiers.autoscaling.min=9'], ['dossiers.autoscaling']),
  refused('a registry with a scheme', 'quan-so', ['global.imageRegistry=https://registry.example.vn'], ['imageRegistry']),
  refused('a part of the stores, misspelt', 'datastores', ['postgress.enabled=true'], ['postgress']),
  refused('a store that may lose what it acknowledged', 'datastores', ['postgres.settings.fsync=off'], ['postgres.settings.fsync']),
  refused('a way in without an address', 'datastores', ['gateway.enabled=true', 'gateway.parentRefs[0].name=public'], ['keycloak.hostname']),
  refused('a way in whose pods may not come in', 'datastores', ['keycloak.hostname=https://id.example.vn', 'ingress.enabled=true'], ['network.keycloakFrom']),
  refused('identity without its database', 'datastores', ['postgres.enabled=false'], ['keycloak.enabled']),
  refused('a volume without a unit', 'datastores', ['kafka.storage.size=10'], ['kafka', 'size']),
  refused('a part of the infrastructure, misspelt', 'infrastructure', ['kafka.replica=1'], ['kafka', 'replica']),
  refused('identity without an address', 'infrastructure', ['keycloak.hostname='], ['keycloak.hostname']),
  refused('operated servers that cannot ask the cluster', 'infrastructure', ['network.apiServer.to=null'], ['network.apiServer.to', 'endpointslices']),
  refused('a backup that cannot go out', 'infrastructure', ['postgres.backup.objectStore=backup', 'network.backup.to=null'], ['network.backup.to']),
  refused('a restore that nobody confirmed', 'infrastructure', ['postgres.backup.objectStore=backup', 'postgres.backup.series=2', 'postgres.restore.to=latest'], ['postgres.restore.confirm']),
  refused('a restore without a zone', 'infrastructure', ['postgres.restore.to=2026-11-26T03:00:00'], ['restore']),
  refused('a log that is said to be kept in another way', 'datastores', ['postgres.settings.archive_command=true'], ['postgres.settings.archive_command']),
  refused('traces that cannot go on', 'infrastructure', ['collector.endpoint=http://tempo:4318', 'network.telemetry.to=null'], ['network.telemetry.to']),
  refused('a gateway before identity that nobody names', 'infrastructure', ['gateway.enabled=true'], ['gateway.parentRefs']),
  refused('a gateway before identity whose pods may not come in', 'infrastructure', ['ingress.enabled=true'], ['network.keycloakFrom']),
  refused('a page with a path', 'datastores', ['keycloak.webOrigin=https://a.example.vn/x'], ['webOrigin']),
  refused('alarms that lead nowhere', 'observability', ['platform.url='], ['platform.url']),
  refused('rules for somebody who is not there', 'observability', ['platform.url=https://x.vn', 'rules.as=crd'], ['rules', 'as']),
];

/** @param {string} what @param {string} chart @param {readonly string[]} sets @param {readonly string[]} names */
function refused(what, chart, sets, names) {
  const needed = { infrastructure: ['-f', 'charts/infrastructure/tests/values.yaml'], observability: [] }[chart] ?? IMAGES;
  return { what, chart, args: [...(chart === 'quan-so' ? PROFILE('district') : []), ...needed, ...sets.flatMap((one) => ['--set', one])], names };
}
