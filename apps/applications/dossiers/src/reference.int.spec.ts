import { AssignDossier, PreviewDeadline, ReadDossier, ReadJourney, ReceiveDossier, type DossierView } from '@quan-so/contracts-applications';
import { house, House, household, problemOf, PURPOSE, SEED, setClock } from './spec/house.fixture.js';
import { BUILDING, calendarOf, dayOff } from './spec/reference.fixture.js';

/** What the catalogue says reaches the desk as events; nobody here ever calls it. In order: one test builds on another. */

let h: House;
beforeAll(async () => {
  h = await House.open();
});
afterAll(() => h.close());
beforeEach(() => setClock('05/10 09:00:00'));

const receive = async (body: typeof house | typeof household = house, retries = 0): Promise<DossierView> => (await h.as('clerk', retries).call(ReceiveDossier, { body })).body;
const read = async ({ id }: DossierView): Promise<DossierView> => (await h.as('clerk').call(ReadDossier, { params: { dossierId: id }, purpose: PURPOSE })).body;
const preview = (body: object) => h.as('clerk').call(PreviewDeadline, { body: body as { receivedAt: string; procedure: string; case: string } });

it('before it has spoken nothing is received, and the caller may come again', async () => {
  expect(await problemOf(receive())).toMatchObject({ status: 503, code: 'REFERENCE_NOT_YET_HERE', retryable: true });
  expect(await problemOf(preview({ procedure: '1.013225', case: 'works', receivedAt: '2026-10-05T09:00:00+07:00' }))).toMatchObject({ status: 503, code: 'REFERENCE_NOT_YET_HERE' });
  await h.publish(SEED);
  expect((await receive()).referenceAge).toEqual({ asOf: '2026-10-05T08:59:56+07:00', seconds: 4 });
});

