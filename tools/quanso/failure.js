/** Exit codes; the README says what to do about each. */
export const EXIT = /** @type {const} */ ({ done: 0, refused: 1, usage: 2, attention: 3, unreachable: 4, notPermitted: 5, changed: 6 });

/** What ends the command: a sentence in each language and an exit code. */
export class Failure extends Error {
  /** @param {number} code @param {string} vi @param {string} en @param {unknown} [answer] what the platform said, for --json */
  constructor(code, vi, en, answer) {
    super(en);
    this.code = code;
    this.vi = vi;
    this.en = en;
    this.answer = answer;
  }
}
