import { comparesByDate, computeDeadline, localDateOf, parseInstant, type Pause as ClockPause, type Term, type TermUnit, type WorkCalendar } from '@quan-so/language';
import { type Deadline, type DossierState, type Instant, type Notice, type Pause } from './dossier.state.js';
import { type CaseRules, type StepWindow } from './procedure.rules.js';

/** By what days are counted: the calendar of the competent unit as it is now, and how old our copy of it is. */
export interface Counting {
  readonly calendar: WorkCalendar;
  readonly age: DossierState['reference'];
}

/** The deadline of a dossier accepted now; its date is printed on the receipt (Mẫu 01). */
export function deadlineFrom(term: Term, acceptedAt: Instant, counting: Counting): Deadline {
  const dueAt = dueFrom(term, acceptedAt, [], counting);
  return { term, dueAt, promisedAt: dueAt, calendar: calendarOf(counting) };
}

/**
 * The deadline again, after a pause or under a new calendar. `printed`: a new appointment is printed and becomes the
 * promise; otherwise the promise of the last paper stands, whatever the law's date is now.
 */
export function recount(state: Pick<DossierState, 'acceptedAt' | 'deadline'>, pauses: readonly Pause[], counting: Counting, printed: boolean): Deadline | null {
  const { acceptedAt, deadline } = state;
  if (deadline === null || acceptedAt === null) return deadline;
  const dueAt = dueFrom(deadline.term, acceptedAt, pauses, counting);
  return { ...deadline, dueAt, promisedAt: printed ? dueAt : deadline.promisedAt, calendar: calendarOf(counting) };
}

/** While the clock stands the date is the one it had when it stopped: an open pause is not counted. */
function dueFrom(term: Term, acceptedAt: Instant, pauses: readonly Pause[], { calendar }: Counting): Instant {
  const closed = pauses.flatMap(({ from, to, effect }): ClockPause[] => (to === null ? [] : [{ from: parseInstant(from), to: parseInstant(to), effect }]));
  const { dueAt } = computeDeadline({ calendar, receivedAt: parseInstant(acceptedAt), term, pauses: closed });
  if (dueAt === null) throw new Error('a clock without open pause has a date');
  return new Date(dueAt).toISOString();
}

/** By when the person answers a notice; null when the procedure sets no limit. */
export function answerBy(rules: CaseRules, at: Instant, counting: Counting): Instant | null {
  const window = rules.supplement.windows['person-answers'];
  return window === undefined ? null : dueFrom(window.term, at, [], counting);
}

/** What the next notice, or the refusal after the last, must be sent within; null when nothing of the kind runs. */
export function windowNow(
  { state, acceptedAt, notices }: Pick<DossierState, 'state' | 'acceptedAt' | 'notices'>,
  rules: CaseRules,
  counting: Counting,
): DossierState['window'] {
  if (acceptedAt === null || (state !== 'received' && state !== 'processing')) return null;
  const given = notices.filter((notice) => !notice.atIntake);
  const kind = kindAfter(given, rules.supplement.maxNotices);
  const window = rules.supplement.windows[kind];
  const from = given.at(-1)?.answeredAt ?? acceptedAt;
  return window === undefined ? null : { kind, dueAt: dueFrom(window.term, from, [], counting), basis: window.basis };
}

type NoticeWindow = NonNullable<DossierState['window']>['kind'];

function kindAfter(given: readonly Notice[], maxNotices: number): NoticeWindow {
  if (given.length === 0) return 'first-notice';
  return given.length < maxNotices ? 'second-notice' : 'refuse-after-second';
}

/** Whether a limit is past: day units by local date (a law-day ends at 24:00), hours by the instant. */
export function isOver(dueAt: Instant, window: StepWindow | undefined, now: Date): boolean {
  const unit: TermUnit = window?.term.unit ?? 'calendar-days';
  const [due, at] = [parseInstant(dueAt), now.getTime()];
  return comparesByDate(unit) ? localDateOf(at) > localDateOf(due) : at > due;
}

function calendarOf({ calendar }: Counting): Deadline['calendar'] {
  return { code: calendar.code, version: calendar.version };
}
