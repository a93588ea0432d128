/** What a run showed, each thing beside what is promised of it. */

/**
 * @typedef {object} Measure
 * @property {string} what    Vietnamese / English
 * @property {number | string} seen   a number that could not be had is told as text
 * @property {number} [most]
 * @property {number} [least]
 * @property {boolean} kept   true where nothing is promised
 */

export class Sight {
  /** @type {Measure[]} */
  measures = [];

  /** Nothing is promised of it; it is told. @param {string} what @param {number} seen */
  tell(what, seen) {
    this.measures.push({ what, seen: told(seen), kept: true });
  }

  /** @param {string} what @param {number} seen @param {number} most */
  most(what, seen, most) {
    this.measures.push({ what, seen: told(seen), most, kept: seen <= most });
  }

  /** @param {string} what @param {number} seen @param {number} least */
  least(what, seen, least) {
    this.measures.push({ what, seen: told(seen), least, kept: seen >= least });
  }
}

/** JSON knows no NaN: what never came is not a number. @param {number} seen */
function told(seen) {
  return Number.isFinite(seen) ? seen : 'none';
}

/** @param {Measure} measure */
export function lineOf({ what, seen, most, least }) {
  const limit = most !== undefined ? `, ≤ ${most}` : least !== undefined ? `, ≥ ${least}` : '';
  return `${what}: ${seen}${limit}`;
}
