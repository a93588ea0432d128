import { LanguageError } from './error.js';

/** A character that is not seen and changes what is: order of writing, joining, controls, private use, half a pair. */
export interface HiddenCharacter {
  readonly kind: 'bidi' | 'zero-width' | 'control' | 'private-use' | 'unpaired';
  /** Index in UTF-16 units. */
  readonly index: number;
  /** `U+202E`. */
  readonly codePoint: string;
}

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const NEW_LINE = '\n';

/** Everything in a text that people cannot see; line feeds are seen when `lines`. */
export function hiddenCharacters(text: string, { lines = false }: { readonly lines?: boolean } = {}): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  let index = 0;
  for (const character of text) {
    const kind = lines && character === NEW_LINE ? undefined : kindOf(character);
    if (kind !== undefined) found.push({ kind, index, codePoint: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` });
    index += character.length;
  }
  return found;
}

function kindOf(character: string): HiddenCharacter['kind'] | undefined {
  if (BIDI.test(character)) return 'bidi';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(character)) return 'control';
  if (/\p{Cs}/u.test(character)) return 'unpaired';
  if (/\p{Co}/u.test(character)) return 'private-use';
  // Format characters and those drawn as nothing (Hangul fillers, variation selectors, combining grapheme joiner).
  return /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(character) ? 'zero-width' : undefined;
}

/** Unicode NFC: one way to write each Vietnamese letter. */
export function toNfc(text: string): string {
  return text.normalize('NFC');
}

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** Characters as people count them: `ệ` is one however it is coded. */
export function graphemeLength(text: string): number {
  let length = 0;
  for (const _ of graphemes.segment(text)) length += 1;
  return length;
}

/**
 * A text as it is kept: NFC, without spaces around it. `max` counts graphemes. Throws TEXT_EMPTY, TEXT_TOO_LONG,
 * TEXT_HAS_HIDDEN_CHARACTERS (they make two names look alike).
 */
export function cleanText(text: string, { max, lines = false }: { readonly max: number; readonly lines?: boolean }): string {
  const clean = toNfc(text).trim();
  if (hiddenCharacters(clean, { lines }).length > 0) throw new LanguageError('TEXT_HAS_HIDDEN_CHARACTERS', 'Văn bản có ký tự ẩn.', 'The text has characters that cannot be seen.');
  if (clean === '') throw new LanguageError('TEXT_EMPTY', 'Văn bản không được để trống.', 'The text must not be empty.');
  if (graphemeLength(clean) > max) throw new LanguageError('TEXT_TOO_LONG', `Văn bản dài tối đa ${max} ký tự.`, `The text has ${max} characters at most.`);
  return clean;
}
