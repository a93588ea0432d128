import { AuditEntry } from '@quan-so/contracts-security';
import { PreviewDeadline, ReceiveDossier } from '@quan-so/contracts-applications';
import { ListRecordHistory, ListRecords, ReadRecord, RecordChanged, ReferenceBeat, ReferencePublished } from '@quan-so/contracts-data';
import { dossiers } from '@quan-so/dossiers';
import { ProblemError } from '@quan-so/http';
import { type Database } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { warehouse } from '@quan-so/warehouse';
import { goldenOf, putInOutbox, type Golden } from './corpus.js';
import { Ground, parkedIn, type Bare } from './ground.js';

/**
 * Old events, taken by today's services: from the outbox of who told them, byte by byte but for the id. Expected values are
 * those that were written into the events by hand.
 */

type Running = Awaited<ReturnType<Ground['run']>>;

let ground: Ground;
let [kept, desk]: (Running | undefined)[] = [];
let catalog: Bare;

const records = goldenOf(RecordChanged);
const published = goldenOf(ReferencePublished);
const beats = goldenOf(ReferenceBeat);
const count = async ({ sql }: Database, table: string): Promise<number> => (await sql<{ n: number }>(`test-count-${table.replaceAll('_', '-')}`, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? 0;

beforeAll(async () => {
  ground = await Ground.open(['warehouse', 'dossiers', 'catalog']);
  [kept, desk] = [await ground.run(warehouse), await ground.run(dossiers)];
  catalog = await ground.bare('catalog', { publishes: [ReferencePublished, ReferenceBeat] });
  // Newest first: no order of arrival may matter to records.
  await putInOutbox(desk.database, RecordChanged, records.toReversed());
  await putInOutbox(desk.database, AuditEntry, goldenOf(AuditEntry));
  await putInOutbox(catalog.database, ReferencePublished, published);
  await putInOutbox(catalog.database, ReferenceBeat, beats);
  await catalog.messaging.start();
  const { database } = kept;
  await until(async () => (await count(database, 'record_history')) + (await parkedIn(database)).length >= records.length);
  const heard = () => desk?.database.sql<{ at: Date }>('test-heard', 'SELECT heard_at AS at FROM replica_heard') ?? Promise.resolve([]);
  await until(async () => (await heard())[0]?.at.getTime() === Date.parse('2026-09-20T08:01:00.999+07:00'));
});
afterAll(() => ground?.close());

it('nothing of them parks', async () => {
  expect([kept, desk].map((one) => one !== undefined)).toEqual([true, true]);
  for (const one of [kept, desk]) expect(one === undefined ? undefined : await parkedIn(one.database)).toEqual([]);
});

describe('the warehouse', () => {
  const reader = () => kept!.as({ username: 'service-account-statistics-department', client: 'statistics-department', positions: ['partner-system@H99'] });
  const params = { dataset: 'dossiers' };
  const purpose = 'STATISTICS';
  // In the order of time, so that the last of each record stays.
  const latest: readonly Golden[] = [...new Map(records.map((golden) => [golden.event.subject, golden])).values()];

  it.each(latest.map((golden) => [golden.name, golden] as const))('shows %s as it was told, body and all', async (_, { event: { data, traceparent } }) => {
    const { record } = (await reader().call(ReadRecord, { params: { ...params, key: String(data['key']) }, purpose })).body;
    const { dataset: _dataset, changedAt, ...told } = data;
    expect(record).toMatchObject({ ...told, traceId: traceparent?.split('-')[1] ?? null });
    expect(record?.body).toEqual(told['body']);
    expect(Date.parse(record?.changedAt ?? '')).toBe(Date.parse(String(changedAt)));
  });

  it('has every version of the building permit, the newest on top', async () => {
    const { items } = (await reader().call(ListRecordHistory, { params: { ...params, key: String(latest[0]?.event.subject) }, purpose })).body;
    expect(items.map(({ version, status }) => [version, status])).toEqual([[8, '10'], [3, '5'], [2, '4'], [1, '2']]);
  });

  it.each([
    ['nguyen thi dang thu', ['G12-261006-000001', 'H99.05.01-261005-0001', 'H99.05.01-261009-0004']],
    ['cong ty Y LAN', ['H99.05.02-261005-0001']],
    ['ĐƯỜNG Lê Lợi', ['H99.05.02-261005-0001']],
    ['he thong cu', ['H99.05.01-261007-0001']],
  ])('finds by "%s"', async (q, codes) => {
    const { items } = (await reader().call(ListRecords, { params, query: { q }, purpose })).body;
    expect(items.map(({ code }) => code).sort()).toEqual(codes);
  });
});

describe('the desk', () => {
  const clerk = () => desk!.as({ username: 'desk-clerk', positions: ['desk-clerk@H99.05.01'] });
  const preview = async (body: object) => (await clerk().call(PreviewDeadline, { body: body as { procedure: string; case: string; receivedAt: string } })).body;
  const refusal = (asked: Promise<unknown>) => asked.then(() => undefined, (error: unknown) => (error instanceof ProblemError ? error.problem.code : error));

  it('counts by the old procedure and the calendar that replaced the first: 20/10 is off since the typhoon', async () => {
    const body = await preview({ procedure: '1.013225', case: 'separate-house', receivedAt: '2026-10-05T09:00:00+07:00' });
    expect(body).toMatchObject({ term: { unit: 'calendar-days', value: 15 }, dueAt: '2026-10-21T17:00:00+07:00', calendar: { code: 'hanh-chinh', version: 2 } });
    expect(JSON.stringify(body.working)).toContain('Nghỉ đột xuất vì bão số 9');
  });
  it('works on the make-up morning, and on that morning alone', async () => {
    // Fri 23/10; Sat 24/10 counts, until 11:30.
    expect((await preview({ procedure: '1.001612', case: 'one-person', receivedAt: '2026-10-21T09:00:00+07:00' })).dueAt).toBe('2026-10-24T11:30:00+07:00');
  });
  it('reads a term with a cut-off by its channel', async () => {
    expect((await preview({ procedure: '1.013225', case: 'works', channel: 'post', receivedAt: '2026-10-05T15:00:01+07:00' })).dueAt).toBe('2026-10-06T17:00:00+07:00');
  });
  it('knows what ended: a ward that was merged, a procedure that was closed', async () => {
    expect(await refusal(preview({ term: { unit: 'end-of-day' }, unit: 'H99.05.03', receivedAt: '2026-10-05T09:00:00+07:00' }))).toBe('UNIT_NOT_IN_FORCE');
    expect((await preview({ procedure: '9.000001', case: 'one-person', receivedAt: '2026-09-30T09:00:00+07:00' })).dueAt).toBe('2026-10-05T17:00:00+07:00');
    expect(await refusal(preview({ procedure: '9.000001', case: 'one-person', receivedAt: '2026-10-01T09:00:00+07:00' }))).toBe('PROCEDURE_NOT_IN_FORCE');
  });
  it('receives by it, and says when the catalogue was last heard', async () => {
    const applicant = { kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: '999190000010' } as const;
    const { body } = await clerk().call(ReceiveDossier, { body: { procedure: '1.013225', case: 'separate-house', channel: 'counter', summary: 'Xây nhà', applicant } });
    expect(body).toMatchObject({ procedure: { version: 1 }, unit: 'H99.05', receivingUnit: 'H99.05.01', status: { code: 2 }, referenceAge: { asOf: '2026-09-20T08:01:00.999+07:00' } });
    expect(body.code).toMatch(/^H99\.05\.01-\d{6}-0001$/);
  });
});
