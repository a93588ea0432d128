/** A run as it is kept (JSON) and told (lines). */
import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { codeHash } from './code.js';
import { ROOT } from './ground.js';
import { lineOf } from './sight.js';

/**
 * @typedef {object} Result
 * @property {string} transport
 * @property {number} seed
 * @property {string} commit      of the code that ran; `+` behind it when files differed
 * @property {string} code        hash of the sources it speaks of (code.js)
 * @property {string} inputs      hash of sizes and plan
 * @property {string} log         hash of the client's ledger
 * @property {string} at          day of the run
 * @property {number} cores
 * @property {number} [load]      of the machine in the last fifteen minutes of the run, processes that want a core; older results do not tell
 * @property {number} rate        commands begun per second
 * @property {Record<string, number>} kills by kind
 * @property {number} freezes
 * @property {number} terms
 * @property {number} restarts
 * @property {number} acknowledged
 * @property {number} lost
 * @property {number} duplicated
 * @property {number} gaps
 * @property {number} parked
 * @property {{ asked: number, different: number }} answers
 * @property {number} twins
 * @property {number} again
 * @property {number} failed
 * @property {number} refused
 * @property {number} died
 * @property {number} badTerms
 * @property {number} longestMs
 * @property {number} slowestDatabaseMs
 * @property {number} drainSeconds
 * @property {number} seconds
 */

/**
 * What one promise showed: the run, and each thing that was looked at beside its limit.
 * @typedef {Result & { promise: string, vi: string, en: string, unit: string, size: number, full: boolean, measures: import('./sight.js').Measure[], kept: boolean, faults: string[] }} PromiseResult
 *   `size`: times or seconds; `full`: the size that is promised; `faults`: the first of what must not be
 */

/** @param {import('./run.js').Options} options @param {import('./run.js').Outcome} outcome @param {{ code: string, commit: string }} version as it was when the run began @returns {Result} */
export function resultOf({ transport, seed, rate }, outcome, version) {
  const { struck, verdict, counts, answers } = outcome;
  return {
    transport, seed, ...version, inputs: outcome.inputs, log: outcome.log,
    at: new Date().toISOString().slice(0, 10), cores: availableParallelism(), load: Math.round(loadavg()[2] ?? 0), rate,
    kills: struck.kills, freezes: struck.freezes, terms: struck.terms, restarts: struck.restarts,
    acknowledged: outcome.acknowledged, lost: verdict.lost.length, duplicated: verdict.duplicated.length, gaps: verdict.gaps.length, parked: outcome.parked,
    answers: { asked: answers.asked, different: answers.different.length },
    twins: counts.twins, again: counts.again, failed: counts.failed, refused: counts.refused.length + counts.parted.length,
    died: outcome.died.length, badTerms: struck.badTerms.length,
    longestMs: counts.longestMs, slowestDatabaseMs: struck.slowestDatabaseMs, drainSeconds: outcome.drainSeconds, seconds: outcome.seconds,
  };
}

/** Everything that must not be, as sentences. @param {import('./run.js').Outcome} outcome */
export function faultsOf({ verdict, counts, answers, died, struck, measures }) {
  return [
    ...measures.filter(({ kept }) => !kept).map(lineOf),
    ...verdict.lost.map((one) => `mất / lost: ${one}`),
    ...verdict.duplicated.map((one) => `lặp / duplicated: ${one}`),
    ...verdict.gaps.map((one) => `hụt / gap: ${one}`),
    ...answers.different.map((one) => `trả lời khác / answered differently: ${one}`),
    ...counts.parted.map((one) => `trả lời khác / answered differently: ${one}`),
    ...counts.refused.map((one) => `từ chối / refused: ${one}`),
    ...died.map((one) => `tự kết thúc / ended by itself: ${one}`),
    ...struck.badTerms.map((one) => `dừng không êm / did not stop well: ${one}`),
  ];
}

/**
 * @param {{ promise: string, vi: string, en: string, unit: string, size: number, full: boolean }} promised
 * @param {Result} result @param {import('./run.js').Outcome} outcome @returns {PromiseResult}
 */
export function promiseResultOf({ promise, vi, en, unit, size, full }, result, outcome) {
  const faults = faultsOf(outcome);
  return { promise, vi, en, unit, size, full, kept: faults.length === 0, measures: outcome.measures, faults: faults.slice(0, 5), ...result };
}

/** @param {Result} r */
export function linesOf(r) {
  const kills = Object.entries(r.kills).map(([kind, count]) => `${kind} ${count}`).join(', ');
  return [
    `kill -9: ${sum(r.kills)} (${kills}); SIGSTOP ${r.freezes}, SIGTERM ${r.terms}, database restarts ${r.restarts}`,
    `acknowledged ${r.acknowledged}; lost ${r.lost}, duplicated ${r.duplicated}, gaps ${r.gaps}, parked ${r.parked}`,
    `asked again ${r.answers.asked}, answered differently ${r.answers.different}; twins ${r.twins}; refused ${r.refused}; 5xx other than 503: ${r.failed}`,
    `sent again ${r.again}; longest command ${r.longestMs} ms, slowest database ${r.slowestDatabaseMs} ms, drained in ${r.drainSeconds} s; ended by themselves ${r.died}; ${r.seconds} s`,
  ];
}

/** @param {Readonly<Record<string, number>>} counts */
export function sum(counts) {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

/** What is about to run; files may change while it does. */
export function versionOf() {
  return { code: codeHash(ROOT), commit: commitOf() };
}

/** Of the working copy; `+` when what runs differs from it. */
export function commitOf() {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no', '--', 'libs', 'apps') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
