import { UNAUTHENTICATED, FORBIDDEN, IDENTITY_UNAVAILABLE } from '@quan-so/auth';
import { problemRegistry, type OperationDef, type ProblemDef } from '@quan-so/contract';
import { DATABASE_BUSY, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS, VERSION_MISMATCH } from '@quan-so/persistence';
import * as door from './problems.js';

/** What any request may be answered with, before or beside its operation. */
const ALWAYS = [
  door.MALFORMED_REQUEST,
  door.VALIDATION_FAILED,
  door.NOT_ACCEPTABLE,
  door.REQUEST_TIMEOUT,
  door.URI_TOO_LONG,
  door.RATE_LIMITED,
  door.HEADERS_TOO_LARGE,
  door.INTERNAL_ERROR,
  door.ANSWER_NOT_DECLARED,
  door.SERVICE_UNAVAILABLE,
  door.SHUTTING_DOWN,
  DATABASE_BUSY,
];
const WITH_BODY = [
  door.EMPTY_BODY,
  door.INVALID_JSON,
  door.INVALID_ENCODING,
  door.INVALID_TEXT,
  door.TOO_DEEP,
  door.TOO_MANY_KEYS,
  door.FORBIDDEN_KEY,
  door.DUPLICATE_KEY,
  door.UNSAFE_NUMBER,
  door.BODY_TOO_LARGE,
  door.UNSUPPORTED_MEDIA_TYPE,
];
const ONCE_ONLY = [door.IDEMPOTENCY_KEY_REQUIRED, door.IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS];
const VERSIONED = [door.IF_MATCH_REQUIRED, door.IF_MATCH_INVALID, VERSION_MISMATCH];
const PERSONAL = [door.PURPOSE_REQUIRED, door.PURPOSE_INVALID];
const CALLER_KNOWN = [UNAUTHENTICATED, FORBIDDEN, IDENTITY_UNAVAILABLE];

/** Every problem an operation may be answered with: its own and those its kind implies; by status, then code. */
export function problemsOfOperation(operation: OperationDef): readonly ProblemDef[] {
  const { kind } = operation;
  return sorted([
    ...ALWAYS,
    ...(operation.path.includes(':') ? [door.INVALID_PATH] : []),
    ...(operation.method === 'POST' ? WITH_BODY : []),
    ...(kind === 'create' || kind === 'command' ? ONCE_ONLY : []),
    ...(kind === 'command' ? VERSIONED : []),
    ...(kind === 'list' ? [door.CURSOR_INVALID] : []),
    ...(operation.personal ? PERSONAL : []),
    ...('permission' in operation.access ? CALLER_KNOWN : []),
    ...operation.problems,
  ]);
}

/** Every problem of a service: those of its operations and those of addresses that no operation has. */
export function problemsOf(operations: readonly OperationDef[]): readonly ProblemDef[] {
  return sorted([door.NOT_FOUND, door.METHOD_NOT_ALLOWED, ...operations.flatMap(problemsOfOperation)]);
}

function sorted(problems: readonly ProblemDef[]): readonly ProblemDef[] {
  return [...problemRegistry(problems).values()].toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}
