/** The folders of the repository are those of tools/layers.js, and each says truly in its files what it stands on. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as house from '../layers.js';
import { finding } from './finding.js';
import { graphOf } from './graph.js';

/** What may be missing from package.json in tests: they stand on kernel/testing, which stands on their library. */
const SPEC = /\.spec\.[jt]s$|\/src\/spec\//;

/**
 * @param {{ root: string, rooms?: readonly house.Room[], charts?: readonly string[] }} where
 * @returns {Promise<import('./finding.js').Finding[]>}
 */
export async function rooms({ root, rooms: listed = house.rooms, charts = house.charts }) {
  const there = foldersOf(root);
  const packed = chartsOf(root);
  const named = charts.map((name) => `charts/${name}`);
  const { modules } = await graphOf(root);
  return [
    ...[...there.filter((path) => !listed.some((room) => room.path === path)), ...packed.filter((path) => !named.includes(path))].map((path) => finding(path, 'không có trong tools/layers.js; thêm vào danh sách hoặc bỏ thư mục.', 'is not in tools/layers.js; add it to the list or remove the folder.')),
    ...[...listed.map(({ path }) => path).filter((path) => !there.includes(path)), ...named.filter((path) => !packed.includes(path))].map((path) => finding('tools/layers.js', `kể ${path}, nhưng không có thư mục đó.`, `lists ${path}, but there is no such folder.`)),
    ...packed.filter((path) => !decides(root, path)).map(undecided),
    ...listed.filter(({ path }) => there.includes(path)).flatMap((room) => [...described(root, room), ...standsOn(root, room, listed, modules)]),
  ];
}

/** Folders where rooms are: libs/<kind>/<name>, apps/<layer>/<name>, apps/all-in-one, test. @param {string} root */
function foldersOf(root) {
  const below = (/** @type {string} */ folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`) : []);
  const isRoom = (/** @type {string} */ folder) => existsSync(join(root, folder, 'package.json'));
  const tops = below('apps').flatMap((folder) => (isRoom(folder) ? [folder] : below(folder)));
  return [...tops, ...below('libs').flatMap(below), ...(isRoom('test') ? ['test'] : [])];
}

/** Charts by the file that makes a folder one. @param {string} root */
function chartsOf(root) {
  const folder = join(root, 'charts');
  return existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'Chart.yaml'))).map((name) => `charts/${name}`) : [];
}

/** @param {string} root @param {string} path */
function decides(root, path) {
  const readme = join(root, path, 'README.md');
  return existsSync(readme) && /^\s*[-*] \**20\d\d-\d\d-\d\d/m.test(readFileSync(readme, 'utf8'));
}

/** @param {string} path */
function undecided(path) {
  return finding(`${path}/README.md`, 'thiếu README với các quyết định có ngày.', 'lacks a README with dated decisions.');
}

/** @param {string} root @param {house.Room} room */
function described(root, room) {
  const name = jsonOf(root, room.path, 'package.json')?.name;
  const references = jsonOf(root, '', 'tsconfig.json')?.references ?? [];
  return [
    ...(name === room.package ? [] : [finding(`${room.path}/package.json`, `tên gói là ${name}, theo tools/layers.js phải là ${room.package}.`, `is named ${name}; by tools/layers.js it is ${room.package}.`)]),
    ...(references.some((/** @type {{ path: string }} */ { path }) => path === room.path) ? [] : [finding('tsconfig.json', `thiếu tham chiếu tới ${room.path}.`, `lacks the reference to ${room.path}.`)]),
    ...(decides(root, room.path) ? [] : [undecided(room.path)]),
  ];
}

/**
 * Imports, dependencies in package.json and references in tsconfig.json are the same set.
 * @param {string} root @param {house.Room} room @param {readonly house.Room[]} listed @param {readonly import('dependency-cruiser').IModule[]} modules
 */
function standsOn(root, room, listed, modules) {
  const own = modules.filter(({ source }) => source.startsWith(`${room.path}/`));
  const imported = own.filter(({ source }) => !SPEC.test(source)).flatMap(({ source, dependencies }) => dependencies.flatMap(({ module }) => packageOf(module, listed).map((name) => ({ source, name }))));
  const used = new Set(imported.map(({ name }) => name).filter((name) => name !== room.package));
  const declared = Object.keys(jsonOf(root, room.path, 'package.json')?.dependencies ?? {}).filter((name) => listed.some((one) => one.package === name));
  const referenced = (jsonOf(root, room.path, 'tsconfig.json')?.references ?? []).map((/** @type {{ path: string }} */ { path }) => listed.find((one) => one.path === posix.join(room.path, path))?.package ?? path);
  const where = `${room.path}/package.json`;
  return [
    ...own.flatMap(({ source, dependencies }) => dependencies.filter((one) => leaves(one, room.path)).map(({ module }) => finding(source, `nhập ${module} ngoài phòng của mình bằng đường dẫn; hãy nhập bằng tên gói.`, `imports ${module} outside its room by path; import it by package name.`))),
    ...[...used].filter((name) => !declared.includes(name)).map((name) => finding(where, `thiếu ${name}, mà ${imported.find((one) => one.name === name)?.source} nhập.`, `lacks ${name}, which ${imported.find((one) => one.name === name)?.source} imports.`)),
    // The test room also starts programs; what it only runs is declared so that it is built first.
    ...declared.filter((name) => !used.has(name) && room.kind !== 'test').map((name) => finding(where, `khai ${name}, nhưng không tệp nào nhập.`, `declares ${name}, which no file imports.`)),
    ...declared.filter((name) => !referenced.includes(name)).map((name) => finding(`${room.path}/tsconfig.json`, `thiếu tham chiếu tới ${name}, có trong package.json.`, `lacks the reference to ${name} of package.json.`)),
    ...referenced.filter((/** @type {string} */ name) => !declared.includes(name)).map((/** @type {string} */ name) => finding(`${room.path}/tsconfig.json`, `tham chiếu ${name}, không có trong package.json.`, `refers to ${name}, which package.json does not have.`)),
  ];
}

/** @param {string} module @param {readonly house.Room[]} listed @returns {string[]} the package of a room, when the import is one */
function packageOf(module, listed) {
  const name = module.split('/').slice(0, 2).join('/');
  return listed.some((room) => room.package === name) ? [name] : [];
}

/** @param {import('dependency-cruiser').IDependency} dependency @param {string} folder */
function leaves({ module, resolved }, folder) {
  return module.startsWith('.') && /^(apps|libs|test)\//.test(resolved) && !resolved.startsWith(`${folder}/`);
}

/** @param {string} root @param {string} folder @param {string} name @returns {any} */
function jsonOf(root, folder, name) {
  const path = join(root, folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
