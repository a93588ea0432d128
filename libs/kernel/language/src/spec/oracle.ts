import { type Pause, type Term, type WorkCalendar } from '../index.js';

/*
 * The deadline by brute force: it lives through every day, or every minute, with the dates of the platform itself (UTC+7 by
 * adding seven hours) and knows nothing of the engine's arithmetic. Instants are whole minutes.
 */
const MINUTE = 60_000;
const SEVEN_HOURS = 7 * 60 * MINUTE;

const local = (ms: number): Date => new Date(ms + SEVEN_HOURS);
const dayOf = (ms: number): string => local(ms).toISOString().slice(0, 10);
const timeOf = (ms: number): string => local(ms).toISOString().slice(11, 16);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`) - SEVEN_HOURS;
const tomorrow = (day: string): string => dayOf(midnight(day) + 36 * 60 * MINUTE);

export function windowsOf(calendar: WorkCalendar, day: string): readonly { opens: string; closes: string }[] {
  const row = calendar.days.find((one) => one.date === day);
  const weekday = (local(midnight(day)).getUTCDay() || 7) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
  if (row === undefined) return calendar.weeklyWindows[weekday];
  return row.kind === 'make-up' ? (row.windows ?? calendar.weeklyWindows[1]) : [];
}
const works = (calendar: WorkCalendar, day: string): boolean => windowsOf(calendar, day).length > 0;

function closing(calendar: WorkCalendar, day: string): number {
  const last = windowsOf(calendar, day).at(-1)?.closes ?? 'never';
  return Date.parse(`${day}T${last}:00+07:00`);
}

/** Whether the office is open in the minute that begins at `ms`; `last` asks of the closing instant itself too. */
function isOpen(calendar: WorkCalendar, ms: number, last: boolean): boolean {
  const minute = ((ms + SEVEN_HOURS) / MINUTE) % 1440;
  return minutesOf(calendar, Math.floor((ms + SEVEN_HOURS) / MINUTE / 1440)).some(({ opens, closes }) => minute >= opens && (minute < closes || (last && minute === closes)));
}

const known = new WeakMap<WorkCalendar, Map<number, readonly { opens: number; closes: number }[]>>();
/** The windows of a day since 1970, read once: there are 1440 minutes in it. */
function minutesOf(calendar: WorkCalendar, day: number): readonly { opens: number; closes: number }[] {
  const days = known.get(calendar) ?? new Map<number, readonly { opens: number; closes: number }[]>();
  known.set(calendar, days);
  const windows = days.get(day) ?? windowsOf(calendar, new Date(day * 1440 * MINUTE).toISOString().slice(0, 10)).map(({ opens, closes }) => ({ opens: minutes(opens), closes: minutes(closes) }));
  days.set(day, windows);
  return windows;
}
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The first minute at or after `ms` that is inside a window, its last instant included. */
function deemed(calendar: WorkCalendar, ms: number): number {
  let at = ms;
  while (!isOpen(calendar, at, true)) at += MINUTE;
  return at;
}

/** Deemed received, with the cut-off: one minute after it looks for the next working day. */
function begin(calendar: WorkCalendar, term: Term, ms: number): number {
  if (term.unit === 'clock-hours') return ms;
  let at = deemed(calendar, ms);
  if (term.cutoff === undefined || timeOf(at) <= term.cutoff.time) return at;
  const day = dayOf(at);
  while (dayOf(at) === day) at += MINUTE;
  return deemed(calendar, at);
}

export function oracle(calendar: WorkCalendar, term: Term, receivedAt: number, pauses: readonly Pause[]): number | null {
  if (term.unit === 'working-hours' || term.unit === 'clock-hours') return byMinutes(calendar, term, receivedAt, pauses);
  return byDays(calendar, term, receivedAt, pauses);
}

/** Days of a whole term after `day`: months by walking to the same day number, or to the end of a shorter month. */
function wholeDays(term: Term, day: string): number {
  if (term.unit === 'end-of-day') return 0;
  if (term.unit !== 'months') return term.value;
  const [number, month] = [Number(day.slice(8)), Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) + term.value];
  let days = 0;
  for (let walk = day; ; walk = tomorrow(walk), days += 1) {
    if (Number(walk.slice(0, 4)) * 12 + Number(walk.slice(5, 7)) !== month) continue;
    const ends = tomorrow(walk).slice(5, 7) !== walk.slice(5, 7);
    if (Number(walk.slice(8)) === number || ends) return days;
  }
}

/** Lives day by day: each day may use up a day of the term, end it, or be one on which the clock stands. */
function byDays(calendar: WorkCalendar, term: Term, receivedAt: number, pauses: readonly Pause[]): number | null {
  const waiting = [...pauses];
  let start = begin(calendar, term, receivedAt);
  let day = dayOf(start);
  let left = wholeDays(term, day);
  for (;;) {
    // Over on a day on which the office works: this is the due day, unless the clock is stopped on it.
    const due = left <= 0 && works(calendar, day);
    const next = waiting[0];
    if (next !== undefined && dayOf(Math.max(next.from, start)) === day) {
      waiting.shift();
      if (next.to === null) return null;
      const again = next.effect === 'restart' || term.unit === 'end-of-day';
      start = Math.max(start, again ? begin(calendar, term, next.to) : deemed(calendar, next.to));
      day = dayOf(start);
      if (again) left = wholeDays(term, day);
      continue;
    }
    if (due) return closing(calendar, day);
    day = tomorrow(day);
    if (left > 0 && (term.unit !== 'working-days' || works(calendar, day))) left -= 1;
  }
}

/** Lives minute by minute. */
function byMinutes(calendar: WorkCalendar, term: Term, receivedAt: number, pauses: readonly Pause[]): number | null {
  const waiting = [...pauses];
  const whole = (term.value ?? 0) * 60;
  const running = (ms: number): boolean => term.unit === 'clock-hours' || isOpen(calendar, ms, false);
  let start = begin(calendar, term, receivedAt);
  let left = whole;
  for (let now = start; ; ) {
    const next = waiting[0];
    if (next !== undefined && Math.max(next.from, start) <= now) {
      waiting.shift();
      if (next.to === null) return null;
      const again = next.effect === 'restart';
      start = Math.max(start, again ? begin(calendar, term, next.to) : term.unit === 'clock-hours' ? next.to : deemed(calendar, next.to));
      if (again) left = whole;
      now = start;
      continue;
    }
    if (left === 0) return now;
    if (running(now)) left -= 1;
    now += MINUTE;
  }
}
