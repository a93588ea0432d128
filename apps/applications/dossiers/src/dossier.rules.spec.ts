import { recompute } from './dossier.commands.rules.js';
import { local } from './dossier.text.js';
import { viewOf } from './dossier.view.js';
import { rulesOf } from './procedure.rules.js';
import { after, at, countingOf, HOUSE, received, refusalOf, type Scene, type Told } from './spec/given.fixture.js';
import { BUILDING, calendarOf, dayOff, HOUSEHOLD } from './spec/reference.fixture.js';

const ASSIGNED: Told = ['head', '05/10 14:00', { name: 'assign', specialist: 'specialist' }];
const ask = (when: string): Told => ['specialist', when, { name: 'request-supplement', missing: ['Bản vẽ mặt cắt'], reason: 'Thiếu bản vẽ' }];
const came = (when: string): Told => ['clerk', when, { name: 'record-supplement', papers: [{ name: 'Bản vẽ mặt cắt', originals: 1, copies: 1 }] }];
const propose = (when: string, outcome: 'granted' | 'refused' = 'granted'): Told => ['specialist', when, { name: 'propose', outcome, reason: 'Đã thẩm định' }];
const review = (when: string, verdict: 'approved' | 'sent-back' = 'approved'): Told => ['head', when, { name: 'review', verdict }];
const decide = (when: string, verdict: 'granted' | 'refused' | 'notice' | 'sent-back' = 'granted'): Told => ['lead', when, { name: 'decide', verdict }];

