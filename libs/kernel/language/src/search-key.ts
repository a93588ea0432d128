/** Letters that look like Đ and are not: Icelandic Eth and African D, typed and scanned in its place. */
const LIKE_D = /[đðɖ]/gu;

/**
 * What two spellings of a Vietnamese text have in common: NFC, lower case, no marks, đ as d, single spaces. So `hoà` and
 * `hòa`, `Đường` and `duong` meet. A pure function, so that the database and the query agree; index it with trigrams.
 */
export function searchKey(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(LIKE_D, 'd')
    .normalize('NFC')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
}

/** Words of the key, each once, in order: `An, Nguyễn Văn` → `an`, `nguyen`, `van`. Codes stay whole: `h99.05-261123-0001`. */
export function searchTokens(text: string): readonly string[] {
  return [...new Set(searchKey(text).match(/[\p{L}\p{N}]+(?:[.\-/][\p{L}\p{N}]+)*/gu) ?? [])];
}
