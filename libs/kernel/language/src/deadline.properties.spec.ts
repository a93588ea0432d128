import fc from 'fast-check';
import { computeDeadline, formatInstant, isWorkingDay, localDateOf, parseInstant, parseLocalDate, TERM_UNITS, type CalendarDay, type Pause, type Term, type TermUnit, type WorkCalendar } from './index.js';
import { oracle } from './spec/oracle.js';

/** One seed for everybody: a failure is the same on every machine, and its message prints it. */
const SEED = 20261124;
const runs = (numRuns: number) => ({ seed: SEED, numRuns });

const MINUTE = 60_000;
const JANUARY = parseInstant('2026-01-01T00:00:00+07:00');
const dateAfter = (days: number): string => formatInstant(JANUARY + days * 1440 * MINUTE).slice(0, 10);

const WEEKS = {
  office: [
    { opens: '07:30', closes: '11:30' },
    { opens: '13:00', closes: '17:00' },
  ],
  morning: [{ opens: '08:00', closes: '12:00' }],
  long: [{ opens: '07:00', closes: '18:30' }],
} as const;

const dayOff = fc.record({ day: fc.integer({ min: 0, max: 200 }), kind: fc.constantFrom<CalendarDay['kind']>('holiday', 'compensatory', 'swap-off', 'make-up') });

/** Offices of five or six days with up to forty days off and make-up days in 200: far more than the law has. */
const calendars = fc
  .record({
    days: fc.uniqueArray(dayOff, { maxLength: 40, selector: ({ day }) => day }),
    windows: fc.constantFrom(...Object.values(WEEKS)),
    saturday: fc.constantFrom([], WEEKS.morning),
  })
  .map(({ days, windows, saturday }): WorkCalendar => ({
    code: 'H99',
    version: 1,
    weeklyWindows: { 1: windows, 2: windows, 3: windows, 4: windows, 5: windows, 6: saturday, 7: [] },
    days: days.map(({ day, kind }) => row(dateAfter(day), kind, windows)),
    validFrom: '2026-01-01',
    validTo: null,
    coversUntil: '2026-12-31',
  }));

function row(date: string, kind: CalendarDay['kind'], windows: CalendarDay['windows']): CalendarDay {
  const base = { date, kind, name: { vi: '', en: '' }, legalBasis: '', confirmed: true, validFrom: '2026-01-01' };
  return kind === 'make-up' ? { ...base, windows } : base;
}

const LONGEST: Readonly<Record<TermUnit, number>> = { 'working-days': 40, 'calendar-days': 60, months: 4, 'working-hours': 40, 'clock-hours': 100, 'end-of-day': 1 };
const cutoffs = fc.option(fc.constantFrom('10:00', '15:00', '17:00').map((time) => ({ time, effect: 'next-working-day' }) as const), { nil: undefined });
const termOf = (unit: TermUnit): fc.Arbitrary<Term> =>
  fc.record({ value: fc.integer({ min: 1, max: LONGEST[unit] }), cutoff: cutoffs }).map(({ value, cutoff }): Term => {
    if (unit === 'end-of-day') return { unit, cutoff };
    return unit === 'clock-hours' ? { unit, value } : { unit, value, cutoff };
  });
const terms = fc.constantFrom(...TERM_UNITS).chain(termOf);

/** Any minute of so many days, every other one on the half hour, where offices open, close and cut off. */
const minuteOf = (days: number) => fc.oneof(fc.integer({ min: 0, max: days * 1440 }), fc.integer({ min: 0, max: days * 48 }).map((half) => half * 30));
const receipts = minuteOf(90).map((minutes) => JANUARY + minutes * MINUTE);

/** Up to three pauses as gaps and lengths in minutes, most of them short enough to begin in time. */
const gap = fc.oneof(minuteOf(3), minuteOf(30));
const pausesFrom = fc.array(fc.record({ gap, length: gap, effect: fc.constantFrom<Pause['effect']>('shift', 'restart') }), { maxLength: 3 });
const open = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);

