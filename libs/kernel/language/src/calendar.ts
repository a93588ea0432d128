import { LanguageError, type Words } from './error.js';
import { addDays, instantAt, localDateOf, minuteOfDay, weekdayOf, type EpochMs, type LocalDate, type Weekday } from './time.js';
import { minutesOf, type Minutes, type OpeningWindow } from './windows.js';

/**
 * A day that differs from its week: `holiday` (Bộ luật Lao động 2019, Điều 112), `compensatory` for a holiday on a
 * weekly day off (Điều 111 khoản 3), `swap-off` exchanged for a `make-up` day, which is worked.
 */
export type CalendarDayKind = 'holiday' | 'compensatory' | 'swap-off' | 'make-up';

export interface CalendarDay {
  readonly date: string;
  readonly kind: CalendarDayKind;
  readonly name: Words;
  readonly legalBasis: string;
  /** False while the act that makes it law has not been seen; it counts all the same, and results say so. */
  readonly confirmed: boolean;
  /** Local date on which the row was published: a calendar as known earlier does not have it. */
  readonly validFrom: string;
  /** Windows of a make-up day; without them those of its weekday, or of the first weekday that has any. */
  readonly windows?: readonly OpeningWindow[] | undefined;
}

/** Opening hours and days off of an authority: versioned data, published by catalog, replicated to everybody. */
export interface WorkCalendar {
  readonly code: string;
  readonly version: number;
  /** By ISO weekday: `'1'` Monday … `'7'` Sunday; an empty list is a weekly day off. */
  readonly weeklyWindows: Readonly<Record<`${Weekday}`, readonly OpeningWindow[]>>;
  readonly days: readonly CalendarDay[];
  /** Local dates between which it is in force; `validTo` is the last one. */
  readonly validFrom: string;
  readonly validTo: string | null;
  /** Last local date for which days off have been announced; a deadline beyond it is provisional. */
  readonly coversUntil: string;
}

interface Indexed {
  readonly week: ReadonlyMap<Weekday, readonly Minutes[]>;
  readonly days: ReadonlyMap<string, CalendarDay>;
  readonly makeUp: ReadonlyMap<string, readonly Minutes[]>;
}

/** Calendars are values: one object never changes, so what was read from it once stays true. */
const indexes = new WeakMap<WorkCalendar, Indexed>();

/** Longest run of days off that is believed; beyond it the calendar is wrong, not the office closed. */
const LONGEST_CLOSURE_DAYS = 400;

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** Reads times once. Throws TIME_NOT_VALID or CALENDAR_WINDOWS_NOT_VALID, with the place in the calendar. */
function indexOf(calendar: WorkCalendar): Indexed {
  const known = indexes.get(calendar);
  if (known !== undefined) return known;
  const week = new Map(WEEKDAYS.map((day) => [day, minutesOf(calendar.weeklyWindows[`${day}`], `weeklyWindows.${day}`)]));
  const usual = WEEKDAYS.map((day) => week.get(day) ?? []).find((windows) => windows.length > 0) ?? [];
  const makeUp = new Map<string, readonly Minutes[]>();
  for (const [at, day] of calendar.days.entries()) {
    if (day.kind !== 'make-up') continue;
    const ofWeekday = week.get(weekdayOf(day.date as LocalDate)) ?? [];
    makeUp.set(day.date, day.windows === undefined ? (ofWeekday.length > 0 ? ofWeekday : usual) : minutesOf(day.windows, `days[${at}].windows`));
  }
  const indexed = { week, days: new Map(calendar.days.map((day) => [day.date, day])), makeUp };
  indexes.set(calendar, indexed);
  return indexed;
}

/** The row about a date, if the calendar has one. */
export function calendarDayOn(calendar: WorkCalendar, date: LocalDate): CalendarDay | undefined {
  return indexOf(calendar).days.get(date);
}

/** Opening windows of a date as instants, in order; empty on a day off. */
export function windowsOn(calendar: WorkCalendar, date: LocalDate): readonly { readonly opens: EpochMs; readonly closes: EpochMs }[] {
  return minutesOn(calendar, date).map(({ opens, closes }) => ({ opens: instantAt(date, opens), closes: instantAt(date, closes) }));
}

function minutesOn(calendar: WorkCalendar, date: LocalDate): readonly Minutes[] {
  const { week, days, makeUp } = indexOf(calendar);
  const day = days.get(date);
  if (day === undefined) return week.get(weekdayOf(date)) ?? [];
  return day.kind === 'make-up' ? (makeUp.get(date) ?? []) : [];
}

