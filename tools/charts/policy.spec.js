import { breachesOf, missingOf, podsOf } from './policy.js';

const container = () => ({
  name: 'service', image: 'r/a:1', env: [{ name: 'PORT', value: '1' }],
  startupProbe: { httpGet: { path: '/live' } }, livenessProbe: { httpGet: { path: '/live' } }, readinessProbe: { httpGet: { path: '/ready' } },
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { memory: '1Mi' } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
});
const spec = () => ({
  serviceAccountName: 'a', automountServiceAccountToken: false, enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container()],
  volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Mi' } }, { name: 'keys', secret: { secretName: 'k', defaultMode: 0o440 } }],
});
const deployment = () => ({ kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas: 1, template: { metadata: { labels: { app: 'a' } }, spec: spec() } } });
const policy = () => ({ kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: { matchLabels: { app: 'a' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { d: 'n' } } }] }] } });
const hook = (weight) => ({ annotations: { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': weight, 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': weight } });
const account = () => ({ kind: 'ServiceAccount', metadata: { name: 'a', ...hook('-2') } });
const job = () => ({ kind: 'Job', metadata: { name: 'm', ...hook('-1') }, spec: { template: { metadata: { labels: { app: 'm' } }, spec: spec() } } });
const ahead = () => ({ ...policy(), metadata: { name: 'm', ...hook('-2') }, spec: { ...policy().spec, podSelector: { matchLabels: { app: 'm' } } } });

/** What is told once one thing about the good ones is changed. */
function told(change) {
  const objects = [deployment(), policy(), account(), job(), ahead()];
  const [of, rules, who, once, way] = objects;
  change({ objects, of, rules, who, once, way, pod: of.spec.template.spec, one: of.spec.template.spec.containers[0] });
  return breachesOf(objects, { registry: 'r' });
}

