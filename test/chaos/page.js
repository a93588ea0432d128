/** PROOF.md: one page from the results that are committed, nothing by hand. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sum } from './result.js';

const FOLDER = 'test/chaos/results';
export const PAGE = 'test/chaos/PROOF.md';

/** @param {string} root @returns {true} */
export function writePage(root) {
  writeFileSync(join(root, PAGE), pageOf(readResults(root)));
  return true;
}

/** @param {string} root @returns {{ file: string, result: import('./result.js').Result }[]} */
export function readResults(root) {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.json')).sort();
  return files.map((file) => ({ file, result: JSON.parse(readFileSync(join(root, FOLDER, file), 'utf8')) }));
}

/** @param {readonly { file: string, result: import('./result.js').Result }[]} results */
export function pageOf(results) {
  const all = results.map(({ result }) => result);
  const total = (/** @type {(one: import('./result.js').Result) => number} */ of) => all.reduce((before, one) => before + of(one), 0);
  return `<!-- Do \`npm run proof -- --page\` viết từ results/*.json / written by it from results/*.json. -->
# Không mất gì đã xác nhận / Nothing acknowledged is lost

**${total(({ kills }) => sum(kills))}** lần kill -9, **${total(({ freezes }) => freezes)}** SIGSTOP, **${total(({ terms }) => terms)}** SIGTERM, **${total(({ restarts }) => restarts)}** lần khởi động lại cơ sở dữ liệu;
**${total(({ acknowledged }) => acknowledged)}** lệnh đã xác nhận; mất **${total(({ lost }) => lost)}**, lặp **${total(({ duplicated }) => duplicated)}**, hụt **${total(({ gaps }) => gaps)}**. / kills, freezes, orderly stops and restarts of the
database; commands acknowledged; lost, duplicated, gaps.

| kết quả / result | chạy / run | kill -9 | SIGSTOP · SIGTERM · DB | đã xác nhận / acknowledged | mất / lost | lặp / duplicated | hụt / gaps | hỏi lại / asked again, khác / different | giây / s |
| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
${results.map(rowOf).join('\n')}

${results.map(detailsOf).join('\n\n')}
`;
}

/** @param {{ file: string, result: import('./result.js').Result }} one */
function rowOf({ file, result: r }) {
  const cells = [`[${file}](results/${file})`, `${r.transport}, seed ${r.seed}, ${r.at}`, sum(r.kills), `${r.freezes} · ${r.terms} · ${r.restarts}`, r.acknowledged, r.lost, r.duplicated, r.gaps, `${r.answers.asked}, ${r.answers.different}`, r.seconds];
  return `| ${cells.join(' | ')} |`;
}

/** @param {{ file: string, result: import('./result.js').Result }} one */
function detailsOf({ file, result: r }) {
  const kills = Object.entries(r.kills).map(([kind, count]) => `${kind} ${count}`).join(', ');
  return `## ${file}

- \`npm run proof -- --transport ${r.transport} --seed ${r.seed} --kills ${sum(r.kills)} --rate ${r.rate}\`, ${r.cores} nhân / cores
- commit \`${r.commit}\`, code \`${r.code}\`
- inputs \`${r.inputs}\`, log \`${r.log}\`
- kill -9: ${kills}
- gửi lại / sent again ${r.again}, gửi đôi / twins ${r.twins}, bị từ chối / refused ${r.refused}, 5xx ngoài 503 / other than 503: ${r.failed}, để riêng / parked ${r.parked}
- lệnh lâu nhất / longest command ${r.longestMs} ms, cơ sở dữ liệu trở lại / database back in ${r.slowestDatabaseMs} ms, tiêu hết hàng đợi / drained in ${r.drainSeconds} s
- tự kết thúc / ended by themselves ${r.died}, SIGTERM không êm / not well stopped ${r.badTerms}`;
}
