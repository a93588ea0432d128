import { parseAgencyCode, toQcvn102, toQd20 } from './agency-code.js';
import { LanguageError } from './error.js';
import { parseLocalDate, type LocalDate } from './time.js';

/** Agency of receipt, its local date, serial of the agency and day: TT 03/2025/TT-VPCP, Điều 13; data of the authority. */
export const DEFAULT_DOSSIER_CODE_PATTERN = '{unit}-{yyMMdd}-{serial:4}';

export interface DossierCodeParts {
  /** In either order; written as the pattern asks. */
  readonly unit: string;
  readonly date: LocalDate;
  /** 1, 2, 3 … of the unit and day; beyond the digits of the pattern it becomes wider and never begins anew. */
  readonly serial: number;
}

/**
 * How a code is written:
 * - `pattern` as the pattern given; `receipt` `H56.27.11-250214-0003`, the order of QĐ 20/2020
 * - `central` `MX1X2.Y1Y2Y3.Z1Z2-YYMMDD-AAXXXX` of a nationwide system, AA its owner (TT 03/2025 Điều 13 khoản 3)
 * - `reverse` `V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX` (TT 01/2018/TT-VPCP, Điều 19)
 * - `long-date` `G09.20-20260609-0092637`, seen in the field
 * - `foreign` any other: kept as it came
 */
export type DossierCodeForm = 'pattern' | 'receipt' | 'central' | 'reverse' | 'long-date' | 'foreign';

export interface ParsedDossierCode {
  readonly form: DossierCodeForm;
  /** Exactly as it came: a code given by another system is never written anew. */
  readonly code: string;
  /** In today's order (QĐ 20/2020); null for a foreign code. */
  readonly unit: string | null;
  readonly date: LocalDate | null;
  readonly serial: number | null;
  /** Two digits of the system's owner, central codes only. */
  readonly owner: string | null;
}

const TOKEN = /\{(unit|unit:qcvn102|yyMMdd|yyyyMMdd|serial:[1-9])\}/;
const LITERAL = /^[A-Z0-9./-]*$/;
const PRINTABLE = /^[\x21-\x7e]{1,60}$/;
const RECEIPT = /^([A-Y]\d{2}(?:\.[A-Z0-9]+)*)-(\d{6})-(\d{4,})$/;
const CENTRAL = /^([A-Y]\d{2}\.\d{3}\.\d{2})-(\d{6})-(\d{2})(\d{4,})$/;
const REVERSE = /^(\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})-(\d{6})-(\d{4,})$/;
const LONG_DATE = /^([A-Y]\d{2}(?:\.[A-Z0-9]+)*)-(20\d{6})-(\d{4,})$/;

interface Part {
  readonly token: boolean;
  readonly text: string;
}

/**
 * The parts of a pattern. Throws DOSSIER_CODE_PATTERN_NOT_VALID unless it has one unit, one date and, last, one serial,
 * each apart from the next: then a counter for each unit and day makes codes that are unique.
 */
export function checkDossierCodePattern(pattern: string): readonly Part[] {
  const parts = pattern.split(TOKEN).map((text, index): Part => ({ token: index % 2 === 1, text }));
  const names = parts.filter((part) => part.token).map((part) => part.text.replace(/:.*/, '').replace(/^yy.*/, 'date'));
  const literals = parts.filter((part) => !part.token).map((part) => part.text);
  const apart = literals.slice(1, -1).every((text) => /[^A-Z0-9]/.test(text));
  const complete = [...names].sort().join() === 'date,serial,unit' && names.at(-1) === 'serial' && literals.at(-1) === '';
  if (complete && apart && literals.every((text) => LITERAL.test(text))) return parts;
  throw new LanguageError(
    'DOSSIER_CODE_PATTERN_NOT_VALID',
    'Mẫu mã hồ sơ có một {unit} hoặc {unit:qcvn102}, một {yyMMdd} hoặc {yyyyMMdd}, cuối cùng là {serial:4}, cách nhau bằng dấu.',
    'The pattern has one {unit} or {unit:qcvn102}, one {yyMMdd} or {yyyyMMdd} and, last, {serial:4}, with a sign between them.',
  );
}

