import assert from 'node:assert/strict';
import { WithdrawDossier, type DossierView, type JourneyView } from '@quan-so/contracts-applications';
import { ListDatasets, ListRecordHistory, ListRecords, ReadRecordsByCode, type RecordView } from '@quan-so/contracts-data';
import { on } from './permit.js';
import { same } from './same.js';
import { type SeenSpan } from './traces.js';
import { eventually, refused, type Story } from './world.js';

const STATISTICS = 'STATISTICS';
const READER = 'statistics-department';
const dataset = 'dossiers';

/**
 * A department's own system reads what the desk did: has data, none, not permitted are three answers; pages stay right
 * while `open` changes; every read leaves an access entry.
 */
export async function departmentReads(story: Story, dossier: DossierView, journey: JourneyView, open: DossierView): Promise<void> {
  const reader = story.as(READER);
  const record = await story.step(
    'Hệ thống của phòng ban tra theo mã: có dữ liệu, bản mới nhất',
    'A department’s system looks the code up: it has data, the latest version',
    () => latest(story, dossier),
    () => `${story.world.bases['warehouse'] ?? ''}/api/warehouse/v1/datasets/dossiers/records/by-code/${dossier.code}`,
  );
  same([record.code, record.unit, record.receivingUnit, record.status], [dossier.code, dossier.unit, dossier.receivingUnit, '10']);
  await findBy(story, record);
  await story.step('Lịch sử: mỗi phiên bản kèm lệnh đã làm ra nó và vết của lệnh ấy', 'History: each version with the command that made it and its trace', async () => {
    const { body } = await reader.call(ListRecordHistory, { params: { dataset, key: record.key }, purpose: STATISTICS });
    same(body.items.map(({ version }) => version), journey.steps.map(({ number }) => number).reverse());
    same(body.items.map(({ command }) => command), journey.steps.map(({ command }) => command).reverse());
    same(body.items.map(({ traceId }) => traceId), journey.steps.map(({ traceId }) => traceId).reverse());
  });
  await threeAnswers(story);
  await pagesWhileRowsChange(story, open);
  await accessEntry(story, dossier);
}

async function findBy(story: Story, record: RecordView): Promise<void> {
  const reader = story.as(READER);
  const find = async (query: Parameters<typeof list>[1]): Promise<readonly string[]> => (await list(reader, query)).map(({ code }) => code);
  await story.step('Tìm theo đơn vị, trạng thái, thời gian', 'Find by unit, status and time', async () => {
    const since = record.changedAt;
    assert.ok((await find({ unit: record.unit, status: ['10'], 'changedAt.gte': since })).includes(record.code));
    assert.ok(!(await find({ unit: record.unit, status: ['1'], 'changedAt.gte': since })).includes(record.code), 'another status does not find it');
    assert.ok(!(await find({ unit: record.unit, 'changedAt.lt': since })).includes(record.code), 'an earlier time does not find it');
  });
  await story.step('Tìm theo chữ, có dấu và không dấu', 'Find by words, with and without tone marks', async () => {
    for (const q of [`Nguyễn Thị Đặng Thử ${story.mark}`, `nguyen thi dang thu ${story.mark}`, `${story.mark} đặng`]) {
      assert.ok((await find({ q })).includes(record.code), `"${q.replace(story.mark, '…')}" finds it`);
    }
    same(await find({ q: `khong co ai ${story.mark}` }), [], 'words that are not there find none');
  });
  await story.step('Đếm theo đơn vị và trạng thái', 'Counters by unit and status', async () => {
    const { body } = await reader.call(ListDatasets, {});
    const counted = body.items.find(({ code }) => code === dataset)?.counters.find((row) => row.unit === record.unit && row.status === '10');
    assert.ok((counted?.records ?? 0) >= 1, 'the returned dossier is counted');
  });
}

async function threeAnswers(story: Story): Promise<void> {
  const reader = story.as(READER);
  await story.step('Không có dữ liệu và không được phép là hai câu trả lời khác nhau', '"None" and "not permitted" are different answers', async () => {
    const none = await reader.call(ReadRecordsByCode, { params: { dataset, code: `H99-000101-${story.mark.toUpperCase()}` }, purpose: STATISTICS });
    same([none.status, none.body.result, none.body.records], [200, 'none', []]);
    const purpose = await refused(list(reader, {}, 'GOSSIP'), 403, 'DATA_NOT_PERMITTED');
    assert.equal(purpose['about'], 'purpose');
    const unit = await refused(list(reader, { unit: 'H01.01' }), 403, 'DATA_NOT_PERMITTED');
    assert.equal(unit['about'], 'unit');
    await refused(reader.call(ListRecords, { params: { dataset }, query: {} }), 400, 'PURPOSE_REQUIRED');
    await refused(list(story.as('desk-clerk'), {}), 403, 'FORBIDDEN');
    await refused(list(story.as(''), {}), 401, 'UNAUTHENTICATED');
  });
}

