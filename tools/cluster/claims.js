/**
 * What the charts' READMEs claim, and what shows it. A claim carries its id in the text, `‹id›`; claims.json says for each
 * id what shows it: `cluster:<step>`, `charts:<stage of npm run test:charts>`, `spec:<file>`, or `unproven`. Where nothing
 * does, or a step has no result, that word stands in the same paragraph, row or item.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const LIST = 'tools/cluster/claims.json';

/** @typedef {{ readme: string, id: string, said: string }} Claimed `said`: the row or paragraph it stands in */
/** @typedef {{ steps: readonly string[], stages: readonly string[], seen: readonly string[], isFile: (path: string) => boolean }} Known */

/** @param {string} root @returns {Claimed[]} */
export function claimedIn(root) {
  const folders = readdirSync(join(root, 'charts'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `charts/${name}/README.md`);
  return ['charts/README.md', ...folders].filter((path) => existsSync(join(root, path))).flatMap((readme) => claimsOf(readme, readFileSync(join(root, readme), 'utf8')));
}

/** @param {string} readme @param {string} text @returns {Claimed[]} */
export function claimsOf(readme, text) {
  // A row of a table, an item of a list and a paragraph each stand for themselves.
  const parts = text.split(/\n\s*\n|\n(?=[|-] ?)/);
  return parts.flatMap((said) => [...said.matchAll(/‹([a-z0-9-]+)›/g)].map(([, id = '']) => ({ readme, id, said })));
}

/** Rows under *Day two* and items under *On a cluster*: each of them is a claim. @param {string} text of charts/README.md @returns {string[]} those without an id */
export function rowsWithoutId(text) {
  const linesOf = (/** @type {string} */ title) => (new RegExp(`\\n## ${title}\\n([\\s\\S]*?)(?=\\n## |$)`).exec(text)?.[1] ?? '').split('\n');
  const claimed = [...linesOf('Day two').filter((line) => line.startsWith('| ')).slice(2), ...linesOf('On a cluster').filter((line) => line.startsWith('- '))];
  return claimed.filter((line) => !/‹[a-z0-9-]+›/.test(line));
}

/**
 * Both ways: sentences about what does not fit.
 * @param {readonly Claimed[]} claimed @param {Record<string, string>} list @param {Known} known
 * @returns {{ where: string, vi: string, en: string }[]}
 */
export function breachesOf(claimed, list, known) {
  const ids = new Set(claimed.map(({ id }) => id));
  return [
    ...claimed.filter(({ id }) => !Object.hasOwn(list, id)).map(({ readme, id }) => ({ where: readme, vi: `‹${id}› không có trong ${LIST}.`, en: `‹${id}› is not in ${LIST}.` })),
    ...Object.keys(list).filter((id) => !ids.has(id)).map((id) => ({ where: LIST, vi: `${id}: không README nào nói tới.`, en: `${id}: no README claims it.` })),
    ...Object.entries(list).filter(([, shown]) => !isKnown(shown, known)).map(([id, shown]) => ({ where: LIST, vi: `${id}: ${shown} không có.`, en: `${id}: ${shown} is not there.` })),
    ...claimed.filter(({ id, said }) => list[id] !== undefined && isKnown(list[id], known) && !isShown(list[id], known) && !/unproven/.test(said)).map(({ readme, id }) => ({ where: readme, vi: `‹${id}› chưa được chứng minh, nhưng câu không nói unproven.`, en: `‹${id}› is not shown by anything yet, and its sentence does not say unproven.` })),
    ...claimed.filter(({ id, said }) => isShown(list[id], known) && /unproven/.test(said)).map(({ readme, id }) => ({ where: readme, vi: `‹${id}› đã có ${list[id]}, nhưng câu vẫn nói unproven.`, en: `‹${id}› is shown by ${list[id]}, and its sentence still says unproven.` })),
    ...known.steps.filter((step) => !Object.values(list).includes(`cluster:${step}`)).map((step) => ({ where: LIST, vi: `bước ${step} không chứng minh câu nào.`, en: `the step ${step} shows no claim.` })),
  ];
}

/** @param {string | undefined} shown @param {Known} known */
function isShown(shown, { seen }) {
  return shown !== undefined && shown !== 'unproven' && (!shown.startsWith('cluster:') || seen.includes(shown.slice('cluster:'.length)));
}

/** @param {string} shown @param {Known} known */
function isKnown(shown, { steps, stages, isFile }) {
  const [kind, ...rest] = shown.split(':');
  const what = rest.join(':');
  return shown === 'unproven' || (kind === 'cluster' && steps.includes(what)) || (kind === 'charts' && stages.includes(what)) || (kind === 'spec' && isFile(what));
}