function pausesAt(receivedAt: number, given: readonly { gap: number; length: number; effect: Pause['effect'] }[], lastIsOpen = false): Pause[] {
  let at = receivedAt;
  return given.map(({ gap: after, length, effect }, index) => {
    const from = at + after * MINUTE;
    at = from + length * MINUTE;
    return { from, to: lastIsOpen && index === given.length - 1 ? null : at, effect };
  });
}

const due = (calendar: WorkCalendar, term: Term, receivedAt: number, pauses: readonly Pause[] = []): number => {
  const { dueAt } = computeDeadline({ calendar, receivedAt, term, pauses });
  if (dueAt === null) throw new Error('no due date');
  return dueAt;
};

describe('the engine', () => {
  it.each(TERM_UNITS)('agrees with the day by day, minute by minute oracle: %s', (unit) => {
    fc.assert(
      fc.property(calendars, termOf(unit), receipts, pausesFrom, open, (calendar, term, receivedAt, given, lastIsOpen) => {
        const pauses = pausesAt(receivedAt, given, lastIsOpen);
        expect(computeDeadline({ calendar, receivedAt, term, pauses }).dueAt).toBe(oracle(calendar, term, receivedAt, pauses));
      }),
      runs(unit.endsWith('hours') ? 100 : 300),
    );
  });

  it('never ends on a day off, except in clock hours', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, pausesFrom, (calendar, term, receivedAt, given) => {
        if (term.unit === 'clock-hours') return;
        expect(isWorkingDay(calendar, localDateOf(due(calendar, term, receivedAt, pausesAt(receivedAt, given))))).toBe(true);
      }),
      runs(400),
    );
  });

  it('never ends before it began', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, (calendar, term, receivedAt) => {
        const { dueAt, startAt } = computeDeadline({ calendar, receivedAt, term });
        expect(startAt).toBeGreaterThanOrEqual(receivedAt);
        expect(dueAt).toBeGreaterThanOrEqual(startAt);
      }),
      runs(400),
    );
  });

  it('is monotone in the number of the term, pauses or not', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, pausesFrom, (calendar, term, receivedAt, given) => {
        if (term.unit === 'end-of-day') return;
        const pauses = pausesAt(receivedAt, given);
        expect(due(calendar, { ...term, value: term.value + 1 }, receivedAt, pauses)).toBeGreaterThanOrEqual(due(calendar, term, receivedAt, pauses));
      }),
      runs(400),
    );
  });

  it('is monotone in the instant of receipt', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, gap, (calendar, term, receivedAt, later) => {
        expect(due(calendar, term, receivedAt + later * MINUTE)).toBeGreaterThanOrEqual(due(calendar, term, receivedAt));
      }),
      runs(400),
    );
  });

  it('is never made earlier by a pause, and a restart is never earlier than a shift, except in months', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, gap, gap, (calendar, term, receivedAt, after, length) => {
        const [shift, restart] = (['shift', 'restart'] as const).map((effect) => due(calendar, term, receivedAt, pausesAt(receivedAt, [{ gap: after, length, effect }])));
        expect(shift).toBeGreaterThanOrEqual(due(calendar, term, receivedAt));
        expect(restart).toBeGreaterThanOrEqual(due(calendar, term, receivedAt));
        // A later month may be shorter: see the example in deadline.spec.ts.
        if (term.unit !== 'months') expect(restart).toBeGreaterThanOrEqual(shift ?? Number.NaN);
      }),
      runs(400),
    );
  });

  it('is never made earlier by another holiday', () => {
    fc.assert(
      fc.property(calendars, terms, receipts, pausesFrom, fc.integer({ min: 0, max: 200 }), (calendar, term, receivedAt, given, day) => {
        const holiday = parseLocalDate(dateAfter(day));
        const more = { ...calendar, days: [...calendar.days.filter(({ date }) => date !== holiday), row(holiday, 'holiday', [])] };
        const pauses = pausesAt(receivedAt, given);
        expect(due(more, term, receivedAt, pauses)).toBeGreaterThanOrEqual(due(calendar, term, receivedAt, pauses));
      }),
      runs(400),
    );
  });
});
