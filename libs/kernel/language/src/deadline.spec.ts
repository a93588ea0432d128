import { computeDeadline, formatInstant, parseInstant, type DeadlineAnswer, type DeadlineQuestion, type Pause, type Term } from './index.js';
import { CALENDAR_2026 } from './spec/calendar-2026.js';

/** `2026-10-05 09:00` of Vietnam. */
const at = (text: string): number => parseInstant(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (ms: number | null): string | null => (ms === null ? null : formatInstant(ms).slice(0, 16).replace('T', ' '));
const days = (value: number): Term => ({ unit: 'working-days', value });
const calendarDays = (value: number): Term => ({ unit: 'calendar-days', value });
const months = (value: number): Term => ({ unit: 'months', value });
const hours = (value: number): Term => ({ unit: 'working-hours', value });
const clock = (value: number): Term => ({ unit: 'clock-hours', value });
const FIFTEEN: Term = { unit: 'end-of-day', cutoff: { time: '15:00', effect: 'next-working-day' } };
const SAME_DAY: Term = { unit: 'end-of-day' };

function answer(received: string, term: Term, pauses: readonly Pause[] = [], calendar = CALENDAR_2026): DeadlineAnswer {
  return computeDeadline({ calendar, receivedAt: at(received), term, pauses } satisfies DeadlineQuestion);
}
const due = (...asked: Parameters<typeof answer>): string | null => shown(answer(...asked).dueAt);
const pause = (effect: Pause['effect'], from: string, to: string | null): Pause => ({ from: at(from), to: to === null ? null : at(to), effect });

describe('terms without a pause', () => {
  it.each<[string, Term, string, string]>([
    // The examples of the law's table, one by one.
    ['2026-01-06 09:00', days(4), '2026-01-10 17:00', 'a make-up Saturday counts'],
    ['2026-04-24 10:00', days(5), '2026-05-06 17:00', '28, 29, 4, 5, 6'],
    ['2026-08-20 09:00', days(7), '2026-08-28 17:00', 'over the make-up Saturday 22/08'],
    ['2026-10-05 09:00', calendarDays(15), '2026-10-20 17:00', 'no day off at the end'],
    ['2026-04-14 09:00', calendarDays(15), '2026-04-29 17:00', 'ends before the holiday'],
    ['2026-04-15 09:00', calendarDays(15), '2026-05-04 17:00', '30/04 rolls over 01/05 and the weekend'],
    ['2026-10-15 09:00', months(1), '2026-11-16 17:00', 'Sunday 15/11 rolls'],
    ['2026-03-31 09:00', months(1), '2026-05-04 17:00', 'no 31/04: 30/04, which is off'],
    ['2026-11-19 10:00', hours(8), '2026-11-20 10:00', 'over the night'],
    ['2026-08-21 15:00', hours(8), '2026-08-22 15:00', 'on the make-up Saturday'],
    ['2026-11-23 16:00', hours(4), '2026-11-25 10:30', 'over 24/11'],
    ['2026-10-12 13:00', hours(4), '2026-10-12 17:00', 'fills its window and ends at its close'],
    ['2026-11-21 22:15', clock(12), '2026-11-22 10:15', 'through night and Sunday'],
    ['2026-04-24 15:00', FIFTEEN, '2026-04-24 17:00', '15:00:00 is in time'],
    ['2026-04-24 15:01', FIFTEEN, '2026-04-28 17:00', 'after it: the next working day'],
    ['2026-11-20 14:00', days(5), '2026-11-30 17:00', '23, (24 off), 25, 26, 27, 30'],
    ['2026-11-09 09:00', calendarDays(15), '2026-11-25 17:00', '24/11 off'],
    // More of the kind, counted by hand on the same calendar.
    ['2026-10-05 09:00', days(10), '2026-10-19 17:00', 'ten working days'],
    ['2026-10-05 09:00', calendarDays(20), '2026-10-26 17:00', '25/10 is a Sunday'],
    ['2026-10-05 16:59', days(1), '2026-10-06 17:00', 'the hour does not move the start'],
    ['2026-10-05 17:00', days(1), '2026-10-06 17:00', 'closing is still inside'],
    ['2026-10-05 17:01', days(1), '2026-10-07 17:00', 'after closing: deemed the next morning'],
    ['2026-10-03 10:00', days(1), '2026-10-06 17:00', 'Saturday: deemed Monday'],
    ['2026-10-05 12:10', days(1), '2026-10-06 17:00', 'at lunch: deemed 13:00 of the day'],
    ['2026-10-05 05:00', days(1), '2026-10-06 17:00', 'before opening: the same day'],
    ['2026-02-13 16:00', days(1), '2026-02-23 17:00', 'over Tết: off 14–22/02'],
    ['2026-02-13 16:00', calendarDays(1), '2026-02-23 17:00', 'rolls over the whole of Tết'],
    ['2026-02-14 09:00', calendarDays(1), '2026-02-24 17:00', 'received in Tết: deemed Monday 23/02'],
    ['2026-08-28 09:00', days(2), '2026-09-04 17:00', '31/08–02/09 off'],
    ['2026-01-30 09:00', months(1), '2026-03-02 17:00', '28/02 is a Saturday'],
    ['2026-05-31 09:00', months(3), '2026-09-03 17:00', 'Sunday, deemed 01/06: 01/09 is off'],
    ['2026-10-05 11:30', hours(1), '2026-10-05 14:00', 'from the end of a window'],
    ['2026-10-05 09:00', hours(16), '2026-10-07 09:00', 'two days of eight hours'],
    ['2026-10-09 17:00', hours(1), '2026-10-12 08:30', 'from closing on Friday'],
    ['2026-10-10 09:00', hours(8), '2026-10-12 17:00', 'deemed Monday 07:30'],
    ['2026-11-23 23:00', clock(48), '2026-11-25 23:00', 'clock hours take no notice of 24/11'],
    ['2026-10-05 16:59', SAME_DAY, '2026-10-05 17:00', 'no cut-off: always the day itself'],
    ['2026-10-09 19:00', SAME_DAY, '2026-10-12 17:00', 'received after closing: Monday'],
    ['2026-10-09 19:00', FIFTEEN, '2026-10-12 17:00', 'deemed Monday morning, which is in time'],
    ['2026-10-05 17:30', { unit: 'working-days', value: 3, cutoff: { time: '17:00', effect: 'next-working-day' } }, '2026-10-09 17:00', 'the linked bundle: after 17:00 from the next morning'],
    ['2026-10-05 15:01', { unit: 'working-days', value: 3, cutoff: { time: '15:00', effect: 'next-working-day' } }, '2026-10-09 17:00', 'a cut-off on a counted term moves its day 0'],
    ['2026-10-05 15:01', { unit: 'working-hours', value: 1, cutoff: { time: '15:00', effect: 'next-working-day' } }, '2026-10-06 08:30', 'or its first hour'],
  ])('%s, %j → %s (%s)', (received, term, expected) => expect(due(received, term)).toBe(expected));

  it('15:00:00.001 is after 15:00', () => {
    const { dueAt } = computeDeadline({ calendar: CALENDAR_2026, receivedAt: at('2026-04-24 15:00') + 1, term: FIFTEEN });
    expect(shown(dueAt)).toBe('2026-04-28 17:00');
  });
});

describe('pauses, in the unit of the term', () => {
  it.each<[string, Term, Pause['effect'], string, string, string]>([
    // The examples of the law's table.
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-08 09:00', '2026-10-14 09:00', '2026-10-23 17:00'],
    ['2026-10-05 09:00', days(10), 'restart', '2026-10-08 09:00', '2026-10-14 09:00', '2026-10-28 17:00'],
    ['2026-10-05 09:00', calendarDays(20), 'shift', '2026-10-08 09:00', '2026-10-14 09:00', '2026-11-02 17:00'],
    ['2026-10-05 09:00', calendarDays(20), 'restart', '2026-10-08 09:00', '2026-10-14 09:00', '2026-11-03 17:00'],
    ['2026-11-19 10:00', hours(16), 'shift', '2026-11-19 14:00', '2026-11-23 08:00', '2026-11-25 15:00'],
    ['2026-10-15 09:00', months(1), 'shift', '2026-10-20 09:00', '2026-10-27 09:00', '2026-11-23 17:00'],
    ['2026-10-15 09:00', months(1), 'restart', '2026-10-20 09:00', '2026-10-27 09:00', '2026-11-27 17:00'],
    // On the due day: nothing is left.
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-19 09:00', '2026-10-22 09:00', '2026-10-22 17:00'],
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-19 20:00', '2026-10-22 09:00', '2026-10-22 17:00'],
    ['2026-10-05 09:00', days(10), 'restart', '2026-10-19 09:00', '2026-10-22 09:00', '2026-11-05 17:00'],
    ['2026-10-05 09:00', calendarDays(20), 'shift', '2026-10-26 09:00', '2026-10-27 09:00', '2026-10-27 17:00'],
    ['2026-10-05 09:00', calendarDays(20), 'shift', '2026-10-25 09:00', '2026-10-28 09:00', '2026-10-28 17:00'],
    ['2026-10-15 09:00', months(1), 'shift', '2026-11-16 09:00', '2026-11-18 09:00', '2026-11-18 17:00'],
    ['2026-10-12 13:00', hours(4), 'shift', '2026-10-12 17:00', '2026-10-14 09:00', '2026-10-14 09:00'],
    // After the due date: late stays late.
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-20 00:00', '2026-10-22 09:00', '2026-10-19 17:00'],
    ['2026-10-05 09:00', days(10), 'restart', '2026-10-20 08:00', '2026-10-22 09:00', '2026-10-19 17:00'],
    ['2026-10-12 13:00', hours(4), 'restart', '2026-10-12 17:01', '2026-10-14 09:00', '2026-10-12 17:00'],
    // On day 0, before any day is used; and resumed outside hours.
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-05 15:00', '2026-10-07 09:00', '2026-10-21 17:00'],
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-08 09:00', '2026-10-14 18:00', '2026-10-26 17:00'],
    ['2026-10-05 09:00', days(10), 'shift', '2026-10-08 09:00', '2026-10-10 09:00', '2026-10-21 17:00'],
    ['2026-11-19 10:00', hours(16), 'shift', '2026-11-19 14:00', '2026-11-21 08:00', '2026-11-25 14:30'],
    // Clock hours: the seconds that ran, nothing deemed. 12 h from 22:15; 2 h ran; again at Sunday 03:15.
    ['2026-11-21 22:15', clock(12), 'shift', '2026-11-22 00:15', '2026-11-22 03:15', '2026-11-22 13:15'],
    ['2026-11-21 22:15', clock(12), 'restart', '2026-11-22 00:15', '2026-11-22 03:15', '2026-11-22 15:15'],
    // End of day always begins again, with its cut-off.
    ['2026-10-05 09:00', FIFTEEN, 'shift', '2026-10-05 10:00', '2026-10-07 15:00', '2026-10-07 17:00'],
    ['2026-10-05 09:00', FIFTEEN, 'shift', '2026-10-05 10:00', '2026-10-07 15:01', '2026-10-08 17:00'],
    ['2026-10-05 09:00', SAME_DAY, 'restart', '2026-10-05 20:00', '2026-10-07 16:00', '2026-10-07 17:00'],
    ['2026-10-05 09:00', SAME_DAY, 'restart', '2026-10-06 07:00', '2026-10-07 16:00', '2026-10-05 17:00'],
  ])('%s, %j, %s %s – %s → %s', (received, term, effect, from, to, expected) => {
    expect(due(received, term, [pause(effect, from, to)])).toBe(expected);
  });

  it('follow each other', () => {
    // 10 days from Mon 05/10: 6, 7, 8 used; from Wed 14/10: 15, 16, 19 used; left 4 from Wed 21/10: 22, 23, 26, 27.
    expect(due('2026-10-05 09:00', days(10), [pause('shift', '2026-10-08 09:00', '2026-10-14 09:00'), pause('shift', '2026-10-19 09:00', '2026-10-21 09:00')])).toBe('2026-10-27 17:00');
    // A restart after a shift counts the whole term: ten days after Wed 21/10.
    expect(due('2026-10-05 09:00', days(10), [pause('shift', '2026-10-08 09:00', '2026-10-14 09:00'), pause('restart', '2026-10-19 09:00', '2026-10-21 09:00')])).toBe('2026-11-04 17:00');
  });

  it('may begin with the receipt, last no time, and follow each other at once', () => {
    const shifted = (...pauses: readonly (readonly [string, string])[]): string | null => due('2026-10-05 09:00', days(10), pauses.map(([from, to]) => pause('shift', from, to)));
    // From Wed 07/10: 8, 9, 12 … 16, 19, 20, 21.
    expect(shifted(['2026-10-05 09:00', '2026-10-07 09:00'])).toBe('2026-10-21 17:00');
    expect(shifted(['2026-10-08 09:00', '2026-10-08 09:00'])).toBe('2026-10-19 17:00');
    // As one pause from 08/10 to 14/10.
    expect(shifted(['2026-10-08 09:00', '2026-10-12 09:00'], ['2026-10-12 09:00', '2026-10-14 09:00'])).toBe('2026-10-23 17:00');
  });

  it('have no date while open, unless the dossier was late before', () => {
    const open = answer('2026-10-05 09:00', days(10), [pause('shift', '2026-10-08 09:00', null)]);
    expect([open.dueAt, shown(open.pausedSince)]).toEqual([null, '2026-10-08 09:00']);
    const late = answer('2026-10-05 09:00', days(10), [pause('shift', '2026-10-20 09:00', null)]);
    expect([shown(late.dueAt), shown(late.pausedSince)]).toEqual(['2026-10-19 17:00', '2026-10-20 09:00']);
  });

  it('restart of months may end before shift: months have different lengths', () => {
    // 1 month from Thu 15/01 is Sun 15/02. Paused the same day until Mon 16/02 … which is Tết: deemed Mon 23/02.
    // Shift moves by 39 days, to 26/03; restart is 23/03.
    const paused = (effect: Pause['effect']): string | null => due('2026-01-15 09:00', months(1), [pause(effect, '2026-01-15 10:00', '2026-02-16 09:00')]);
    expect([paused('shift'), paused('restart')]).toEqual(['2026-03-26 17:00', '2026-03-23 17:00']);
  });
});

describe('refused questions', () => {
  const refused = (term: Term, pauses: readonly Pause[] = []): unknown => {
    try {
      return due('2026-10-05 09:00', term, pauses);
    } catch (error) {
      const { code, at: place } = error as { code: string; at?: string };
      return `${code} ${place}`;
    }
  };
  it.each([0, -1, 1.5, 3661, Number.NaN, '3'])('value %p', (value) => {
    expect(refused({ unit: 'working-days', value: value as number })).toBe('TERM_VALUE_NOT_VALID term.value');
  });
  it('a number of ends of day, an unknown unit, a cut-off of clock hours or at no time', () => {
    expect(refused({ unit: 'end-of-day', value: 1 } as unknown as Term)).toBe('TERM_VALUE_NOT_VALID term.value');
    expect(refused({ unit: 'weeks', value: 1 } as unknown as Term)).toBe('TERM_UNIT_UNKNOWN term.unit');
    expect(refused({ unit: 'clock-hours', value: 1, cutoff: { time: '15:00', effect: 'next-working-day' } })).toBe('CUTOFF_NOT_FOR_CLOCK_HOURS term.cutoff');
    expect(refused({ unit: 'end-of-day', cutoff: { time: '15h', effect: 'next-working-day' } })).toBe('TIME_NOT_VALID term.cutoff.time');
  });
  it.each([
    ['PAUSE_BEFORE_RECEIPT pauses[0].from', [pause('shift', '2026-10-05 08:59', '2026-10-06 09:00')]],
    ['PAUSE_ENDS_BEFORE_IT_BEGINS pauses[0].to', [pause('shift', '2026-10-07 09:00', '2026-10-06 09:00')]],
    ['PAUSES_OVERLAP pauses[1].from', [pause('shift', '2026-10-06 09:00', '2026-10-08 09:00'), pause('shift', '2026-10-07 09:00', '2026-10-09 09:00')]],
    ['PAUSES_NOT_IN_ORDER pauses[1].from', [pause('shift', '2026-10-08 09:00', '2026-10-09 09:00'), pause('shift', '2026-10-06 09:00', '2026-10-07 09:00')]],
    ['PAUSE_OPEN_NOT_LAST pauses[0].to', [pause('shift', '2026-10-06 09:00', null), pause('shift', '2026-10-07 09:00', null)]],
  ] as const)('%s', (expected, pauses) => expect(refused(days(10), pauses)).toBe(expected));
});

describe('what the calendar does not know', () => {
  it('makes the answer provisional, not wrong', () => {
    expect(answer('2026-12-28 09:00', days(3)).provisional).toBe(false);
    expect(answer('2026-12-28 09:00', days(4))).toMatchObject({ provisional: true, dueAt: at('2027-01-01 17:00') });
    expect(answer('2026-12-31 09:00', clock(48)).provisional).toBe(false);
    expect(answer('2025-12-31 09:00', days(1)).provisional).toBe(true);
    expect(answer('2026-06-01 09:00', days(30), [], { ...CALENDAR_2026, validTo: '2026-06-30' }).provisional).toBe(true);
  });
  it('names the unconfirmed days that the count met', () => {
    expect(answer('2026-11-20 14:00', days(5)).unconfirmed).toEqual(['2026-11-24']);
    expect(answer('2026-11-09 09:00', calendarDays(15)).unconfirmed).toEqual(['2026-11-24']);
    expect(answer('2026-11-09 09:00', calendarDays(20)).unconfirmed).toEqual([]);
    expect(answer('2026-11-23 23:00', clock(48)).unconfirmed).toEqual([]);
  });
});
