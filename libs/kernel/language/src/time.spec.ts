import { addDays, addMonths, daysBetween, displayInstant, formatInstant, localDateOf, minuteOfDay, parseInstant, parseLocalDate, parseTime, weekdayOf } from './index.js';

const date = parseLocalDate;
const code = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('parseInstant', () => {
  it.each([
    ['2026-11-24T09:05:00+07:00', Date.UTC(2026, 10, 24, 2, 5)],
    ['2026-11-24T02:05:00Z', Date.UTC(2026, 10, 24, 2, 5)],
    ['2026-11-24t02:05:00z', Date.UTC(2026, 10, 24, 2, 5)],
    ['2026-11-23T21:35:00-04:30', Date.UTC(2026, 10, 24, 2, 5)],
    ['2026-11-24T09:05:00.25+07:00', Date.UTC(2026, 10, 24, 2, 5, 0, 250)],
    ['2026-11-24T09:05:00.123987+07:00', Date.UTC(2026, 10, 24, 2, 5, 0, 123)],
    ['1900-01-01T00:00:00+07:00', Date.UTC(1899, 11, 31, 17)],
    ['2024-02-29T00:00:00+07:00', Date.UTC(2024, 1, 28, 17)],
  ])('reads %s', (text, ms) => expect(parseInstant(text)).toBe(ms));

  it.each([
    '2026-02-30T09:00:00+07:00',
    '2023-02-29T09:00:00+07:00',
    '2100-02-29T09:00:00+07:00',
    '2026-13-01T09:00:00+07:00',
    '2026-00-10T09:00:00+07:00',
    '2026-04-31T09:00:00+07:00',
    '2026-11-24T09:05:00',
    '2026-11-24T09:05+07:00',
    '2026-11-24 09:05:00+07:00',
    '2026-11-24T24:00:00+07:00',
    '2016-12-31T23:59:60Z',
    '2026-11-24T23:60:00+07:00',
    '1899-12-31T00:00:00+07:00',
    '2201-01-01T00:00:00+07:00',
    '2026-11-24T09:05:00+0700',
    '2026-11-24T09:05:00+24:00',
    '2026-11-24T09:05:00+07:60',
    '2026-11-24T09:05:00-00:00',
    '2026-11-24T09:05:00.+07:00',
    '+02026-11-24T09:05:00+07:00',
    '２０２６-11-24T09:05:00+07:00',
    ' 2026-11-24T09:05:00+07:00',
    '24/11/2026',
    '',
  ])('refuses %s', (text) => expect(code(() => parseInstant(text))).toBe('INSTANT_NOT_VALID'));
});

describe('formatInstant', () => {
  it('writes Vietnam time with its offset, and milliseconds only when there are any', () => {
    expect(formatInstant(Date.UTC(2026, 10, 24, 2, 5))).toBe('2026-11-24T09:05:00+07:00');
    expect(formatInstant(Date.UTC(2026, 10, 24, 2, 5, 0, 7))).toBe('2026-11-24T09:05:00.007+07:00');
    expect(formatInstant(Date.UTC(2025, 11, 31, 17))).toBe('2026-01-01T00:00:00+07:00');
    expect(formatInstant(Date.UTC(1960, 0, 1))).toBe('1960-01-01T07:00:00+07:00');
  });
  it('agrees with the platform’s dates on every day of 400 years', () => {
    let day = date('1900-01-01');
    for (let number = 0; number < 146_097; number += 1) {
      const known = new Date(Date.UTC(1900, 0, 1) + number * 86_400_000);
      const text = known.toISOString().slice(0, 10);
      if (day !== text || weekdayOf(day) !== (known.getUTCDay() || 7)) throw new Error(`${day} is ${text}`);
      day = addDays(day, 1);
    }
    expect(day).toBe('2300-01-01');
  });
});

describe('local dates', () => {
  it.each(['2026-02-30', '2026-2-3', '26-02-03', '2026/02/03', '2201-01-01', '2026-11-24T00:00:00Z', ''])('refuses %s', (text) => {
    expect(code(() => parseLocalDate(text))).toBe('DATE_NOT_VALID');
  });
  it('change at local midnight', () => {
    expect(localDateOf(parseInstant('2026-11-24T16:59:59.999Z'))).toBe('2026-11-24');
    expect(localDateOf(parseInstant('2026-11-24T17:00:00Z'))).toBe('2026-11-25');
    expect(minuteOfDay(parseInstant('2026-11-24T17:00:30Z'))).toBe(0.5);
  });
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-10-15', 1, '2026-11-15'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-12-31', 12, '2027-12-31'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2024-02-29', 12, '2025-02-28'],
  ])('%s + %s months is %s', (from, months, to) => expect(addMonths(date(from), months)).toBe(to));
  it('are counted apart', () => {
    expect(daysBetween(date('2026-02-14'), date('2026-03-01'))).toBe(15);
    expect(daysBetween(date('2026-03-01'), date('2026-02-14'))).toBe(-15);
  });
  it('are shown as people write them', () => expect(displayInstant(parseInstant('2026-11-24T09:05:00+07:00'))).toBe('09:05 24/11/2026'));
});

describe('parseTime', () => {
  it('reads HH:MM, and 24:00 only where a day may end', () => {
    expect([parseTime('00:00'), parseTime('07:30'), parseTime('23:59'), parseTime('24:00', { endOfDay: true })]).toEqual([0, 450, 1439, 1440]);
    for (const wrong of ['24:00', '7:30', '07:60', '07:30:00', '']) expect(code(() => parseTime(wrong))).toBe('TIME_NOT_VALID');
  });
});
