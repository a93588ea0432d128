/** package-lock.json installs on every platform, from any registry, exactly what package.json says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finding } from './finding.js';

/** @typedef {{ version?: string, resolved?: string, integrity?: string, link?: boolean, os?: string[], cpu?: string[], optionalDependencies?: Record<string, string>, [key: string]: any }} Entry */

const PLATFORMS = /** @type {const} */ ([['linux', 'x64'], ['linux', 'arm64'], ['darwin', 'x64'], ['darwin', 'arm64'], ['win32', 'x64']]);
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];
/** A version, an alias of one, or a folder of this repository; no range. */
const EXACT = /^(npm:@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$|^(file:|\$)/;

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function lockfile({ root }) {
  const { packages = {} } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const entries = /** @type {[string, Entry][]} */ (Object.entries(packages));
  return [
    ...entries.flatMap(([path, entry]) => [...address(path, entry), ...checksum(path, entry), ...incomplete(path, entry, packages)]),
    ...unreviewed(root, entries),
    // A workspace is named by its folder, a package by its place in node_modules.
    ...entries.filter(([path]) => !path.includes('node_modules')).flatMap(([path, entry]) => [...differs(root, path, entry), ...ranges(path, entry)]),
  ];
}

/** @param {string} path @param {Entry} entry */
function address(path, { resolved }) {
  if (!resolved?.startsWith('http')) return [];
  return [said(`ghi địa chỉ kho gói cho ${path}; cài lại với .npmrc của kho mã.`, `records a registry address for ${path}; install again with the .npmrc of the repository.`)];
}

/** @param {string} path @param {Entry} entry */
function checksum(path, { integrity, link, inBundle }) {
  if (!path.includes('node_modules/') || link || integrity || inBundle) return [];
  return [said(`không có mã kiểm (integrity) cho ${path}.`, `has no checksum (integrity) for ${path}.`)];
}

/** npm 11 runs a script that nobody has reviewed and only warns; packages are named without versions there. @param {string} root @param {[string, Entry][]} entries */
function unreviewed(root, entries) {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = entries.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => String(path.split('node_modules/').pop()));
  return names
    .filter((name) => !Object.hasOwn(allowScripts, name))
    .map((name) => said(`${name} có lệnh chạy lúc cài mà chưa ai xem; ghi true hoặc false vào allowScripts của package.json.`, `${name} has an install script that nobody has reviewed; say true or false in allowScripts of package.json.`));
}

/** Packages for platforms that this lockfile was not made on must be in it too. @param {string} path @param {Entry} entry @param {Record<string, Entry>} packages */
function incomplete(path, { optionalDependencies = {} }, packages) {
  const found = Object.keys(optionalDependencies).map((name) => ({ name, entry: find(packages, path, name) }));
  const missing = found.filter(({ entry }) => !entry).map(({ name }) => said(`thiếu ${name}, gói tuỳ nền tảng của ${path || 'package.json'}.`, `lacks ${name}, a package for a platform of ${path || 'package.json'}.`));
  return [...missing, ...uncovered(path, /** @type {{ name: string, entry: Entry }[]} */ (found.filter(({ entry }) => entry)))];
}

/** A family of native packages that has one for Linux has one for each platform. @param {string} path @param {{ name: string, entry: Entry }[]} found */
function uncovered(path, found) {
  const families = Map.groupBy(found, ({ name }) => name.replace(/(linux|darwin|windows|win32|win).*$/, '').replace(/(-bin)?[-/]$/, ''));
  return [...families].flatMap(([family, members]) =>
    members.some(({ entry }) => fits(entry, 'linux', 'x64') && entry.os)
      ? PLATFORMS.filter(([os, cpu]) => !members.some(({ entry }) => fits(entry, os, cpu))).map(([os, cpu]) => said(`không có ${family || path} cho ${os} ${cpu}.`, `has no ${family || path} for ${os} ${cpu}.`))
      : [],
  );
}

/** @param {Entry} entry @param {string} os @param {string} cpu */
function fits(entry, os, cpu) {
  return (entry.os?.includes(os) ?? true) && (entry.cpu?.includes(cpu) ?? true);
}

/** As Node looks for a package: in the folder, then in those above. @param {Record<string, Entry>} packages @param {string} from @param {string} name @returns {Entry | undefined} */
function find(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const entry = packages[folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`];
    if (entry || !folder) return entry;
  }
}

/** @param {string} root @param {string} folder @param {Entry} entry */
function differs(root, folder, entry) {
  const file = join(root, folder, 'package.json');
  if (!existsSync(file)) return [said(`kể ${folder}, không còn trong kho mã.`, `lists ${folder}, which is no longer in the repository.`)];
  const wanted = JSON.parse(readFileSync(file, 'utf8'));
  const text = (/** @type {Record<string, string> | undefined} */ list) => JSON.stringify(Object.entries(list ?? {}).sort());
  return KINDS.filter((kind) => text(wanted[kind]) !== text(entry[kind])).map((kind) =>
    said(`khác ${folder ? `${folder}/` : ''}package.json ở ${kind}; chạy npm install.`, `differs from ${folder ? `${folder}/` : ''}package.json in ${kind}; run npm install.`),
  );
}

/** @param {string} folder @param {Entry} entry */
function ranges(folder, entry) {
  return KINDS.flatMap((kind) => Object.entries(entry[kind] ?? {}))
    .filter(([, version]) => !EXACT.test(String(version)))
    .map(([name, version]) => finding(folder ? `${folder}/package.json` : 'package.json', `${name} "${version}" không phải phiên bản chính xác.`, `${name} "${version}" is no exact version.`));
}

/** @param {string} vi @param {string} en */
function said(vi, en) {
  return finding('package-lock.json', vi, en);
}
