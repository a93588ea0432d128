import { LanguageError, type Words } from './error.js';
import { type CalendarDay, type WorkCalendar } from './calendar.js';
import { parseLocalDate, weekdayOf, type LocalDate, type Weekday } from './time.js';
import { minutesOf } from './windows.js';

export interface CalendarFault {
  /** Path in the calendar, e.g. `days[3].date`. */
  readonly at: string;
  readonly code: string;
  readonly words: Words;
}

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * What makes a calendar unusable, with its place; empty when it may be counted with. Dates and times must exist, windows
 * be in order, some weekday be worked, a date have one row, a make-up day be the only row that opens an office.
 */
export function calendarFaults(calendar: WorkCalendar): readonly CalendarFault[] {
  const faults = [
    ...dateFaults(calendar),
    ...WEEKDAYS.flatMap((day) => caught(`weeklyWindows.${day}`, () => minutesOf(calendar.weeklyWindows[`${day}`], `weeklyWindows.${day}`))),
    ...calendar.days.flatMap((day, index) => dayFaults(day, `days[${index}]`)),
    ...twiceFaults(calendar.days),
  ];
  if (WEEKDAYS.every((day) => calendar.weeklyWindows[`${day}`].length === 0)) {
    faults.push(fault('weeklyWindows', 'CALENDAR_NEVER_OPENS', 'Lịch phải có ít nhất một ngày làm việc trong tuần.', 'Some weekday must be worked.'));
  }
  // A make-up day on a weekday that is worked anyway is a slip: it would change nothing.
  if (faults.length > 0) return faults;
  return calendar.days.flatMap((day, index) =>
    day.kind === 'make-up' && day.windows === undefined && calendar.weeklyWindows[`${weekdayOf(day.date as LocalDate)}`].length > 0
      ? [fault(`days[${index}].kind`, 'CALENDAR_MAKE_UP_ON_WORKING_DAY', 'Ngày làm bù trùng ngày làm việc thường.', 'The make-up day is a working day anyway.')]
      : [],
  );
}

function dateFaults({ validFrom, validTo, coversUntil }: WorkCalendar): CalendarFault[] {
  const faults = [
    ...caught('validFrom', () => parseLocalDate(validFrom)),
    ...(validTo === null ? [] : caught('validTo', () => parseLocalDate(validTo))),
    ...caught('coversUntil', () => parseLocalDate(coversUntil)),
  ];
  if (validTo !== null && validTo < validFrom) faults.push(fault('validTo', 'PERIOD_ENDS_BEFORE_IT_BEGINS', 'Ngày hết hiệu lực trước ngày có hiệu lực.', 'It ends before it begins.'));
  return faults;
}

function dayFaults(day: CalendarDay, at: string): CalendarFault[] {
  const { windows } = day;
  const faults = [...caught(`${at}.date`, () => parseLocalDate(day.date)), ...caught(`${at}.validFrom`, () => parseLocalDate(day.validFrom))];
  if (windows === undefined) return faults;
  if (day.kind !== 'make-up') faults.push(fault(`${at}.windows`, 'CALENDAR_WINDOWS_ON_DAY_OFF', 'Ngày nghỉ không có giờ làm việc.', 'A day off has no opening windows.'));
  if (windows.length === 0) faults.push(fault(`${at}.windows`, 'CALENDAR_WINDOWS_NOT_VALID', 'Ngày làm bù phải có giờ làm việc.', 'A make-up day has windows.'));
  return [...faults, ...caught(`${at}.windows`, () => minutesOf(windows, `${at}.windows`))];
}

function twiceFaults(days: readonly CalendarDay[]): CalendarFault[] {
  return days.flatMap((day, index) =>
    days.findIndex((other) => other.date === day.date) === index ? [] : [fault(`days[${index}].date`, 'CALENDAR_DATE_TWICE', 'Một ngày chỉ có một dòng.', 'A date has one row.')],
  );
}

function caught(at: string, read: () => unknown): CalendarFault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    return [{ at: error.at ?? at, code: error.code, words: error.words }];
  }
}

function fault(at: string, code: string, vi: string, en: string): CalendarFault {
  return { at, code, words: { vi, en } };
}
