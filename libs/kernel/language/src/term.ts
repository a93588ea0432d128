import { LanguageError } from './error.js';
import { parseTime } from './time.js';

export const TERM_UNITS = ['working-days', 'calendar-days', 'months', 'working-hours', 'clock-hours', 'end-of-day'] as const;
export type TermUnit = (typeof TERM_UNITS)[number];

/** Received after `time` (strictly: 15:00:00 is in time) counts as received at the opening of the next working day. */
export interface Cutoff {
  readonly time: string;
  readonly effect: 'next-working-day';
}

export interface CountedTerm {
  readonly unit: Exclude<TermUnit, 'end-of-day'>;
  readonly value: number;
  readonly cutoff?: Cutoff | undefined;
}

export interface EndOfDayTerm {
  readonly unit: 'end-of-day';
  readonly value?: undefined;
  readonly cutoff?: Cutoff | undefined;
}

/** A term as the law writes it. "1 day" in a text without "làm việc" is a calendar day; half days are working hours. */
export type Term = CountedTerm | EndOfDayTerm;

/** Ten years of days: beyond it a value is a slip of the pen. */
export const MAX_TERM_VALUE = 3660;

/** Whether lateness of the unit is told by the local date (a law-day ends at 24:00) or by the instant. */
export function comparesByDate(unit: TermUnit): boolean {
  return unit !== 'working-hours' && unit !== 'clock-hours';
}

/**
 * Throws TERM_UNIT_UNKNOWN, TERM_VALUE_NOT_VALID (no positive integer up to 3660; a value beside `end-of-day`),
 * TIME_NOT_VALID, CUTOFF_NOT_FOR_CLOCK_HOURS (they run through nights: nothing is deemed).
 */
export function checkTerm(term: Term): void {
  if (!TERM_UNITS.includes(term.unit)) {
    throw new LanguageError('TERM_UNIT_UNKNOWN', `Đơn vị thời hạn là một trong: ${TERM_UNITS.join(', ')}.`, `The unit is one of: ${TERM_UNITS.join(', ')}.`, 'term.unit');
  }
  const value: unknown = term.value;
  const counted = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TERM_VALUE;
  if (term.unit === 'end-of-day' ? value !== undefined : !counted) {
    throw new LanguageError('TERM_VALUE_NOT_VALID', `Thời hạn là số nguyên từ 1 đến ${MAX_TERM_VALUE}; thời hạn trong ngày không có số.`, `The value is an integer from 1 to ${MAX_TERM_VALUE}; end-of-day has none.`, 'term.value');
  }
  if (term.cutoff === undefined) return;
  parseTime(term.cutoff.time, { at: 'term.cutoff.time' });
  if (term.unit === 'clock-hours') {
    throw new LanguageError('CUTOFF_NOT_FOR_CLOCK_HOURS', 'Giờ đồng hồ chạy liên tục, không có giờ chốt.', 'Clock hours run on: they have no cut-off.', 'term.cutoff');
  }
}