describe('1.013225, a separate house', () => {
  it('is due 15 calendar days after the counter took it, the first notice within 7 working days', () => {
    // Mon 05/10 is day 0; 15 days later is Tue 20/10. Working days: 6 7 8 9 12 13 14.
    const view = viewOf(received('05/10 09:00'));
    expect(view).toMatchObject({ state: 'received', status: { code: 2 }, version: 1, deadline: { dueAt: '2026-10-20T17:00:00+07:00', appointmentAt: '2026-10-20T17:00:00+07:00' } });
    expect(view.window).toEqual({ kind: 'first-notice', dueAt: '2026-10-14T17:00:00+07:00', basis: 'NĐ 175/2024/NĐ-CP' });
  });
  it('waits as registered when it came by post, and its clock starts when the desk accepts', () => {
    const post = received('05/10 09:00', { ...HOUSE, channel: 'post' });
    expect(viewOf(post)).toMatchObject({ state: 'registered', acceptedAt: null, deadline: null, window: null });
    // Tue 06/10 + 15 = Wed 21/10.
    const accepted = after(post, [['clerk', '06/10 08:00', { name: 'accept' }]]);
    expect(viewOf(accepted)).toMatchObject({ state: 'received', receivedAt: '2026-10-05T09:00:00+07:00', acceptedAt: '2026-10-06T08:00:00+07:00', deadline: { dueAt: '2026-10-21T17:00:00+07:00' } });
  });
  it('goes from the desk to the hand that asks for it', () => {
    const end = after(received('05/10 09:00'), [ASSIGNED, propose('12/10 10:00'), review('13/10 10:00'), decide('14/10 10:00'), ['returns', '15/10 10:00', { name: 'return', receivedBy: 'Nguyễn Thị Đặng Thử' }]]);
    expect(viewOf(end)).toMatchObject({
      ...{ state: 'returned', status: { code: 10 }, outcome: 'granted', version: 6, assignee: 'specialist' },
      result: { outcome: 'granted', result: 'KQ.G17.000311' },
      finishedAt: '2026-10-14T10:00:00+07:00',
      returnedAt: '2026-10-15T10:00:00+07:00',
      possible: [],
    });
  });
  it('stands while papers are missing and begins anew when they come', () => {
    const asked = after(received('05/10 09:00'), [ASSIGNED, ask('07/10 09:00')]);
    // 30 calendar days to answer: Fri 06/11.
    expect(viewOf(asked)).toMatchObject({ state: 'awaiting-supplement', status: { code: 5 }, deadline: { pausedSince: '2026-10-07T09:00:00+07:00' }, window: null });
    expect(viewOf(asked).notices).toEqual([{ number: 1, at: '2026-10-07T09:00:00+07:00', missing: ['Bản vẽ mặt cắt'], reason: 'Thiếu bản vẽ', answerBy: '2026-11-06T17:00:00+07:00', answeredAt: null }]);
    // Restart on Thu 15/10: due Fri 30/10; second notice within 16 19 20 21 22.
    const answered = after(asked, [came('15/10 10:00')]);
    expect(viewOf(answered)).toMatchObject({ state: 'processing', deadline: { dueAt: '2026-10-30T17:00:00+07:00', appointmentAt: '2026-10-30T17:00:00+07:00', pausedSince: null } });
    expect(viewOf(answered).window).toMatchObject({ kind: 'second-notice', dueAt: '2026-10-22T17:00:00+07:00' });
    expect(answered.papers).toHaveLength(1);
  });
  it('shifts instead where the row says so', () => {
    const scene: Scene = { ...HOUSE, procedure: { ...BUILDING, supplement: { ...BUILDING.supplement, pauseEffect: 'shift' } } };
    // Used two days (05 → 07), 13 are left from Thu 15/10: Wed 28/10.
    const answered = after(received('05/10 09:00', scene), [ASSIGNED, ask('07/10 09:00'), came('15/10 10:00')], scene);
    expect(viewOf(answered).deadline?.dueAt).toBe('2026-10-28T17:00:00+07:00');
  });
  it('is asked for twice at most; then it is refused, within three working days', () => {
    const twice = after(received('05/10 09:00'), [ASSIGNED, ask('07/10 09:00'), came('15/10 10:00'), ask('21/10 09:00'), came('26/10 10:00')]);
    // 27 28 29.
    expect(viewOf(twice).window).toMatchObject({ kind: 'refuse-after-second', dueAt: '2026-10-29T17:00:00+07:00' });
    expect(refusalOf(() => after(twice, [ask('27/10 09:00')]))).toMatchObject({ code: 'SUPPLEMENT_LIMIT_REACHED', extra: { allowed: 2, given: 2 } });
    const refused = after(twice, [propose('27/10 09:00', 'refused'), review('27/10 10:00'), decide('28/10 09:00', 'refused')]);
    // Refused after acceptance is 9 with an outcome, never 3.
    expect(viewOf(refused)).toMatchObject({ status: { code: 9 }, outcome: 'refused', result: { outcome: 'refused', result: null } });
  });
  it('is not asked for papers after the window: on its last day until midnight, not the day after', () => {
    const assigned = after(received('05/10 09:00'), [ASSIGNED]);
    expect(after(assigned, [ask('14/10 23:59')]).state).toBe('awaiting-supplement');
    expect(refusalOf(() => after(assigned, [ask('15/10 00:00')]))).toMatchObject({ code: 'SUPPLEMENT_WINDOW_CLOSED', extra: { kind: 'first-notice', dueAt: '2026-10-14T17:00:00+07:00' } });
  });
  it('is stopped only when the person did not answer in time', () => {
    const asked = after(received('05/10 09:00'), [ASSIGNED, ask('07/10 09:00')]);
    const stop = (when: string): Told => ['head', when, { name: 'stop', reason: 'Quá hạn bổ sung' }];
    expect(refusalOf(() => after(asked, [stop('06/11 20:00')]))).toMatchObject({ code: 'ANSWER_WINDOW_OPEN', extra: { answerBy: '2026-11-06T17:00:00+07:00' } });
    expect(viewOf(after(asked, [stop('07/11 08:00')]))).toMatchObject({ status: { code: 8 }, outcome: 'stopped' });
  });
  it('is withdrawn from every open step, and no more once it is decided', () => {
    const withdraw: Told = ['clerk', '16/10 09:00', { name: 'withdraw', reason: 'Không xây nữa' }];
    const path = [ASSIGNED, propose('12/10 10:00'), review('13/10 10:00')] as const;
    for (let length = 0; length <= path.length; length += 1) {
      expect(viewOf(after(received('05/10 09:00'), [...path.slice(0, length), withdraw]))).toMatchObject({ status: { code: 7 }, outcome: 'withdrawn' });
    }
    expect(refusalOf(() => after(received('05/10 09:00'), [...path, decide('14/10 10:00'), withdraw])).code).toBe('TRANSITION_NOT_POSSIBLE');
  });
  it('takes a result of the procedure only', () => {
    const assigned = after(received('05/10 09:00'), [ASSIGNED]);
    const wrong: Told = ['specialist', '12/10 10:00', { name: 'propose', outcome: 'granted', result: 'KQ.G12.001041', reason: 'x' }];
    expect(refusalOf(() => after(assigned, [wrong]))).toMatchObject({ code: 'RESULT_NOT_OF_PROCEDURE', extra: { results: ['KQ.G17.000311'] } });
  });
  it('is signed as it was drafted, or sent back', () => {
    const reviewed = after(received('05/10 09:00'), [ASSIGNED, propose('12/10 10:00'), review('13/10 10:00')]);
    expect(refusalOf(() => after(reviewed, [decide('14/10 10:00', 'refused')]))).toMatchObject({ code: 'OUTCOME_NOT_AS_DRAFTED', extra: { drafted: 'granted', asked: 'refused' } });
    expect(viewOf(after(reviewed, [decide('14/10 10:00', 'sent-back')]))).toMatchObject({ state: 'processing', result: null, finishedAt: null });
    expect(viewOf(after(received('05/10 09:00'), [ASSIGNED, propose('12/10 10:00'), review('13/10 10:00', 'sent-back')]))).toMatchObject({ state: 'processing', result: null });
  });
});

