/** PROOF.md: one page from the results that are committed, nothing by hand. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sum } from './result.js';

export const RESULTS = 'test/chaos/results';
export const PAGE = 'test/chaos/PROOF.md';

/** @param {string} root @returns {true} */
export function writePage(root) {
  writeFileSync(join(root, PAGE), pageOf(readResults(root)));
  return true;
}

/** @param {string} root @returns {Kept[]} */
export function readResults(root) {
  const files = readdirSync(join(root, RESULTS)).filter((name) => name.endsWith('.json')).sort();
  return files.map((file) => ({ file, result: JSON.parse(readFileSync(join(root, RESULTS, file), 'utf8')) }));
}

/** @typedef {{ file: string, result: import('./result.js').Result }} Kept */
/** @typedef {{ file: string, result: import('./result.js').PromiseResult }} KeptPromise */

/** @param {readonly Kept[]} kept */
export function pageOf(kept) {
  const results = kept.filter(({ result }) => !('promise' in result));
  const promises = /** @type {KeptPromise[]} */ (kept.filter(({ result }) => 'promise' in result)).sort((a, b) => numberOf(a) - numberOf(b));
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

## Từng lời hứa / Promise by promise

Mỗi lời hứa một lần chạy riêng, cũng so sổ như trên. / A run of its own for each, compared with the ledger in the same way. Cỡ nhỏ
in nghiêng / small sizes in italics. R1–R3: bảng trên / the table above; R15, R18: [README](README.md).

| lời hứa / promise | cỡ / size | đã xác nhận / acknowledged | mất · lặp · hụt / lost · duplicated · gaps | giữ được / kept | ngày / day |
| --- | --- | ---: | --- | --- | --- |
${promises.map(promiseRowOf).join('\n')}

${[...results.map(detailsOf), ...promises.map(promiseDetailsOf)].join('\n\n')}
`;
}

/** A run beside other work is slower, and says so. @param {import('./result.js').Result} r */
function machineOf({ cores, load }) {
  return `${cores} nhân / cores${load === undefined ? '' : `, tải / load ${load}`}`;
}

/** @param {KeptPromise} kept */
function numberOf({ result: { promise } }) {
  return Number(/^R(\d+)/.exec(promise)?.[1]) + (promise.includes('-') ? 0.5 : 0);
}

/** @param {KeptPromise} kept */
function promiseRowOf({ file, result: r }) {
  const size = r.full ? `${r.size}` : `*${r.size}*`;
  const cells = [`[${r.promise}](results/${file}) ${r.vi} / ${r.en}`, `${size} ${r.unit}`, r.acknowledged, `${r.lost} · ${r.duplicated} · ${r.gaps}`, r.kept ? 'có / yes' : '**không / no**', r.at];
  return `| ${cells.join(' | ')} |`;
}

/** @param {KeptPromise} kept */
function promiseDetailsOf({ result: r }) {
  const blows = [...Object.entries(r.kills).map(([kind, count]) => `kill -9 ${kind} ${count}`), `SIGSTOP ${r.freezes}`, `SIGTERM ${r.terms}`, `khởi động lại DB / database restarts ${r.restarts}`].filter((text) => !text.endsWith(' 0'));
  const measures = r.measures.map(({ what, seen, most, least, kept }) => `| ${what} | ${seen} | ${most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : ''} | ${kept ? '' : '✗'} |`);
  return [
    `## ${r.promise}: ${r.vi} / ${r.en}`,
    '',
    `- \`npm run proof -- --promise ${r.promise} --times ${r.size}\`, ${machineOf(r)}, ${r.seconds} s`,
    `- commit \`${r.commit}\`, code \`${r.code}\`, log \`${r.log}\``,
    `- ${[...blows, `hỏi lại / asked again ${r.answers.asked}, khác / different ${r.answers.different}`, `5xx ngoài 503 / other than 503: ${r.failed}`, `tự kết thúc / ended by themselves ${r.died}`].join('; ')}`,
    ...r.faults.map((fault) => `- ✗ ${fault}`),
    ...(measures.length === 0 ? [] : ['', '| đã thấy / seen | | giới hạn / limit | |', '| --- | ---: | --- | --- |', ...measures]),
  ].join('\n');
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

- \`npm run proof -- --transport ${r.transport} --seed ${r.seed} --kills ${sum(r.kills)} --rate ${r.rate}\`, ${machineOf(r)}
- commit \`${r.commit}\`, code \`${r.code}\`
- inputs \`${r.inputs}\`, log \`${r.log}\`
- kill -9: ${kills}
- gửi lại / sent again ${r.again}, gửi đôi / twins ${r.twins}, bị từ chối / refused ${r.refused}, 5xx ngoài 503 / other than 503: ${r.failed}, để riêng / parked ${r.parked}
- lệnh lâu nhất / longest command ${r.longestMs} ms, cơ sở dữ liệu trở lại / database back in ${r.slowestDatabaseMs} ms, tiêu hết hàng đợi / drained in ${r.drainSeconds} s
- tự kết thúc / ended by themselves ${r.died}, SIGTERM không êm / not well stopped ${r.badTerms}`;
}
