/** What a report of Stryker says, by file and by group; pure. */

/** Mutants found, of a hundred, below which a group or a file fails. */
export const LEAST = { group: 85, file: 80 };

/** @typedef {{ status: string, coveredBy?: readonly string[], testsCompleted?: number }} Mutant */
/** @typedef {{ files: Record<string, { mutants: readonly Mutant[] }> }} Report */
/** @typedef {{ name: string, found: number, all: number, score: number }} Score */

/** What stands together: the two pure libraries, and the rules of all services. @param {string} path */
function groupOf(path) {
  return /^libs\/kernel\/(language|contract)\//.exec(path)?.[0].slice(0, -1) ?? '*.rules.ts';
}

/** @param {Report} report @returns {{ files: Score[], groups: Score[] }} */
export function scoresOf({ files }) {
  const counted = Object.entries(files).map(([name, { mutants }]) => {
    const of = (/** @type {string[]} */ ...states) => mutants.filter(({ status }) => states.includes(status)).length;
    const found = of('Killed', 'Timeout');
    return scored(name, found, found + of('Survived', 'NoCoverage'));
  });
  const groups = [...Map.groupBy(counted, ({ name }) => groupOf(name))].map(([name, some]) => scored(name, sum(some, 'found'), sum(some, 'all')));
  const byName = (/** @type {Score} */ a, /** @type {Score} */ b) => (a.name < b.name ? -1 : 1);
  return { files: counted.filter(({ all }) => all > 0).toSorted(byName), groups: groups.toSorted(byName) };
}

/** @param {string} name @param {number} found @param {number} all @returns {Score} */
function scored(name, found, all) {
  return { name, found, all, score: all === 0 ? 100 : Math.floor((found / all) * 1_000) / 10 };
}

/** @param {readonly Score[]} scores @param {'found' | 'all'} what */
function sum(scores, what) {
  return scores.reduce((total, score) => total + score[what], 0);
}

/** @param {Score} score */
export function line({ name, found, all, score }) {
  return `${score.toFixed(1).padStart(5)} %  ${`${found}/${all}`.padStart(10)}  ${name}`;
}

/** What is below its least: groups first. @param {{ files: readonly Score[], groups: readonly Score[] }} scores @returns {readonly Score[]} */
export function tooLow({ files, groups }) {
  return [...groups.filter(({ score }) => score < LEAST.group), ...files.filter(({ score }) => score < LEAST.file)];
}

/** Mutants that are said to have survived although no test was run: the runner had lost its tests (seen on a machine with a load of 50). @param {Report} report */
export function untried({ files }) {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  return all.filter(({ status, coveredBy = [], testsCompleted }) => status === 'Survived' && coveredBy.length > 0 && testsCompleted === 0).length;
}
