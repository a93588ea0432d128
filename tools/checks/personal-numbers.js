/** No number of a real person in what is written here: twelve digits are allowed in the reserved range 999 alone. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { finding } from './finding.js';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.nx', '.data', 'coverage', 'package-lock.json']);
/** What breaks the rules on purpose. */
const FIXTURES = 'tools/checks/fixtures';

/**
 * Twelve digits on their own, or in groups of three as on a card. Not: a part of a word, the end of a UUID, the places
 * after a decimal point, a telephone number with its `+`.
 */
const ALONE = /(?<![\p{L}\p{N}_+])(?<!\d\.)(?<![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)(\d{12}|0\d\d([ .])\d{3}\2\d{3}\2\d{3})(?![\p{L}\p{N}_])/giu;
/** Year to minute: 202607011530. */
const MOMENT = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d$/;

/** Lines (from 1) of a text that hold a personal number. @param {string} text @returns {number[]} */
export function personalNumbersIn(text) {
  return text.split('\n').flatMap((line, index) => ([...line.matchAll(ALONE)].some(([number]) => !number.startsWith('999') && !MOMENT.test(number)) ? [index + 1] : []));
}

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function personalNumbers({ root }) {
  return filesIn(root, '').flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    if (bytes.subarray(0, 8_000).includes(0)) return [];
    // The number itself is not repeated: what is printed ends up in logs.
    return personalNumbersIn(bytes.toString('utf8')).map((line) =>
      finding(`${path}:${line}`, 'số 12 chữ số giống số định danh cá nhân; chỉ dùng số thử bắt đầu bằng 999.', '12 digits that look like a personal number; use only test numbers that begin with 999.'),
    );
  });
}

/** @param {string} root @param {string} folder @returns {string[]} */
function filesIn(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (SKIPPED.has(entry.name) || path === FIXTURES) return [];
    return entry.isDirectory() ? filesIn(root, path) : entry.isFile() ? [path] : [];
  });
}