describe('a deadline in question', () => {
  it('of a procedure: the term of the case, its calendar, its working', async () => {
    const { body } = await preview({ procedure: '1.013225', case: 'separate-house', receivedAt: '2026-10-05T09:00:00+07:00' });
    expect(body).toMatchObject({ term: { unit: 'calendar-days', value: 15 }, dueAt: '2026-10-20T17:00:00+07:00', pausedSince: null, provisional: false, unconfirmed: [], calendar: { code: 'hanh-chinh', version: 1 } });
    expect(body.working.length).toBeGreaterThan(1);
  });
  // Examples of the law's own table, counted by hand.
  it.each<[string, object, string | null]>([
    ['10 working days with a shift', { term: { unit: 'working-days', value: 10 }, receivedAt: '2026-10-05T09:00:00+07:00', pauses: [{ from: '2026-10-08T09:00:00+07:00', to: '2026-10-14T09:00:00+07:00', effect: 'shift' }] }, '2026-10-23T17:00:00+07:00'],
    ['the same begun anew', { term: { unit: 'working-days', value: 10 }, receivedAt: '2026-10-05T09:00:00+07:00', pauses: [{ from: '2026-10-08T09:00:00+07:00', to: '2026-10-14T09:00:00+07:00', effect: 'restart' }] }, '2026-10-28T17:00:00+07:00'],
    ['one month', { term: { unit: 'months', value: 1 }, receivedAt: '2026-10-15T09:00:00+07:00' }, '2026-11-16T17:00:00+07:00'],
    ['eight working hours', { term: { unit: 'working-hours', value: 8 }, receivedAt: '2026-11-19T10:00:00+07:00' }, '2026-11-20T10:00:00+07:00'],
    ['twelve hours of the clock', { term: { unit: 'clock-hours', value: 12 }, receivedAt: '2026-11-21T22:15:00+07:00' }, '2026-11-22T10:15:00+07:00'],
    ['the same day, a minute after 15:00', { term: { unit: 'end-of-day', cutoff: { time: '15:00', effect: 'next-working-day' } }, receivedAt: '2026-10-05T15:01:00+07:00' }, '2026-10-06T17:00:00+07:00'],
    ['a clock that stands', { term: { unit: 'working-days', value: 3 }, receivedAt: '2026-10-05T09:00:00+07:00', pauses: [{ from: '2026-10-06T09:00:00+07:00', effect: 'shift' }] }, null],
  ])('of a bare term: %s', async (_what, body, dueAt) => expect((await preview(body)).body.dueAt).toBe(dueAt));
  it('before the calendar begins is provisional, not refused', async () => {
    const { body } = await preview({ term: { unit: 'working-days', value: 1 }, receivedAt: '2025-12-30T09:00:00+07:00' });
    expect(body).toMatchObject({ provisional: true, dueAt: '2025-12-31T17:00:00+07:00', calendar: { code: 'hanh-chinh', version: 1 } });
  });
  it.each<[string, object, object]>([
    ['pauses that overlap', { term: { unit: 'working-days', value: 10 }, receivedAt: '2026-10-05T09:00:00+07:00', pauses: [{ from: '2026-10-06T09:00:00+07:00', to: '2026-10-08T09:00:00+07:00', effect: 'shift' }, { from: '2026-10-07T09:00:00+07:00', effect: 'shift' }] }, { status: 400, code: 'PAUSES_NOT_IN_ORDER', errors: [{ pointer: '/body/pauses/1/from', code: 'PAUSES_OVERLAP' }] }],
    ['a procedure nobody has', { procedure: '1.999999', case: 'x', receivedAt: '2026-10-05T09:00:00+07:00' }, { status: 409, code: 'PROCEDURE_NOT_IN_FORCE' }],
    ['a unit that is gone', { term: { unit: 'end-of-day' }, unit: 'H99.05.03', receivedAt: '2026-10-05T09:00:00+07:00' }, { status: 409, code: 'UNIT_NOT_IN_FORCE', unit: 'H99.05.03' }],
    ['a time before the catalogue', { term: { unit: 'end-of-day' }, unit: 'H99.05', receivedAt: '2020-10-05T09:00:00+07:00' }, { status: 409, code: 'UNIT_NOT_IN_FORCE' }],
    ['a time before the catalogue, of the caller’s unit', { term: { unit: 'end-of-day' }, receivedAt: '2020-10-05T09:00:00+07:00' }, { status: 409, code: 'UNIT_NOT_IN_FORCE' }],
    ['hours of the clock with a cut-off', { term: { unit: 'clock-hours', value: 1, cutoff: { time: '15:00', effect: 'next-working-day' } }, receivedAt: '2026-10-05T09:00:00+07:00' }, { status: 400, code: 'VALIDATION_FAILED' }],
  ])('is refused: %s', async (_what, body, expected) => expect(await problemOf(preview(body))).toMatchObject(expected));
});

it('a new version of a procedure counts for what comes in afterwards, the old one for what is here', async () => {
  const before = await receive();
  const durations = [{ term: { unit: 'working-days', value: 5 }, basis: 'Quyết định mới' }];
  await h.publish([
    { kind: 'procedure', code: BUILDING.code, version: 1, body: { ...BUILDING, validTo: '2026-10-05' }, validTo: '2026-10-05' },
    { kind: 'procedure', code: BUILDING.code, version: 2, body: { ...BUILDING, durations, supplement: { ...BUILDING.supplement, windows: [] }, validFrom: '2026-10-06' }, validFrom: '2026-10-06' },
  ]);
  expect((await receive()).procedure.version).toBe(1);
  setClock('06/10 09:00:00');
  // Tue 06/10: 7 8 9 12 13.
  expect(await receive()).toMatchObject({ procedure: { version: 2 }, deadline: { term: { unit: 'working-days', value: 5 }, dueAt: '2026-10-13T17:00:00+07:00' } });
  const assigned = await h.as('head').call(AssignDossier, { params: { dossierId: before.id }, ifMatch: 1, body: { specialist: 'specialist' } });
  // Seven working days from Mon 05/10, which the new version does not have.
  expect(assigned.body).toMatchObject({ procedure: { version: 1 }, deadline: { dueAt: '2026-10-20T17:00:00+07:00' }, window: { kind: 'first-notice', dueAt: '2026-10-14T17:00:00+07:00' } });
});

