/**
 * The one closed list of what this repository is made of: layers in the deck's order, groups, services, contracts and
 * kernel libraries. Tags of Nx, import rules, checks and rights on the broker are drawn from here; a room that is not in
 * the list fails `npm run check`. A new service needs data that nobody else writes and a reason to be released alone.
 */

/** From the top to the ground. A layer may use itself and what is below it, never what is above. */
export const layers = /** @type {const} */ ([
  { name: 'applications', title: { vi: 'Ứng dụng số', en: 'Digital applications' } },
  { name: 'platform', title: { vi: 'Nền tảng số', en: 'Digital platforms' } },
  { name: 'data', title: { vi: 'Dữ liệu số', en: 'Digital data' } },
  { name: 'security', title: { vi: 'Chính sách số, an toàn thông tin', en: 'Digital policy, information security' } },
]);

/** @typedef {(typeof layers)[number]['name']} Layer */

/** The deck's groups of a layer, where it has some. */
export const groups = /** @type {const} */ ([{ name: 'dung-chung', layer: 'applications', title: { vi: 'Ứng dụng dùng chung', en: 'Shared applications' } }]);

/**
 * Every service, from the ground up: who is told stands before who tells of it.
 * @type {readonly { name: string, layer: Layer, group?: (typeof groups)[number]['name'], title: { vi: string, en: string } }[]}
 */
export const services = [
  { name: 'catalog', layer: 'data', title: { vi: 'Danh mục dùng chung', en: 'Reference data' } },
  { name: 'warehouse', layer: 'data', title: { vi: 'Kho dữ liệu dùng chung', en: 'Data warehouse' } },
  { name: 'dossiers', layer: 'applications', group: 'dung-chung', title: { vi: 'Một cửa', en: 'One-stop desk' } },
];

/** Layers that have said something: a contract library each. @type {readonly Layer[]} */
export const contracts = ['security', 'data', 'applications'];

/** Kernel libraries; each uses only those before it. */
export const kernel = /** @type {const} */ (['language', 'contract', 'observability', 'auth', 'persistence', 'messaging', 'http', 'service', 'testing']);

/** No clock, no randomness, no input or output in these, as in every `*.rules.ts`. */
export const pureKernel = /** @type {const} */ (['language', 'contract']);

/** What is installed on a cluster: the platform, one service of it, what it stands on, by operators or on one node, and what watches it. */
export const charts = /** @type {const} */ (['quan-so', 'service', 'infrastructure', 'datastores', 'observability']);

/** Packages that one kernel library alone may import: whoever needs them asks that library. */
export const owners = /** @type {const} */ ([
  { library: 'messaging', packages: ['kafkajs', '@nestjs/microservices'] },
  { library: 'auth', packages: ['keycloak-connect'] },
  { library: 'persistence', packages: ['pg'] },
]);

/**
 * @typedef {object} Room
 * @property {string} path    folder from the root
 * @property {string} package name in npm
 * @property {'service' | 'contract' | 'kernel' | 'assembly' | 'test'} kind
 * @property {readonly string[]} tags
 */

/** Every folder with code of the platform. @type {readonly Room[]} */
export const rooms = [
  ...kernel.map((name) => room(`libs/kernel/${name}`, name, 'kernel')),
  ...contracts.map((layer) => room(`libs/contracts/${layer}`, `contracts-${layer}`, 'contract', `layer:${layer}`)),
  ...services.map(({ name, layer, group }) => room(`apps/${layer}/${name}`, name, 'service', `layer:${layer}`, ...(group ? [`group:${group}`] : []))),
  room('apps/all-in-one', 'all-in-one', 'assembly'),
  room('test', 'test', 'test'),
];

/** @param {string} path @param {string} name @param {Room['kind']} kind @param {string[]} tags @returns {Room} */
function room(path, name, kind, ...tags) {
  return { path, package: `@quan-so/${name}`, kind, tags: [`kind:${kind}`, ...tags] };
}

/** Layers above a layer, which it must not know. @param {Layer} layer @returns {readonly Layer[]} */
export function above(layer) {
  const names = layers.map(({ name }) => name);
  return names.slice(0, names.indexOf(layer));
}

/** Kernel libraries that come after one, which it must not know. @param {(typeof kernel)[number]} library */
export function after(library) {
  return kernel.slice(kernel.indexOf(library) + 1);
}
