/** What `npm run proof` is asked for. */
import { parseArgs } from 'node:util';
import { PartError } from '../../tools/real/cache.js';

/** @typedef {import('./run.js').Options} Options */

/** Sizes of a run by itself. @type {{ kafka: Options, local: Options }} */
const RUN = {
  kafka: { transport: 'kafka', seed: 42, kills: 60, freezes: 3, terms: 10, restarts: 5, quietMs: 2_000, rate: 30, workers: 12, drainMs: 120_000, repeats: 3_000 },
  local: { transport: 'local', seed: 42, kills: 8, freezes: 1, terms: 2, restarts: 1, quietMs: 1_500, rate: 30, workers: 8, drainMs: 60_000, repeats: 1_000 },
};

/** Sizes `.ci/run` replays: both transports side by side in six minutes on two cores. @type {{ kafka: Options, local: Options }} */
export const CI = { kafka: { ...RUN.kafka, quietMs: 1_000, repeats: 2_000 }, local: RUN.local };

/** As small as shows that a broken build is seen. @type {Options} */
export const SABOTAGED = { transport: 'kafka', seed: 7, kills: 12, freezes: 0, terms: 0, restarts: 0, quietMs: 1_000, rate: 40, workers: 12, drainMs: 60_000, repeats: 100 };

/**
 * @typedef {object} Asked
 * @property {'run' | 'ci' | 'page' | 'sabotage' | 'promise' | 'promises'} what
 * @property {Options} options
 * @property {string | undefined} json
 * @property {boolean} resume
 * @property {string | undefined} fault
 * @property {string | undefined} promise
 * @property {number | undefined} times of a promise: how often, or seconds
 * @property {boolean} full               the size that is promised
 */

/** @param {readonly string[]} argv @returns {Asked} */
export function askedFor(argv) {
  const { values } = parsed(argv);
  const transport = values.transport ?? 'kafka';
  if (transport !== 'kafka' && transport !== 'local') throw new PartError('--transport kafka | local');
  const kills = numberOf('kills', values.kills, 60);
  const share = kills / 60;
  const base = RUN[transport];
  const sizes = { kills, freezes: Math.ceil(3 * share), terms: Math.ceil(10 * share), restarts: Math.ceil(5 * share) };
  /** @type {Options} */
  const options = { ...base, ...sizes, seed: numberOf('seed', values.seed, 42), rate: numberOf('rate', values.rate, base.rate), drainMs: 300_000 };
  const what = /** @type {const} */ (['ci', 'page', 'sabotage', 'promise', 'promises']).find((one) => values[one] !== undefined) ?? 'run';
  const times = values.times === undefined ? undefined : numberOf('times', values.times, 1);
  return { what, options, json: values.json, resume: values.resume ?? false, fault: values.sabotage, promise: values.promise, times, full: values.full ?? false };
}

/** @param {readonly string[]} argv */
function parsed(argv) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  try {
    return parseArgs({ args: [...argv], options: { seed: text, kills: text, transport: text, rate: text, json: text, sabotage: text, promise: text, times: text, resume: flag, ci: flag, page: flag, promises: flag, full: flag } });
  } catch (error) {
    throw new PartError(`${error instanceof Error ? error.message : error}\nnpm run proof -- [--ci] [--page] [--sabotage FAULT] [--promise R [--times N | --full]] [--promises [--full]] [--transport kafka|local] [--seed N] [--kills N] [--rate N] [--json FILE] [--resume]`);
  }
}

/** @param {string} name @param {string | undefined} text @param {number} otherwise */
function numberOf(name, text, otherwise) {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 4_294_967_295) throw new PartError(`--${name}: một số nguyên dương / a positive whole number.`);
  return value;
}
