import { type z } from 'zod';
import { type OperationDef } from '@quan-so/contract';
import { type Components } from './openapi-components.js';
import { type JsonSchema } from './openapi-schemas.js';
import { CURSOR_LENGTH, PAGE_LIMIT } from './page-body.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly style?: 'form';
  readonly explode?: boolean;
  readonly example?: unknown;
}

const header = (name: string, required: boolean, description: string, schema: JsonSchema, example: string): Parameter => ({ name, in: 'header', required, description, schema, example });

/** Parameters that many operations share, under `components.parameters`. */
export const SHARED_PARAMETERS = {
  IdempotencyKey: header(
    'Idempotency-Key',
    true,
    'Một UUID mới cho mỗi ý định, gửi lại y nguyên khi thử lại: việc được làm một lần. / A new UUID per intention, the same on a retry: it is done once.',
    { type: 'string', format: 'uuid', maxLength: 36, pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    '0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e',
  ),
  IfMatch: header(
    'If-Match',
    true,
    'ETag của bản vừa đọc, để không ghi đè việc của người khác. / ETag of what was read, so that nobody’s work is overwritten.',
    { type: 'string', maxLength: 12, pattern: '^"[1-9][0-9]{0,9}"$' },
    '"1"',
  ),
  PurposeCode: header(
    'Purpose-Code',
    true,
    'Mục đích đọc dữ liệu cá nhân; được ghi vào nhật ký. / Purpose of reading personal data; it is written to the journal.',
    { type: 'string', maxLength: 60, pattern: '^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$' },
    'DOSSIER_HANDLING',
  ),
  AcceptLanguage: header(
    'Accept-Language',
    false,
    'Ngôn ngữ của lời giải thích: vi (mặc định) hoặc en. / Language of explanations: vi (default) or en.',
    { type: 'string', maxLength: 200, pattern: '^[A-Za-z0-9*;,=. -]*$' },
    'vi',
  ),
  Limit: {
    name: 'limit',
    in: 'query',
    required: false,
    description: 'Số mục nhiều nhất của một trang. / Items of a page at most.',
    schema: { type: 'integer', format: 'int32', minimum: 1, maximum: PAGE_LIMIT.most, default: PAGE_LIMIT.default },
    example: PAGE_LIMIT.default,
  },
  Cursor: {
    name: 'cursor',
    in: 'query',
    required: false,
    description: 'Như trong "page.next" của trang trước; bỏ trống: trang đầu. / As it stands in "page.next" of the page before; absent: the first page.',
    schema: { type: 'string', minLength: 1, maxLength: CURSOR_LENGTH, pattern: '^[A-Za-z0-9_.-]+$' },
  },
} as const satisfies Record<string, Parameter>;

type Shared = keyof typeof SHARED_PARAMETERS;

/** The parameters of an operation: its path and query, then what its kind asks for. */
export function parametersOf(operation: OperationDef, components: Components): (Parameter | { $ref: string })[] {
  const { kind } = operation;
  const shared: Shared[] = [
    ...(kind === 'list' ? (['Limit', 'Cursor'] as const) : []),
    ...(kind === 'create' || kind === 'command' ? (['IdempotencyKey'] as const) : []),
    ...(kind === 'command' ? (['IfMatch'] as const) : []),
    ...(operation.personal ? (['PurposeCode'] as const) : []),
    'AcceptLanguage',
  ];
  return [
    ...own(operation, operation.params, 'path', components),
    ...own(operation, operation.query, 'query', components),
    ...shared.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

function own(operation: OperationDef, shape: z.ZodObject | undefined, place: 'path' | 'query', components: Components): Parameter[] {
  return Object.entries(shape?.shape ?? {}).map(([name, given]) => {
    const schema = given as z.ZodType;
    const description = descriptionOf(schema);
    if (description === undefined) throw new TypeError(`operation ${operation.id}: parameter ${name} has no description`);
    const required = place === 'path' || !schema.safeParse(undefined).success;
    // A list is written with commas, as the door reads it.
    const list = place === 'query' ? ({ style: 'form', explode: false } as const) : {};
    return { name, in: place, required, description, schema: components.add(schema, 'request'), ...list };
  });
}

function descriptionOf(schema: z.ZodType): string | undefined {
  return schema.description ?? (schema as { unwrap?: () => z.ZodType }).unwrap?.().description;
}
