import { HttpException } from '@nestjs/common';
import { Refusal, type Language, type ProblemDef } from '@quan-so/contract';
import { NO_TRACE } from '@quan-so/observability';
import { type ProblemDocument } from './client.js';
import { BODY_TOO_LARGE, INTERNAL_ERROR, INVALID_PATH, MALFORMED_REQUEST, NOT_FOUND, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE, URI_TOO_LONG } from './problems.js';

/** Members of every problem document; a problem's own cannot stand in for them. */
const STANDARD: ReadonlySet<string> = new Set(['type', 'title', 'status', 'detail', 'code', 'instance', 'errors', 'retryable', 'requestId', 'traceId']);

/** The problem document (RFC 9457) of a refusal, in one language. What was refused before a trace began names none. */
export function problemDocument(refusal: Refusal, language: Language, requestId: string, traceId: string = NO_TRACE): ProblemDocument {
  const { problem, faults, extra } = refusal;
  return {
    type: `/problems/${problem.code}`,
    title: problem.title[language],
    status: problem.status,
    detail: (refusal.detail ?? problem.remedy)[language],
    code: problem.code,
    instance: `urn:quanso:request:${requestId}`,
    ...(faults.length === 0 ? {} : { errors: faults.map(({ pointer, code, detail }) => ({ pointer, code, detail: detail[language] })) }),
    retryable: problem.retryable,
    requestId,
    ...(traceId === NO_TRACE ? {} : { traceId }),
    ...Object.fromEntries(Object.entries(extra).filter(([name]) => !STANDARD.has(name))),
  };
}

/** Headers that go with a problem. */
export function problemHeaders({ problem, extra }: Refusal): Record<string, string> {
  const headers: Record<string, string> = {};
  if (problem.status === 401) headers['WWW-Authenticate'] = extra['reason'] === 'MISSING' ? 'Bearer realm="quan-so"' : 'Bearer realm="quan-so", error="invalid_token"';
  if (Array.isArray(extra['allow'])) headers['Allow'] = extra['allow'].join(', ');
  if (problem.retryable && problem.status !== 500) headers['Retry-After'] = String(extra['retryAfter'] ?? 1);
  return headers;
}

/** What the frameworks below us refuse by themselves, by their code or status. */
const BY_CODE: Readonly<Record<string, ProblemDef>> = { FST_ERR_BAD_URL: INVALID_PATH, FST_ERR_MAX_PARAM_LENGTH: URI_TOO_LONG };
const BY_STATUS: Readonly<Record<number, ProblemDef>> = {
  400: MALFORMED_REQUEST,
  404: NOT_FOUND,
  408: REQUEST_TIMEOUT,
  413: BODY_TOO_LARGE,
  414: URI_TOO_LONG,
  415: UNSUPPORTED_MEDIA_TYPE,
};

/** The refusal an error stands for: what is not known is our own fault and says nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = typeof error === 'object' && error !== null ? (error as { code?: unknown; statusCode?: unknown }) : {};
  const status = error instanceof HttpException ? error.getStatus() : typeof code === 'string' && code.startsWith('FST_') ? statusCode : undefined;
  const problem = BY_CODE[String(code)] ?? (typeof status === 'number' ? BY_STATUS[status] : undefined);
  return new Refusal(problem ?? INTERNAL_ERROR);
}