describe('a holiday published late', () => {
  it('moves the law’s date of every open dossier of that calendar, once, and keeps what was printed', async () => {
    const open = await receive(household);
    expect(open.deadline?.dueAt).toBe('2026-10-08T17:00:00+07:00');
    const more: DossierView[] = [];
    // So many are let in at once even where answers have become slow.
    while (more.length < 230) more.push(...(await Promise.all(Array.from({ length: 10 }, () => receive(household, 5)))));
    setClock('06/10 08:00:00');
    await h.publish([{ kind: 'calendar', code: 'hanh-chinh', version: 2, body: calendarOf(2, [dayOff('2026-10-07', 'holiday', '2026-10-06')]) }]);
    await h.until(async () => (await counted(1)) === 0);
    // 6, (7 off), 8, 9.
    expect(await read(open)).toMatchObject({ version: 2, deadline: { dueAt: '2026-10-09T17:00:00+07:00', appointmentAt: '2026-10-08T17:00:00+07:00', calendar: { version: 2 } } });
    const { body: journey } = await h.as('clerk').call(ReadJourney, { params: { dossierId: open.id }, purpose: PURPOSE });
    expect(journey.steps.at(-1)).toMatchObject({ command: 'calendar-change', from: 'received', to: 'received', by: { kind: 'system', username: 'dossiers', role: null }, dueAt: '2026-10-09T17:00:00+07:00' });
    // A trace of its own, which leads to the publication.
    const batch = h.traces.get(journey.steps.at(-1)?.traceId ?? '')?.items.find(({ name }) => name === 'recount open dossiers');
    const published = h.traces.get(batch?.links[0] ?? '')?.items.map(({ service, name }) => `${service}: ${name}`);
    expect(published).toEqual(expect.arrayContaining(['catalog: work reference.publish', 'catalog: send reference.catalog', 'dossiers: process reference.catalog']));
    // The timer before it belongs to no trace: the one that received the news ended with its batch.
    const received = h.traces.search({ limit: 1_000 }).flatMap(({ traceId }) => h.traces.get(traceId)?.items ?? []);
    expect(received.map(({ name }) => name)).toContain('receive reference.catalog');
    expect(received.filter(({ name }) => name === 'sql dossier-calendars-in-use')).toEqual([]);

    // Heard again, and again by a beat: nothing more happens, not even to those of the later batches.
    await h.publish([{ kind: 'calendar', code: 'hanh-chinh', version: 2, body: calendarOf(2, [dayOff('2026-10-07', 'holiday', '2026-10-06')]) }]);
    await h.beat('2026-10-06T08:30:00+07:00');
    const twice = await h.database.sql('test-twice', `SELECT dossier_id FROM dossier_history WHERE command = 'calendar-change' GROUP BY dossier_id HAVING count(*) > 1`);
    expect(twice).toEqual([]);
    expect((await read(more[229] ?? open)).version).toBe(2);
    const records = await h.database.sql<{ count: number }>('test-records', `SELECT count(*)::int AS count FROM outbox WHERE kind = 'records' AND subject = $1`, [open.id]);
    expect(records[0]?.count).toBe(2);
  });
});

it('with the catalogue stopped receiving goes on, and the age tells', async () => {
  await h.stopCatalog();
  setClock('06/10 09:30:00');
  expect(await receive(household)).toMatchObject({ status: { code: 2 }, referenceAge: { asOf: '2026-10-06T08:30:00+07:00', seconds: 3600 } });
});

/** Open dossiers still counted by a version of the calendar. */
async function counted(version: number): Promise<number> {
  const [row] = await h.database.sql<{ count: number }>('test-counted', `SELECT count(*)::int AS count FROM dossier WHERE (document #>> '{deadline,calendar,version}')::int = $1`, [version]);
  return row?.count ?? 0;
}
