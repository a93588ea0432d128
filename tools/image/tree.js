/** What a layer holds, as a list: made from folders or texts, written as a folder for people with an engine, packed by tar.js. */
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/**
 * @typedef {object} Entry one name in a layer; owner 0, so that who runs (65532) can change nothing
 * @property {string} path    from the root, without a slash in front
 * @property {'folder' | 'file' | 'link'} kind
 * @property {number} mode
 * @property {string} [from]  the file whose bytes these are
 * @property {string | Buffer} [text]  or the bytes themselves
 * @property {string} [to]    where a link leads
 */

/** @param {string} path @param {string | Buffer} text @param {number} [mode] @returns {Entry} */
export function textFile(path, text, mode = 0o644) {
  return { path, kind: 'file', mode, text };
}

/** @param {string} path @param {string} from @param {number} [mode] @returns {Entry} */
export function file(path, from, mode = 0o644) {
  return { path, kind: 'file', mode, from };
}

/** @param {string} path @param {string} to @returns {Entry} */
export function link(path, to) {
  return { path, kind: 'link', mode: 0o777, to };
}

/** @param {string} path @param {number} [mode] @returns {Entry} */
export function folder(path, mode = 0o755) {
  return { path, kind: 'folder', mode };
}

/**
 * All that is in a folder. Of a mode only the right to run is kept: neither the umask of this machine nor a set-uid bit.
 * @param {string} from
 * @param {string} to path in the layer, '' for its root
 * @param {(path: string) => boolean} [keeps] by path in the layer
 * @returns {Entry[]}
 */
export function treeOf(from, to, keeps = () => true) {
  return readdirSync(from).flatMap((name) => {
    const [source, path] = [join(from, name), posix.join(to, name)];
    const seen = lstatSync(source);
    if (seen.isDirectory()) return treeOf(source, path, keeps);
    if (!keeps(path)) return [];
    if (seen.isSymbolicLink()) return [link(path, readlinkSync(source))];
    return seen.isFile() ? [file(path, source, (seen.mode & 0o111) === 0 ? 0o644 : 0o755)] : [];
  });
}

/**
 * The list as it is packed: every folder stands before what is in it, names in one order on every machine, each once.
 * @param {readonly Entry[]} entries
 * @returns {Entry[]}
 */
export function whole(entries) {
  /** @type {Map<string, Entry>} */
  const all = new Map();
  for (const entry of entries) {
    const before = all.get(entry.path);
    if (before && before.kind !== 'folder') throw new Error(`${entry.path}: hai lần trong một lớp / twice in one layer.`);
    all.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let up = posix.dirname(path); up !== '.'; up = posix.dirname(up)) if (!all.has(up)) all.set(up, folder(up));
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes a whole list as a folder; what was there before is gone. @param {readonly Entry[]} entries @param {string} root */
export function writeTree(entries, root) {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const { path, kind, mode, from, text, to } of entries) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if (kind === 'folder') mkdirSync(target, { recursive: true });
    else if (kind === 'link') symlinkSync(String(to), target);
    else if (from === undefined) writeFileSync(target, text ?? '');
    else copyFileSync(from, target);
    if (kind !== 'link') chmodSync(target, mode);
  }
}
