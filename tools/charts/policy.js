/**
 * Rules over everything that the charts render, as plain functions: objects in, sentences out. What the standard
 * "restricted" asks, and what this house asks beyond it.
 */

/** @typedef {any} Manifest an object of Kubernetes */
/** @typedef {{ where: string, labels: Record<string, string>, spec: any, job: boolean }} Pods a template of pods and what carries it */

/** @param {readonly Manifest[]} objects @returns {Pods[]} */
export function podsOf(objects) {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const where = `${kind}/${metadata.name}`;
    if (kind === 'Pod') return [{ where, labels: metadata.labels ?? {}, spec, job: true }];
    const template = kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
    return template?.spec?.containers ? [{ where, labels: template.metadata?.labels ?? {}, spec: template.spec, job: kind !== 'Deployment' && kind !== 'StatefulSet' }] : [];
  });
}

/** @type {Record<string, (one: Pods) => readonly string[]>} */
const POD_RULES = {
  'runs as nobody': ({ spec }) => (spec.securityContext?.runAsNonRoot === true && spec.securityContext.runAsUser === 65532 ? [] : ['runAsNonRoot, runAsUser 65532']),
  'the default filter of system calls': ({ spec }) => (spec.securityContext?.seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
  'no token of the cluster': ({ spec }) => (spec.automountServiceAccountToken === false ? [] : ['automountServiceAccountToken']),
  'an account of its own': ({ spec }) => ((spec.serviceAccountName ?? 'default') === 'default' ? ['serviceAccountName'] : []),
  'nothing of the node': ({ spec }) => ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true).concat((spec.volumes ?? []).filter((/** @type {any} */ one) => one.hostPath).map((/** @type {any} */ one) => `hostPath ${one.name}`)),
  'a bound on what is written': ({ spec }) => (spec.volumes ?? []).filter((/** @type {any} */ one) => one.emptyDir && !one.emptyDir.sizeLimit).map((/** @type {any} */ one) => `emptyDir ${one.name}`),
  'keys that others cannot read': ({ spec }) => (spec.volumes ?? []).filter((/** @type {any} */ one) => { const mode = (one.secret ?? one.projected)?.defaultMode; return (one.secret || one.projected) && (mode === undefined || (mode & 0o007) !== 0); }).map((/** @type {any} */ one) => `defaultMode ${one.name}`),
  'no addresses of other services as variables': ({ spec }) => (spec.enableServiceLinks === false ? [] : ['enableServiceLinks']),
};

/** @type {Record<string, (container: any, one: Pods) => readonly string[]>} */
const CONTAINER_RULES = {
  'gains nothing': ({ securityContext: s = {} }) => (s.allowPrivilegeEscalation === false && s.privileged !== true && s.capabilities?.drop?.includes('ALL') && !s.capabilities.add ? [] : ['allowPrivilegeEscalation, capabilities']),
  'writes nothing into its image': ({ securityContext: s = {} }) => (s.readOnlyRootFilesystem === true ? [] : ['readOnlyRootFilesystem']),
  'has bounds': ({ resources: r = {} }) => [...(r.requests?.cpu && r.requests.memory ? [] : ['requests']), ...(r.limits?.memory ? [] : ['limits.memory'])],
  'has an image with a version': ({ image = '' }) => (/(:(?!latest$)[A-Za-z0-9_][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) ? [] : [image]),
  'holds no secret': ({ env = [] }) => env.filter((/** @type {any} */ { name, value }) => value !== undefined && /PASSWORD|SECRET|TOKEN|(^|_)KEY$|DATABASE_URL/.test(name)).map((/** @type {any} */ { name }) => name),
  'is asked in three ways, and life is another question than readiness': (container, { job }) => (job ? [] : probesOf(container)),
};

/** @param {any} container */
function probesOf({ startupProbe, livenessProbe, readinessProbe }) {
  if (!startupProbe || !livenessProbe || !readinessProbe) return ['startupProbe, livenessProbe, readinessProbe'];
  const question = (/** @type {any} */ { httpGet, exec, tcpSocket }) => JSON.stringify({ httpGet, exec, tcpSocket });
  return question(livenessProbe) === question(readinessProbe) && !livenessProbe.tcpSocket ? ['livenessProbe = readinessProbe'] : [];
}

/**
 * Every breach as a sentence.
 * @param {readonly Manifest[]} objects of one namespace
 * @param {{ registry?: string }} [options] the registry that every image must come from
 * @returns {string[]}
 */
export function breachesOf(objects, { registry } = {}) {
  const pods = podsOf(objects);
  const containers = pods.flatMap((one) => [...(one.spec.initContainers ?? []), ...one.spec.containers].map((container) => ({ one, container })));
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  return [
    ...pods.flatMap((one) => Object.entries(POD_RULES).flatMap(([rule, look]) => look(one).map((what) => `${one.where}: ${rule}: ${what}`))),
    ...containers.flatMap(({ one, container }) => Object.entries(CONTAINER_RULES).flatMap(([rule, look]) => look(container, one).map((what) => `${one.where}/${container.name}: ${rule}: ${what}`))),
    ...containers.filter(({ container }) => registry !== undefined && !container.image.startsWith(`${registry}/`)).map(({ one, container }) => `${one.where}: from another registry: ${container.image}`),
    ...objects.filter(({ apiVersion }) => OPERATORS.test(apiVersion)).flatMap((one) => imagesIn(one).filter((image) => registry !== undefined && !image.startsWith(`${registry}/`)).map((image) => `${one.kind}/${one.metadata.name}: from another registry: ${image}`)),
    ...pods.flatMap((one) => closedBothWays(one, policies)),
    ...policies.flatMap(openTo),
    ...objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => `Secret/${metadata.name}: a chart holds no secret`),
    ...objects.filter(({ kind }) => ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'].includes(kind)).map(({ kind, metadata }) => `${kind}/${metadata.name}: nothing here talks to the cluster`),
    ...routes(objects),
    ...hooks(objects),
    ...drains(objects),
  ];
}

/** Whose pods are made by an operator. */
const OPERATORS = /^(kafka\.strimzi\.io|postgresql\.cnpg\.io|k8s\.keycloak\.org|opentelemetry\.io)\//;

/** Every image that a resource names for what its operator makes. @param {any} node @returns {string[]} */
function imagesIn(node) {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => ((key === 'image' || key === 'imageName') && typeof value === 'string' ? [value] : imagesIn(value)));
}

