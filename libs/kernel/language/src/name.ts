/** Họ, chữ đệm, tên: a Vietnamese is called by the last word. One word alone is the given name. */
export interface NameParts {
  readonly family: string;
  readonly middle: string;
  readonly given: string;
}

const collator = new Intl.Collator('vi');

/** Cuts a Vietnamese name at its spaces; what stands between the first and the last word is the middle name. */
export function splitName(name: string): NameParts {
  const words = name.normalize('NFC').trim().split(/\s+/u);
  return { family: words.length > 1 ? (words[0] ?? '') : '', middle: words.slice(1, -1).join(' '), given: words.at(-1) ?? '' };
}

/**
 * Order of a list of people: by given name, then family name, then middle name, in the order of the Vietnamese alphabet
 * (a ă â … d đ …), which no code point order is.
 */
export function compareNames(one: string, other: string): number {
  const [a, b] = [splitName(one), splitName(other)];
  return collator.compare(a.given, b.given) || collator.compare(a.family, b.family) || collator.compare(a.middle, b.middle);
}
