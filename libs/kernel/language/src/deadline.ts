import { nextWorkingDay, openingOf, type WorkCalendar } from './calendar.js';
import { type DeadlineAnswer, type DeadlineQuestion, type Pause } from './deadline-answer.js';
import { LanguageError } from './error.js';
import { localDateOf, minuteOfDay, parseTime, type EpochMs } from './time.js';
import { checkTerm, comparesByDate, type Term } from './term.js';
import { unitOf, type Run, type UnitOfTerm } from './term-units.js';
import { Working } from './working.js';

/**
 * The deadline of a term with its working. Throws LanguageError: those of `checkTerm`, PAUSE_BEFORE_RECEIPT,
 * PAUSE_ENDS_BEFORE_IT_BEGINS, PAUSES_NOT_IN_ORDER, PAUSES_OVERLAP, PAUSE_OPEN_NOT_LAST, CALENDAR_NEVER_OPENS.
 */
export function computeDeadline({ calendar, receivedAt, term, pauses = [] }: DeadlineQuestion): DeadlineAnswer {
  checkTerm(term);
  checkPauses(pauses, receivedAt);
  const unit = unitOf(term, calendar);
  const working = new Working(calendar, term);
  const startAt = received(receivedAt, unit, term, calendar);
  working.received(receivedAt, startAt);
  let run: Run = { from: startAt, left: unit.whole(startAt), whole: unit.whole(startAt) };
  let dueAt = unit.due(run.from, run.left);
  for (const pause of pauses) {
    if (isLate(term, pause.from, dueAt)) {
      working.pausedLate(pause.from, dueAt);
      continue;
    }
    const since = Math.max(pause.from, run.from);
    const used = Math.min(run.left, unit.used(run.from, since));
    working.ran(run, since, 'pause');
    working.paused(pause, run.whole - run.left + used, run.left - used);
    if (pause.to === null) return working.answer({ dueAt: null, pausedSince: pause.from, startAt });
    run = resumed({ ...run, left: run.left - used }, pause, pause.to, { unit, term, calendar });
    working.resumed(pause.to, run);
    dueAt = unit.due(run.from, run.left);
  }
  working.ran(run, dueAt, 'due');
  working.due(run, dueAt);
  const last = pauses.at(-1);
  return working.answer({ dueAt, pausedSince: last?.to === null ? last.from : null, startAt });
}

/** When the term begins to run: as deemed by its unit, and after the cut-off at the opening of the next working day. */
function received(at: EpochMs, unit: UnitOfTerm, { cutoff }: Term, calendar: WorkCalendar): EpochMs {
  const deemed = unit.deemed(at);
  if (cutoff === undefined || minuteOfDay(deemed) <= parseTime(cutoff.time)) return deemed;
  return openingOf(calendar, nextWorkingDay(calendar, localDateOf(deemed)));
}

/** The run after a pause. `end-of-day` has no remainder: it always begins again. Never before the run that it stopped. */
function resumed(run: Run, { effect }: Pause, to: EpochMs, { unit, term, calendar }: { unit: UnitOfTerm; term: Term; calendar: WorkCalendar }): Run {
  const again = effect === 'restart' || term.unit === 'end-of-day';
  const from = Math.max(run.from, again ? received(to, unit, term, calendar) : unit.deemed(to));
  return again ? { from, left: unit.whole(from), whole: unit.whole(from) } : { ...run, from };
}

/**
 * Whether an act comes after the due date, by the comparison of the unit: a pause that begins on the due day, even in its
 * evening, leaves 0; one that begins when the dossier is late changes nothing.
 */
function isLate({ unit }: Term, at: EpochMs, dueAt: EpochMs): boolean {
  return comparesByDate(unit) ? localDateOf(at) > localDateOf(dueAt) : at > dueAt;
}

function checkPauses(pauses: readonly Pause[], receivedAt: EpochMs): void {
  for (const [index, pause] of pauses.entries()) {
    const before = pauses[index - 1];
    const at = `pauses[${index}]`;
    if (pause.from < receivedAt) throw new LanguageError('PAUSE_BEFORE_RECEIPT', 'Không thể tạm dừng trước khi tiếp nhận.', 'A pause cannot begin before receipt.', `${at}.from`);
    if (pause.to !== null && pause.to < pause.from) throw new LanguageError('PAUSE_ENDS_BEFORE_IT_BEGINS', 'Tạm dừng kết thúc trước khi bắt đầu.', 'The pause ends before it begins.', `${at}.to`);
    if (before === undefined) continue;
    if (before.to === null) throw new LanguageError('PAUSE_OPEN_NOT_LAST', 'Đang tạm dừng thì không tạm dừng lần nữa.', 'While paused there is no second pause.', `pauses[${index - 1}].to`);
    if (pause.from < before.from) throw new LanguageError('PAUSES_NOT_IN_ORDER', 'Các lần tạm dừng phải theo thứ tự thời gian.', 'Pauses are given in order of time.', `${at}.from`);
    if (pause.from < before.to) throw new LanguageError('PAUSES_OVERLAP', 'Các lần tạm dừng không được chồng nhau.', 'Pauses cannot overlap.', `${at}.from`);
  }
}

/**
 * After a holiday is published late: `dueAt` is what the law says now, `shownAt` what the citizen sees, the earlier of the
 * promise already printed and the new date. All are instants.
 */
export function promiseAfterCalendarChange(promisedAt: EpochMs, dueAt: EpochMs): { readonly dueAt: EpochMs; readonly shownAt: EpochMs } {
  return { dueAt, shownAt: Math.min(promisedAt, dueAt) };
}
