import { calendarDayOn, isWorkingDay, windowsOn, type WorkCalendar } from './calendar.js';
import { type DeadlineAnswer, type Pause, type Step } from './deadline-answer.js';
import { type Words } from './error.js';
import { addDays, DAY_MS, daysBetween, displayDate, displayInstant, displayTime, instantAt, localDateOf, type EpochMs, type LocalDate } from './time.js';
import { type Term } from './term.js';
import { type Run } from './term-units.js';
import { amountWords, dayWords, hoursWords, termWords } from './working-words.js';

/** Beyond it the middle is left out, and a line says how much: years of single days help nobody. */
export const MAX_STEPS = 1000;

/** Writes down, while the engine counts, what it counts; it never decides a date. */
export class Working {
  readonly #calendar: WorkCalendar;
  readonly #term: Term;
  readonly #steps: Step[] = [];
  readonly #unconfirmed = new Set<LocalDate>();

  constructor(calendar: WorkCalendar, term: Term) {
    this.#calendar = calendar;
    this.#term = term;
  }

  received(receivedAt: EpochMs, startAt: EpochMs): void {
    const term = termWords(this.#term);
    this.#add('received', receivedAt, receivedAt, {
      vi: `Tiếp nhận ${displayInstant(receivedAt)}; thời hạn ${term.vi}`,
      en: `Received ${displayInstant(receivedAt)}; term: ${term.en}`,
    });
    this.#deemed(receivedAt, startAt);
  }

  #deemed(at: EpochMs, from: EpochMs): void {
    if (from === at) return;
    this.#skipDaysOff(localDateOf(at), addDays(localDateOf(from), -1));
    this.#add('deemed', at, from, {
      vi: `Ngoài giờ làm việc hoặc sau giờ chốt: tính từ ${displayInstant(from)}`,
      en: `Outside opening hours or after the cut-off: counted from ${displayInstant(from)}`,
    });
  }

  /** The clock ran from the beginning of a run until a pause, or until the term was over. */
  ran(run: Run, until: EpochMs, end: 'pause' | 'due'): void {
    switch (this.#term.unit) {
      case 'working-days':
        return this.#workingDays(run, localDateOf(until));
      case 'calendar-days':
      case 'months':
        return this.#calendarDays(run, localDateOf(until), end);
      case 'working-hours':
        return this.#workingHours(run.from, until);
      case 'clock-hours':
        return this.#clockHours(run.from, until);
      case 'end-of-day':
    }
  }

  #workingDays({ from, left, whole }: Run, last: LocalDate): void {
    let number = whole - left;
    for (let date = addDays(localDateOf(from), 1); date <= last; date = addDays(date, 1)) {
      if (!isWorkingDay(this.#calendar, date)) {
        this.#skip(date);
        continue;
      }
      number += 1;
      const day = this.#dayWords(date);
      const [opens, closes] = [windowsOn(this.#calendar, date)[0]?.opens, windowsOn(this.#calendar, date).at(-1)?.closes];
      this.#add('counted', opens ?? instantAt(date, 0), closes ?? instantAt(date, 1440), {
        vi: `${day.vi}: ngày làm việc thứ ${number}`,
        en: `${day.en}: working day ${number}`,
      }, date);
    }
  }

  /** Every day counts, so a stretch is one line; days off show only where the term would end on them. */
  #calendarDays({ from, left }: Run, last: LocalDate, end: 'pause' | 'due'): void {
    const first = addDays(localDateOf(from), 1);
    const nominal = addDays(localDateOf(from), left);
    const counted = last < nominal ? last : nominal;
    const days = daysBetween(first, counted) + 1;
    if (days > 0) {
      this.#add('counted', instantAt(first, 0), instantAt(counted, 1440), {
        vi: `${days} ngày, kể cả ngày nghỉ: từ ${displayDate(first)} đến ${displayDate(counted)}`,
        en: `${days} days, days off included: ${displayDate(first)} to ${displayDate(counted)}`,
      }, first);
    }
    if (end === 'pause') return;
    this.#add('nominal', instantAt(nominal, 0), instantAt(nominal, 1440), { vi: `Ngày cuối theo số ngày: ${this.#dayWords(nominal).vi}`, en: `Last day by count: ${this.#dayWords(nominal).en}` }, nominal);
    this.#skipDaysOff(nominal, addDays(last, -1));
  }

  #workingHours(from: EpochMs, until: EpochMs): void {
    for (let date = localDateOf(from); date <= localDateOf(until); date = addDays(date, 1)) {
      if (!isWorkingDay(this.#calendar, date)) this.#skip(date);
      for (const window of windowsOn(this.#calendar, date)) {
        const [begin, end] = [Math.max(window.opens, from), Math.min(window.closes, until)];
        if (end <= begin) continue;
        const [day, hours] = [this.#dayWords(date), hoursWords(end - begin)];
        this.#add('counted', begin, end, {
          vi: `${day.vi}, ${displayTime(begin)}–${displayTime(end)}: ${hours.vi}`,
          en: `${day.en}, ${displayTime(begin)}–${displayTime(end)}: ${hours.en}`,
        }, date);
      }
    }
  }

  #clockHours(from: EpochMs, until: EpochMs): void {
    if (until <= from) return;
    const hours = hoursWords(until - from);
    this.#add('counted', from, until, {
      vi: `${hours.vi} liên tục, kể cả đêm và ngày nghỉ: ${displayInstant(from)} đến ${displayInstant(until)}`,
      en: `${hours.en} on end, nights and days off included: ${displayInstant(from)} to ${displayInstant(until)}`,
    }, localDateOf(from));
  }

  paused({ from, to, reason }: Pause, used: number, left: number): void {
    const because = { vi: reason === undefined ? '' : ` (${reason.vi})`, en: reason === undefined ? '' : ` (${reason.en})` };
    const [usedWords, leftWords] = [amountWords(this.#term.unit, used), amountWords(this.#term.unit, left)];
    this.#add('paused', from, to ?? from, {
      vi: `Tạm dừng từ ${displayInstant(from)}${because.vi}: ${this.#term.unit === 'end-of-day' ? 'sẽ tính lại trong ngày' : `đã dùng ${usedWords.vi}, còn ${leftWords.vi}`}`,
      en: `Paused from ${displayInstant(from)}${because.en}: ${this.#term.unit === 'end-of-day' ? 'the day begins again' : `used ${usedWords.en}, left ${leftWords.en}`}`,
    });
  }

  resumed(at: EpochMs, run: Run): void {
    const again = this.#term.unit === 'end-of-day' || run.left === run.whole;
    const left = amountWords(this.#term.unit, run.left);
    this.#deemed(at, run.from);
    this.#add('resumed', run.from, run.from, {
      vi: `Tiếp tục từ ${displayInstant(run.from)}: ${again ? `đủ thời hạn ${termWords(this.#term).vi}` : `còn ${left.vi}`}`,
      en: `Resumed ${displayInstant(run.from)}: ${again ? `the whole term, ${termWords(this.#term).en}` : `${left.en} left`}`,
    });
  }

  pausedLate(from: EpochMs, dueAt: EpochMs): void {
    this.#add('paused-late', from, from, {
      vi: `Tạm dừng ${displayInstant(from)} sau khi đã quá hạn: hạn không đổi, ${displayInstant(dueAt)}`,
      en: `Paused ${displayInstant(from)}, already overdue: the deadline stays ${displayInstant(dueAt)}`,
    });
  }

  due(run: Run, dueAt: EpochMs): void {
    const date = localDateOf(dueAt);
    const day = this.#dayWords(date);
    const none = run.left === 0 && this.#term.unit !== 'end-of-day';
    this.#add('due', dueAt, dueAt, {
      vi: `Hạn: ${displayTime(dueAt)}, ${day.vi}${none ? ' (không còn thời gian: hết ngày tiếp tục)' : ''}`,
      en: `Due: ${displayTime(dueAt)}, ${day.en}${none ? ' (no time left: the end of the day of resuming)' : ''}`,
    }, date);
  }

  answer({ dueAt, pausedSince, startAt }: Pick<DeadlineAnswer, 'dueAt' | 'pausedSince' | 'startAt'>): DeadlineAnswer {
    const day0 = localDateOf(startAt);
    const provisional = dueAt !== null && this.#isProvisional(day0, localDateOf(dueAt), dueAt);
    return { dueAt, pausedSince, startAt, day0, provisional, unconfirmed: [...this.#unconfirmed].sort(), working: shortened(this.#steps) };
  }

  #isProvisional(day0: LocalDate, dueDate: LocalDate, dueAt: EpochMs): boolean {
    const { validFrom, validTo, coversUntil } = this.#calendar;
    if (this.#term.unit === 'clock-hours') return false;
    if (day0 >= validFrom && dueDate <= coversUntil && (validTo === null || dueDate <= validTo)) return false;
    this.#add('provisional', dueAt, dueAt, {
      vi: `Tạm tính: lịch chỉ biết ngày nghỉ từ ${displayDate(validFrom as LocalDate)} đến ${displayDate(coversUntil as LocalDate)}`,
      en: `Provisional: days off are known from ${displayDate(validFrom as LocalDate)} to ${displayDate(coversUntil as LocalDate)} only`,
    });
    return true;
  }

  #skipDaysOff(first: LocalDate, last: LocalDate): void {
    for (let date = first; date <= last; date = addDays(date, 1)) if (!isWorkingDay(this.#calendar, date)) this.#skip(date);
  }

  #skip(date: LocalDate): void {
    const day = this.#dayWords(date);
    this.#add('skipped', instantAt(date, 0), instantAt(date, 0) + DAY_MS, { vi: `${day.vi}: nghỉ, không tính`, en: `${day.en}: day off, not counted` }, date);
  }

  #dayWords(date: LocalDate): Words {
    const row = calendarDayOn(this.#calendar, date);
    if (row?.confirmed === false) this.#unconfirmed.add(date);
    return dayWords(date, row);
  }

  #add(kind: Step['kind'], from: EpochMs, to: EpochMs, note: Words, date?: LocalDate): void {
    this.#steps.push(date === undefined ? { kind, from, to, note } : { kind, from, to, date, note });
  }
}

function shortened(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= MAX_STEPS) return steps;
  const head = steps.slice(0, MAX_STEPS / 2);
  const tail = steps.slice(steps.length - (MAX_STEPS / 2 - 1));
  const omitted = steps.slice(head.length, steps.length - tail.length);
  const [first, last] = [omitted[0], omitted.at(-1)];
  if (first === undefined || last === undefined) return steps;
  return [...head, { kind: 'omitted', from: first.from, to: last.to, note: { vi: `… ${omitted.length} dòng`, en: `… ${omitted.length} lines` } }, ...tail];
}
