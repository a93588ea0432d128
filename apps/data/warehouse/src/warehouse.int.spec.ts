import { ListDatasets, ListRecordHistory, ListRecords, ReadRecord, ReadRecordsByCode, RecordChanged, warehouseOperations, type RecordView } from '@quan-so/contracts-data';
import { type Client, type Given } from '@quan-so/http';
import { until } from '@quan-so/testing';
import { data, key, refusalOf, WarehouseGround, type Change } from './spec/ground.js';

const dataset = 'dossiers';
const purpose = 'STATISTICS';

let ground: WarehouseGround;
beforeAll(async () => {
  ground = await WarehouseGround.open();
});
afterAll(() => ground?.close());

const as = (position: `${string}@${string}`, system = false): Client => ground.as(position, system);
const district = (): Client => as('partner-system@H99.05', true);
const ward2 = (): Client => as('partner-system@H99.05.02', true);
const tell = (...changes: readonly Change[]): Promise<void> => ground.tell(...changes);

type Query = NonNullable<Given<typeof ListRecords>['query']>;
const find = async (query: Query, client = district()): Promise<readonly RecordView[]> => (await client.call(ListRecords, { params: { dataset }, query, purpose })).body.items;
const numbers = async (query: Query, client = district()): Promise<number[]> => (await find(query, client)).map(({ key: found }) => Number.parseInt(found.slice(-12), 16));
const commands = async (n: number) => (await district().call(ListRecordHistory, { params: { dataset, key: key(n) }, purpose })).body.items.map(({ version, command }) => [version, command]);
const read = async (n: number, client = district()) => (await client.call(ReadRecord, { params: { dataset, key: key(n) }, purpose })).body;

