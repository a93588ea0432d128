import { LanguageError, type Words } from './error.js';
import { type LocalDate } from './time.js';

/** A row of the list of first three digits: province or country of the birth's registration, or the test range. Data. */
export interface NumberPrefix {
  readonly code: string;
  readonly kind: 'province' | 'country' | 'test';
}

export type Gender = 'male' | 'female';

export interface PersonalNumberWarning {
  readonly code: 'PREFIX_UNKNOWN' | 'GENDER_DIFFERS' | 'BIRTH_YEAR_DIFFERS' | 'BIRTH_IN_FUTURE';
  readonly words: Words;
}

export interface PersonalNumber {
  readonly number: string;
  readonly prefix: string;
  /** Of the reserved range: a person who does not exist. */
  readonly test: boolean;
  readonly gender: Gender;
  readonly birthYear: number;
  /** Never a reason to refuse: gender and birth may have been corrected after the number was given. */
  readonly warnings: readonly PersonalNumberWarning[];
}

export interface PersonalNumberContext {
  readonly prefixes: readonly NumberPrefix[];
  /** Whether people of the test range may exist: profiles local and trial. */
  readonly allowTest: boolean;
  /** What the person declares; a birth may be known by its year alone. */
  readonly declared?: { readonly gender?: Gender | undefined; readonly birthYear?: number | undefined } | undefined;
  /** Today, for births in the future. */
  readonly today?: LocalDate | undefined;
}

/** Prefix of people who do not exist; the list of prefixes has it with `kind: test`. */
export const TEST_PREFIX = '999';

const SHAPE = /^\d{12}$/;

/**
 * Reads a personal number (NĐ 137/2015/NĐ-CP, Điều 13): `PPP C YY RRRRRR`, province or country, century and gender, year,
 * random; it has no check digit, so only the population database knows whether it exists. Throws
 * PERSONAL_NUMBER_NOT_VALID (not 12 digits) and PERSONAL_NUMBER_TEST_RANGE; everything else is a warning.
 */
export function parsePersonalNumber(text: string, { prefixes, allowTest, declared, today }: PersonalNumberContext): PersonalNumber {
  if (!SHAPE.test(text)) throw new LanguageError('PERSONAL_NUMBER_NOT_VALID', 'Số định danh cá nhân có đúng 12 chữ số.', 'A personal number has exactly 12 digits.');
  const prefix = text.slice(0, 3);
  const test = prefix === TEST_PREFIX || prefixes.some((row) => row.code === prefix && row.kind === 'test');
  if (test && !allowTest) throw new LanguageError('PERSONAL_NUMBER_TEST_RANGE', 'Số thử nghiệm không được dùng ở đây.', 'Numbers of the test range are not taken here.');
  const century = Number(text.charAt(3));
  // 0, 1: 20th century (1900–1999), male and female; 2, 3: 21st … 8, 9: 24th.
  const birthYear = 1900 + Math.floor(century / 2) * 100 + Number(text.slice(4, 6));
  const gender = century % 2 === 0 ? 'male' : 'female';
  const warnings = [
    ...warn(!prefixes.some((row) => row.code === prefix), 'PREFIX_UNKNOWN', 'Ba số đầu không có trong danh mục.', 'The first three digits are in no list.'),
    ...warn(declared?.gender !== undefined && declared.gender !== gender, 'GENDER_DIFFERS', 'Giới tính khác số định danh.', 'The gender differs from the number.'),
    ...warn(declared?.birthYear !== undefined && declared.birthYear !== birthYear, 'BIRTH_YEAR_DIFFERS', 'Năm sinh khác số định danh.', 'The year of birth differs from the number.'),
    ...warn(today !== undefined && birthYear > Number(today.slice(0, 4)), 'BIRTH_IN_FUTURE', 'Năm sinh theo số định danh ở tương lai.', 'By the number the birth lies in the future.'),
  ];
  return { number: text, prefix, test, gender, birthYear, warnings };
}

function warn(is: boolean, code: PersonalNumberWarning['code'], vi: string, en: string): readonly PersonalNumberWarning[] {
  return is ? [{ code, words: { vi, en } }] : [];
}

/** For screens and slips: `*********010`. The last three digits tell two people at a desk apart and say nothing else. */
export function maskPersonalNumber(number: string): string {
  return `${'*'.repeat(Math.max(0, number.length - 3))}${number.slice(-3)}`;
}
