import { workingTimeBetween, type WorkCalendar } from './calendar.js';
import { LanguageError } from './error.js';
import { DAY_MS, daysBetween, HOUR_MS, localDateOf, type EpochMs } from './time.js';
import { comparesByDate, type TermUnit } from './term.js';

/** Where the clock of a dossier stands; all instants. */
export interface ClockReading {
  readonly unit: TermUnit;
  /** Null only while a pause that began in time is open, or when it ended in such a pause. */
  readonly dueAt: EpochMs | null;
  /** First time in status 9 (or 7, 8, 3): not the collection of the result. */
  readonly finishedAt: EpochMs | null;
  readonly pausedSince: EpochMs | null;
}

/** Due soon when no more than this is left, or half the term if that is less; data of the authority. */
export interface SoonThreshold {
  readonly value: number;
  readonly unit: 'working-hours' | 'clock-hours';
}

/**
 * Finished by the due date; or running and not past it; or paused before it was past. Compared by local date for day
 * units, by instant for hours. Throws DUE_DATE_MISSING for a running clock without a due date.
 */
export function isOnTime(clock: ClockReading, now: EpochMs): boolean {
  return !isOverdue(clock, now);
}

/** Finished strictly before the due date (trước hạn). */
export function isEarly(clock: ClockReading): boolean {
  return clock.finishedAt !== null && clock.dueAt !== null && comparison(clock.unit, clock.finishedAt, clock.dueAt) < 0;
}

/** Past the due date when it finished, when it was paused, or now. A law-day ends at 24:00. Throws DUE_DATE_MISSING. */
export function isOverdue(clock: ClockReading, now: EpochMs): boolean {
  const { unit, dueAt, finishedAt, pausedSince } = clock;
  if (dueAt === null) {
    if (finishedAt !== null || pausedSince !== null) return false;
    throw new LanguageError('DUE_DATE_MISSING', 'Thời hạn đang chạy phải có hạn.', 'A running term has a due date.');
  }
  return comparison(unit, finishedAt ?? pausedSince ?? now, dueAt) > 0;
}

/**
 * Running, not overdue, and what is left (in the threshold's measure) is at most the threshold, or half the term if that
 * is less. `startAt` is where the term began to run. Throws DUE_DATE_MISSING.
 */
export function isDueSoon(clock: ClockReading, now: EpochMs, o: { threshold: SoonThreshold; startAt: EpochMs; calendar: WorkCalendar }): boolean {
  if (clock.finishedAt !== null || clock.pausedSince !== null || isOverdue(clock, now) || clock.dueAt === null) return false;
  const left = timeIn(o.threshold.unit, o.calendar, now, clock.dueAt);
  const half = timeIn(o.threshold.unit, o.calendar, o.startAt, clock.dueAt) / 2;
  return left <= Math.min(o.threshold.value * HOUR_MS, half);
}

function timeIn(unit: SoonThreshold['unit'], calendar: WorkCalendar, from: EpochMs, to: EpochMs): number {
  return unit === 'working-hours' ? workingTimeBetween(calendar, from, to) : Math.max(0, to - from);
}

/** Sign of `at` against the due date; for day units in whole days. */
function comparison(unit: TermUnit, at: EpochMs, dueAt: EpochMs): number {
  return comparesByDate(unit) ? daysBetween(localDateOf(dueAt), localDateOf(at)) * DAY_MS : at - dueAt;
}