describe('what the owner tells', () => {
  it('is there with its trace, as its owner said it', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await ground.owner.work.internal('dossier.receive', async (tx) => tx.emit(RecordChanged, key(1), data({ n: 1, version: 1 })), { traceparent });
    await until(async () => (await read(1)).result === 'data');
    const { record, asOf } = await read(1);
    expect(record).toMatchObject({ key: key(1), version: 1, code: 'H99.05.01-261124-0001', unit: 'H99.05.12', receivingUnit: 'H99.05.01', status: '2', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', body: { version: 1 } });
    expect(new Date(asOf!).getTime()).toBeGreaterThan(new Date('2026-01-01').getTime());
  });

  it('the last version wins in whatever order they come, and each comes once', async () => {
    await tell({ n: 2, version: 3, status: '4' }, { n: 2, version: 1, status: '2' }, { n: 2, version: 2, status: '5' }, { n: 2, version: 3, status: '9', title: 'another teller of version 3' });
    await tell({ n: 3, version: 2, status: '4' });
    // In a batch of its own, too: what comes late does not overwrite.
    await tell({ n: 3, version: 1, status: '2' });
    expect((await read(3)).record).toMatchObject({ version: 2, status: '4' });
    // The same version told again changes nothing; the first told of it stays.
    expect((await read(2)).record).toMatchObject({ version: 3, status: '4', title: 'Cấp giấy phép xây dựng – Nguyễn Văn An' });
    const history = (await district().call(ListRecordHistory, { params: { dataset, key: key(2) }, purpose })).body.items;
    expect(history.map(({ version, status, supersededAt }) => [version, status, supersededAt])).toEqual([
      [3, '4', null],
      [2, '5', '2026-11-24T09:03:00+07:00'],
      [1, '2', '2026-11-24T09:02:00+07:00'],
    ]);
  });

  it('every version can be read page by page', async () => {
    await tell(...[1, 2, 3, 4, 5].map((version) => ({ n: 4, version })));
    const versions: number[] = [];
    for await (const { version } of district().items(ListRecordHistory, { params: { dataset, key: key(4) }, query: { limit: 2 } as never, purpose })) versions.push(version);
    expect(versions).toEqual([5, 4, 3, 2, 1]);
  });

  it('is counted right while records move between units and statuses', async () => {
    await tell({ n: 5, version: 1, unit: 'H99.05.13', status: '2' }, { n: 5, version: 2, unit: 'H99.05.12', status: '4' }, { n: 5, version: 3, unit: 'H99.05.12', receivingUnit: 'H99.05.02', status: '4' }, { n: 6, version: 2, status: '10' }, { n: 6, version: 1, status: '2' });
    const [view] = (await district().call(ListDatasets, {})).body.items;
    const real = await ground.written.sql<{ unit: string; status: string; records: number }>('test-count', 'SELECT unit, status, count(*)::int AS records FROM record GROUP BY unit, status ORDER BY unit, status');
    expect([...view!.counters].sort((a, b) => (`${a.unit} ${a.status}` < `${b.unit} ${b.status}` ? -1 : 1))).toEqual(real);
    expect(real).toContainEqual({ unit: 'H99.05.12', status: '10', records: 1 });
    expect(view!.records).toBe(6);
    // A ward counts its own.
    expect((await ward2().call(ListDatasets, {})).body.items[0]).toMatchObject({ records: 1, counters: [{ unit: 'H99.05.12', status: '4', records: 1 }] });
  });

  it('hides personal numbers that somebody typed into a text', async () => {
    await tell({ n: 7, version: 1, title: 'Bà Bình, CCCD 999190000010', body: { note: 'số 999190000010' } });
    const { record } = await read(7);
    expect([record?.title, record?.body]).toEqual(['Bà Bình, CCCD 999*******10', { note: 'số 999*******10' }]);
    expect(await ground.written.sql('test-number', "SELECT 1 FROM record_history WHERE title LIKE '%999190000010%' OR body::text LIKE '%999190000010%'")).toEqual([]);
  });

  it('is not taken of a dataset that is another’s: it parks, and others of its owner flow on', async () => {
    await ground.owner.work.internal('dossier.receive', async (tx) => tx.emit(RecordChanged, key(8), data({ n: 8, version: 1, dataset: 'weather' })));
    await until(async () => (await ground.written.sql('test-parked', 'SELECT 1 FROM parked')).length > 0);
    await tell({ n: 9, version: 1 });
    expect((await read(8)).result).toBe('none');
  });

  it('says by which command each version was made, and nothing where its owner did not say it', async () => {
    await tell({ n: 10, version: 1 }, { n: 10, version: 2, command: 'accept' }, { n: 10, version: 3, command: 'request-supplement' });
    expect(await commands(10)).toEqual([[3, 'request-supplement'], [2, 'accept'], [1, null]]);
    expect((await read(10)).record).toMatchObject({ version: 3, command: 'request-supplement' });
    expect(await find({ code: data({ n: 10, version: 1 }).code })).toMatchObject([{ version: 3, command: 'request-supplement' }]);
    // Versions of one batch, the latest and those behind it, each keep their own.
    await ground.owner.work.internal('dossier.receive', async (tx) => {
      for (const [version, command] of [[1, 'hand-in'], [2, 'accept'], [3, 'assign']] as const) tx.emit(RecordChanged, key(11), data({ n: 11, version, command }));
    });
    await until(async () => (await commands(11)).length === 3);
    expect(await commands(11)).toEqual([[3, 'assign'], [2, 'accept'], [1, 'hand-in']]);
  });

  it('keeps no command of an older version where the release before took the next one', async () => {
    await tell({ n: 12, version: 1, command: 'receive' });
    // As that release does it: it knows no command.
    await ground.written.sql('test-before-history', `INSERT INTO record_history (dataset, key, version, code, unit, receiving_unit, status, title, changed_at, trace_id, body) SELECT dataset, key, 2, code, unit, receiving_unit, status, title, changed_at, trace_id, body FROM record WHERE key = $1`, [key(12)]);
    await ground.written.sql('test-before', 'UPDATE record SET version = 2 WHERE key = $1', [key(12)]);
    expect((await read(12)).record).toMatchObject({ version: 2, command: null });
    expect(await commands(12)).toEqual([[2, null], [1, 'receive']]);
    await tell({ n: 12, version: 3, command: 'assign' });
    expect((await read(12)).record).toMatchObject({ version: 3, command: 'assign' });
  });
});

describe('search', () => {
  beforeAll(() =>
    tell(
      { n: 20, version: 1, title: 'Đăng ký khai sinh – Trần Thị Hoà', status: '10', unit: 'H99.05.03', receivingUnit: 'H99.05.03', code: 'H99.05.03-261120-0001', changedAt: '2026-11-20T08:00:00.000+07:00' },
      { n: 21, version: 1, title: 'Đăng ký hộ kinh doanh – Phạm Đăng Ký', status: '4', unit: 'H99.05.13', receivingUnit: 'H99.05.03', code: 'H99.05.03-261121-0001', changedAt: '2026-11-21T08:00:00.000+07:00' },
    ),
  );

  it.each<[string, number[]]>([
    ['Trần Thị Hoà', [20]],
    ['tran thi hoa', [20]],
    ['HÒA', [20]],
    ['hoa tran', [20]],
    ['dang ky', [21, 20]],
    ['đăng KÝ hộ', [21, 20]],
    ['đăng KÝ kinh', [21]],
    // Words match from their beginning, not inside.
    ['inh', []],
    ['kin', [21]],
    ['261121', [21]],
    ['100%', []],
  ])('%s', async (q, found) => {
    expect(await numbers({ q, unit: 'H99.05.03' })).toEqual(found);
  });
  it.each(['_', '%', '–'])('%s is no word', async (q) => {
    expect(await refusalOf(find({ q }))).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });

  it.each<[string, Query, number[]]>([
    ['code', { code: 'H99.05.03-261121-0001' }, [21]],
    ['unit, where it was received', { unit: 'H99.05.03' }, [21, 20]],
    ['unit, where it is handled', { unit: 'H99.05.13' }, [21]],
    ['statuses', { status: ['4', '10'], unit: 'H99.05.03' }, [21, 20]],
    ['status', { status: ['10'], unit: 'H99.05.03' }, [20]],
    ['time, from and before', { 'changedAt.gte': '2026-11-20T08:00:00+07:00', 'changedAt.lt': '2026-11-21T08:00:00+07:00' }, [20]],
    ['everything at once', { q: 'dang', status: ['4'], unit: 'H99.05', 'changedAt.gte': '2026-11-21T01:00:00Z', code: 'H99.05.03-261121-0001' }, [21]],
    ['nothing that is there', { code: 'H99.05.03-261121-9999' }, []],
  ])('by %s', async (_, query, found) => {
    expect(await numbers(query)).toEqual(found);
  });

  it('by code says data or none', async () => {
    const byCode = async (code: string, client = district()) => (await client.call(ReadRecordsByCode, { params: { dataset, code }, purpose })).body;
    expect(await byCode('H99.05.03-261120-0001')).toMatchObject({ result: 'data', records: [{ key: key(20) }] });
    expect(await byCode('H99.05.03-261120-0077')).toMatchObject({ result: 'none', records: [] });
    // Another ward's is none, not forbidden: a refusal would tell that it exists.
    expect(await byCode('H99.05.03-261120-0001', ward2())).toMatchObject({ result: 'none', records: [] });
  });
});

it('an offset that PostgreSQL does not know is a wrong form, not a fault of ours', async () => {
  expect(await refusalOf(find({ 'changedAt.gte': '2026-11-25T00:00:00+23:59' }))).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

describe('not permitted', () => {
  it('speaks of the purpose', async () => {
    const asked = (given: string) => refusalOf(district().call(ListRecords, { params: { dataset }, purpose: given }));
    expect(await asked('CURIOSITY')).toMatchObject({ status: 403, code: 'DATA_NOT_PERMITTED', about: 'purpose', purposes: ['DOSSIER_HANDLING', 'DIRECTION', 'SUPERVISION', 'STATISTICS', 'TAX'] });
    expect(await refusalOf(district().call(ListRecords, { params: { dataset } }))).toMatchObject({ status: 400, code: 'PURPOSE_REQUIRED' });
  });
  it('speaks of the unit', async () => {
    expect(await refusalOf(find({ unit: 'H99.05.01' }, ward2()))).toMatchObject({ status: 403, code: 'DATA_NOT_PERMITTED', about: 'unit', units: ['H99.05.02'] });
    expect((await refusalOf(find({ unit: 'H99.06' }))).code).toBe('DATA_NOT_PERMITTED');
  });
  it('speaks of the dataset', async () => {
    expect(await refusalOf(district().call(ListRecords, { params: { dataset: 'weather' }, purpose }))).toMatchObject({ status: 404, code: 'DATASET_NOT_FOUND' });
  });
  it('never of one record: what lies outside the units is answered as none', async () => {
    expect(await read(20, ward2())).toMatchObject({ result: 'none', record: null });
    const history = await ward2().call(ListRecordHistory, { params: { dataset, key: key(20) }, purpose });
    expect(history.body.items).toEqual([]);
    expect(await numbers({}, ward2())).toEqual([5]);
  });
  it('is for a system that hands in', async () => {
    expect(await refusalOf(find({}, as('filing-system@H99.05', true)))).toMatchObject({ status: 403, code: 'FORBIDDEN', action: 'dataset.read', heldBy: expect.arrayContaining(['partner-system']) });
  });
  it.each(['it-admin@H99.05', 'auditor@H99.05', 'desk-clerk@H99.05.01'] as const)('is for %s', async (position) => {
    expect(await refusalOf(find({}, as(position)))).toMatchObject({ status: 403, code: 'FORBIDDEN', action: 'dataset.read' });
  });
});

describe('pages', () => {
  it('show what matches from first to last exactly once while rows change', async () => {
    const all = [40, 41, 42, 43, 44, 45, 46];
    const place = { unit: 'H99.05.06', receivingUnit: 'H99.05.06' };
    await tell(...all.map((n) => ({ n, version: 1, ...place })));
    const seen: number[] = [];
    for await (const { key: found } of district().items(ListRecords, { params: { dataset }, query: { unit: 'H99.05.06', limit: 2 }, purpose })) {
      seen.push(Number.parseInt(found.slice(-12), 16));
      // After each row something changes: one that was shown, one that was not, a new one, one that stops matching.
      if (seen.length === 2) await tell({ n: 46, version: 2, status: '4', ...place }, { n: 41, version: 2, status: '4', ...place });
      if (seen.length === 3) await tell({ n: 50, version: 1, ...place }, { n: 42, version: 2 });
    }
    expect(seen).toEqual([46, 45, 44, 43, 41, 40]);
  });
  it('belong to their caller and their question', async () => {
    const first = await district().call(ListRecords, { params: { dataset }, query: { unit: 'H99.05.06', limit: 2 }, purpose });
    const cursor = new URL(first.body.page.next!, 'http://x').searchParams.get('cursor')!;
    expect((await refusalOf(find({ unit: 'H99.05.06', limit: 2, cursor }, as('inspector@H99.05')))).code).toBe('CURSOR_INVALID');
    expect((await refusalOf(find({ unit: 'H99.05.03', limit: 2, cursor }))).code).toBe('CURSOR_INVALID');
    expect(await numbers({ unit: 'H99.05.06', limit: 2, cursor })).toEqual([45, 44]);
  });
});

describe('an access entry', () => {
  const entries = async (requestId: string): Promise<Record<string, unknown>[]> => {
    const rows = await ground.written.sql<{ data: Record<string, unknown> }>('test-access', "SELECT (envelope::jsonb) -> 'data' AS data FROM outbox WHERE kind = 'audit' AND (envelope::jsonb) -> 'data' ->> 'requestId' = $1", [requestId]);
    return rows.map((row) => row.data);
  };

  it('is committed when the answer arrives, and names who, why, what; no value', async () => {
    const { headers } = await district().call(ReadRecord, { params: { dataset, key: key(7) }, purpose });
    const [entry] = await entries(headers.get('request-id')!);
    expect(entry).toMatchObject({ kind: 'access', action: 'dataset.read', purpose, objects: [`dossiers:${key(7)}`], outcome: 'shown', actor: { kind: 'system', client: 'statistics-department' } });
    expect(entry!['fields']).toContain('title');
    expect(JSON.stringify(entry)).not.toMatch(/Bình|\*{7}/);
  });
  it('is there for a page of many, and for nothing found', async () => {
    const page = await district().call(ListRecords, { params: { dataset }, query: { unit: 'H99.05.03' }, purpose });
    expect(await entries(page.headers.get('request-id')!)).toMatchObject([{ objects: [`dossiers:${key(21)}`, `dossiers:${key(20)}`], outcome: 'shown' }]);
    const none = await ward2().call(ReadRecord, { params: { dataset, key: key(20) }, purpose });
    expect(await entries(none.headers.get('request-id')!)).toMatchObject([{ objects: [], outcome: 'none' }]);
  });
  it.each(warehouseOperations.filter(({ personal }) => personal).map((operation) => [operation.id, operation] as const))('is one for each %s', async (_, operation) => {
    const params = { dataset, key: key(20), code: 'H99.05.03-261120-0001' };
    const { headers } = await district().call(operation as typeof ReadRecord, { params, purpose });
    expect(await entries(headers.get('request-id')!)).toMatchObject([{ kind: 'access', outcome: 'shown', objects: expect.arrayContaining([`dossiers:${key(20)}`]) }]);
  });
  it('that cannot be written keeps the data in', async () => {
    await ground.migrator.sql('test-away', 'ALTER TABLE outbox RENAME TO outbox_away');
    try {
      const { status, ...problem } = await refusalOf(read(7));
      expect(status).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(problem)).not.toContain('Bình');
    } finally {
      await ground.migrator.sql('test-back', 'ALTER TABLE outbox_away RENAME TO outbox');
    }
    expect((await read(7)).result).toBe('data');
  });
});
