import { formatInstant, parseInstant, searchTokens } from '@quan-so/language';

/** An instant as people here read it: RFC 3339 with +07:00. */
export function local(instant: string): string {
  return formatInstant(parseInstant(instant));
}

/**
 * People type personal numbers (NĐ 137/2015/NĐ-CP, Điều 13) into summaries and notes. Any run of exactly 12 digits is
 * taken for one, also in the wide digits of some keyboards; in groups of three only what begins like one (0.. a province
 * or country, 999 the test range), so that an amount of money stays readable.
 */
const TWELVE_DIGITS = /(?<![\d０-９])[\d０-９]{12}(?![\d０-９])/g;
const IN_GROUPS = /(?<![\d.])(?:0\d{2}|999)(?:[ .-]\d{3}){3}(?!\d|\.\d)/g;

/** The text as it is shown and shared: `*********010`. */
export function withoutNumbers(text: string): string {
  return text.replace(TWELVE_DIGITS, hidden).replace(IN_GROUPS, hidden);
}

function hidden(number: string): string {
  return `${'*'.repeat(9)}${number.slice(-3)}`;
}

/** At most so many UTF-16 units, without half a character or a space at the end. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\p{Cs}\s]+$/u, '');
}

/** Words without marks and case, each once. A code is parted too: people type its tail (`261005-0001`). */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(searchTokens(text).flatMap((token) => token.split(/[.\-/]/)))];
}
