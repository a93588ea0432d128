import { isDueSoon, isEarly, isOnTime, isOverdue, parseInstant, type ClockReading, type SoonThreshold } from './index.js';
import { CALENDAR_2026 } from './spec/calendar-2026.js';

const at = (text: string): number => parseInstant(`${text.replace(' ', 'T')}:00+07:00`);
const reading = (unit: ClockReading['unit'], due: string | null, more: { finished?: string; paused?: string } = {}): ClockReading => ({
  unit,
  dueAt: due === null ? null : at(due),
  finishedAt: more.finished === undefined ? null : at(more.finished),
  pausedSince: more.paused === undefined ? null : at(more.paused),
});
const DUE = '2026-10-19 17:00';

describe('on time and overdue', () => {
  it.each<[string, ClockReading, string, boolean]>([
    ['running before', reading('working-days', DUE), '2026-10-16 09:00', false],
    ['on the due day after closing: a law-day ends at 24:00', reading('working-days', DUE), '2026-10-19 23:59', false],
    ['the day after', reading('working-days', DUE), '2026-10-20 00:00', true],
    ['months by date too', reading('months', DUE), '2026-10-19 23:59', false],
    ['end of day too', reading('end-of-day', DUE), '2026-10-19 18:00', false],
    ['hours by instant, at it', reading('working-hours', DUE), '2026-10-19 17:00', false],
    ['hours by instant, after it', reading('working-hours', DUE), '2026-10-19 17:01', true],
    ['clock hours by instant', reading('clock-hours', DUE), '2026-10-19 17:01', true],
    ['finished in time, looked at later', reading('calendar-days', DUE, { finished: '2026-10-19 20:00' }), '2026-12-01 09:00', false],
    ['finished late', reading('calendar-days', DUE, { finished: '2026-10-20 07:30' }), '2026-10-20 09:00', true],
    ['paused in time, without a date', reading('working-days', null, { paused: '2026-10-08 09:00' }), '2026-12-01 09:00', false],
    ['paused in time, with the old date', reading('working-days', DUE, { paused: '2026-10-08 09:00' }), '2026-12-01 09:00', false],
    ['paused late: late stays late', reading('working-days', DUE, { paused: '2026-10-20 09:00' }), '2026-12-01 09:00', true],
    ['withdrawn while paused', reading('working-days', null, { paused: '2026-10-08 09:00', finished: '2026-11-02 09:00' }), '2026-12-01 09:00', false],
  ])('%s', (_, clock, now, late) => {
    expect([isOverdue(clock, at(now)), isOnTime(clock, at(now))]).toEqual([late, !late]);
  });
  it('refuses a running clock without a date', () => {
    expect(() => isOverdue(reading('working-days', null), at(DUE))).toThrow('DUE_DATE_MISSING');
  });
  it('is early only when strictly before', () => {
    expect(isEarly(reading('working-days', DUE, { finished: '2026-10-16 09:00' }))).toBe(true);
    expect(isEarly(reading('working-days', DUE, { finished: '2026-10-19 09:00' }))).toBe(false);
    expect(isEarly(reading('working-hours', DUE, { finished: '2026-10-19 16:59' }))).toBe(true);
    expect(isEarly(reading('working-days', DUE))).toBe(false);
  });
});

describe('due soon', () => {
  const EIGHT: SoonThreshold = { value: 8, unit: 'working-hours' };
  // Ten working days from Mon 05/10 09:00: far more than twice eight hours.
  const soon = (clock: ClockReading, now: string, threshold = EIGHT, start = '2026-10-05 09:00'): boolean =>
    isDueSoon(clock, at(now), { threshold, startAt: at(start), calendar: CALENDAR_2026 });
  it.each<[string, ClockReading, string, boolean]>([
    ['eight working hours left, exactly', reading('working-days', DUE), '2026-10-16 17:00', true],
    ['a minute more', reading('working-days', DUE), '2026-10-16 16:59', false],
    ['on the weekend between', reading('working-days', DUE), '2026-10-18 12:00', true],
    ['on the due day after closing', reading('working-days', DUE), '2026-10-19 20:00', true],
    ['overdue is not soon', reading('working-days', DUE), '2026-10-20 07:30', false],
    ['paused', reading('working-days', DUE, { paused: '2026-10-16 09:00' }), '2026-10-19 09:00', false],
    ['finished', reading('working-days', DUE, { finished: '2026-10-16 09:00' }), '2026-10-19 09:00', false],
  ])('%s', (_, clock, now, expected) => expect(soon(clock, now)).toBe(expected));
  it('or half the term, if that is less', () => {
    // 4 working hours, Mon 12/10 13:00–17:00: soon from 15:00.
    const clock = reading('working-hours', '2026-10-12 17:00');
    expect(soon(clock, '2026-10-12 14:59', EIGHT, '2026-10-12 13:00')).toBe(false);
    expect(soon(clock, '2026-10-12 15:00', EIGHT, '2026-10-12 13:00')).toBe(true);
  });
  it('with a threshold of clock hours', () => {
    const day: SoonThreshold = { value: 24, unit: 'clock-hours' };
    expect(soon(reading('working-days', DUE), '2026-10-18 16:59', day)).toBe(false);
    expect(soon(reading('working-days', DUE), '2026-10-18 17:00', day)).toBe(true);
  });
});