describe('what may be deployed', () => {
  it('is taken when all of it is right', () => expect(told(() => undefined)).toEqual([]));

  it.each([
    ['root', ({ pod }) => (pod.securityContext.runAsUser = 0), 'Deployment/a: runs as nobody'],
    ['no filter of system calls', ({ pod }) => delete pod.securityContext.seccompProfile, 'Deployment/a: the default filter'],
    ['a token', ({ pod }) => delete pod.automountServiceAccountToken, 'Deployment/a: no token'],
    ['the account of all', ({ pod }) => delete pod.serviceAccountName, 'Deployment/a: an account of its own'],
    ['the network of the node', ({ pod }) => (pod.hostNetwork = true), 'Deployment/a: nothing of the node: hostNetwork'],
    ['a folder of the node', ({ pod }) => pod.volumes.push({ name: 'h', hostPath: { path: '/' } }), 'Deployment/a: nothing of the node: hostPath h'],
    ['a folder without end', ({ pod }) => (pod.volumes[0].emptyDir = {}), 'Deployment/a: a bound on what is written: emptyDir tmp'],
    ['keys for everybody', ({ pod }) => (pod.volumes[1].secret.defaultMode = 0o444), 'Deployment/a: keys that others cannot read: defaultMode keys'],
    ['keys as they come', ({ pod }) => delete pod.volumes[1].secret.defaultMode, 'Deployment/a: keys that others cannot read: defaultMode keys'],
    ['addresses as variables', ({ pod }) => delete pod.enableServiceLinks, 'Deployment/a: no addresses'],
    ['more rights', ({ one }) => (one.securityContext.allowPrivilegeEscalation = true), 'Deployment/a/service: gains nothing'],
    ['a capability', ({ one }) => (one.securityContext.capabilities.add = ['NET_RAW']), 'Deployment/a/service: gains nothing'],
    ['an image that is written to', ({ one }) => delete one.securityContext.readOnlyRootFilesystem, 'Deployment/a/service: writes nothing'],
    ['memory without end', ({ one }) => delete one.resources.limits, 'Deployment/a/service: has bounds: limits.memory'],
    ['an image that moves', ({ one }) => (one.image = 'r/a:latest'), 'Deployment/a/service: has an image with a version: r/a:latest'],
    ['an image without a version', ({ one }) => (one.image = 'r/a'), 'Deployment/a/service: has an image with a version: r/a'],
    ['an image from elsewhere', ({ one }) => (one.image = 'docker.io/a:1'), 'Deployment/a: from another registry: docker.io/a:1'],
    ['an image from elsewhere that an operator runs', ({ objects }) => objects.push({ apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name: 'p' }, spec: { imageName: 'ghcr.io/a:1' } }), 'Cluster/p: from another registry: ghcr.io/a:1'],
    ['a route to nobody', ({ objects }) => objects.push({ kind: 'HTTPRoute', metadata: { name: 'a' }, spec: { rules: [{ backendRefs: [{ name: 'b', port: 80 }] }] } }), 'HTTPRoute/a: no service b:80'],
    ['an ingress to another port', ({ objects }) => objects.push({ kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ name: 'http', port: 80 }] } }, { kind: 'Ingress', metadata: { name: 'a' }, spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'a', port: { name: 'https' } } } }] } }] } }), 'Ingress/a: no service a:https'],
    ['a password in the open', ({ one }) => one.env.push({ name: 'KAFKA_PASSWORD', value: 'x' }), 'Deployment/a/service: holds no secret: KAFKA_PASSWORD'],
    ['no question', ({ one }) => delete one.startupProbe, 'Deployment/a/service: is asked in three ways'],
    ['one question for two', ({ one }) => (one.livenessProbe = { httpGet: { path: '/ready' } }), 'Deployment/a/service: is asked in three ways, and life is another question than readiness: livenessProbe = readinessProbe'],
    ['a pod in no policy', ({ rules }) => (rules.spec.podSelector.matchLabels.app = 'b'), 'Deployment/a: no NetworkPolicy for Ingress'],
    ['an open way out', ({ rules }) => (rules.spec.policyTypes = ['Ingress']), 'Deployment/a: no NetworkPolicy for Egress'],
    ['a rule for everybody', ({ rules }) => (rules.spec.ingress = [{}]), 'NetworkPolicy/a: open to everybody'],
    ['the whole internet', ({ rules }) => (rules.spec.egress[0].to = [{ ipBlock: { cidr: '0.0.0.0/0' } }]), 'NetworkPolicy/a: open to everybody'],
    ['every namespace', ({ rules }) => (rules.spec.ingress[0].from = [{ namespaceSelector: {} }]), 'NetworkPolicy/a: open to everybody'],
    ['a secret', ({ objects }) => objects.push({ kind: 'Secret', metadata: { name: 's' } }), 'Secret/s: a chart holds no secret'],
    ['a right on the cluster', ({ objects }) => objects.push({ kind: 'Role', metadata: { name: 'r' } }), 'Role/r: nothing here talks to the cluster'],
    ['a Job that stays', ({ once }) => delete once.metadata.annotations['helm.sh/hook'], 'Job/m: a Job that is no hook'],
    ['a Job that Argo CD does not know', ({ once }) => delete once.metadata.annotations['argocd.argoproj.io/hook'], 'Job/m: no hook under Argo CD'],
    ['a Job whose wave under Argo CD is another', ({ once }) => (once.metadata.annotations['argocd.argoproj.io/sync-wave'] = '5'), 'Job/m: no hook under Argo CD'],
    ['a Job that installs alone have', ({ once }) => (once.metadata.annotations['helm.sh/hook'] = 'pre-install'), 'Job/m: not at each install and upgrade: pre-install'],
    ['a Job before the way it goes', ({ way }) => (way.metadata.annotations['helm.sh/hook-weight'] = '0'), 'Job/m: NetworkPolicy/m comes after it'],
    ['a Job whose way is made with the rest', ({ way }) => delete way.metadata.annotations['helm.sh/hook'], 'Job/m: NetworkPolicy/m comes after it'],
    ['a Job before its account', ({ who }) => (who.metadata.annotations['helm.sh/hook-weight'] = '0'), 'Job/m: its account comes after it'],
    ['a budget for one', ({ objects }) => objects.push({ kind: 'PodDisruptionBudget', metadata: { name: 'a' }, spec: {} }), 'Deployment/a: a budget for one pod'],
    ['two without a budget', ({ of }) => (of.spec.replicas = 2), 'Deployment/a: several pods and no budget'],
    ['a number beside an autoscaler', ({ objects }) => objects.push({ kind: 'HorizontalPodAutoscaler', metadata: { name: 'a' }, spec: { minReplicas: 1 } }), 'Deployment/a: replicas beside an autoscaler'],
  ])('is refused with %s', (_, change, sentence) => expect(told(change).join('\n')).toContain(sentence));

  it('looks into every kind that carries pods', () => {
    const template = { metadata: { labels: {} }, spec: spec() };
    const kinds = podsOf([{ kind: 'Pod', metadata: { name: 'p' }, spec: spec() }, { kind: 'CronJob', metadata: { name: 'c' }, spec: { jobTemplate: { spec: { template } } } }, { kind: 'StatefulSet', metadata: { name: 's' }, spec: { template } }, { kind: 'Service', metadata: { name: 'x' }, spec: {} }]);
    expect(kinds.map(({ where }) => where)).toEqual(['Pod/p', 'CronJob/c', 'StatefulSet/s']);
  });
});

describe('a whole installation', () => {
  const pods = (layer, args, env = []) => ({ kind: 'Deployment', metadata: { name: 'x' }, spec: { template: { metadata: { labels: { 'quan-so.vn/layer': layer } }, spec: { containers: [{ args, env }] } } } });
  const rule = (...values) => ({ kind: 'NetworkPolicy', spec: { ingress: [{ from: [{ podSelector: { matchExpressions: [{ values }] } }] }] } });
  const house = { layers: [{ name: 'top' }, { name: 'ground' }], services: [{ name: 'a', layer: 'top' }, { name: 'b', layer: 'ground' }, { name: 'c', layer: 'ground' }] };
  const together = pods('ground', ['apps/all-in-one/dist/group.js'], [{ name: 'SERVICES', value: 'b,c' }]);

  it('runs each service once, alone or together', () => expect(missingOf([pods('top', ['apps/top/a/dist/main.js']), together, rule('top'), rule('top', 'ground')], house)).toEqual([]));
  it('tells of one that is left out, and of one in another layer', () => {
    expect(missingOf([pods('ground', ['apps/ground/a/dist/main.js']), together], house)).toEqual(['a (top): is not run', 'a (ground): is run and should not be']);
  });
  it('tells of one that runs twice', () => expect(missingOf([pods('top', ['apps/top/a/dist/main.js']), together, pods('ground', ['apps/ground/b/dist/main.js'])], house)).toEqual(['b (ground): is run and should not be']));
  it('tells of layers in another order', () => expect(missingOf([pods('top', ['apps/top/a/dist/main.js']), together, rule('ground', 'top')], house)).toEqual(['ground, top: is not the order of the layers']));
});
