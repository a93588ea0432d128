/** What was measured, as charts/README.md shows it: `node tools/cluster/page.js` writes it between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './place.js';
import { readResults } from './results.js';
import { MEMORY, PROCESSOR, READY, WORKING } from './steps/memory.js';
import { STEPS } from './steps/steps.js';

export const PAGE = 'charts/README.md';
const [OPEN, CLOSE] = ['<!-- tools/cluster/page.js -->', '<!-- /tools/cluster/page.js -->'];

/** What `memory` and `district` measure of a pod. @type {readonly (readonly [string, string])[]} */
const COLUMNS = [
  [MEMORY, 'MiB'], [PROCESSOR, 'lõi/1000 / millicores'], [`${MEMORY}${WORKING}`, `MiB${WORKING}`], [`${PROCESSOR}${WORKING}`, `lõi/1000 / millicores${WORKING}`],
  [READY, 'sẵn sàng sau, s / ready after, s'],
];

/** @param {import('./results.js').Results} results */
export function tableOf(results) {
  const lines = STEPS.flatMap(({ id, vi, en }) => {
    const seen = results[id];
    return seen === undefined ? [] : [`| ${id} | ${vi} / ${en} | ${measuresOf(seen)} | ${seen.seconds} s, ${seen.at}, \`${seen.commit}\` |`];
  });
  return ['| step | what | measured | run |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** What a pod needs, by shape. @param {import('./results.js').Results} results */
export function sizingOf({ memory, district }) {
  const shapes = [{ shape: 'phường / ward', measures: memory?.measures ?? {} }, { shape: 'quận / district', measures: district?.measures ?? {} }];
  const lines = shapes.flatMap(({ shape, measures }) => {
    const pods = Object.keys(measures).filter((name) => name.endsWith(MEMORY)).map((name) => name.slice(0, -MEMORY.length));
    return pods.map((pod) => `| ${[shape, pod, ...COLUMNS.map(([suffix]) => measures[`${pod}${suffix}`] ?? '')].join(' | ')} |`);
  });
  return [`| shape | pod | ${COLUMNS.map(([, title]) => title).join(' | ')} |`, `| --- | --- |${' --- |'.repeat(COLUMNS.length)}`, ...lines].join('\n');
}

/** @param {import('./results.js').Seen} seen */
function measuresOf({ measures }) {
  return Object.entries(measures).map(([name, value]) => `${name}: ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`).join('; ');
}

/** The text with the table of today between its marks. @param {string} text @param {import('./results.js').Results} results */
export function withTable(text, results) {
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`${PAGE}: ${OPEN} … ${CLOSE}`);
  return `${text.slice(0, from)}${OPEN}\n${tableOf(results)}\n\n${sizingOf(results)}\n${text.slice(to)}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(ROOT, PAGE);
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), readResults(ROOT)));
}
