/** A tar archive with nothing of this machine in it: one owner, one time, no order but that of the list. */
import { readFileSync } from 'node:fs';

/** The time of every file: what is in an image is told apart by its bytes. 2026-01-01T00:00:00Z. */
export const EPOCH = 1_767_225_600;
const BLOCK = 512;
const KINDS = { file: '0', link: '2', folder: '5' };

/**
 * The archive, in pieces.
 * @param {Iterable<import('./tree.js').Entry>} entries as they are to stand in it
 * @returns {Generator<Buffer>}
 */
export function* tarOf(entries) {
  for (const entry of entries) {
    const bytes = entry.kind === 'file' ? bytesOf(entry) : Buffer.alloc(0);
    yield* headersOf(entry, bytes.length);
    if (bytes.length > 0) yield bytes;
    yield padding(bytes.length);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** @param {import('./tree.js').Entry} entry @returns {Buffer} */
function bytesOf({ from, text = '' }) {
  if (from !== undefined) return readFileSync(from);
  return typeof text === 'string' ? Buffer.from(text) : text;
}

/** @param {import('./tree.js').Entry} entry @param {number} size @returns {Generator<Buffer>} */
function* headersOf(entry, size) {
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const long = { ...(fits(path) ? {} : { path }), ...(fits(entry.to ?? '') ? {} : { linkpath: entry.to }) };
  if (Object.keys(long).length > 0) {
    const records = Buffer.from(Object.entries(long).map(([key, value]) => record(key, String(value))).join(''));
    yield header({ name: 'PaxHeader', mode: 0o644, size: records.length, kind: 'x', to: '' });
    yield records;
    yield padding(records.length);
  }
  yield header({ name: fits(path) ? path : path.slice(0, 50), mode: entry.mode, size, kind: KINDS[entry.kind], to: fits(entry.to ?? '') ? (entry.to ?? '') : '' });
}

/** Old readers take a hundred bytes of ASCII; everything else stands in a record before. @param {string} name */
function fits(name) {
  return Buffer.byteLength(name) <= 100 && /^[\x20-\x7e]*$/.test(name);
}

/** `<length> <key>=<value>\n`, where the length counts itself. @param {string} key @param {string} value */
function record(key, value) {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** @param {{ name: string, mode: number, size: number, kind: string, to: string }} of */
function header({ name, mode, size, kind, to }) {
  const block = Buffer.alloc(BLOCK);
  const octal = (/** @type {number} */ value, /** @type {number} */ digits) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(EPOCH, 11), 136);
  block.fill(' ', 148, 156);
  block.write(kind, 156);
  block.write(to, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** @param {number} size */
function padding(size) {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
