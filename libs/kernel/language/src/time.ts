import { LanguageError } from './error.js';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

declare const localDateBrand: unique symbol;
/** A civil date in Vietnam, `YYYY-MM-DD`; made by `parseLocalDate`, `localDateOf` or arithmetic, so it always exists. */
export type LocalDate = string & { readonly [localDateBrand]: true };

/** ISO 8601: Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Asia/Ho_Chi_Minh as this platform knows it: UTC+07:00 the whole year, no daylight saving. */
const OFFSET_MS = 7 * HOUR_MS;
/** Years a person or a paper in today's files can bear; anything else is a slip of the pen. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Reads RFC 3339 with seconds and offset; digits after the millisecond are cut. Throws INSTANT_NOT_VALID for a date that
 * does not exist, 24:00, a leap second, a missing offset, a year outside 1900–2200.
 */
export function parseInstant(text: string): EpochMs {
  const parts = INSTANT.exec(text);
  if (parts === null) throw instantNotValid();
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const offset = offsetMs(parts[8] ?? '');
  if (!dateExists(year, month, day) || hour > 23 || minute > 59 || second > 59 || offset === undefined) throw instantNotValid();
  const fraction = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  return daysOf(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + fraction - offset;
}

function offsetMs(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  // RFC 3339, 4.3: -00:00 means that the offset is not known.
  if (hours > 23 || minutes > 59 || text === '-00:00') return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

function instantNotValid(): LanguageError {
  return new LanguageError(
    'INSTANT_NOT_VALID',
    'Thời điểm viết theo RFC 3339 có múi giờ, ví dụ 2026-11-24T09:05:00+07:00; ngày giờ phải có thật, năm 1900–2200.',
    'Write the instant as RFC 3339 with its offset, e.g. 2026-11-24T09:05:00+07:00; it must exist, years 1900–2200.',
  );
}

/** `2026-11-24T09:05:00+07:00`; milliseconds are written (`.250`) only when there are any. */
export function formatInstant(ms: EpochMs): string {
  const local = ms + OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  const rest = local - day * DAY_MS;
  const [hour, minute, second] = [Math.floor(rest / HOUR_MS), Math.floor(rest / MINUTE_MS) % 60, Math.floor(rest / 1000) % 60];
  const fraction = rest % 1000 === 0 ? '' : `.${pad(rest % 1000, 3)}`;
  return `${dateOfDays(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}+07:00`;
}

/** Reads `YYYY-MM-DD` of a day that exists, years 1900–2200; throws DATE_NOT_VALID. */
export function parseLocalDate(text: string): LocalDate {
  const parts = DATE.exec(text);
  if (parts !== null) {
    const [year, month, day] = parts.slice(1, 4).map(Number) as [number, number, number];
    if (dateExists(year, month, day)) return text as LocalDate;
  }
  throw new LanguageError('DATE_NOT_VALID', 'Ngày viết dạng 2026-11-24 và phải có thật, năm 1900–2200.', 'Write the date as 2026-11-24; it must exist, years 1900–2200.');
}

/** The civil date in Vietnam at an instant. */
export function localDateOf(ms: EpochMs): LocalDate {
  return dateOfDays(Math.floor((ms + OFFSET_MS) / DAY_MS));
}

/** Minutes since local midnight, with fractions. */
export function minuteOfDay(ms: EpochMs): number {
  const local = ms + OFFSET_MS;
  return (local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS;
}

/** The instant of a local date at `minute` minutes after its midnight (0–1440; 1440 is 24:00). */
export function instantAt(date: LocalDate, minute: number): EpochMs {
  return dayNumber(date) * DAY_MS + minute * MINUTE_MS - OFFSET_MS;
}

/** Reads a local time `HH:MM` as minutes since midnight; throws TIME_NOT_VALID. `24:00` is read where a day may end. */
export function parseTime(text: string, options: { readonly endOfDay?: boolean; readonly at?: string } = {}): number {
  if (options.endOfDay === true && text === '24:00') return 1440;
  const parts = TIME.exec(text);
  if (parts === null) throw new LanguageError('TIME_NOT_VALID', 'Giờ viết dạng 07:30.', 'Write the time as 07:30.', options.at);
  return Number(parts[1]) * 60 + Number(parts[2]);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDays(dayNumber(date) + days);
}

/**
 * The same day number `months` later, or the last day of that month when it has none (Bộ luật Dân sự 2015,
 * Điều 148: the term ends on the corresponding day, or on the last day of the month).
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year, month, day] = partsOf(date);
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return dateOfDays(daysOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))));
}

/** Days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

export function weekdayOf(date: LocalDate): Weekday {
  // 1970-01-01 was a Thursday (4).
  return (((((dayNumber(date) + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/** `24/11/2026`, as people in Vietnam write a date. */
export function displayDate(date: LocalDate): string {
  const [year, month, day] = date.split('-');
  return `${day}/${month}/${year}`;
}

/** `17:00 24/11/2026`. */
export function displayInstant(ms: EpochMs): string {
  return `${displayTime(ms)} ${displayDate(localDateOf(ms))}`;
}

/** `17:00`, with seconds only when there are any. */
export function displayTime(ms: EpochMs): string {
  const text = formatInstant(ms);
  return text.slice(17, 19) === '00' ? text.slice(11, 16) : text.slice(11, 19);
}

function dateExists(year: number, month: number, day: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function partsOf(date: LocalDate): [year: number, month: number, day: number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function dayNumber(date: LocalDate): number {
  return daysOf(...partsOf(date));
}

/** Days since 1970-01-01 of a Gregorian date; years run from March, so the leap day is the last of its year. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

function dateOfDays(days: number): LocalDate {
  const shifted = days + 719_468;
  let year = Math.floor((shifted * 400) / 146_097);
  while (marchFirst(year + 1) <= shifted) year += 1;
  while (marchFirst(year) > shifted) year -= 1;
  const dayOfYear = shifted - marchFirst(year);
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((march + 2) % 12) + 1;
  return `${pad(month <= 2 ? year + 1 : year, 4)}-${pad(month)}-${pad(dayOfYear - Math.floor((153 * march + 2) / 5) + 1)}` as LocalDate;
}

/** Days from 0000-03-01 to 1 March of a year. */
function marchFirst(year: number): number {
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
