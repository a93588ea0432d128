import { type OperationDef, type ProblemDef } from '@quan-so/contract';
import { type Components } from './openapi-components.js';
import { problemsOfOperation } from './openapi-problems.js';
import { type JsonSchema } from './openapi-schemas.js';
import { pageBody } from './page-body.js';

interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/** Headers of answers, under `components.headers`. */
export const SHARED_HEADERS = {
  ETag: { description: 'Phiên bản, để gửi lại ở If-Match. / The version, to be sent as If-Match.', schema: { type: 'string', maxLength: 12, pattern: '^"[1-9][0-9]{0,9}"$' }, example: '"1"' },
  Location: { description: 'Đường dẫn của thứ vừa tạo. / Path of what was made.', schema: { type: 'string', format: 'uri-reference', maxLength: 2_000 } },
  'Idempotency-Replayed': { description: '"true": câu trả lời của lần trước cùng khoá. / "true": the answer of the earlier request with this key.', schema: { type: 'string', enum: ['true'] } },
  'Request-Id': { description: 'Mã của yêu cầu. / Id of the request.', schema: { type: 'string', maxLength: 100, pattern: '^[A-Za-z0-9._-]{1,100}$' } },
  RateLimit: { description: 'Hạn mức còn lại (draft-ietf-httpapi-ratelimit-headers). / What is left of the quota.', schema: { type: 'string', maxLength: 200, pattern: '^[ -~]*$' }, example: '"actor";r=99;t=1' },
  'RateLimit-Policy': { description: 'Hạn mức. / The quota.', schema: { type: 'string', maxLength: 200, pattern: '^[ -~]*$' }, example: '"actor";q=100;w=60' },
  'Content-Language': { description: 'Ngôn ngữ của lời. / Language of the words.', schema: { type: 'string', enum: ['vi', 'en'] } },
  'Retry-After': { description: 'Gửi lại sau số giây này. / Send again after so many seconds.', schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 86_400 }, example: 1 },
  'WWW-Authenticate': { description: 'Cách xác thực. / How to authenticate.', schema: { type: 'string', maxLength: 500, pattern: '^[ -~]*$' }, example: 'Bearer' },
} as const satisfies Record<string, Header>;
type HeaderName = keyof typeof SHARED_HEADERS;

const EVERY_ANSWER = ['RateLimit', 'RateLimit-Policy', 'Request-Id'] as const satisfies HeaderName[];

/** What a status says, whatever the code. */
const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'Yêu cầu sai. / The request is wrong.',
  401: 'Chưa xác thực. / Not authenticated.',
  403: 'Không được phép. / Not permitted.',
  404: 'Không có. / Not there.',
  406: 'Không trả lời được theo kiểu này. / Cannot be answered in that type.',
  408: 'Gửi quá chậm. / Sent too slowly.',
  409: 'Không làm được lúc này. / Not possible in this state.',
  412: 'Có người đã sửa trước. / Somebody else was faster.',
  413: 'Quá lớn. / Too large.',
  414: 'Địa chỉ quá dài. / The address is too long.',
  415: 'Kiểu nội dung không được nhận. / The content type is not taken.',
  422: 'Khoá đã dùng cho yêu cầu khác. / The key was used for another request.',
  428: 'Thiếu phiên bản. / The version is missing.',
  429: 'Quá nhiều yêu cầu. / Too many requests.',
  431: 'Tiêu đề quá lớn. / The headers are too large.',
  500: 'Lỗi phía máy chủ. / Something failed on our side.',
  503: 'Tạm thời không phục vụ được. / Not available for the moment.',
};

/** One content type of a body. */
export interface Content {
  readonly schema: JsonSchema;
  example?: unknown;
  examples?: Readonly<Record<string, { readonly $ref: string }>>;
}

/** Every answer of an operation, by status. The example in `content` is filled in when all schemas are known. */
export function answersOf(operation: OperationDef, components: Components): { answers: Record<string, unknown>; body: JsonSchema; content: Content } {
  const body = components.add(operation.kind === 'list' ? pageBody(operation) : operation.answer, 'answer');
  const content: Content = { schema: body };
  const status = operation.kind === 'create' ? 201 : 200;
  const good = { description: goodWords(operation), headers: headersOf(goodHeaders(operation)), content: { 'application/json': content } };
  const byStatus = groupByStatus(problemsOfOperation(operation));
  const refused = [...byStatus].map(([code, problems]) => [String(code), problemAnswer(code, problems)] as const);
  return { answers: { [status]: good, ...Object.fromEntries(refused) }, body, content };
}

function goodWords({ kind }: OperationDef): string {
  if (kind === 'create') return 'Đã tạo. / Made.';
  if (kind === 'command') return 'Đã làm; bản mới. / Done; the new state.';
  return kind === 'list' ? 'Một trang. / One page.' : 'Câu trả lời. / The answer.';
}

function goodHeaders({ kind }: OperationDef): HeaderName[] {
  if (kind === 'create') return ['Location', 'ETag', 'Idempotency-Replayed'];
  if (kind === 'command') return ['ETag', 'Idempotency-Replayed'];
  return kind === 'read' ? ['ETag'] : [];
}

function problemAnswer(status: number, problems: readonly ProblemDef[]): unknown {
  const lines = problems.map(({ code, title }) => `- [\`${code}\`](/problems/${code}) ${title.vi} / ${title.en}`);
  const ofStatus: HeaderName[] = status === 401 ? ['WWW-Authenticate'] : status !== 500 && problems.some(({ retryable }) => retryable) ? ['Retry-After'] : [];
  const codes: JsonSchema = { type: 'string', enum: problems.map(({ code }) => code) };
  return {
    description: [STATUS_WORDS[status] ?? `${status}.`, '', ...lines].join('\n'),
    headers: headersOf([...ofStatus, 'Content-Language']),
    content: {
      'application/problem+json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { code: codes } }] },
        examples: Object.fromEntries(problems.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

const REQUEST = '01997e3c-8f00-7000-8000-000000000001';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** The document of a problem as it is sent in Vietnamese. */
export function problemExample(problem: ProblemDef): { summary: string; value: Record<string, unknown> } {
  const { code, status, title, retryable } = problem;
  const value = {
    ...{ type: `/problems/${code}`, title: title.vi, status, detail: problem.remedy.vi, code },
    ...{ instance: `urn:quanso:request:${REQUEST}`, retryable, requestId: REQUEST, traceId: TRACE },
  };
  return { summary: `${title.vi} / ${title.en}`, value };
}

function headersOf(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  return Object.fromEntries([...names, ...EVERY_ANSWER].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function groupByStatus(problems: readonly ProblemDef[]): Map<number, ProblemDef[]> {
  const byStatus = new Map<number, ProblemDef[]>();
  for (const problem of problems) byStatus.set(problem.status, [...(byStatus.get(problem.status) ?? []), problem]);
  return byStatus;
}
