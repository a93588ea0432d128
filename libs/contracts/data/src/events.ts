import { defineEvent } from '@quan-so/contract';
import { z } from 'zod';
import { agencyCode, counted, date, instant, line, uuid, versionNumber } from './fields.js';

/** Kinds of reference data; `ReferencePublished` has the subject `<kind>:<code>`. */
export const REFERENCE_KINDS = ['authority', 'unit', 'procedure', 'calendar', 'code-list'] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

export const referenceKind = z.enum(REFERENCE_KINDS).meta({ description: 'Loại danh mục. / Kind of reference data.', examples: ['procedure'] });
export const referenceCode = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$/)
  .meta({ description: 'Mã trong loại danh mục. / Code within the kind.', examples: ['1.013225'] });
export const datasetCode = z
  .string()
  .max(60)
  .regex(/^[a-z]+(-[a-z]+)*$/)
  .meta({ description: 'Mã bộ dữ liệu. / Code of the dataset.', examples: ['dossiers'] });
export const recordCode = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9]+([./-][A-Za-z0-9]+)*$/)
  .meta({ description: 'Mã người dùng đọc được, ví dụ mã hồ sơ. / Code people read, e.g. a dossier’s.', examples: ['H99.05.01-261124-0001'] });
export const recordStatus = z
  .string()
  .max(40)
  .regex(/^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/)
  .meta({ description: 'Trạng thái, theo danh mục của bộ dữ liệu. / Status, by the dataset’s own list.', examples: ['4'] });

export const recordCommand = z
  .string()
  .max(60)
  .regex(/^[a-z]+(-[a-z]+)*$/)
  .meta({ description: 'Lệnh của dịch vụ chủ quản đã làm ra phiên bản này. / The owner’s command that made this version.', examples: ['receive'] });

/** JSON of a shape that another contract owns. */
export function jsonObject(description: string): z.ZodRecord<z.ZodString, z.ZodJSONSchema> {
  const schema = z.record(z.string().max(LONGEST_NAME), z.json()).meta({ description, examples: [{}] });
  // `z.json()` tries six shapes at each place of a body: two thirds of what reading an event cost. What is not JSON goes
  // there all the same and gets its words.
  const { run } = schema._zod;
  schema._zod.run = (payload, context) => (isJsonObject(payload.value) ? payload : run(payload, context));
  return schema;
}

const LONGEST_NAME = 100;

function isJsonObject(value: unknown): boolean {
  return isPlain(value) && Object.entries(value).every(([name, inner]) => name.length <= LONGEST_NAME && isJson(inner));
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlain(value) && Object.values(value).every(isJson);
}

/** An own `__proto__`, as JSON.parse makes it, is left to Zod, which drops it. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !Object.hasOwn(value, '__proto__');
}

export const recordChanged = z.object({
  dataset: datasetCode,
  key: uuid('Khoá của bản ghi: UUIDv7, không đổi. / Key of the record: a UUIDv7 that never changes.'),
  version: versionNumber('Phiên bản của bản ghi; tăng dần từ 1. / Version of the record, counted up from 1.'),
  code: recordCode,
  unit: agencyCode.meta({ description: 'Cơ quan có thẩm quyền giải quyết. / Competent unit.', examples: ['H99.05'] }),
  receivingUnit: agencyCode.meta({ description: 'Nơi tiếp nhận. / Receiving unit.', examples: ['H99.05.01'] }),
  status: recordStatus,
  title: line(2000, 'Chữ để tìm: tên, chủ thể, trích yếu; không có số định danh. / Words to search: names and summary; no personal number.', 'Cấp phép xây dựng – Nguyễn Văn An'),
  changedAt: instant('Lúc thay đổi, theo dịch vụ chủ quản. / When it changed, by its owner’s clock.'),
  command: recordCommand.optional(),
  body: jsonObject('Bản ghi ở dạng chia sẻ của bộ dữ liệu; số định danh đã che. / The record as the dataset shares it; identifiers masked.'),
});
export type RecordChangedData = z.output<typeof recordChanged>;

export const RecordChanged = defineEvent({
  layer: 'data',
  name: 'record-changed',
  version: 1,
  kind: 'records',
  schema: recordChanged,
  description: 'Bản ghi của một bộ dữ liệu vừa thay đổi; mang toàn bộ trạng thái mới. / A record changed; carries its whole new state.',
});

export const referencePublished = z.object({
  kind: referenceKind,
  code: referenceCode,
  version: versionNumber('Phiên bản của mục; 1 là bản gốc từ gói đơn vị. / Version of the item; 1 is the seed of the authority pack.'),
  validFrom: date('Ngày đầu có hiệu lực. / First day in force.'),
  validTo: date('Ngày cuối có hiệu lực. / Last day in force.').nullable(),
  publishedAt: instant('Lúc công bố. / When it was published.'),
  body: jsonObject('Nội dung, theo loại. / The content, by its kind.'),
});
export type ReferencePublishedData = z.output<typeof referencePublished>;

export const ReferencePublished = defineEvent({
  layer: 'data',
  name: 'reference-published',
  version: 1,
  kind: 'reference',
  schema: referencePublished,
  description:
    'Một phiên bản danh mục được công bố, hoặc được khép lại (cùng phiên bản, validTo mới). / A version of reference data was published, or closed (same version, new validTo).',
});

export const ReferenceBeat = defineEvent({
  layer: 'data',
  name: 'reference-beat',
  version: 1,
  kind: 'reference',
  schema: z.object({
    at: instant('Mọi công bố trước lúc này đã được phát. / Everything published before this moment has been told.'),
    seconds: counted('Nhịp, giây. / Seconds between beats.', 30),
  }),
  description: 'Nhịp của danh mục, để bản sao biết tuổi của mình. / Beat of the catalogue, by which replicas know their age.',
});