/** A policy of its own for both directions, beside the one that closes the namespace. @param {Pods} one @param {readonly Manifest[]} policies */
function closedBothWays({ where, labels }, policies) {
  const own = policies.filter(({ spec }) => chooses(spec.podSelector, labels));
  return ['Ingress', 'Egress'].filter((direction) => !own.some(({ spec }) => spec.policyTypes.includes(direction))).map((direction) => `${where}: no NetworkPolicy for ${direction}`);
}

/** Rules without peers, or to every address, are open doors. @param {Manifest} policy */
function openTo({ metadata, spec }) {
  const rules = [...(spec.ingress ?? []).map((/** @type {any} */ one) => one.from), ...(spec.egress ?? []).map((/** @type {any} */ one) => one.to)];
  const everywhere = (/** @type {any} */ peer) => /\/0$/.test(peer.ipBlock?.cidr ?? '') || (!peer.ipBlock && !peer.podSelector && Object.keys(peer.namespaceSelector ?? {}).length === 0);
  return rules.filter((peers) => !peers?.length || peers.some(everywhere)).map(() => `NetworkPolicy/${metadata.name}: open to everybody`);
}

/** The service of Keycloak that its operator makes. */
const MADE_BY_OPERATORS = new Set(['keycloak-service']);

/** Behind every route and ingress stands a service with that port. @param {readonly Manifest[]} objects */
function routes(objects) {
  const ports = new Map(objects.filter(({ kind }) => kind === 'Service').map(({ metadata, spec }) => [metadata.name, spec.ports.flatMap((/** @type {any} */ { name, port }) => [name, port])]));
  const behind = (/** @type {Manifest} */ { kind, spec }) => {
    if (kind === 'HTTPRoute') return spec.rules.flatMap((/** @type {any} */ one) => one.backendRefs);
    return kind === 'Ingress' ? spec.rules.flatMap((/** @type {any} */ { http }) => http.paths.map((/** @type {any} */ { backend: { service } }) => ({ name: service.name, port: service.port.name ?? service.port.number }))) : [];
  };
  return objects.flatMap((one) => behind(one).filter((/** @type {any} */ { name, port }) => !MADE_BY_OPERATORS.has(name) && !ports.get(name)?.includes(port)).map((/** @type {any} */ { name, port }) => `${one.kind}/${one.metadata.name}: no service ${name}:${port}`));
}

/** What Argo CD calls the two moments. */
const MOMENTS = { 'pre-install,pre-upgrade': 'PreSync', 'post-install,post-upgrade': 'PostSync' };

