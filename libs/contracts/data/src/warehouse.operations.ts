import { defineOperation } from '@quan-so/contract';
import { z } from 'zod';
import { datasetCode, jsonObject, recordCode, recordCommand, recordStatus } from './events.js';
import { agencyCode, counted, instant, traceId, uuid, versionNumber } from './fields.js';
import { DATASET_READ } from './permissions.js';
import { DATA_NOT_PERMITTED, DATASET_NOT_FOUND } from './problems.js';

const BASE = '/api/warehouse/v1';
const access = { permission: DATASET_READ } as const;
const problems = [DATASET_NOT_FOUND, DATA_NOT_PERMITTED] as const;

const words = z
  .object({
    vi: z.string().max(500).meta({ description: 'Tiếng Việt. / Vietnamese.', examples: ['Thống kê nhà nước'] }),
    en: z.string().max(500).meta({ description: 'Tiếng Anh. / English.', examples: ['Official statistics'] }),
  })
  .meta({ id: 'DataWords', description: 'Chữ hai ngôn ngữ. / Words in two languages.', examples: [{ vi: 'Thống kê nhà nước', en: 'Official statistics' }] });

const purpose = z
  .object({ code: z.string().max(60).meta({ description: 'Gửi trong Purpose-Code. / To be sent as Purpose-Code.', examples: ['STATISTICS'] }), name: words })
  .meta({ id: 'Purpose', description: 'Mục đích được đọc. / A purpose for which it may be read.' });

const counter = z
  .object({ unit: agencyCode, status: recordStatus, records: counted('Số bản ghi. / Records.', 12) })
  .meta({ id: 'RecordCounter', description: 'Số bản ghi theo đơn vị giải quyết và trạng thái. / Records by competent unit and status.' });

export const dataset = z
  .object({
    code: datasetCode,
    name: words,
    description: words,
    owner: z.string().max(60).meta({ description: 'Dịch vụ chủ quản. / Owning service.', examples: ['dossiers'] }),
    personal: z.boolean().meta({ description: 'Có dữ liệu cá nhân. / Holds personal data.', examples: [true] }),
    purposes: z.array(purpose).max(50).meta({ description: 'Mục đích được đọc. / Purposes for which it may be read.', examples: [[]] }),
    records: counted('Số bản ghi trong phạm vi được đọc. / Records within the caller’s units.', 12),
    counters: z.array(counter).max(10_000).meta({ description: 'Chỉ các đơn vị được đọc. / Only units the caller may read.', examples: [[]] }),
    lastChangeAt: instant('Thay đổi mới nhất đã vào kho. / Latest change that reached the warehouse.').nullable(),
  })
  .meta({ id: 'Dataset', description: 'Một bộ dữ liệu của kho dùng chung. / A dataset of the shared warehouse.' });
export type DatasetView = z.output<typeof dataset>;

const shape = {
  key: uuid('Khoá bản ghi. / Key of the record.'),
  version: versionNumber('Phiên bản, cũng là ETag. / Version, also the ETag.'),
  code: recordCode,
  unit: agencyCode.meta({ description: 'Cơ quan giải quyết. / Competent unit.', examples: ['H99.05'] }),
  receivingUnit: agencyCode.meta({ description: 'Nơi tiếp nhận. / Receiving unit.', examples: ['H99.05.01'] }),
  status: recordStatus,
  title: z.string().max(2000).meta({ description: 'Tên, chủ thể, trích yếu. / Names and summary.', examples: ['Cấp phép xây dựng – Nguyễn Văn An'] }),
  changedAt: instant('Lúc thay đổi. / When it changed.'),
  command: recordCommand.nullable().meta({ description: 'Lệnh đã làm ra phiên bản này; null: chủ quản chưa kể. / The owner’s command that made this version; null: its owner did not tell.', examples: ['receive'] }),
  traceId: traceId.nullable(),
  body: jsonObject('Bản ghi ở dạng chia sẻ của bộ dữ liệu. / The record as the dataset shares it.'),
};

export const record = z.object(shape).meta({ id: 'DataRecord', description: 'Một bản ghi ở trạng thái hiện tại. / One record as it is now.' });
export type RecordView = z.output<typeof record>;

export const recordVersion = z
  .object({ ...shape, supersededAt: instant('Lúc bị bản sau thay; null: bản hiện tại. / When the next version replaced it; null: current.').nullable() })
  .meta({ id: 'DataRecordVersion', description: 'Một phiên bản trong lịch sử bản ghi. / One version in the history of a record.' });
export type RecordVersionView = z.output<typeof recordVersion>;

/*
 * TT 13/2017/TT-BTTTT Điều 8 asks for three answers: has data, none, not permitted. The first two are said in the
 * body, the third is problem DATA_NOT_PERMITTED, which speaks of dataset, unit or purpose and never of one record:
 * a record outside the caller's units is answered as none.
 */
const answered = z.enum(['data', 'none']).meta({ description: 'Có dữ liệu hay không có. / Has data, or none.', examples: ['data'] });
const asOf = instant('Kho đã nhận mọi thay đổi tới lúc này. / The warehouse had taken every change up to this moment.').nullable();

export const recordAnswer = z
  .object({ result: answered, record: record.nullable(), asOf })
  .meta({ id: 'RecordAnswer', description: 'Có dữ liệu: "record"; không có: "result": "none". / Has data: "record"; none: "result": "none".' });
