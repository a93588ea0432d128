import { type CalendarDay, type WorkCalendar } from '../index.js';

/*
 * Hand-made from the table of public holidays and swaps of 2026 (Bộ luật Lao động 2019, Điều 111–112; văn bản
 * 12729/VPCP-KGVX; Thông báo 9441/TB-BNV): Monday to Friday, 07:30–11:30 and 13:00–17:00.
 */
const day = [
  { opens: '07:30', closes: '11:30' },
  { opens: '13:00', closes: '17:00' },
];

function row(date: string, kind: CalendarDay['kind'], confirmed = true): CalendarDay {
  return { date, kind, name: { vi: `Ngày ${date}`, en: `Day ${date}` }, legalBasis: 'BLLĐ Đ.112', confirmed, validFrom: '2025-12-25' };
}

export const DAYS_2026: readonly CalendarDay[] = [
  row('2026-01-01', 'holiday'),
  row('2026-01-02', 'swap-off'),
  row('2026-01-10', 'make-up'),
  ...['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'].map((date) => row(date, 'holiday')),
  row('2026-04-26', 'holiday'),
  row('2026-04-27', 'compensatory'),
  row('2026-04-30', 'holiday'),
  row('2026-05-01', 'holiday'),
  row('2026-08-22', 'make-up'),
  row('2026-08-31', 'swap-off'),
  row('2026-09-01', 'holiday'),
  row('2026-09-02', 'holiday'),
  row('2026-11-24', 'holiday', false),
];

export const CALENDAR_2026: WorkCalendar = {
  code: 'H99',
  version: 1,
  weeklyWindows: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] },
  days: DAYS_2026,
  validFrom: '2026-01-01',
  validTo: null,
  coversUntil: '2026-12-31',
};

/** The same office with other rows about days. */
export function withDays(days: readonly CalendarDay[]): WorkCalendar {
  return { ...CALENDAR_2026, days };
}