async function pagesWhileRowsChange(story: Story, open: DossierView): Promise<void> {
  const reader = story.as(READER);
  await story.step('Trang không lặp, không bỏ sót dù hồ sơ đổi giữa hai trang', 'Pages repeat and skip nothing although a dossier changes between them', async () => {
    const wanted = { params: { dataset }, purpose: STATISTICS } as const;
    const all = (await list(reader, { q: story.mark })).map(({ code }) => code);
    assert.ok(all.length >= 4, `this telling has several dossiers, the warehouse shows ${all.length}`);
    const first = (await reader.call(ListRecords, { ...wanted, query: { q: story.mark, limit: 2 } })).body;
    const { body: withdrawn } = await story.as('desk-clerk').call(WithdrawDossier, { ...on(open), body: { reason: 'Người nộp rút hồ sơ' } });
    await latest(story, withdrawn);
    const seen = first.items.map(({ code }) => code);
    for (let next = cursorOf(first.page.next); next !== undefined; ) {
      const page = (await reader.call(ListRecords, { ...wanted, query: { q: story.mark, limit: 2, cursor: next } })).body;
      seen.push(...page.items.map(({ code }) => code));
      next = cursorOf(page.page.next);
    }
    same(seen, all);
  });
}

async function accessEntry(story: Story, { code }: DossierView): Promise<void> {
  await story.step('Mỗi lần đọc dữ liệu cá nhân để lại một dòng nhật ký truy cập, ghi xong trước khi trả lời', 'Every read of personal data leaves an access entry, committed before the answer leaves', async () => {
    const { headers } = await story.as(READER).call(ReadRecordsByCode, { params: { dataset, code }, purpose: STATISTICS });
    const spans = await eventually('the access entry of the read', async () => {
      const found = await story.world.traces.findByRequest(headers.get('request-id') ?? '');
      return found.some(({ name }) => name.toLowerCase() === 'send audit.warehouse') ? found : undefined;
    });
    const answer = spans.find(({ kind }) => kind === 'server');
    const entry = spans.find(({ name }) => name.toLowerCase() === 'access commit');
    assert.ok(answer !== undefined && entry !== undefined, 'the trace of the read shows the entry');
    const written = spans.filter(({ parentId, name }) => parentId === entry.spanId && /^sql /i.test(name));
    assert.ok(written.length > 0 && written.every((sql) => endOf(sql) <= endOf(entry) + GRAIN_MS), 'the entry waits for the database');
    assert.ok(endOf(entry) <= endOf(answer) + GRAIN_MS, 'the answer waits for the entry');
  });
}

/** The SDK takes the start of a span in whole milliseconds and adds an exact duration: two ends can change places by one. */
const GRAIN_MS = 1;

function endOf({ start, ms }: SeenSpan): number {
  return start + ms;
}

/** The cursor in the address of the next page. */
function cursorOf(next: string | undefined): string | undefined {
  return next === undefined ? undefined : (new URL(next, 'http://page.invalid').searchParams.get('cursor') ?? next);
}

/** The record once the last version of the dossier has reached the warehouse. */
async function latest(story: Story, { code, version }: DossierView): Promise<RecordView> {
  return eventually(`version ${version} in the warehouse`, async () => {
    const { body } = await story.as(READER).call(ReadRecordsByCode, { params: { dataset, code }, purpose: STATISTICS });
    return body.records.find((record) => record.version >= version);
  });
}

interface Wanted {
  readonly unit?: string;
  readonly status?: string[];
  readonly 'changedAt.gte'?: string;
  readonly 'changedAt.lt'?: string;
  readonly q?: string;
}

async function list(reader: ReturnType<Story['as']>, query: Wanted, purpose = STATISTICS): Promise<readonly RecordView[]> {
  return (await reader.call(ListRecords, { params: { dataset }, query: { ...query, limit: 200 }, purpose })).body.items;
}