export type RecordAnswer = z.output<typeof recordAnswer>;

export const recordsAnswer = z
  .object({ result: answered, records: z.array(record).max(20).meta({ description: 'Các bản ghi mang mã này. / Records that bear the code.', examples: [[]] }), asOf })
  .meta({ id: 'RecordsAnswer', description: 'Trả lời theo mã. / Answer to a code.' });
export type RecordsAnswer = z.output<typeof recordsAnswer>;

/** Nine digits of a second at most; `-00:00` says that the offset is not known (RFC 3339, 4.3); PostgreSQL ends at 15:59. */
const READABLE = /:\d{2}(?:\.\d{1,9})?(?:Z|(?!-00:00)[+-](?:0\d|1[0-5]):\d{2})$/;

/** An instant in a query: RFC 3339 with an offset, years 2000 to 2099; `+` is written %2B. */
const since = (description: string): z.ZodISODateTime =>
  z.iso.datetime({ offset: true }).max(35).startsWith('20').refine((text) => READABLE.test(text)).meta({ description, examples: ['2026-11-01T00:00:00+07:00'] });

export const ListDatasets = defineOperation({
  id: 'listDatasets',
  service: 'warehouse',
  path: `${BASE}/datasets`,
  kind: 'list',
  summary: { vi: 'Các bộ dữ liệu và số bản ghi', en: 'Datasets and their counters' },
  description: {
    vi: 'Số đếm chỉ của các đơn vị được đọc; không có dữ liệu cá nhân.',
    en: 'Counters only of the units the caller may read; no personal data.',
  },
  access,
  eventual: true,
  answer: dataset,
});

export const ListRecords = defineOperation({
  id: 'listRecords',
  service: 'warehouse',
  path: `${BASE}/datasets/:dataset/records`,
  kind: 'list',
  summary: { vi: 'Tìm bản ghi theo mã, đơn vị, trạng thái, thời gian, chữ', en: 'Find records by code, unit, status, time or words' },
  description: {
    vi: 'Bản ghi tạo sau đứng trước. Trang không bỏ sót, không lặp bản ghi nào khớp suốt lúc đọc, dù dữ liệu đang đổi: thứ tự theo khoá không đổi. Trang trống là "không có".',
    en: 'Latest made first. No page skips or repeats a record that matches throughout, even while data change: the order is that of a key that never changes. An empty page is the answer "none".',
  },
  access,
  personal: true,
  eventual: true,
  params: z.strictObject({ dataset: datasetCode }),
  query: z.strictObject({
    code: recordCode.optional(),
    unit: agencyCode.optional().meta({ description: 'Đơn vị và cấp dưới: nơi giải quyết hoặc nơi nhận. / Unit and below: competent or receiving.', examples: ['H99.05.01'] }),
    status: z.array(recordStatus).min(1).max(20).optional().meta({ description: 'Trạng thái, cách nhau dấu phẩy. / Statuses, comma separated.', examples: [['4', '5']] }),
    'changedAt.gte': since('Thay đổi từ. / Changed from.').optional(),
    'changedAt.lt': since('Thay đổi trước. / Changed before.').optional(),
    q: z
      .string()
      .min(1)
      .max(100)
      .regex(/[\p{L}\p{N}]/u)
      .optional()
      .meta({ description: 'Các chữ, thứ tự nào cũng được, có dấu hay không; mỗi chữ khớp đầu từ. / Words in any order, with or without tone marks; each matches the beginning of a word.', examples: ['nguyen van an'] }),
  }),
  answer: record,
  problems,
});

export const ReadRecordsByCode = defineOperation({
  id: 'readRecordsByCode',
  service: 'warehouse',
  path: `${BASE}/datasets/:dataset/records/by-code/:code`,
  kind: 'read',
  summary: { vi: 'Tra theo mã: có dữ liệu, không có, không được phép', en: 'Look a code up: data, none, or not permitted' },
  access,
  personal: true,
  eventual: true,
  params: z.strictObject({ dataset: datasetCode, code: recordCode }),
  answer: recordsAnswer,
  problems,
});

export const ReadRecord = defineOperation({
  id: 'readRecord',
  service: 'warehouse',
  path: `${BASE}/datasets/:dataset/records/:key`,
  kind: 'read',
  summary: { vi: 'Xem một bản ghi', en: 'Read one record' },
  access,
  personal: true,
  eventual: true,
  params: z.strictObject({ dataset: datasetCode, key: uuid('Khoá bản ghi. / Key of the record.') }),
  answer: recordAnswer,
  problems,
});

export const ListRecordHistory = defineOperation({
  id: 'listRecordHistory',
  service: 'warehouse',
  path: `${BASE}/datasets/:dataset/records/:key/history`,
  kind: 'list',
  summary: { vi: 'Lịch sử bản ghi, mới trước, mỗi phiên bản kèm vết', en: 'History of a record, newest first, each version with its trace' },
  access,
  personal: true,
  eventual: true,
  params: z.strictObject({ dataset: datasetCode, key: uuid('Khoá bản ghi. / Key of the record.') }),
  answer: recordVersion,
  problems,
});

export const warehouseOperations = [ListDatasets, ListRecords, ReadRecordsByCode, ReadRecord, ListRecordHistory] as const;
