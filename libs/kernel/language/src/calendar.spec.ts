import {
  afterWorkingTime,
  calendarAsKnownOn,
  calendarFaults,
  closingOf,
  computeDeadline,
  formatInstant,
  HOUR_MS,
  isWorkingDay,
  nextOpening,
  nextWorkingDay,
  openingOf,
  parseInstant,
  parseLocalDate,
  promiseAfterCalendarChange,
  windowsOn,
  workingTimeBetween,
  type CalendarDay,
  type WorkCalendar,
} from './index.js';
import { CALENDAR_2026, DAYS_2026, withDays } from './spec/calendar-2026.js';

const date = parseLocalDate;
const at = (text: string): number => parseInstant(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (ms: number): string => formatInstant(ms).slice(0, 16).replace('T', ' ');
const row = (on: string, kind: CalendarDay['kind'], more: Partial<CalendarDay> = {}): CalendarDay => ({ date: on, kind, name: { vi: 'v', en: 'e' }, legalBasis: 'b', confirmed: true, validFrom: '2026-01-01', ...more });
const MORNING = [{ opens: '08:00', closes: '12:00' }];

describe('working days', () => {
  it.each([
    ['2026-01-09', true, 'a Friday'],
    ['2026-01-10', true, 'a make-up Saturday'],
    ['2026-01-11', false, 'a Sunday'],
    ['2026-01-02', false, 'off by swap'],
    ['2026-04-26', false, 'Giỗ Tổ, a Sunday'],
    ['2026-04-27', false, 'compensatory'],
    ['2026-08-22', true, 'make-up for 31/08'],
    ['2026-08-29', false, 'an ordinary Saturday'],
    ['2026-11-24', false, 'not confirmed, off all the same'],
  ])('%s: %p (%s)', (day, worked) => expect(isWorkingDay(CALENDAR_2026, date(day))).toBe(worked));

  it('follow each other over Tết and 2/9', () => {
    expect(nextWorkingDay(CALENDAR_2026, date('2026-02-13'))).toBe('2026-02-23');
    expect(nextWorkingDay(CALENDAR_2026, date('2026-08-28'))).toBe('2026-09-03');
  });

  it('of a desk that opens on Saturday mornings', () => {
    const desk: WorkCalendar = { ...CALENDAR_2026, weeklyWindows: { ...CALENDAR_2026.weeklyWindows, 6: MORNING } };
    expect(shown(closingOf(desk, date('2026-10-10')))).toBe('2026-10-10 12:00');
    expect(shown(nextOpening(desk, at('2026-10-10 12:01')))).toBe('2026-10-12 07:30');
  });

  it('have the windows of the make-up row, or the usual ones', () => {
    expect(windowsOn(CALENDAR_2026, date('2026-08-22')).map(({ opens, closes }) => [shown(opens), shown(closes)])).toEqual([
      ['2026-08-22 07:30', '2026-08-22 11:30'],
      ['2026-08-22 13:00', '2026-08-22 17:00'],
    ]);
    expect(shown(closingOf(withDays([row('2026-10-10', 'make-up', { windows: MORNING })]), date('2026-10-10')))).toBe('2026-10-10 12:00');
  });

  it('end: a day off has neither opening nor closing, and an office that never opens is refused', () => {
    expect(() => closingOf(CALENDAR_2026, date('2026-01-11'))).toThrow('CALENDAR_DAY_CLOSED');
    expect(() => openingOf(CALENDAR_2026, date('2026-01-11'))).toThrow('CALENDAR_DAY_CLOSED');
    const closed: WorkCalendar = { ...withDays([]), weeklyWindows: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } };
    expect(() => nextOpening(closed, at('2026-01-11 09:00'))).toThrow('CALENDAR_NEVER_OPENS');
  });
});

describe('opening time', () => {
  it.each([
    ['2026-10-05 09:00', '2026-10-05 09:00'],
    ['2026-10-05 07:29', '2026-10-05 07:30'],
    ['2026-10-05 07:30', '2026-10-05 07:30'],
    ['2026-10-05 11:30', '2026-10-05 11:30'],
    ['2026-10-05 11:31', '2026-10-05 13:00'],
    ['2026-10-05 17:00', '2026-10-05 17:00'],
    ['2026-10-05 17:01', '2026-10-06 07:30'],
    ['2026-11-23 17:01', '2026-11-25 07:30'],
    ['2026-10-03 10:00', '2026-10-05 07:30'],
  ])('an act at %s is deemed made at %s', (act, deemed) => expect(shown(nextOpening(CALENDAR_2026, at(act)))).toBe(deemed));

  it('is counted inside windows only', () => {
    expect(workingTimeBetween(CALENDAR_2026, at('2026-11-19 10:00'), at('2026-11-19 14:00'))).toBe(2.5 * HOUR_MS);
    expect(workingTimeBetween(CALENDAR_2026, at('2026-11-23 17:00'), at('2026-11-25 07:30'))).toBe(0);
    expect(workingTimeBetween(CALENDAR_2026, at('2026-11-25 09:00'), at('2026-11-23 09:00'))).toBe(0);
    expect(shown(afterWorkingTime(CALENDAR_2026, at('2026-11-23 16:00'), 4 * HOUR_MS))).toBe('2026-11-25 10:30');
    expect(afterWorkingTime(CALENDAR_2026, at('2026-10-03 10:00'), 0)).toBe(at('2026-10-03 10:00'));
  });

  it('may end at midnight', () => {
    const night: WorkCalendar = { ...withDays([]), weeklyWindows: { ...CALENDAR_2026.weeklyWindows, 1: [{ opens: '22:00', closes: '24:00' }] } };
    expect(shown(closingOf(night, date('2026-10-05')))).toBe('2026-10-06 00:00');
  });
});

