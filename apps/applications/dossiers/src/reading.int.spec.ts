import { randomUUID } from 'node:crypto';
import {
  dossierOperations,
  ListDossiers,
  ReadDossier,
  ReadDossierByCode,
  ReadJourney,
  RequestSupplement,
  type DossierView,
} from '@quan-so/contracts-applications';
import { applicant, house, household, NUMBER, problemOf, PURPOSE, House, SEED, setClock, type Who } from './spec/house.fixture.js';
import { on, stepsIn } from './spec/steps.fixture.js';

/** What is answered again, listed, recorded and told, through the real door. */

let h: House;
beforeAll(async () => {
  h = await House.open();
  await h.publish(SEED);
});
afterAll(() => h.close());
beforeEach(() => setClock('05/10 09:00:00'));
const { receive, assign } = stepsIn(() => h);

describe('a request that is sent again', () => {
  const post = async (path: string, who: Who, headers: Record<string, string>, body: object): Promise<Response> =>
    fetch(`${h.base}${path}`, { method: 'POST', headers: { authorization: `Bearer ${h.token(who)}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

  it('gets the same bytes, also when the dossier has moved on since', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await post('/api/dossiers/v1/dossiers', 'clerk', headers, house);
    const bytes = await first.text();
    await assign(JSON.parse(bytes) as DossierView);
    setClock('06/10 09:00:00');
    const again = await post('/api/dossiers/v1/dossiers', 'clerk', headers, house);
    expect(await again.text()).toBe(bytes);
    expect([again.status, again.headers.get('etag'), again.headers.get('location'), again.headers.get('idempotency-replayed')]).toEqual([first.status, first.headers.get('etag'), first.headers.get('location'), 'true']);
  });
  it('is refused with other content', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await post('/api/dossiers/v1/dossiers', 'clerk', headers, house);
    const other = await post('/api/dossiers/v1/dossiers', 'clerk', headers, { ...house, summary: 'Khác' });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
  it('sent many times at once makes one dossier and one step', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const twins = await Promise.all(Array.from({ length: 8 }, () => post('/api/dossiers/v1/dossiers', 'clerk', headers, { ...house, summary: 'Sinh đôi' })));
    const ids = await Promise.all(twins.filter(({ status }) => status === 201).map(async (twin) => ((await twin.json()) as DossierView).id));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(1);
    const [row] = await h.database.sql<{ count: number }>('test-twins', `SELECT count(*)::int AS count FROM dossier WHERE document ->> 'summary' = 'Sinh đôi'`);
    expect(row?.count).toBe(1);
  });
});

describe('lists', () => {
  const listed = async (who: Who, query: object = {}): Promise<string[]> => {
    const found: string[] = [];
    for await (const dossier of h.as(who).items(ListDossiers, { query, purpose: PURPOSE })) found.push(dossier.code);
    return found;
  };
  it('hold what is within the caller’s units, and for a specialist what is assigned', async () => {
    const here = await receive({ ...house, summary: 'Phạm vi một' });
    const there = await receive({ ...household, summary: 'Phạm vi hai' }, 'clerk2');
    await assign(here);
    const q = { q: 'pham vi' };
    expect((await listed('clerk', q))).toEqual([here.code]);
    expect((await listed('clerk2', q))).toEqual([there.code]);
    expect((await listed('head', q)).sort()).toEqual([here.code, there.code].sort());
    expect((await listed('specialist', q))).toEqual([here.code]);
    expect((await listed('specialist2', { ...q, unit: 'H99.05.02' }))).toEqual([there.code]);
  });
  it('are searched with and without tone marks, in either spelling, and by code, status, procedure and time', async () => {
    setClock('14/10 09:00:00');
    const dossier = await receive({ ...household, summary: 'Quán Thủy, Đường Lê Lợi', applicant: { ...applicant, name: 'Trương Định Hoàng' } });
    for (const q of ['thuỷ', 'thủy duong', 'THUY ĐƯỜNG', 'le loi', 'truong dinh', dossier.code, dossier.code.slice(10)]) expect([q, await listed('clerk', { q })]).toEqual([q, [dossier.code]]);
    expect(await listed('clerk', { q: 'thuy binh duong' })).toEqual([]);
    const that = { 'receivedAt.gte': '2026-10-14T00:00:00+07:00', 'receivedAt.lt': '2026-10-15T00:00:00+07:00' };
    expect(await listed('clerk', { ...that, status: [2, 4], procedure: '1.001612' })).toEqual([dossier.code]);
    expect(await listed('clerk', { ...that, status: [9] })).toEqual([]);
  });
  it('stay right while dossiers move on and come in', async () => {
    const made: DossierView[] = [];
    for (let minute = 10; minute < 17; minute += 1) {
      setClock(`13/10 09:${minute}:00`);
      made.push(await receive({ ...house, summary: 'Trang giấy' }));
    }
    const first = await h.as('clerk').call(ListDossiers, { query: { q: 'trang giay', limit: 3 }, purpose: PURPOSE });
    expect(first.body.items.map(({ code }) => code)).toEqual(made.slice(4).reverse().map(({ code }) => code));
    for (const dossier of made) await assign(dossier);
    setClock('13/10 10:00:00');
    await receive({ ...house, summary: 'Trang giấy' });
    const rest: string[] = [];
    for (let next = first.body.page.next; next !== undefined; ) {
      const page = (await (await fetch(`${h.base}${next}`, { headers: { authorization: `Bearer ${h.token('clerk')}`, 'purpose-code': PURPOSE } })).json()) as typeof first.body;
      rest.push(...page.items.map(({ code }) => code));
      next = page.page.next;
    }
    expect(rest).toEqual(made.slice(0, 4).reverse().map(({ code }) => code));
  });
});

describe('what is told', () => {
  const outbox = (id: string) => h.database.sql<{ kind: string; envelope: string }>('test-outbox', `SELECT kind, envelope FROM outbox WHERE envelope LIKE '%' || $1 || '%' ORDER BY id`, [id]);

  it('every change: the record as it is now, and who did it', async () => {
    const dossier = await assign(await receive());
    const told = (await outbox(dossier.id)).map(({ kind, envelope }) => [kind, (JSON.parse(envelope) as { data: Record<string, unknown> }).data] as const);
    expect(told.map(([kind]) => kind)).toEqual(['records', 'audit', 'records', 'audit']);
    expect(told[0]?.[1]).toMatchObject({ version: 1, command: 'receive' });
    expect(told[2]?.[1]).toMatchObject({ dataset: 'dossiers', key: dossier.id, version: 2, command: 'assign', code: dossier.code, unit: 'H99.05', receivingUnit: 'H99.05.01', status: '4', body: { assignee: 'specialist', applicant: { personalNumber: '*********010' } } });
    expect(told[2]?.[1]['body']).not.toHaveProperty('possible');
    expect(told[3]?.[1]).toMatchObject({ kind: 'change', action: 'dossier.assign', actor: { username: 'division-head' }, objects: [`dossier:${dossier.id}`], fields: expect.arrayContaining(['state', 'assignee']), outcome: 'done' });
  });
  it('every read, also one that found nothing, before it is answered', async () => {
    const dossier = await receive();
    const before = (await outbox(dossier.id)).length;
    await h.as('clerk').call(ReadDossier, { params: { dossierId: dossier.id }, purpose: PURPOSE });
    const entries = (await outbox(dossier.id)).slice(before).map(({ envelope }) => (JSON.parse(envelope) as { data: object }).data);
    expect(entries).toEqual([expect.objectContaining({ kind: 'access', action: 'dossier.read', purpose: PURPOSE, outcome: 'shown', objects: [`dossier:${dossier.id}`] })]);
    const none = () => h.database.sql<{ count: number }>('test-none', `SELECT count(*)::int AS count FROM outbox WHERE kind = 'audit' AND envelope LIKE '%"outcome":"none"%'`);
    const [was] = await none();
    await problemOf(h.as('clerk2').call(ReadDossier, { params: { dossierId: dossier.id }, purpose: PURPOSE }));
    const [is] = await none();
    expect((is?.count ?? 0) - (was?.count ?? 0)).toBe(1);
  });
  it.each(dossierOperations.filter(({ personal }) => personal).map((operation) => [operation.id, operation] as const))('%s leaves one access entry', async (_id, { path, access }) => {
    const { id, code } = await receive();
    const address = `${h.base}${path.replace(':dossierId', id).replace(':code', code)}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${h.token('clerk')}`, 'purpose-code': PURPOSE } });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(code)]);
    const action = 'permission' in access ? access.permission.action : '';
    const entries = (await outbox(answer.headers.get('request-id') ?? '')).map(({ envelope }) => (JSON.parse(envelope) as { data: object }).data);
    expect(entries).toEqual([expect.objectContaining({ kind: 'access', action, outcome: 'shown', purpose: PURPOSE, objects: expect.arrayContaining([`dossier:${id}`]) })]);
  });
  it('history is kept as it was written, even from the owner of the tables', async () => {
    for (const text of [`UPDATE dossier_history SET note = 'x'`, 'DELETE FROM dossier_history', 'TRUNCATE dossier_history']) {
      await expect(h.owner.dataSource.query(text)).rejects.toThrow('append-only');
    }
  });
  it('no purpose, no reading, nor for one that the warehouse would refuse', async () => {
    const dossier = await receive();
    const refused = { status: 403, code: 'DATA_NOT_PERMITTED', about: 'purpose', purposes: ['DOSSIER_HANDLING', 'DIRECTION', 'SUPERVISION', 'STATISTICS', 'TAX'] };
    const params = { dossierId: dossier.id };
    const [purpose, clerk] = ['GOSSIP', h.as('clerk')];
    for (const asked of [clerk.call(ListDossiers, { purpose }), clerk.call(ReadDossier, { params, purpose }), clerk.call(ReadJourney, { params, purpose }), clerk.call(ReadDossierByCode, { params: { code: dossier.code }, purpose })]) {
      expect(await problemOf(asked)).toMatchObject(refused);
    }
    expect(await problemOf(h.as('clerk').call(ReadDossier, { params: { dossierId: dossier.id } }))).toMatchObject({ status: 400 });
  });
  it('never a personal number: not in answers, events, traces or what is searched, whichever text it was typed into', async () => {
    const typed = await receive({ ...house, summary: `Số ${NUMBER} của bà Thử`, papers: [{ name: `CCCD ${NUMBER}`, originals: 0, copies: 1 }] });
    const asked = await h.as('specialist').call(RequestSupplement, { ...on(await assign(typed)), body: { missing: [`Bản sao ${NUMBER}`], reason: `Số ${NUMBER} mờ` } });
    const answers = JSON.stringify([typed, asked.body, (await h.as('clerk').call(ReadJourney, { params: { dossierId: typed.id }, purpose: PURPOSE })).body]);
    expect(answers).not.toContain(NUMBER);
    expect(typed.summary).toBe('Số *********010 của bà Thử');
    for (const { envelope } of await outbox(typed.id)) expect(envelope).not.toContain(NUMBER);
    const [row] = await h.database.sql<{ applicant: string; key: string; index: string }>('test-sealed', `SELECT document ->> 'applicant' AS applicant, search_key AS key, applicant_index AS index FROM dossier WHERE id = $1`, [typed.id]);
    expect(JSON.stringify(row)).not.toContain(NUMBER);
    expect(row?.index).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(h.traces.search({ limit: 1000 }).map(({ traceId }) => h.traces.get(traceId)))).not.toMatch(new RegExp(`${NUMBER}|Nguyễn`));
  });
  it('never a personal number in a log line, not even when the database quotes the whole row', async () => {
    await h.owner.dataSource.query(`
      CREATE FUNCTION quotes_the_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'quoted: %', NEW.document; END $$;
      CREATE TRIGGER quotes_the_row BEFORE INSERT ON dossier_history FOR EACH ROW
        WHEN (NEW.document ->> 'summary' LIKE '%lỗi%') EXECUTE FUNCTION quotes_the_row()`);
    const failed = await problemOf(receive({ ...house, summary: `Gây lỗi ${NUMBER}` }));
    expect(failed.status).toBe(500);
    expect(JSON.stringify(failed)).not.toMatch(new RegExp(`${NUMBER}|Nguyễn|quoted`));
    expect(h.lines.length).toBeGreaterThan(0);
    expect(h.lines.join('')).not.toMatch(new RegExp(`${NUMBER}|Nguyễn|eyJ`));
  });
});