/** Writes a code. Throws DOSSIER_CODE_PATTERN_NOT_VALID, DOSSIER_SERIAL_NOT_VALID and those of agency codes. */
export function formatDossierCode(pattern: string, { unit, date, serial }: DossierCodeParts): string {
  if (!Number.isSafeInteger(serial) || serial < 1) {
    throw new LanguageError('DOSSIER_SERIAL_NOT_VALID', 'Số thứ tự trong ngày bắt đầu từ 1.', 'The serial of the day begins with 1.');
  }
  const [year, month, day] = date.split('-') as [string, string, string];
  return checkDossierCodePattern(pattern)
    .map(({ token, text }) => {
      if (!token) return text;
      if (text === 'unit') return toQd20(unit);
      if (text === 'unit:qcvn102') return toQcvn102(unit);
      if (text === 'yyMMdd') return `${year.slice(2)}${month}${day}`;
      return text === 'yyyyMMdd' ? `${year}${month}${day}` : String(serial).padStart(Number(text.slice('serial:'.length)), '0');
    })
    .join('');
}

/**
 * Says in which form a code is written, and reads it. Six or more digits under an agency of three and two digits are a
 * central code: no desk receives 100,000 dossiers a day. Throws DOSSIER_CODE_NOT_VALID for what is no code at all
 * (empty, longer than 60, spaces or signs that cannot be printed) and DOSSIER_CODE_PATTERN_NOT_VALID.
 */
export function parseDossierCode(code: string, pattern: string = DEFAULT_DOSSIER_CODE_PATTERN): ParsedDossierCode {
  if (!PRINTABLE.test(code)) {
    throw new LanguageError('DOSSIER_CODE_NOT_VALID', 'Mã hồ sơ dài 1–60 ký tự, không có dấu cách.', 'A dossier code has 1–60 characters and no spaces.');
  }
  return (
    read(code, 'central', CENTRAL.exec(code), ([unit, date, owner, serial]) => ({ unit, date, owner, serial })) ??
    readPattern(code, pattern) ??
    read(code, 'reverse', REVERSE.exec(code), threeGroups) ??
    read(code, 'receipt', RECEIPT.exec(code), threeGroups) ??
    read(code, 'long-date', LONG_DATE.exec(code), threeGroups) ?? { form: 'foreign', code, unit: null, date: null, serial: null, owner: null }
  );
}

interface Texts {
  readonly unit: string | undefined;
  readonly date: string | undefined;
  readonly serial: string | undefined;
  readonly owner?: string | undefined;
}

function threeGroups([unit, date, serial]: readonly string[]): Texts {
  return { unit, date, serial };
}

function readPattern(code: string, pattern: string): ParsedDossierCode | undefined {
  const parts = checkDossierCodePattern(pattern);
  const source = parts.map(({ token, text }) => (token ? sourceOf(text) : text.replace(/[.]/g, '\\.'))).join('');
  const order = parts.filter((part) => part.token).map((part) => part.text);
  return read(code, 'pattern', new RegExp(`^${source}$`).exec(code), (groups) => ({
    unit: groups[order.findIndex((token) => token.startsWith('unit'))],
    date: groups[order.findIndex((token) => token.startsWith('yy'))],
    serial: groups[order.length - 1],
  }));
}

function sourceOf(token: string): string {
  if (token === 'unit') return '([A-Y]\\d{2}(?:\\.[A-Z0-9]+)*)';
  if (token === 'unit:qcvn102') return '(\\d{3}\\.\\d{2}\\.\\d{2}\\.[A-Y]\\d{2})';
  if (token === 'yyMMdd') return '(\\d{6})';
  if (token === 'yyyyMMdd') return '(\\d{8})';
  // Wider than its digits only without zeros in front: padding never makes `00001` of four digits.
  const digits = token.slice('serial:'.length);
  return `(\\d{${digits}}|[1-9]\\d{${digits},})`;
}

function read(code: string, form: DossierCodeForm, match: RegExpExecArray | null, textsOf: (groups: readonly string[]) => Texts): ParsedDossierCode | undefined {
  if (match === null) return undefined;
  const { unit, date, serial, owner } = textsOf(match.slice(1));
  try {
    if (unit === undefined || date === undefined || parseAgencyCode(unit).kind !== 'agency') return undefined;
    return { form, code, unit: toQd20(unit), date: readDate(date), serial: Number(serial), owner: owner ?? null };
  } catch (error) {
    // A day that does not exist, an agency that cannot: written otherwise, or by somebody else.
    if (error instanceof LanguageError) return undefined;
    throw error;
  }
}

function readDate(digits: string): LocalDate {
  const long = digits.length === 6 ? `20${digits}` : digits;
  return parseLocalDate(`${long.slice(0, 4)}-${long.slice(4, 6)}-${long.slice(6)}`);
}