export function isWorkingDay(calendar: WorkCalendar, date: LocalDate): boolean {
  return minutesOn(calendar, date).length > 0;
}

/** The first working day after a date. Throws CALENDAR_NEVER_OPENS. */
export function nextWorkingDay(calendar: WorkCalendar, date: LocalDate): LocalDate {
  return workingDayFrom(calendar, addDays(date, 1));
}

/** The date itself when it is a working day, else the next one. Throws CALENDAR_NEVER_OPENS. */
export function workingDayFrom(calendar: WorkCalendar, date: LocalDate): LocalDate {
  let day = date;
  for (let tried = 0; tried <= LONGEST_CLOSURE_DAYS; tried += 1, day = addDays(day, 1)) if (isWorkingDay(calendar, day)) return day;
  throw neverOpens();
}

/** The end of the last window of a working day; throws CALENDAR_DAY_CLOSED on a day off. */
export function closingOf(calendar: WorkCalendar, date: LocalDate): EpochMs {
  const last = minutesOn(calendar, date).at(-1);
  if (last === undefined) throw new LanguageError('CALENDAR_DAY_CLOSED', 'Ngày nghỉ không có giờ đóng cửa.', 'A day off has no closing.');
  return instantAt(date, last.closes);
}

/** The beginning of the first window of a working day; throws CALENDAR_DAY_CLOSED on a day off. */
export function openingOf(calendar: WorkCalendar, date: LocalDate): EpochMs {
  const first = minutesOn(calendar, date)[0];
  if (first === undefined) throw new LanguageError('CALENDAR_DAY_CLOSED', 'Ngày nghỉ không có giờ mở cửa.', 'A day off has no opening.');
  return instantAt(date, first.opens);
}

/**
 * The instant itself inside opening hours, else the next opening: when an act made outside them is deemed made. The
 * closing instant is still inside, as "after" is strict for every cut-off. Throws CALENDAR_NEVER_OPENS.
 */
export function nextOpening(calendar: WorkCalendar, at: EpochMs): EpochMs {
  const date = localDateOf(at);
  const minute = minuteOfDay(at);
  const window = minutesOn(calendar, date).find(({ closes }) => minute <= closes);
  if (window !== undefined) return minute >= window.opens ? at : instantAt(date, window.opens);
  return openingOf(calendar, nextWorkingDay(calendar, date));
}

/** Milliseconds of opening time between two instants; 0 when `to` is not later. */
export function workingTimeBetween(calendar: WorkCalendar, from: EpochMs, to: EpochMs): number {
  let time = 0;
  for (let date = localDateOf(from); instantAt(date, 0) < to; date = addDays(date, 1)) {
    for (const { opens, closes } of windowsOn(calendar, date)) time += Math.max(0, Math.min(closes, to) - Math.max(opens, from));
  }
  return time;
}

/**
 * The instant at which `time` milliseconds of opening time from `from` are full; a time that fills a window ends at its
 * close, not at the next opening; no time left ends at once. Throws CALENDAR_NEVER_OPENS.
 */
export function afterWorkingTime(calendar: WorkCalendar, from: EpochMs, time: number): EpochMs {
  if (time <= 0) return from;
  let left = time;
  let date = localDateOf(from);
  for (;;) {
    for (const { opens, closes } of windowsOn(calendar, date)) {
      const begin = Math.max(opens, from);
      if (closes <= begin) continue;
      if (begin + left <= closes) return begin + left;
      left -= closes - begin;
    }
    date = nextWorkingDay(calendar, date);
  }
}

/** Working days after `from` up to and including `to`; 0 when `to` is not later. */
export function workingDaysBetween(calendar: WorkCalendar, from: LocalDate, to: LocalDate): number {
  let days = 0;
  for (let date = addDays(from, 1); date <= to; date = addDays(date, 1)) if (isWorkingDay(calendar, date)) days += 1;
  return days;
}

/** The calendar as it was known on a local date: without the rows published later. */
export function calendarAsKnownOn(calendar: WorkCalendar, date: LocalDate): WorkCalendar {
  return { ...calendar, days: calendar.days.filter((day) => day.validFrom <= date) };
}

function neverOpens(): LanguageError {
  return new LanguageError('CALENDAR_NEVER_OPENS', 'Lịch làm việc không có ngày mở cửa nào trong hơn một năm.', 'The calendar has no opening in more than a year.');
}
