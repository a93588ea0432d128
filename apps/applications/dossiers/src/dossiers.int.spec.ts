import { randomUUID } from 'node:crypto';
import {
  AcceptDossier,
  AssignDossier,
  DecideDossier,
  HandInDossier,
  ProposeResult,
  ReadDossier,
  ReadDossierByCode,
  ReadJourney,
  ReceiveDossier,
  RecordSupplement,
  RefuseDossier,
  RequestSupplement,
  ReturnResult,
  ReviewDraft,
  StopDossier,
  WithdrawDossier,
} from '@quan-so/contracts-applications';
import { applicant, house, household, problemOf, PURPOSE, House, SEED, setClock, type Who } from './spec/house.fixture.js';
import { on, stepsIn } from './spec/steps.fixture.js';

/** One dossier through the real door: HTTP, tokens, PostgreSQL. Dates are counted by hand from the calendar of 2026. */

let h: House;
beforeAll(async () => {
  h = await House.open();
  await h.publish(SEED);
});
afterAll(() => h.close());
beforeEach(() => setClock('05/10 09:00:00'));
const { receive, assign, ask, propose, review } = stepsIn(() => h);

describe('the path of a building permit', () => {
  it('from the counter to the hand that asked, each step with who, when and its trace', async () => {
    const received = await h.as('clerk').call(ReceiveDossier, { body: house });
    expect(received).toMatchObject({ status: 201, version: 1, replayed: false, location: `/api/dossiers/v1/dossiers/${received.body.id}` });
    expect(received.body).toMatchObject({
      ...{ code: expect.stringMatching(/^H99\.05\.01-261005-\d{4}$/), receivingUnit: 'H99.05.01', unit: 'H99.05' },
      ...{ status: { code: 2 }, procedure: { code: '1.013225', version: 1 } },
      // Mon 05/10 + 15 days = Tue 20/10.
      deadline: { term: { unit: 'calendar-days', value: 15 }, dueAt: '2026-10-20T17:00:00+07:00', appointmentAt: '2026-10-20T17:00:00+07:00', calendar: { code: 'hanh-chinh', version: 1 } },
      applicant: { personalNumber: '*********010', phone: '*******000' },
      referenceAge: { asOf: '2026-10-05T08:59:56+07:00', seconds: 4 },
    });
    const assigned = await assign(received.body);
    setClock('07/10 09:00:00');
    const asked = await ask(assigned);
    expect(asked).toMatchObject({ status: { code: 5 }, deadline: { pausedSince: '2026-10-07T09:00:00+07:00' }, notices: [{ answerBy: '2026-11-06T17:00:00+07:00' }] });
    setClock('15/10 10:00:00');
    const came = await h.as('clerk').call(RecordSupplement, { ...on(asked), body: { papers: [{ name: 'Bản vẽ mặt cắt', originals: 1, copies: 1 }] } });
    // Counted anew from Thu 15/10: Fri 30/10; the second notice within 16 19 20 21 22.
    expect(came.body).toMatchObject({ status: { code: 4 }, deadline: { dueAt: '2026-10-30T17:00:00+07:00' }, window: { kind: 'second-notice', dueAt: '2026-10-22T17:00:00+07:00' } });
    setClock('20/10 10:00:00');
    const reviewed = await review(await propose(came.body));
    const decided = await h.as('lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'granted', documentNumber: '12/GPXD-UBND' } });
    expect(decided.body).toMatchObject({ status: { code: 9 }, outcome: 'granted', result: { result: 'KQ.G17.000311', documentNumber: '12/GPXD-UBND' }, finishedAt: '2026-10-20T10:00:00+07:00' });
    const returned = await h.as('returns').call(ReturnResult, { ...on(decided.body), body: { receivedBy: 'Nguyễn Thị Đặng Thử' } });
    expect(returned).toMatchObject({ status: 200, version: 8, body: { status: { code: 10 }, possible: [] } });

    const { body: journey } = await h.as('clerk').call(ReadJourney, { params: { dossierId: returned.body.id }, purpose: PURPOSE });
    expect(journey.steps.map(({ number, command, statusAfter, by }) => [number, command, statusAfter.code, by.username, by.role?.code])).toEqual([
      [1, 'receive', 2, 'desk-clerk', 'desk-clerk'],
      [2, 'assign', 4, 'division-head', 'division-head'],
      [3, 'request-supplement', 5, 'specialist', 'specialist'],
      [4, 'record-supplement', 4, 'desk-clerk', 'desk-clerk'],
      [5, 'propose', 4, 'specialist', 'specialist'],
      [6, 'review', 4, 'division-head', 'division-head'],
      [7, 'decide', 9, 'authority-lead', 'authority-lead'],
      [8, 'return', 10, 'return-clerk', 'return-clerk'],
    ]);
    expect(journey.steps[0]).toMatchObject({ at: '2026-10-05T09:00:00+07:00', from: null, by: { name: 'Trần Văn Tiếp Nhận', unit: 'H99.05.01' }, dueAt: '2026-10-20T17:00:00+07:00' });
    // A trace for each command; the traces are found by the code.
    expect(new Set(journey.steps.map(({ traceId }) => traceId)).size).toBe(8);
    const found = h.traces.search({ dossierCode: journey.code, limit: 50 }).map(({ traceId }) => traceId);
    expect(found).toEqual(expect.arrayContaining(journey.steps.map(({ traceId }) => traceId)));
  });

  it('goes on when the clock is set back: no step lies before the one it follows', async () => {
    const assigned = await assign(await receive());
    setClock('07/10 09:00:00');
    const asked = await ask(assigned);
    setClock('07/10 08:50:00');
    const came = await h.as('clerk').call(RecordSupplement, { ...on(asked), body: { papers: [{ name: 'Bản vẽ', originals: 1, copies: 0 }] } });
    expect(came).toMatchObject({ status: 200, body: { notices: [{ answeredAt: '2026-10-07T09:00:00+07:00' }], deadline: { pausedSince: null } } });
  });

  it('is refused after the second answer is not good either', async () => {
    let dossier = await assign(await receive());
    for (const [asked, answered] of [['07/10 09:00:00', '08/10 09:00:00'], ['09/10 09:00:00', '12/10 09:00:00']] as const) {
      setClock(asked);
      dossier = await ask(dossier);
      setClock(answered);
      dossier = (await h.as('clerk').call(RecordSupplement, { ...on(dossier), body: { papers: [{ name: 'Bản vẽ', originals: 1, copies: 0 }] } })).body;
    }
    expect(dossier.window).toMatchObject({ kind: 'refuse-after-second', dueAt: '2026-10-15T17:00:00+07:00' });
    expect(await problemOf(ask(dossier))).toMatchObject({ status: 409, code: 'SUPPLEMENT_LIMIT_REACHED', allowed: 2, given: 2 });
    const reviewed = await review(await propose(dossier, 'refused'));
    const refused = await h.as('lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'refused' } });
    expect(refused.body).toMatchObject({ status: { code: 9 }, outcome: 'refused' });
  });

  it('waits as registered by post; the desk accepts, refuses or asks, and a person may withdraw', async () => {
    const post = { ...house, channel: 'post' };
    const [one, two, three] = [await receive(post), await receive(post), await receive(post)];
    expect(one).toMatchObject({ status: { code: 1 }, acceptedAt: null, deadline: null });
    setClock('06/10 08:00:00');
    expect((await h.as('clerk').call(AcceptDossier, { ...on(one), body: {} })).body).toMatchObject({ status: { code: 2 }, deadline: { dueAt: '2026-10-21T17:00:00+07:00' } });
    expect((await h.as('clerk').call(RefuseDossier, { ...on(two), body: { reason: 'Không thuộc thẩm quyền' } })).body).toMatchObject({ status: { code: 3 } });
    const asked = (await h.as('clerk').call(RequestSupplement, { ...on(three), body: { missing: ['Đơn'], reason: 'Thiếu đơn' } })).body;
    // 30 days from Tue 06/10: Thu 05/11.
    expect(await problemOf(h.as('head').call(StopDossier, { ...on(asked), body: { reason: 'Quá hạn' } }))).toMatchObject({ code: 'ANSWER_WINDOW_OPEN', answerBy: '2026-11-05T17:00:00+07:00' });
    expect((await h.as('clerk').call(WithdrawDossier, { ...on(asked), body: { reason: 'Không xây nữa' } })).body).toMatchObject({ status: { code: 7 }, outcome: 'withdrawn' });
  });
});

describe('the path of a household business', () => {
  it('ends with the notice, and is filed anew', async () => {
    const dossier = await assign(await receive(household, 'clerk'), 'specialist');
    expect(dossier).toMatchObject({ unit: 'H99.05.01', deadline: { dueAt: '2026-10-08T17:00:00+07:00' } });
    setClock('07/10 09:00:00');
    const noticed = await ask(dossier);
    expect(noticed).toMatchObject({ state: 'proposed', deadline: { pausedSince: null }, result: { outcome: 'notice', result: 'KQ.G12.001009' } });
    const reviewed = await review(noticed);
    expect(await problemOf(h.as('lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'granted' } }))).toMatchObject({ code: 'OUTCOME_NOT_AS_DRAFTED', drafted: 'notice' });
    const signed = (await h.as('lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'notice' } })).body;
    expect(signed).toMatchObject({ status: { code: 9 }, outcome: 'notice' });
    setClock('12/10 09:00:00');
    // A new term of three working days from Mon 12/10.
    expect(await receive({ ...household, supersedes: signed.code })).toMatchObject({ supersedes: signed.code, deadline: { dueAt: '2026-10-15T17:00:00+07:00' } });
  });
});

describe('what a system hands in', () => {
  const filed = (code: string, more: object = {}) => {
    const { channel: _, ...content } = household;
    return { ...content, code, submittedAt: '2026-10-04T22:00:00+07:00', receivingUnit: 'H99.05.01', ...more };
  };
  it('keeps its code, waits for the desk and shows what is not verified', async () => {
    const { status, body } = await h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000001') });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ code: 'G12-261004-000001', status: { code: 1 }, channel: 'online', unverified: ['term'], deadline: null },
      sender: { system: 'business-registry-connector', submittedAt: '2026-10-04T22:00:00+07:00' },
    });
    const accepted = await h.as('clerk').call(AcceptDossier, { ...on(body), body: {} });
    expect(accepted.body).toMatchObject({ status: { code: 2 }, deadline: { dueAt: '2026-10-08T17:00:00+07:00' } });
  });
  it('is one dossier however often it comes, and the code is taken for other content', async () => {
    const first = await h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000002') });
    const again = await h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000002') });
    expect(again).toMatchObject({ status: 201, body: first.body, location: first.location });
    expect(await problemOf(h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000002', { summary: 'Khác' }) }))).toMatchObject({ status: 409, code: 'SENDER_CODE_TAKEN' });
    expect(await problemOf(h.as('portal').call(HandInDossier, { body: filed('G12-261004-000002') }))).toMatchObject({ code: 'SENDER_CODE_TAKEN' });
  });
  it('does not show a draft that nobody has signed, neither to the sender nor to the data layer', async () => {
    const { body: given } = await h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000005') });
    const accepted = (await h.as('clerk').call(AcceptDossier, { ...on(given), body: {} })).body;
    const drafted = await propose(await assign(accepted, 'specialist'), 'refused');
    expect(drafted.result).toMatchObject({ outcome: 'refused' });
    const again = await h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000005') });
    expect(again.body).toMatchObject({ state: 'proposed', version: drafted.version, result: null });
    const told = `SELECT envelope::jsonb #> '{data,body,result}' AS result FROM outbox WHERE kind = 'records' AND subject = $1 ORDER BY id DESC LIMIT 1`;
    expect(await h.database.sql('test-told-result', told, [given.id])).toEqual([{ result: null }]);
    const signed = (await h.as('lead').call(DecideDossier, { ...on(await review(drafted)), body: { verdict: 'refused', documentNumber: '7/TB' } })).body;
    expect(await h.database.sql('test-told-result', told, [given.id])).toEqual([{ result: signed.result }]);
  });
  it('is handed in twice at once and is one dossier', async () => {
    const twins = await Promise.all(Array.from({ length: 8 }, () => h.as('ministry').call(HandInDossier, { body: filed('G12-261004-000003') })));
    expect(new Set(twins.map(({ body }) => body.id)).size).toBe(1);
    const [row] = await h.database.sql<{ versions: number }>('test-versions', 'SELECT count(*)::int AS versions FROM dossier_history WHERE dossier_id = $1', [twins[0]?.body.id]);
    expect(row?.versions).toBe(1);
  });
  it('is not for people, nor the counter for systems', async () => {
    expect(await problemOf(h.as('clerk').call(HandInDossier, { body: filed('G12-261004-000004') }))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await problemOf(h.as('ministry').call(ReceiveDossier, { body: household }))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });
});

describe('what is not taken', () => {
  it.each<[string, object, Who, number, string, object]>([
    ['a procedure nobody has', { ...house, procedure: '1.999999' }, 'clerk', 409, 'PROCEDURE_NOT_IN_FORCE', {}],
    ['a case it does not have', { ...house, case: 'villa' }, 'clerk', 409, 'CASE_NOT_OF_PROCEDURE', { cases: ['works', 'separate-house'] }],
    ['a desk that must be chosen', house, 'bothDesks', 409, 'UNIT_NOT_CHOSEN', { units: ['H99.05.01', 'H99.05.02'] }],
    ['somebody else’s desk', { ...house, receivingUnit: 'H99.05.02' }, 'clerk', 403, 'FORBIDDEN', {}],
    ['a unit that receives nothing of the kind', { ...household, receivingUnit: 'H99.05' }, 'clerk', 409, 'PROCEDURE_NOT_IN_FORCE', { receivingUnits: ['H99.05.01', 'H99.05.02'] }],
    ['a unit that was dissolved', house, 'clerk3', 409, 'UNIT_NOT_IN_FORCE', { unit: 'H99.05.03' }],
    ['a dossier that cannot be filed anew', { ...household, supersedes: 'H99.05.01-261005-9999' }, 'clerk', 409, 'SUPERSEDED_UNFIT', {}],
    ['the number of a real person in a trial', { ...house, applicant: { ...applicant, personalNumber: ['001', '190000010'].join('') } }, 'clerk', 400, 'PERSONAL_NUMBER_REFUSED', {}],
    ['an unknown field', { ...house, urgent: true }, 'clerk', 400, 'VALIDATION_FAILED', {}],
  ])('%s', async (_what, body, who, status, code, more) => {
    expect(await problemOf(receive(body, who))).toMatchObject({ status, code, ...more });
  });
});

describe('who may', () => {
  it('a step out of turn says what is possible, and by whom', async () => {
    const dossier = await receive();
    const refused = await problemOf(h.as('lead').call(DecideDossier, { ...on(dossier), body: { verdict: 'granted' } }));
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'TRANSITION_NOT_POSSIBLE', state: 'received', command: 'decide' },
      possible: [
        { command: 'assign', roles: [{ code: 'division-head' }, { code: 'authority-lead' }] },
        { command: 'withdraw', roles: [{ code: 'desk-clerk' }] },
      ],
    });
    expect(refused.detail).toContain('phân công (Trưởng phòng, lãnh đạo phòng');
  });
  it('nobody reviews or signs what they drafted', async () => {
    const dossier = await assign(await receive(), 'specialist-2');
    const drafted = (await h.as('specialist2').call(ProposeResult, { ...on(dossier), body: { outcome: 'granted', reason: 'Đủ điều kiện' } })).body;
    expect(await problemOf(h.as('specialist2').call(ReviewDraft, { ...on(drafted), body: { verdict: 'approved' } }))).toMatchObject({ status: 403, code: 'SEPARATION_OF_DUTIES', separation: 'OWN_DRAFT_REVIEWED' });
  });
  it('outside the units of the caller a dossier is absent, to steps and to reads', async () => {
    const dossier = await receive();
    const absent = { status: 404, code: 'DOSSIER_NOT_FOUND' };
    expect(await problemOf(h.as('clerk2').call(WithdrawDossier, { ...on(dossier), body: { reason: 'x' } }))).toMatchObject(absent);
    expect(await problemOf(h.as('specialist').call(ProposeResult, { ...on(dossier), body: { outcome: 'granted', reason: 'x' } }))).toMatchObject(absent);
    expect(await problemOf(h.as('clerk2').call(ReadDossier, { params: { dossierId: dossier.id }, purpose: PURPOSE }))).toMatchObject(absent);
    expect(await problemOf(h.as('clerk2').call(ReadDossierByCode, { params: { code: dossier.code }, purpose: PURPOSE }))).toMatchObject(absent);
    expect(await problemOf(h.as('clerk2').call(ReadJourney, { params: { dossierId: dossier.id }, purpose: PURPOSE }))).toMatchObject(absent);
    expect(await problemOf(h.as('head').call(AssignDossier, { params: { dossierId: randomUUID() }, ifMatch: 1, body: { specialist: 'specialist' } }))).toMatchObject(absent);
    // The ward where it was received may look, but it is the district's to decide.
    expect((await h.as('wardHead').call(ReadDossier, { params: { dossierId: dossier.id }, purpose: PURPOSE })).body.code).toBe(dossier.code);
    expect(await problemOf(h.as('wardHead').call(AssignDossier, { ...on(dossier), body: { specialist: 'specialist' } }))).toMatchObject({ code: 'TRANSITION_NOT_POSSIBLE', unit: 'H99.05' });
  });
  it('only the version that was seen', async () => {
    const dossier = await receive();
    await assign(dossier);
    expect(await problemOf(assign(dossier))).toMatchObject({ status: 412, code: 'VERSION_MISMATCH', currentVersion: 2 });
  });
  it('of two at once one is told to look again', async () => {
    const dossier = await receive();
    // The row is held until both have seen version 1 and want to write: then the version in the statement alone decides.
    const both = await h.owner.transaction(async (sql) => {
      await sql('test-hold', 'SELECT FROM dossier WHERE id = $1 FOR UPDATE', [dossier.id]);
      const asked = Promise.allSettled([assign(dossier, 'specialist'), assign(dossier, 'specialist-2')]);
      const waiting = () => h.database.sql<{ n: number }>('test-waiting', `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE dossier SET%'`);
      await h.until(async () => (await waiting())[0]?.n === 2);
      return { asked };
    }).then(({ asked }) => asked);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { problem: { status: 412, code: 'VERSION_MISMATCH', currentVersion: 2 } } });
  });
});
