/** A text people read: Vietnamese first, English second. The same shape as `Text` of `@quan-so/contract`. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/**
 * What this library throws on purpose when a word is not well formed. `code` is stable (UPPER_SNAKE) and may become the
 * code of a fault; `words` speak of the rule, never of the value: the value may be personal.
 */
export class LanguageError extends Error {
  readonly code: string;
  readonly words: Words;
  /** Where in the given structure, e.g. `pauses[1].from`; undefined when one value was given. */
  readonly at: string | undefined;

  constructor(code: string, vi: string, en: string, at?: string) {
    super(at === undefined ? `${code}: ${en}` : `${code} at ${at}: ${en}`);
    this.name = 'LanguageError';
    this.code = code;
    this.words = { vi, en };
    this.at = at;
  }
}
