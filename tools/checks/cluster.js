/** Each claim of the charts' READMEs has something that shows it, and the reverse; what was seen on a cluster is said with its commit, and when it is of other code by now. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breachesOf, claimedIn, LIST, rowsWithoutId } from '../cluster/claims.js';
import { lab } from '../cluster/lab.js';
import { PAGE, withTable } from '../cluster/page.js';
import { readResults } from '../cluster/results.js';
import { changedIn, hashesOf } from '../cluster/sources.js';
import { STEPS } from '../cluster/steps/steps.js';
import { finding, warning } from './finding.js';

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function cluster({ root }) {
  const results = readResults(root);
  const text = readFileSync(join(root, PAGE), 'utf8');
  const known = { steps: STEPS.map(({ id }) => id), stages: stagesOf(root), seen: Object.keys(results), isFile: (/** @type {string} */ path) => existsSync(join(root, path)) };
  const list = JSON.parse(readFileSync(join(root, LIST), 'utf8'));
  const table = withTable(text, results) === text ? [] : [finding(PAGE, 'bảng đo khác kết quả; chạy node tools/cluster/page.js.', 'its table differs from the results; run node tools/cluster/page.js.')];
  return [
    ...breachesOf(claimedIn(root), list, known).map(({ where, vi, en }) => finding(where, vi, en)),
    ...rowsWithoutId(text).map((row) => finding(PAGE, `dòng của Day two thiếu ‹id›: ${row}`, `a row of Day two lacks its ‹id›: ${row}`)),
    ...table,
    ...older(root, results),
  ];
}

/** @param {string} root @param {import('../cluster/results.js').Results} results */
function older(root, results) {
  const now = hashesOf(root, labFolder());
  return Object.entries(results).flatMap(([step, { commit, at, hashes }]) => {
    const changed = changedIn(hashes, now);
    return changed.length === 0 ? [] : [warning(`tools/cluster/results.json ${step}`, `chạy lần cuối ${at} ở ${commit}; từ đó đã đổi: ${changed.join(', ')}. npm run test:cluster -- --lab khi tiện.`, `last run ${at} at ${commit}; changed since: ${changed.join(', ')}. npm run test:cluster -- --lab when there is time.`)];
  });
}

function labFolder() {
  try {
    return lab().folder;
  } catch {
    return undefined;
  }
}

/** Names of the stages of `npm run test:charts`, as its file lists them. @param {string} root */
function stagesOf(root) {
  const [, names = ''] = /^const STAGES = \{([^}]*)\}/m.exec(readFileSync(join(root, 'tools', 'charts', 'test-charts.js'), 'utf8')) ?? [];
  return names.split(',').map((name) => name.trim().split(':')[0] ?? '').filter((name) => name !== '');
}
