import { type WorkCalendar } from './calendar.js';
import { type Words } from './error.js';
import { type Term } from './term.js';
import { type EpochMs, type LocalDate } from './time.js';

/**
 * The clock stands from `from` until `to` (null: still). `shift` counts on what is left, `restart` counts anew; which one
 * belongs to the reason of the pause and is data of the procedure.
 */
export interface Pause {
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  readonly effect: 'shift' | 'restart';
  readonly reason?: Words | undefined;
}

export interface DeadlineQuestion {
  readonly calendar: WorkCalendar;
  /** The real instant of acceptance; outside opening hours it is deemed at the next opening (except clock hours). */
  readonly receivedAt: EpochMs;
  readonly term: Term;
  /** In order, apart from each other, the last one perhaps open. */
  readonly pauses?: readonly Pause[];
}

export interface DeadlineAnswer {
  /** Null while a pause that began in time is open; afterwards the term has a date again. */
  readonly dueAt: EpochMs | null;
  /** When the open pause began, whether in time or late; null when the clock runs. */
  readonly pausedSince: EpochMs | null;
  /** When the term began to run: the acceptance, as deemed. */
  readonly startAt: EpochMs;
  /** Its local date: day 0, which is not counted (Bộ luật Dân sự 2015, Điều 147). */
  readonly day0: LocalDate;
  /** Days off have not been announced, or the calendar is not in force, for some date the count went through. */
  readonly provisional: boolean;
  /** Days of the count whose row in the calendar is not confirmed. */
  readonly unconfirmed: readonly LocalDate[];
  /** How the date was reached, at most `MAX_STEPS` lines. */
  readonly working: readonly Step[];
}

export const STEP_KINDS = ['received', 'deemed', 'counted', 'skipped', 'nominal', 'paused', 'resumed', 'paused-late', 'omitted', 'due', 'provisional'] as const;

/** One line of the working of a deadline; instants are epoch milliseconds, `from` ≤ `to`. */
export interface Step {
  readonly kind: (typeof STEP_KINDS)[number];
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** The local date the line is about, or the first of several. */
  readonly date?: LocalDate;
  readonly note: Words;
}
