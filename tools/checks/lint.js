/** oxlint with types (.oxlintrc.json); its own words stand after ours. */
import { join } from 'node:path';
import { finding } from './finding.js';
import { runNode } from './program.js';

const HOUSE = join(import.meta.dirname, '..', '..');

/** What the house's own limits say in Vietnamese; of the others the rule's name must do. @type {Record<string, string>} */
const VIETNAMESE = {
  'eslint(max-lines)': 'tệp dài quá 300 dòng',
  'eslint(max-lines-per-function)': 'hàm dài quá 50 dòng',
  'eslint(no-unused-vars)': 'khai mà không dùng',
  'import(no-cycle)': 'nhập vòng tròn',
  'jest(no-disabled-tests)': 'kiểm thử bị bỏ qua',
  'jest(no-focused-tests)': 'chỉ một kiểm thử được chạy',
  'typescript(no-floating-promises)': 'lời hứa (promise) không ai chờ',
  'typescript(no-misused-promises)': 'lời hứa (promise) dùng sai chỗ',
  'typescript(no-explicit-any)': 'kiểu any',
};

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function lint({ root }) {
  const oxlint = join(HOUSE, 'node_modules', 'oxlint', 'bin', 'oxlint');
  // Fixtures break rules on purpose; a fixture that is the root itself is linted.
  const args = ['-c', join(HOUSE, '.oxlintrc.json'), '-f', 'json', '--ignore-pattern', 'tools/checks/fixtures/**'];
  const { stdout, stderr } = await runNode(oxlint, args, { cwd: root });
  if (!stdout.startsWith('{')) return [finding('.oxlintrc.json', 'oxlint không chạy được.', `oxlint cannot run: ${(stderr || stdout).trim()}`)];
  return JSON.parse(stdout).diagnostics.map(said);
}

/** @param {{ filename: string, code: string, message: string, labels: { span: { line: number } }[] }} diagnostic */
function said({ filename, code, message, labels }) {
  const line = labels[0]?.span.line;
  return finding(line ? `${filename}:${line}` : filename, `${VIETNAMESE[code] ?? 'lỗi lint'} (${code})`, message);
}
