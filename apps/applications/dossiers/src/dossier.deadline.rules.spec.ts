import { answerBy, deadlineFrom, isOver, recount, windowNow } from './dossier.deadline.rules.js';
import { type DossierState, type Notice, type Pause } from './dossier.state.js';
import { rulesOf } from './procedure.rules.js';
import { at, countingOf } from './spec/given.fixture.js';
import { BUILDING, HOUSEHOLD } from './spec/reference.fixture.js';

/** `05/10 09:00` of 2026 in Vietnam, as a state holds it. */
const utc = (text: string): string => at(text).toISOString();
const counting = countingOf();
const term = { unit: 'working-days', value: 3 } as const;
// Mon 05/10: 6, 7 and Thu 08/10.
const promised = deadlineFrom(term, utc('05/10 09:00'), counting);

it('the deadline of a term is a date, what is promised, and the calendar it was counted by', () => {
  expect(promised).toEqual({ term, dueAt: utc('08/10 17:00'), promisedAt: utc('08/10 17:00'), calendar: { code: 'hanh-chinh', version: 1 } });
});

describe('counting again', () => {
  const pause = (from: string, to: string | null): Pause => ({ from: utc(from), to: to === null ? null : utc(to), effect: 'shift' }) as Pause;
  const state = { acceptedAt: utc('05/10 09:00'), deadline: promised };
  // One day used when it stopped on 07/10, two are left on Mon 12/10: Wed 14/10.
  const closed = [pause('06/10 15:00', '12/10 09:00')];
  it('moves the promise only when a paper is printed', () => {
    expect(recount(state, closed, counting, true)).toMatchObject({ dueAt: utc('14/10 17:00'), promisedAt: utc('14/10 17:00') });
    expect(recount(state, closed, counting, false)).toMatchObject({ dueAt: utc('14/10 17:00'), promisedAt: utc('08/10 17:00') });
  });
  it('does not count a pause that is still open', () => expect(recount(state, [pause('06/10 15:00', null)], counting, true)).toEqual(promised));
  it('leaves what has no clock as it is', () => {
    expect(recount({ acceptedAt: utc('05/10 09:00'), deadline: null }, closed, counting, true)).toBeNull();
    expect(recount({ acceptedAt: null, deadline: promised }, closed, counting, true)).toBe(promised);
  });
});

it('the person answers within the days of the procedure, or whenever, where it sets none', () => {
  // 30 days from Wed 07/10: Fri 06/11.
  expect(answerBy(rulesOf(BUILDING, 'works', 'counter'), utc('07/10 09:00'), counting)).toBe(utc('06/11 17:00'));
  expect(answerBy(rulesOf(HOUSEHOLD, 'one-person', 'counter'), utc('07/10 09:00'), counting)).toBeNull();
});

describe('the window of the next notice', () => {
  const rules = rulesOf(BUILDING, 'works', 'counter');
  const notice = (answeredAt: string | null, atIntake = false): Notice => ({ atIntake, answeredAt: answeredAt === null ? null : utc(answeredAt) }) as Notice;
  const now = (given: Partial<Pick<DossierState, 'state' | 'acceptedAt' | 'notices'>>, by = rules) => windowNow({ state: 'processing', acceptedAt: utc('05/10 09:00'), notices: [], ...given }, by, counting);
  it.each<[string, Parameters<typeof now>[0], string, string]>([
    ['is the first from acceptance', {}, 'first-notice', '14/10 17:00'],
    ['runs while it is only received', { state: 'received' }, 'first-notice', '14/10 17:00'],
    ['is not begun by a notice at the desk', { notices: [notice('02/10 09:00', true)] }, 'first-notice', '14/10 17:00'],
    // Thu 15/10: 16 19 20 21 22.
    ['is the second from the answer to the first', { notices: [notice('15/10 10:00')] }, 'second-notice', '22/10 17:00'],
    // Mon 26/10: 27 28 29.
    ['is that of the refusal after the last', { notices: [notice('15/10 10:00'), notice('26/10 10:00')] }, 'refuse-after-second', '29/10 17:00'],
    ['is counted from acceptance where nobody answered', { notices: [notice(null)] }, 'second-notice', '12/10 17:00'],
  ])('%s', (_what, given, kind, dueAt) => expect(now(given)).toEqual({ kind, dueAt: utc(dueAt), basis: 'NĐ 175/2024/NĐ-CP' }));
  it.each<[string, Parameters<typeof now>[0]]>([
    ['before acceptance', { acceptedAt: null }],
    ['while papers are missing', { state: 'awaiting-supplement' }],
    ['once it is drafted', { state: 'proposed' }],
  ])('is none %s', (_what, given) => expect(now(given)).toBeNull());
  it('is none where the procedure sets none', () => expect(now({ notices: [notice('07/10 09:00')] }, rulesOf(HOUSEHOLD, 'one-person', 'counter'))).toBeNull());
});

describe('a limit is past', () => {
  const window = (unit: 'working-days' | 'calendar-days' | 'months' | 'working-hours' | 'clock-hours') => ({ term: { unit, value: 8 }, basis: '' });
  it.each([
    ['working-days', '14/10 23:59', false],
    ['working-days', '15/10 00:00', true],
    ['calendar-days', '14/10 23:59', false],
    ['months', '15/10 00:00', true],
    ['working-hours', '14/10 17:00', false],
    ['working-hours', '14/10 17:01', true],
    ['clock-hours', '14/10 16:59', false],
    ['clock-hours', '14/10 17:01', true],
  ] as const)('counted in %s and due at 17:00 on 14/10, at %s: %s', (unit, when, expected) => expect(isOver(utc('14/10 17:00'), window(unit), at(when))).toBe(expected));
  it('by the day where nobody says how it is counted', () => {
    expect([isOver(utc('14/10 17:00'), undefined, at('14/10 23:59')), isOver(utc('14/10 17:00'), undefined, at('15/10 00:00'))]).toEqual([false, true]);
  });
});
