import { FORBIDDEN, IDENTITY_UNAVAILABLE, UNAUTHENTICATED } from '@quan-so/auth';
import { type OperationDef, type ProblemDef } from '@quan-so/contract';
import { DATABASE_BUSY, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS, VERSION_MISMATCH } from '@quan-so/persistence';
import * as p from './problems.js';

/** What any operation may be refused with. */
const ALWAYS = [
  p.MALFORMED_REQUEST,
  p.INVALID_PATH,
  p.VALIDATION_FAILED,
  p.NOT_FOUND,
  p.METHOD_NOT_ALLOWED,
  p.NOT_ACCEPTABLE,
  p.URI_TOO_LONG,
  p.RATE_LIMITED,
  p.HEADERS_TOO_LARGE,
  p.INTERNAL_ERROR,
  p.SERVICE_UNAVAILABLE,
  p.SHUTTING_DOWN,
  DATABASE_BUSY,
];
const GUARDED = [UNAUTHENTICATED, FORBIDDEN, IDENTITY_UNAVAILABLE];
const WITH_BODY = [
  p.EMPTY_BODY,
  p.INVALID_JSON,
  p.INVALID_ENCODING,
  p.INVALID_TEXT,
  p.TOO_DEEP,
  p.TOO_MANY_KEYS,
  p.FORBIDDEN_KEY,
  p.DUPLICATE_KEY,
  p.UNSAFE_NUMBER,
  p.REQUEST_TIMEOUT,
  p.BODY_TOO_LARGE,
  p.UNSUPPORTED_MEDIA_TYPE,
];
const KEYED = [p.IDEMPOTENCY_KEY_REQUIRED, p.IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS];
const VERSIONED = [p.IF_MATCH_REQUIRED, p.IF_MATCH_INVALID, VERSION_MISMATCH];
const PERSONAL = [p.PURPOSE_REQUIRED, p.PURPOSE_INVALID];

/**
 * Every problem an operation may answer with: its own and those its kind implies.
 * The API document lists them, and `checkAnswers` holds answers against them.
 */
export function declaredProblems(operation: OperationDef): readonly ProblemDef[] {
  const { kind } = operation;
  return [
    ...new Set([
      ...operation.problems,
      ...ALWAYS,
      ...('permission' in operation.access ? GUARDED : []),
      ...(operation.method === 'POST' ? WITH_BODY : []),
      ...(kind === 'list' ? [p.CURSOR_INVALID] : []),
      ...(kind === 'create' || kind === 'command' ? KEYED : []),
      ...(kind === 'command' ? VERSIONED : []),
      ...(operation.personal ? PERSONAL : []),
    ]),
  ];
}
