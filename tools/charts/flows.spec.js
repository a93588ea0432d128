import { DATASTORES, dueFlows, flowsOf, INFRASTRUCTURE, selects } from './flows.js';

const pod = (name, ports = [], labels = {}) => ({ kind: 'Pod', metadata: { name, labels: { 'app.kubernetes.io/name': name, ...labels } }, spec: { containers: [{ ports }] } });
const http = [{ name: 'http', containerPort: 8080 }];
const policy = (podSelector, rules) => ({ kind: 'NetworkPolicy', metadata: { name: 'p' }, spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...rules } });
const named = (name) => ({ matchLabels: { 'app.kubernetes.io/name': name } });
const toA = policy(named('b'), { egress: [{ to: [{ podSelector: named('a') }], ports: [{ port: 'http' }] }] });
const fromB = policy(named('a'), { ingress: [{ from: [{ podSelector: named('b') }], ports: [{ port: 8080 }] }] });
const closed = policy({}, {});

describe('flows between pods', () => {
  const flows = (...objects) => flowsOf([{ namespace: 'n', objects: [pod('a', http), pod('b'), ...objects] }]);

  it('are open where nobody closes them', () => expect(flows()).toEqual(['a → a:8080', 'b → a:8080']));
  it('are closed by a policy for all', () => expect(flows(closed)).toEqual([]));
  it('need the leave of both ends', () => {
    expect(flows(closed, toA)).toEqual([]);
    expect(flows(closed, fromB)).toEqual([]);
    expect(flows(closed, toA, fromB)).toEqual(['b → a:8080']);
  });
  it('stay in their namespace unless a rule names another', () => {
    const across = (peer) => flowsOf([{ namespace: 'n', objects: [pod('a', http), closed, policy(named('a'), { ingress: [{ from: [peer] }] })] }, { namespace: 'm', objects: [pod('b')] }]);
    expect(across({ podSelector: named('b') })).toEqual([]);
    expect(across({ podSelector: named('b'), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'm' } } })).toEqual(['b → a:8080']);
    expect(across({ podSelector: named('c'), namespaceSelector: {} })).toEqual([]);
  });
  it('are not opened by a rule for another port or for addresses', () => {
    expect(flows(closed, fromB, policy(named('b'), { egress: [{ to: [{ podSelector: named('a') }], ports: [{ port: 9000 }] }] }))).toEqual([]);
    expect(flows(closed, fromB, policy(named('b'), { egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }))).toEqual([]);
    expect(flows(closed, fromB, policy(named('b'), { egress: [{ to: [{ podSelector: {} }], ports: [{ port: 8080, protocol: 'UDP' }] }] }))).toEqual([]);
  });
});

describe('selectors', () => {
  it.each([
    ['In', ['x'], true], ['In', ['y'], false], ['NotIn', ['y'], true], ['NotIn', ['x'], false], ['Exists', undefined, true], ['DoesNotExist', undefined, false],
  ])('%s %j', (operator, values, expected) => expect(selects({ matchExpressions: [{ key: 'k', operator, values }] }, { k: 'x' })).toBe(expected));
  it('select everything when empty', () => expect(selects({}, {})).toBe(true));
});

it('flows that are due go down and never up', () => {
  const due = dueFlows([{ name: 'roof', layer: 'top' }, { name: 'floor', layer: 'ground' }], ['top', 'ground'], DATASTORES);
  expect(due.filter((one) => /(roof|floor):8080/.test(one))).toEqual(['floor → floor:8080', 'floor-test → floor:8080', 'roof → floor:8080', 'roof → roof:8080', 'roof-test → roof:8080']);
  expect(due).toContain('roof-migration → postgres:5432');
});

it('the layer security has its own database among operators, and no other', () => {
  const due = dueFlows([{ name: 'audit', layer: 'security' }, { name: 'catalog', layer: 'data' }], ['data', 'security'], INFRASTRUCTURE);
  expect(due.filter((one) => /→ postgres/.test(one) && /^(audit|catalog)/.test(one))).toEqual(['audit → postgres-security:5432', 'audit-migration → postgres-security:5432', 'catalog → postgres:5432', 'catalog-migration → postgres:5432']);
});
