import { afterWorkingTime, closingOf, nextOpening, nextWorkingDay, workingDayFrom, workingDaysBetween, workingTimeBetween, type WorkCalendar } from './calendar.js';
import { addDays, addMonths, daysBetween, HOUR_MS, localDateOf, type EpochMs } from './time.js';
import { type Term } from './term.js';

/**
 * One unit of a term. `amount` is measured in the unit itself: working days, days, milliseconds of opening time or of the
 * clock; so a pause takes away and gives back exactly what it stopped (Bộ luật Dân sự 2015, Điều 147–148).
 */
export interface UnitOfTerm {
  /** When an act is deemed made: at the next opening, except for clock hours. */
  deemed(at: EpochMs): EpochMs;
  /** The whole term, counted from an instant. */
  whole(from: EpochMs): number;
  /** What of it has been used at `until`. */
  used(from: EpochMs, until: EpochMs): number;
  /** When what is left, counted from an instant, is over. */
  due(from: EpochMs, left: number): EpochMs;
}

/** A stretch in which the clock runs: from when, how much of the whole is left then, and the whole. */
export interface Run {
  readonly from: EpochMs;
  readonly left: number;
  readonly whole: number;
}

/** The unit of a term under a calendar; the term has been checked. */
export function unitOf(term: Term, calendar: WorkCalendar): UnitOfTerm {
  switch (term.unit) {
    case 'working-days':
      return workingDays(term.value, calendar);
    case 'calendar-days':
      return calendarDays(() => term.value, calendar);
    case 'months':
      return calendarDays((from) => daysBetween(localDateOf(from), addMonths(localDateOf(from), term.value)), calendar);
    case 'working-hours':
      return workingHours(term.value, calendar);
    case 'clock-hours':
      return clockHours(term.value);
    case 'end-of-day':
      return endOfDay(calendar);
  }
}

/** Closing of the n-th working day after day 0; the day on which a pause begins is used. */
function workingDays(value: number, calendar: WorkCalendar): UnitOfTerm {
  return {
    deemed: (at) => nextOpening(calendar, at),
    whole: () => value,
    used: (from, until) => workingDaysBetween(calendar, localDateOf(from), localDateOf(until)),
    due: (from, left) => {
      let date = localDateOf(from);
      for (let counted = 0; counted < left; counted += 1) date = nextWorkingDay(calendar, date);
      return closingOf(calendar, date);
    },
  };
}

/** Day 0 + n days, and when that is a day off the next working day; months are the days that they have. */
function calendarDays(value: (from: EpochMs) => number, calendar: WorkCalendar): UnitOfTerm {
  return {
    deemed: (at) => nextOpening(calendar, at),
    whole: value,
    used: (from, until) => daysBetween(localDateOf(from), localDateOf(until)),
    due: (from, left) => closingOf(calendar, workingDayFrom(calendar, addDays(localDateOf(from), left))),
  };
}

function workingHours(value: number, calendar: WorkCalendar): UnitOfTerm {
  return {
    deemed: (at) => nextOpening(calendar, at),
    whole: () => value * HOUR_MS,
    used: (from, until) => workingTimeBetween(calendar, from, until),
    due: (from, left) => afterWorkingTime(calendar, from, left),
  };
}

function clockHours(value: number): UnitOfTerm {
  return {
    deemed: (at) => at,
    whole: () => value * HOUR_MS,
    used: (from, until) => until - from,
    due: (from, left) => from + left,
  };
}

/** Closing of the day itself; the cut-off has moved `from` before, so nothing is ever left over. */
function endOfDay(calendar: WorkCalendar): UnitOfTerm {
  return {
    deemed: (at) => nextOpening(calendar, at),
    whole: () => 0,
    used: () => 0,
    due: (from) => closingOf(calendar, localDateOf(from)),
  };
}
