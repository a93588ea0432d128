import { type CalendarDay } from './calendar.js';
import { type Words } from './error.js';
import { displayDate, HOUR_MS, weekdayOf, type LocalDate } from './time.js';
import { type Term, type TermUnit } from './term.js';

const WEEKDAY_WORDS: readonly Words[] = [
  { vi: 'Thứ Hai', en: 'Mon' },
  { vi: 'Thứ Ba', en: 'Tue' },
  { vi: 'Thứ Tư', en: 'Wed' },
  { vi: 'Thứ Năm', en: 'Thu' },
  { vi: 'Thứ Sáu', en: 'Fri' },
  { vi: 'Thứ Bảy', en: 'Sat' },
  { vi: 'Chủ Nhật', en: 'Sun' },
];

const KIND_WORDS: Readonly<Record<CalendarDay['kind'], Words>> = {
  holiday: { vi: 'nghỉ lễ', en: 'public holiday' },
  compensatory: { vi: 'nghỉ bù', en: 'compensatory day off' },
  'swap-off': { vi: 'nghỉ hoán đổi', en: 'off by swap' },
  'make-up': { vi: 'làm bù', en: 'make-up working day' },
};

const UNIT_WORDS: Readonly<Record<TermUnit, Words>> = {
  'working-days': { vi: 'ngày làm việc', en: 'working days' },
  'calendar-days': { vi: 'ngày', en: 'calendar days' },
  months: { vi: 'tháng', en: 'months' },
  'working-hours': { vi: 'giờ làm việc', en: 'working hours' },
  'clock-hours': { vi: 'giờ', en: 'clock hours' },
  'end-of-day': { vi: 'trong ngày', en: 'end of day' },
};

/** `Thứ Ba 24/11/2026 (nghỉ lễ: Ngày Văn hoá Việt Nam; NQ 80-NQ/TW; chưa xác nhận)`. */
export function dayWords(date: LocalDate, row: CalendarDay | undefined): Words {
  const weekday = WEEKDAY_WORDS[weekdayOf(date) - 1] ?? { vi: '', en: '' };
  const plain = { vi: `${weekday.vi} ${displayDate(date)}`, en: `${weekday.en} ${displayDate(date)}` };
  if (row === undefined) return plain;
  const kind = KIND_WORDS[row.kind];
  return {
    vi: `${plain.vi} (${kind.vi}: ${row.name.vi}; ${row.legalBasis}${row.confirmed ? '' : '; chưa xác nhận'})`,
    en: `${plain.en} (${kind.en}: ${row.name.en}; ${row.legalBasis}${row.confirmed ? '' : '; not confirmed'})`,
  };
}

/** `15 ngày làm việc`; `trong ngày, giờ chốt 15:00`. */
export function termWords(term: Term): Words {
  const unit = UNIT_WORDS[term.unit];
  const [number, cutoff] = [term.value === undefined ? '' : `${term.value} `, term.cutoff?.time];
  return { vi: `${number}${unit.vi}${cutoff === undefined ? '' : `, giờ chốt ${cutoff}`}`, en: `${number}${counted(unit.en, term.value)}${cutoff === undefined ? '' : `, cut-off ${cutoff}`}` };
}

/** `working days` of two, `working day` of one. */
function counted(words: string, amount: number | undefined): string {
  return amount === 1 ? words.replace(/s$/, '') : words;
}

/** What is used or left of a term, in the measure of its unit: months are counted in days once they run. */
export function amountWords(unit: TermUnit, amount: number): Words {
  if (unit === 'working-hours' || unit === 'clock-hours') return hoursWords(amount);
  return unit === 'working-days' ? { vi: `${amount} ngày làm việc`, en: `${amount} ${counted('working days', amount)}` } : { vi: `${amount} ngày`, en: `${amount} ${counted('calendar days', amount)}` };
}

/** Milliseconds as people read hours: `2,5 giờ`, `2.5 hours`. */
export function hoursWords(time: number): Words {
  const hours = Math.round((time / HOUR_MS) * 100) / 100;
  return { vi: `${String(hours).replace('.', ',')} giờ`, en: `${hours} ${hours === 1 ? 'hour' : 'hours'}` };
}