/**
 * A Job is a hook in both worlds, at each install, upgrade and sync; before a first one the chart has made nothing yet, so
 * what the Job stands on is a hook that comes before it.
 * @param {readonly Manifest[]} objects
 */
function hooks(objects) {
  const hookOf = (/** @type {Manifest} */ one) => one.metadata.annotations?.['helm.sh/hook'];
  const weight = (/** @type {Manifest} */ one) => Number(one.metadata.annotations?.['helm.sh/hook-weight'] ?? 0);
  return objects.filter(({ kind }) => kind === 'Job').flatMap((job) => {
    const where = `Job/${job.metadata.name}`;
    const moment = hookOf(job);
    if (!moment) return [`${where}: a Job that is no hook breaks the next upgrade`];
    const { labels = {} } = job.spec.template.metadata;
    const account = objects.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === job.spec.template.spec.serviceAccountName);
    const policies = objects.filter(({ kind, spec }) => kind === 'NetworkPolicy' && chooses(spec.podSelector, labels));
    const before = (/** @type {Manifest} */ one) => one !== undefined && hookOf(one) === moment && weight(one) < weight(job);
    const { 'argocd.argoproj.io/hook': argo, 'argocd.argoproj.io/sync-wave': wave } = job.metadata.annotations;
    return [
      ...(Object.hasOwn(MOMENTS, moment) ? [] : [`${where}: not at each install and upgrade: ${moment}`]),
      ...(argo === /** @type {Record<string, string>} */ (MOMENTS)[moment] && Number(wave) === weight(job) ? [] : [`${where}: no hook under Argo CD`]),
      ...(moment.includes('pre-install') && !before(account) ? [`${where}: its account comes after it`] : []),
      ...(moment.includes('pre-install') ? policies.filter((one) => !before(one)).map(({ metadata }) => `${where}: NetworkPolicy/${metadata.name} comes after it`) : []),
    ];
  });
}

/** Whether a policy of its own, not the one for all, is for these pods. @param {any} selector @param {Record<string, string>} labels */
function chooses({ matchLabels = {} }, labels) {
  return Object.keys(matchLabels).length > 0 && Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}

/** Budgets that keep a node from ever being emptied; numbers that two would write. @param {readonly Manifest[]} objects */
function drains(objects) {
  const named = (/** @type {string} */ kind, /** @type {string} */ name) => objects.find((one) => one.kind === kind && one.metadata.name === name);
  return objects.filter(({ kind }) => kind === 'Deployment').flatMap(({ metadata, spec }) => {
    const scaled = named('HorizontalPodAutoscaler', metadata.name);
    const budget = named('PodDisruptionBudget', metadata.name);
    const fewest = scaled ? scaled.spec.minReplicas : (spec.replicas ?? 1);
    return [
      ...(scaled && spec.replicas !== undefined ? [`Deployment/${metadata.name}: replicas beside an autoscaler`] : []),
      ...(budget && fewest < 2 ? [`Deployment/${metadata.name}: a budget for one pod`] : []),
      ...(!budget && fewest > 1 ? [`Deployment/${metadata.name}: several pods and no budget`] : []),
    ];
  });
}

/**
 * Whether a whole installation runs every service of the house once, in its own layer, and knows the layers as they are.
 * @param {readonly Manifest[]} objects
 * @param {{ services: readonly { name: string, layer: string }[], layers: readonly { name: string }[] }} house
 * @returns {string[]}
 */
export function missingOf(objects, { services, layers }) {
  const run = objects.filter(({ kind }) => kind === 'Deployment').flatMap(({ spec: { template } }) => {
    const [{ env, args }] = template.spec.containers;
    const together = env.find((/** @type {any} */ one) => one.name === 'SERVICES')?.value.split(',');
    return (together ?? [String(args[0]).split('/')[2]]).map((/** @type {string} */ name) => `${name} (${template.metadata.labels['quan-so.vn/layer']})`);
  });
  const due = services.map(({ name, layer }) => `${name} (${layer})`);
  const top = objects.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.ingress).map(({ spec }) => spec.ingress[0].from[0].podSelector.matchExpressions[0].values);
  const order = layers.map(({ name }) => name);
  return [
    ...due.filter((one) => !run.includes(one)).map((one) => `${one}: is not run`),
    ...run.filter((/** @type {string} */ one, /** @type {number} */ at) => !due.includes(one) || run.indexOf(one) !== at).map((/** @type {string} */ one) => `${one}: is run and should not be`),
    ...top.filter((values) => values.some((/** @type {string} */ name, /** @type {number} */ at) => name !== order[at])).map((values) => `${values.join(', ')}: is not the order of the layers`),
  ];
}