describe('before intake', () => {
  const post = received('05/10 09:00', { ...HOUSE, channel: 'post' });
  it('papers are asked for without a clock, as often as needed, and do not count as notices', () => {
    const deskAsks: Told = ['clerk', '05/10 10:00', { name: 'request-supplement', missing: ['Đơn'], reason: 'Thiếu đơn' }];
    const asked = after(post, [deskAsks]);
    expect(viewOf(asked)).toMatchObject({ state: 'incomplete-at-intake', status: { code: 5 }, deadline: null });
    const again = after(asked, [came('06/10 09:00'), deskAsks, came('07/10 09:00'), ['clerk', '07/10 10:00', { name: 'accept' }]]);
    // Wed 07/10: seven working days are 8 9 12 13 14 15 16.
    expect(viewOf(again).window).toMatchObject({ kind: 'first-notice', dueAt: '2026-10-16T17:00:00+07:00' });
    expect(viewOf(again)).toMatchObject({ state: 'received', deadline: { dueAt: '2026-10-22T17:00:00+07:00' } });
  });
  it('a refusal is status 3', () => {
    expect(viewOf(after(post, [['clerk', '05/10 10:00', { name: 'refuse-intake', reason: 'Không thuộc thẩm quyền' }]]))).toMatchObject({ status: { code: 3 }, outcome: null, finishedAt: '2026-10-05T10:00:00+07:00' });
  });
  it('nothing is accepted whose term nobody knows', () => {
    const scene: Scene = { ...HOUSE, channel: 'post', procedure: { ...BUILDING, durations: [] } };
    expect(refusalOf(() => after(received('05/10 09:00', scene), [['clerk', '05/10 10:00', { name: 'accept' }]], scene)).code).toBe('TERM_NOT_KNOWN');
  });
});

describe('1.001612, a household business', () => {
  const scene: Scene = { procedure: HOUSEHOLD, case: 'one-person', channel: 'counter' };
  const assigned = after(received('05/10 09:00', scene), [ASSIGNED], scene);
  it('is due in three working days', () => {
    expect(viewOf(assigned).deadline?.dueAt).toBe('2026-10-08T17:00:00+07:00');
  });
  it('ends with the notice as its result, on time, without a pause', () => {
    const noticed = after(assigned, [ask('07/10 09:00')], scene);
    expect(viewOf(noticed)).toMatchObject({ state: 'proposed', notices: [], deadline: { pausedSince: null }, result: { outcome: 'notice', result: 'KQ.G12.001009', reason: 'Thiếu bản vẽ\n– Bản vẽ mặt cắt' } });
    const end = after(noticed, [review('07/10 14:00'), decide('08/10 09:00', 'notice'), ['returns', '08/10 10:00', { name: 'return', receivedBy: 'Nguyễn Thị Đặng Thử' }]], scene);
    expect(viewOf(end)).toMatchObject({ status: { code: 10 }, outcome: 'notice' });
  });
  it('who drafts the notice neither reviews nor signs it', () => {
    const drafted = after(assigned, [['head', '05/10 15:00', { name: 'assign', specialist: 'everything' }], ['everything', '07/10 09:00', { name: 'request-supplement', missing: ['x'], reason: 'y' }]], scene);
    expect(refusalOf(() => after(drafted, [['everything', '07/10 10:00', { name: 'review', verdict: 'approved' }]], scene))).toMatchObject({ code: 'SEPARATION_OF_DUTIES', extra: { separation: 'OWN_DRAFT_REVIEWED' } });
  });
});

