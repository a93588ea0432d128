/** BENCH.md: one page from the results that are committed, nothing by hand. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spreadText } from './result.js';

const FOLDER = 'test/bench/results';
const PAGE = 'test/bench/BENCH.md';

/** @typedef {import('./result.js').Result} Result */

/** @param {string} root */
export function writePage(root) {
  writeFileSync(join(root, PAGE), pageOf(readResults(root)));
}

/** @param {string} root @returns {Result[]} */
function readResults(root) {
  const folder = join(root, FOLDER);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort() : [];
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** @param {readonly Result[]} results */
export function pageOf(results) {
  const kept = results.filter(({ quick }) => !quick);
  return `<!-- Do \`npm run bench -- --page\` viết từ results/*.json / written by it from results/*.json. -->
# Đo bên cạnh những gì tốt nhất / Measured beside the best there is

Tỉ số là giữa (nhỏ nhất–lớn nhất) của các vòng xen kẽ; cách đo ở [README](README.md). / Ratios are median (lowest–highest) of
interleaved rounds; how is in the [README](README.md).

| cảnh / scene | mục tiêu / target | cần / wanted | đo được / measured | |
| --- | --- | --- | --- | --- |
${kept.flatMap(({ scene, targets }) => targets.map(({ vi, en, wanted, got, met }) => rowOf([`[${scene}](#${scene})`, `${vi} / ${en}`, wanted, got, met ? '✓' : '✗']))).join('\n')}

${kept.map(sectionOf).join('\n\n')}
`;
}

/** @param {Result} r */
function sectionOf(r) {
  const list = (/** @type {Readonly<Record<string, unknown>>} */ of) => Object.entries(of).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
  return `## ${r.scene}

${r.title.vi} / ${r.title.en}

- \`npm run bench -- ${r.scene} --rounds ${r.rounds.length} --seed ${r.seed}\`: ${r.seconds} s, ${r.at}; ${r.machine.cores} nhân / cores (${r.machine.model}), tải trước đó / load before ${r.machine.load}
- commit \`${r.commit}\`, code \`${r.code}\`
- phiên bản / versions: ${list(r.versions)}
- cỡ / sizes: ${list(r.sizes)}

| tỉ số / ratio | giữa (nhỏ nhất–lớn nhất) / median (lowest–highest) |
| --- | --- |
${r.ratios.map(({ vi, en, spread }) => rowOf([`${vi} / ${en}`, spreadText(spread)])).join('\n')}

${r.tables.map(tableOf).join('\n\n')}`;
}

/** @param {import('./scenes.js').Table} table */
function tableOf({ title, columns, rows }) {
  return `${title.vi} / ${title.en}:

${rowOf(columns)}
${rowOf(columns.map((_, i) => (i === 0 ? '---' : '---:')))}
${rows.map(rowOf).join('\n')}`;
}

/** @param {readonly (string | number)[]} cells */
function rowOf(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
