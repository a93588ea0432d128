/** Promises of the law: deadlines, notices, offers. */

const LANGUAGE = 'libs/kernel/language/src';
const DOSSIERS = 'apps/applications/dossiers/src';

/** @type {readonly import('../sabotage.js').Fault[]} */
export const law = [
  {
    ...{ name: 'wrong-cut-off', promise: '15:00:00 is in time, a millisecond later is not' },
    ...{ file: `${LANGUAGE}/deadline.ts`, text: 'minuteOfDay(deemed) <= parseTime(cutoff.time)', fault: 'minuteOfDay(deemed) < parseTime(cutoff.time)' },
    ...{ spec: `${LANGUAGE}/deadline.spec.ts`, test: 'terms without a pause 2026-04-24 15:00, {"unit":"end-of-day","cutoff":{"time":"15:00","effect":"next-working-day"}} → 2026-04-24 17:00 (15:00:00 is in time)' },
  },
  {
    ...{ name: 'holiday-ignored', promise: 'no term ends on a holiday' },
    ...{ file: `${LANGUAGE}/calendar.ts`, text: "return day.kind === 'make-up' ? (makeUp.get(date) ?? []) : [];", fault: "return day.kind === 'make-up' ? (makeUp.get(date) ?? []) : (week.get(weekdayOf(date)) ?? []);" },
    ...{ spec: `${LANGUAGE}/calendar.spec.ts`, test: 'working days follow each other over Tết and 2/9' },
  },
  {
    ...{ name: 'make-up-day-ignored', promise: 'a make-up Saturday is worked' },
    ...{ file: `${LANGUAGE}/calendar.ts`, text: "return day.kind === 'make-up' ? (makeUp.get(date) ?? []) : [];", fault: 'return makeUp.size < 0 ? (makeUp.get(date) ?? []) : [];' },
    ...{ spec: `${LANGUAGE}/calendar.spec.ts`, test: 'working days 2026-01-10: true (a make-up Saturday)' },
  },
  {
    ...{ name: 'restart-counts-as-shift', promise: 'a restart gives the whole term again' },
    ...{ file: `${LANGUAGE}/deadline.ts`, text: "const again = effect === 'restart' || term.unit === 'end-of-day';", fault: "const again = effect === undefined || term.unit === 'end-of-day';" },
    ...{ spec: `${LANGUAGE}/deadline.spec.ts`, test: 'pauses, in the unit of the term 2026-10-05 09:00, {"unit":"working-days","value":10}, restart 2026-10-08 09:00 – 2026-10-14 09:00 → 2026-10-28 17:00' },
  },
  {
    ...{ name: 'late-pause-heals', promise: 'a pause after the due date changes nothing: late stays late' },
    ...{ file: `${LANGUAGE}/deadline.ts`, text: 'if (isLate(term, pause.from, dueAt)) {', fault: 'if (isLate(term, pause.from, dueAt) && pause.to === null) {' },
    ...{ spec: `${LANGUAGE}/deadline.spec.ts`, test: 'pauses, in the unit of the term 2026-10-05 09:00, {"unit":"working-days","value":10}, shift 2026-10-20 00:00 – 2026-10-22 09:00 → 2026-10-19 17:00' },
  },
  {
    ...{ name: 'overdue-at-the-instant', promise: 'a law-day ends at midnight, not at 17:00' },
    ...{ file: `${LANGUAGE}/standing.ts`, text: 'return comparesByDate(unit) ? daysBetween(localDateOf(dueAt), localDateOf(at)) * DAY_MS : at - dueAt;', fault: 'return comparesByDate(unit) && at === dueAt ? daysBetween(localDateOf(dueAt), localDateOf(at)) * DAY_MS : at - dueAt;' },
    ...{ spec: `${LANGUAGE}/standing.spec.ts`, test: 'on time and overdue on the due day after closing: a law-day ends at 24:00' },
  },
  {
    ...{ name: 'promise-moves', promise: 'the appointment that was printed stands when the law’s date moves later' },
    ...{ file: `${DOSSIERS}/dossier.deadline.rules.ts`, text: 'promisedAt: printed ? dueAt : deadline.promisedAt,', fault: 'promisedAt: dueAt,' },
    ...{ spec: `${DOSSIERS}/dossier.rules.spec.ts`, test: 'a holiday published late moves the date of the law and the window, and keeps the promise that was printed' },
  },
  {
    ...{ name: 'notices-without-end', promise: 'papers are asked for as often as the procedure allows' },
    ...{ file: `${DOSSIERS}/dossier.commands.rules.ts`, text: 'if (given < rules.supplement.maxNotices) return;', fault: 'if (given >= 0) return;' },
    ...{ spec: `${DOSSIERS}/dossier.rules.spec.ts`, test: '1.013225, a separate house is asked for twice at most; then it is refused, within three working days' },
  },
  {
    ...{ name: 'offered-although-unverified', promise: 'what nobody has verified is not promised to people' },
    ...{ file: `${DOSSIERS}/procedure.rules.ts`, text: 'if (offer.offered) return;', fault: 'if (offer.offered || offer.because.length > 0) return;' },
    ...{ spec: `${DOSSIERS}/procedure.rules.spec.ts`, test: 'what people are offered is what somebody has verified: 1.001612 at the counter and by post, not online' },
  },
];