describe('who acts', () => {
  const toEverything: Told = ['head', '05/10 14:00', { name: 'assign', specialist: 'everything' }];
  const by = (who: Told[0], told: Told): Told => [who, told[1], told[2]];
  it.each<[string, readonly Told[], string, string]>([
    ['nobody reviews their own draft', [toEverything, by('everything', propose('12/10 10:00')), by('everything', review('13/10 10:00'))], 'SEPARATION_OF_DUTIES', 'OWN_DRAFT_REVIEWED'],
    ['the specialist does not sign', [toEverything, by('everything', propose('12/10 10:00')), review('13/10 10:00'), by('everything', decide('14/10 10:00'))], 'SEPARATION_OF_DUTIES', 'SPECIALIST_SIGNED'],
    ['the reviewer does not sign', [ASSIGNED, propose('12/10 10:00'), by('everything', review('13/10 10:00')), by('everything', decide('14/10 10:00'))], 'SEPARATION_OF_DUTIES', 'REVIEWER_SIGNED'],
    ['a head who reviewed does not draft later', [ASSIGNED, propose('12/10 10:00'), by('workingHead', review('13/10 10:00', 'sent-back')), ['head', '13/10 11:00', { name: 'assign', specialist: 'working-head' }], by('workingHead', propose('14/10 10:00'))], 'SEPARATION_OF_DUTIES', 'OWN_DRAFT_REVIEWED'],
  ])('%s', (_what, told, code, separation) => {
    expect(refusalOf(() => after(received('05/10 09:00'), told))).toMatchObject({ code, extra: { separation } });
  });
  it.each<[string, readonly Told[]]>([
    ['a specialist to whom it is not assigned', [ASSIGNED, by('otherSpecialist', propose('12/10 10:00'))]],
    ['a head of another unit', [by('otherHead', ASSIGNED)]],
    ['a head of the desk’s unit, where the dossier is not decided', [by('wardHead', ASSIGNED)]],
    ['a lead of the desk’s unit', [ASSIGNED, propose('12/10 10:00'), review('13/10 10:00'), by('wardLead', decide('14/10 10:00'))]],
    ['a clerk of another desk', [ASSIGNED, ask('07/10 09:00'), by('otherClerk', came('15/10 10:00'))]],
    ['a role that the row does not name', [by('clerk', ASSIGNED)]],
  ])('%s is told what is possible and by whom', (_what, told) => {
    const refusal = refusalOf(() => after(received('05/10 09:00'), told));
    expect(refusal.code).toBe('TRANSITION_NOT_POSSIBLE');
    expect(refusal.extra).toMatchObject({ unit: 'H99.05', receivingUnit: 'H99.05.01' });
    expect(refusal.extra['possible']).not.toEqual([]);
  });
  it('a refusal names commands and roles in words', () => {
    const refusal = refusalOf(() => after(received('05/10 09:00'), [decide('06/10 10:00')]));
    expect(refusal.vi).toBe('Hồ sơ đang ở bước "Đã tiếp nhận, chờ phân công": người gọi không thể ký. Lúc này làm được: phân công (Trưởng phòng, lãnh đạo phòng, Chủ tịch, Phó Chủ tịch UBND); rút hồ sơ (Cán bộ tiếp nhận (một cửa)).');
    expect(refusal.extra).toMatchObject({ state: 'received', command: 'decide', possible: [{ command: 'assign', roles: [{ code: 'division-head' }, { code: 'authority-lead' }] }, { command: 'withdraw', roles: [{ code: 'desk-clerk' }] }] });
  });
});

describe('a holiday published late', () => {
  const later = countingOf(calendarOf(2, [dayOff('2026-10-20', 'holiday', '2026-10-12'), dayOff('2026-10-14', 'holiday', '2026-10-12')]));
  const facts = { now: at('12/10 08:00'), rules: rulesOf(BUILDING, 'separate-house', 'counter'), counting: later };
  it('moves the date of the law and the window, and keeps the promise that was printed', () => {
    const moved = recompute(after(received('05/10 09:00'), [ASSIGNED]), facts);
    expect(viewOf(moved)).toMatchObject({
      ...{ version: 3, state: 'processing' },
      deadline: { dueAt: '2026-10-21T17:00:00+07:00', appointmentAt: '2026-10-20T17:00:00+07:00', calendar: { code: 'hanh-chinh', version: 2 } },
      window: { dueAt: '2026-10-15T17:00:00+07:00' },
    });
  });
  it('shows the law’s date when that is earlier than the promise', () => {
    const eased = recompute(recompute(received('05/10 09:00'), facts), { ...facts, counting: countingOf(calendarOf(3)) });
    expect(viewOf(eased).deadline).toMatchObject({ dueAt: '2026-10-20T17:00:00+07:00', appointmentAt: '2026-10-20T17:00:00+07:00' });
  });
  it('leaves the clock standing where papers are missing', () => {
    const asked = recompute(after(received('05/10 09:00'), [ASSIGNED, ask('07/10 09:00')]), facts);
    expect(viewOf(asked)).toMatchObject({ state: 'awaiting-supplement', deadline: { pausedSince: '2026-10-07T09:00:00+07:00', appointmentAt: '2026-10-20T17:00:00+07:00' } });
    // Papers on Thu 15/10: fifteen days anew end on Fri 30/10, and that is what the new slip says.
    expect(viewOf(after(asked, [came('15/10 10:00')], HOUSE, later)).deadline).toMatchObject({ dueAt: '2026-10-30T17:00:00+07:00', appointmentAt: '2026-10-30T17:00:00+07:00' });
  });
});

it('instants of a state are in UTC, of an answer in local time', () => {
  const state = received('05/10 09:00');
  expect(state.receivedAt).toBe('2026-10-05T02:00:00.000Z');
  expect(viewOf(state).receivedAt).toBe(local(state.receivedAt));
});