describe('a holiday published late', () => {
  // Announced on 20/10: Friday 23/10 is off.
  const later = withDays([...DAYS_2026, row('2026-10-23', 'holiday', { validFrom: '2026-10-20' })]);
  const dueIn = (calendar: WorkCalendar): number => computeDeadline({ calendar, receivedAt: at('2026-10-19 09:00'), term: { unit: 'working-days', value: 5 } }).dueAt ?? Number.NaN;

  it('moves the date of the law, and the citizen keeps the date that was printed', () => {
    const [promised, due] = [dueIn(calendarAsKnownOn(later, date('2026-10-19'))), dueIn(later)];
    expect([shown(promised), shown(due)]).toEqual(['2026-10-26 17:00', '2026-10-27 17:00']);
    expect(promiseAfterCalendarChange(promised, due)).toEqual({ dueAt: due, shownAt: promised });
    // A make-up day published late makes the date earlier: that one is shown.
    expect(promiseAfterCalendarChange(due, promised)).toEqual({ dueAt: promised, shownAt: promised });
  });
  it('is known from the day of its publication', () => {
    expect(isWorkingDay(calendarAsKnownOn(later, date('2026-10-20')), date('2026-10-23'))).toBe(false);
    expect(isWorkingDay(calendarAsKnownOn(later, date('2026-10-19')), date('2026-10-23'))).toBe(true);
  });
});

describe('calendarFaults', () => {
  const faults = (wrong: Partial<WorkCalendar>): string[] => calendarFaults({ ...CALENDAR_2026, ...wrong }).map((fault) => `${fault.at} ${fault.code}`);
  const week = CALENDAR_2026.weeklyWindows;
  it('finds none in the calendar of 2026', () => expect(faults({})).toEqual([]));
  it('finds none where it is in force for one day, or without an end', () => expect([...faults({ validTo: CALENDAR_2026.validFrom }), ...faults({ validTo: null })]).toEqual([]));
  it('finds none in an office that is open from midnight to midnight', () => expect(faults({ weeklyWindows: { ...week, 1: [{ opens: '00:00', closes: '24:00' }] } })).toEqual([]));
  it.each<[string, Partial<WorkCalendar>]>([
    ['validFrom DATE_NOT_VALID', { validFrom: '2026-02-30' }],
    ['coversUntil DATE_NOT_VALID', { coversUntil: '' }],
    ['validTo PERIOD_ENDS_BEFORE_IT_BEGINS', { validTo: '2025-12-31' }],
    ['validTo DATE_NOT_VALID', { validTo: '2026-13-01' }],
    ['weeklyWindows.1[0] TIME_NOT_VALID', { weeklyWindows: { ...week, 1: [{ opens: '7:30', closes: '11:30' }] } }],
    ['weeklyWindows.1[1] CALENDAR_WINDOWS_NOT_VALID', { weeklyWindows: { ...week, 1: [...week[1]].reverse() } }],
    ['weeklyWindows.1[0] CALENDAR_WINDOWS_NOT_VALID', { weeklyWindows: { ...week, 1: [{ opens: '11:30', closes: '11:30' }] } }],
    ['weeklyWindows.1[1] CALENDAR_WINDOWS_NOT_VALID', { weeklyWindows: { ...week, 1: [{ opens: '07:30', closes: '11:30' }, { opens: '11:30', closes: '17:00' }] } }],
    ['weeklyWindows CALENDAR_NEVER_OPENS', { weeklyWindows: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }],
    ['days[1].date CALENDAR_DATE_TWICE', { days: [row('2026-05-01', 'holiday'), row('2026-05-01', 'swap-off')] }],
    ['days[0].date DATE_NOT_VALID', { days: [row('2026-02-30', 'holiday')] }],
    ['days[0].validFrom DATE_NOT_VALID', { days: [row('2026-05-01', 'holiday', { validFrom: 'soon' })] }],
    ['days[0].windows CALENDAR_WINDOWS_ON_DAY_OFF', { days: [row('2026-05-01', 'holiday', { windows: MORNING })] }],
    ['days[0].windows[0] TIME_NOT_VALID', { days: [row('2026-05-02', 'make-up', { windows: [{ opens: '8h', closes: '12:00' }] })] }],
    ['days[0].windows CALENDAR_WINDOWS_NOT_VALID', { days: [row('2026-05-02', 'make-up', { windows: [] })] }],
    ['days[0].kind CALENDAR_MAKE_UP_ON_WORKING_DAY', { days: [row('2026-05-04', 'make-up')] }],
  ])('%s', (expected, wrong) => expect(faults(wrong)).toEqual([expected]));
});
