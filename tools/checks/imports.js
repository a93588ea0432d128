/** Who may import whom: rules of dependency-cruiser drawn from tools/layers.js, and the sentence of each. */
import { above, after, contracts, kernel, layers, owners, services } from '../layers.js';
import { finding } from './finding.js';
import { graphOf } from './graph.js';

const SPEC = '\\.spec\\.[jt]s$|/src/spec/';
/** Comparisons with the stock parts of Nest and kafkajs live here. */
const COMPARISONS = ['^libs/kernel/messaging/.+\\.(int|real)\\.spec\\.ts$', '^test/bench/'];

/** @typedef {{ rule: import('dependency-cruiser').IForbiddenRuleType & { name: string }, say: (from: string, to: string) => [string, string] }} Rule */

/** @type {readonly Rule[]} */
export const rules = [
  ...layers.filter(({ name }) => above(name).length > 0).map(({ name }) => upward(name)),
  ...kernel.filter((name) => after(name).length > 0).map(order),
  rule('contract-to-app', { path: '^libs/contracts/' }, { path: [`^apps/`, ...packages(services.map(({ name }) => name))] }, (from, to) => [
    `Hợp đồng nhập dịch vụ (${to}); hợp đồng chỉ biết các hợp đồng phía dưới và kernel.`,
    `A contract imports a service (${to}); a contract knows only contracts below it and the kernel.`,
  ]),
  rule('kernel-to-above', { path: '^libs/kernel/' }, { path: ['^(apps|test|libs/contracts)/', ...packages([...services.map(({ name }) => name), ...contracts.map((name) => `contracts-${name}`)])] }, (from, to) => [
    `Kernel nhập ${to}; kernel không biết gì ở phía trên nó.`,
    `The kernel imports ${to}; the kernel knows nothing above it.`,
  ]),
  rule('service-to-service', { path: '^apps/([^/]+)/([^/]+)/', pathNot: '^apps/all-in-one/' }, { path: ['^apps/', ...packages(services.map(({ name }) => name))], pathNot: ['^apps/$1/$2/', '^@quan-so/$2(/|$)'] }, (from, to) => [
    `Một dịch vụ nhập dịch vụ khác (${to}); dịch vụ gọi nhau qua HTTP và báo nhau qua sự kiện.`,
    `A service imports another service (${to}); services call by HTTP and tell by events.`,
  ]),
  // The platform for one machine signs in as its demo accounts do in tests.
  rule('testing-in-tests', { path: '^(apps|libs)/', pathNot: ['^libs/kernel/testing/', '^apps/all-in-one/', SPEC] }, { path: ['^libs/kernel/testing/', ...packages(['testing'])] }, () => [
    'Mã chạy thật nhập kernel/testing; chỉ tệp kiểm thử được nhập.',
    'Code that runs for real imports kernel/testing; only tests may.',
  ]),
  ...owners.flatMap(({ library, packages: names }) => names.map((name) => owner(library, name))),
];

/** Breaches of the rules above. @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function imports({ root }) {
  const { violations } = await graphOf(root, rules.map(({ rule: one }) => one));
  const say = new Map(rules.map(({ rule: one, say: words }) => [one.name, words]));
  const said = violations.map(({ rule: { name }, from, to }) => finding(from, ...(say.get(name)?.(from, named(to)) ?? [name, name])));
  // A service that imports one above it breaks two rules; one sentence each is wanted, the same sentence twice is not.
  return [...new Map(said.map((one) => [`${one.where} ${one.en}`, one])).values()].sort((a, b) => (a.where < b.where ? -1 : 1));
}

/** @param {string} name @param {import('dependency-cruiser').IRegularForbiddenRuleType['from']} from @param {import('dependency-cruiser').IRegularForbiddenRuleType['to']} to @param {Rule['say']} say @returns {Rule} */
function rule(name, from, to, say) {
  return { rule: { name, severity: 'error', from, to }, say };
}

/** @param {import('../layers.js').Layer} layer */
function upward(layer) {
  const higher = above(layer);
  const named = [...services.filter((service) => higher.includes(service.layer)).map(({ name }) => name), ...higher.map((name) => `contracts-${name}`)];
  return rule(`upward-from-${layer}`, { path: `^(apps|libs/contracts)/${layer}/` }, { path: [`^(apps|libs/contracts)/(${higher.join('|')})/`, ...packages(named)] }, (from, to) => [
    `Lớp ${layer} nhập ${to} ở lớp trên nó; một lớp chỉ nhìn xuống.`,
    `Layer ${layer} imports ${to} of a layer above it; a layer only looks down.`,
  ]);
}

/** @param {(typeof kernel)[number]} library */
function order(library) {
  const later = after(library);
  return rule(`kernel-order-${library}`, { path: `^libs/kernel/${library}/` }, { path: [`^libs/kernel/(${later.join('|')})/`, ...packages(later)], ...exemptTests(library) }, (from, to) => [
    `kernel/${library} nhập ${to}, đứng sau nó trong tools/layers.js.`,
    `kernel/${library} imports ${to}, which stands after it in tools/layers.js.`,
  ]);
}

/** Tests of a library stand on kernel/testing, which stands on the library. @param {string} library */
function exemptTests(library) {
  return library === 'testing' ? {} : { pathNot: ['^libs/kernel/testing/', '^@quan-so/testing(/|$)'] };
}

/** @param {string} library @param {string} name */
function owner(library, name) {
  return rule(`owner-of-${name}`, { pathNot: [`^libs/kernel/${library}/`, ...COMPARISONS] }, { path: [`(^|/)node_modules/(@types/)?${name}/`, `^${name}(/|$)`] }, () => [
    `Chỉ kernel/${library} được nhập ${name}; hãy dùng cửa của thư viện đó.`,
    `Only kernel/${library} may import ${name}; use that library's door.`,
  ]);
}

/** What is imported by name and not found on disk keeps that name. @param {readonly string[]} names */
function packages(names) {
  return names.length === 0 ? [] : [`^@quan-so/(${names.join('|')})(/|$)`];
}

/** @param {string} path */
function named(path) {
  return path.replace(/\/src\/.*$/, '');
}
