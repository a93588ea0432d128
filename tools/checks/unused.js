/** knip: files, exports and packages that nobody uses, and packages used but not listed. Its settings are in knip.json. */
import { join } from 'node:path';
import { finding } from './finding.js';
import { runNode } from './program.js';

const HOUSE = join(import.meta.dirname, '..', '..');

/** @type {Record<string, [string, string]>} */
const WORDS = {
  files: ['tệp không ai dùng', 'a file that nobody uses'],
  exports: ['xuất ra mà không ai nhập', 'exported and imported by nobody'],
  types: ['kiểu xuất ra mà không ai nhập', 'a type exported and imported by nobody'],
  dependencies: ['gói không ai dùng', 'a package that nobody uses'],
  devDependencies: ['gói không ai dùng', 'a package that nobody uses'],
  optionalPeerDependencies: ['gói không ai dùng', 'a package that nobody uses'],
  unlisted: ['gói dùng mà không khai', 'a package used and not listed'],
  binaries: ['lệnh dùng mà không khai', 'a command used and not listed'],
  unresolved: ['nhập thứ không có', 'an import of what is not there'],
  duplicates: ['xuất ra hai lần', 'exported twice'],
};

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function unused({ root }) {
  const { stdout, stderr } = await runNode(join(HOUSE, 'node_modules', 'knip', 'bin', 'knip.js'), ['--reporter', 'json', '--no-config-hints', '--directory', root], { cwd: root });
  if (!stdout.startsWith('{')) return [finding('knip.json', 'knip không chạy được.', `knip cannot run: ${(stderr || stdout).trim()}`)];
  return JSON.parse(stdout).issues.flatMap((/** @type {{ file: string }} */ { file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, list]) => (Array.isArray(list) && !isOfRooms(file, kind) ? list.map((one) => said(file, kind, one)) : [])),
  );
}

/** What a room declares and does not import is told by rooms.js. @param {string} file @param {string} kind */
function isOfRooms(file, kind) {
  return kind === 'dependencies' && file !== 'package.json';
}

/** @param {string} file @param {string} kind @param {{ name?: string, line?: number } | { name: string }[]} issue */
function said(file, kind, issue) {
  const { name, line } = Array.isArray(issue) ? { name: issue.map((one) => one.name).join(', '), line: undefined } : issue;
  const [vi, en] = WORDS[kind] ?? [kind, kind];
  const of = name && name !== file ? `: ${name}` : '';
  return finding(line ? `${file}:${line}` : file, `${vi}${of}`, `${en}${of}`);
}
