/** What a fault is, and what came of it; pure. */

/** @typedef {import('./sabotage.js').Fault} Fault */
/** @typedef {{ spec: string, name: string, status: string }} Told  one test as Jest told it */
/**
 * `red` is what is wanted. `did not run`: the file did not load, which proves nothing. `not green before`: there is no such
 * test, or it fails without the fault.
 * @typedef {'red' | 'survived' | 'did not run' | 'drifted' | 'not green before'} Outcome
 */

/** Found by a pure test, without database. @param {Pick<Fault, 'spec'>} fault */
export function isQuick({ spec }) {
  return !/\.(int|real|e2e)\.spec\.[jt]s$/.test(spec) || spec.startsWith('libs/kernel/auth/');
}

/** Why a fault no longer fits its file; undefined when it does. @param {Fault} fault @param {string} whole @returns {string | undefined} */
export function driftOf({ name, file, text, fault }, whole) {
  const times = text === '' ? 0 : whole.split(text).length - 1;
  if (times === 1 && text !== fault) return undefined;
  return `${file}: dòng của lỗi ${name} có ${times} lần, phải đúng một. / the line of fault ${name} stands ${times} times, must be once.`;
}

/**
 * Whether a test of this name can be among these sources: one of their titles is the end of it, whatever stands for `%s`.
 * @param {string} test
 * @param {readonly string[]} sources of the test file and of the suites it calls
 */
export function isTitled(test, sources) {
  const titles = sources.flatMap((source) => [...source.matchAll(/\(\s*'((?:[^'\\\n]|\\.)+)',/g)].map(([, title = '']) => title));
  return titles.some((title) => {
    const parts = title.replaceAll(/\\(.)/g, '$1').split(/%[a-z]/);
    return new RegExp(`(^| )${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`, 's').test(test);
  });
}

/** @param {Fault} fault @param {string} whole */
export function broken({ text, fault }, whole) {
  return whole.replace(text, () => fault);
}

/** @param {Pick<Fault, 'test'>} fault @param {readonly Told[]} told @returns {Outcome} */
export function outcomeOf({ test }, told) {
  const named = told.filter(({ name }) => name === test);
  if (named.some(({ status }) => status === 'failed')) return 'red';
  return named.some(({ status }) => status === 'passed') ? 'survived' : 'did not run';
}

/** @param {{ fault: Fault, outcome: Outcome, seconds: number }} result */
export function tableLine({ fault: { name, promise, test }, outcome, seconds }) {
  const mark = outcome === 'red' ? 'đỏ / red' : outcome;
  return `${mark.padEnd(17)}${`${seconds.toFixed(1)} s`.padStart(7)}  ${name.padEnd(34)}${promise}${outcome === 'red' ? '' : `\n${' '.repeat(26)}${test}`}`;
}

/** @param {readonly { outcome: Outcome }[]} results @param {number} seconds */
export function summary(results, seconds) {
  const red = results.filter(({ outcome }) => outcome === 'red').length;
  return `${red} / ${results.length} lỗi bị phát hiện / faults were found, ${seconds.toFixed(0)} s`;
}
