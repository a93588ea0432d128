/** What was measured, as charts/README.md shows it: `node tools/cluster/page.js` writes it between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './place.js';
import { readResults } from './results.js';
import { STEPS } from './steps/steps.js';

export const PAGE = 'charts/README.md';
const [OPEN, CLOSE] = ['<!-- tools/cluster/page.js -->', '<!-- /tools/cluster/page.js -->'];

/** @param {import('./results.js').Results} results */
export function tableOf(results) {
  const lines = STEPS.flatMap(({ id, vi, en }) => {
    const seen = results[id];
    return seen === undefined ? [] : [`| ${id} | ${vi} / ${en} | ${measuresOf(seen)} | ${seen.seconds} s, ${seen.at}, \`${seen.commit}\` |`];
  });
  return ['| step | what | measured | run |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** @param {import('./results.js').Seen} seen */
function measuresOf({ measures }) {
  return Object.entries(measures).map(([name, value]) => `${name}: ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`).join('; ');
}

/** The text with the table of today between its marks. @param {string} text @param {import('./results.js').Results} results */
export function withTable(text, results) {
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`${PAGE}: ${OPEN} … ${CLOSE}`);
  return `${text.slice(0, from)}${OPEN}\n${tableOf(results)}\n${text.slice(to)}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(ROOT, PAGE);
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), readResults(ROOT)));
}
