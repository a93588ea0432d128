/** Two or more sides measured in turn, so that a machine that becomes slower is slower for all of them. */

/**
 * @template T
 * @typedef {{ readonly name: string, readonly run: (round: number) => Promise<T> }} Side
 */
/**
 * What each side answered, by its name. @template T
 * @typedef {{ readonly round: number, readonly order: readonly string[], readonly results: Readonly<Record<string, T>> }} Round
 */

/**
 * Runs every side once a round; who goes first changes from round to round.
 * @template T
 * @param {{ rounds: number, sides: readonly Side<T>[], tell?: (line: string) => void }} given
 * @returns {Promise<Round<T>[]>}
 */
export async function interleaved({ rounds, sides, tell = () => undefined }) {
  const done = [];
  for (let round = 1; round <= rounds; round += 1) {
    const order = orderOf(sides, round);
    /** @type {Record<string, T>} */
    const results = {};
    for (const { name, run } of order) {
      tell(`vòng / round ${round} of ${rounds}: ${name}`);
      results[name] = await run(round);
    }
    done.push({ round, order: order.map(({ name }) => name), results });
  }
  return done;
}

/** Turned by one each round: with two sides they alternate. @template T @param {readonly T[]} sides @param {number} round */
function orderOf(sides, round) {
  const first = (round - 1) % sides.length;
  return [...sides.slice(first), ...sides.slice(0, first)];
}

/** @typedef {{ median: number, min: number, max: number }} Spread */

/**
 * How one side stands to another, round by round.
 * @template T
 * @param {readonly Round<T>[]} rounds @param {string} numerator @param {string} denominator
 * @param {(result: T) => number} pick
 * @returns {Spread}
 */
export function ratioOf(rounds, numerator, denominator, pick) {
  return spreadOf(rounds.map(({ results }) => pick(sideOf(results, numerator)) / pick(sideOf(results, denominator))));
}

/**
 * One side by itself. @template T
 * @param {readonly Round<T>[]} rounds @param {string} name @param {(result: T) => number} pick
 * @returns {Spread}
 */
export function valueOf(rounds, name, pick) {
  return spreadOf(rounds.map(({ results }) => pick(sideOf(results, name))));
}

/** @template T @param {Readonly<Record<string, T>>} results @param {string} name */
function sideOf(results, name) {
  const found = results[name];
  if (found === undefined) throw new RangeError(`no side ${name}`);
  return found;
}

/** @param {readonly number[]} values @returns {Spread} */
export function spreadOf(values) {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) throw new RangeError(`not numbers: ${values.join(', ')}`);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (Number(sorted[middle - 1]) + Number(sorted[middle])) / 2;
  return { median: Number(median), min: Number(sorted[0]), max: Number(sorted.at(-1)) };
}
