import { LanguageError } from './error.js';

export interface Phone {
  /** E.164, the one form that is stored: `+84912345678`. */
  readonly e164: string;
  /** As people in Vietnam dial it: `0912345678`. */
  readonly national: string;
}

/** Mobile: 3, 5, 7, 8 or 9 and eight digits; fixed: 2 with an area code, ten digits together. */
const NATIONAL = /^0(?:[35789]\d{8}|2\d{9})$/;

/** Longest text that is looked at: no number is written with more. */
const MAX_LENGTH = 30;

/** Reads `0…`, `+84…`, `84…`, `0084…` with spaces, dots, hyphens or brackets between. Throws PHONE_NOT_VALID. */
export function parsePhone(text: string): Phone {
  const digits = text.slice(0, MAX_LENGTH + 1).trim().replace(/(?<=[\d)])[ .\-()]+(?=[\d(])|[()]/g, '');
  const national = digits.replace(/^(?:\+84|0084|84)0?(?=[235789])/, '0');
  if (text.length > MAX_LENGTH || !NATIONAL.test(national)) {
    throw new LanguageError('PHONE_NOT_VALID', 'Số điện thoại Việt Nam, ví dụ 0912 345 678 hoặc +84 912 345 678.', 'Write a Vietnamese number, e.g. 0912 345 678 or +84 912 345 678.');
  }
  return { e164: `+84${national.slice(1)}`, national };
}

/** For screens: `*******678`. */
export function maskPhone(number: string): string {
  return `${'*'.repeat(Math.max(0, number.length - 3))}${number.slice(-3)}`;
}
