import { FORBIDDEN, IDENTITY_UNAVAILABLE, UNAUTHENTICATED } from '@quan-so/auth';
import { problemRegistry, type OperationDef, type ProblemDef } from '@quan-so/contract';
import { DATABASE_BUSY, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS, VERSION_MISMATCH } from '@quan-so/persistence';
import * as door from './problems.js';

/** What any request to an operation may be refused with. */
const ALWAYS = [
  door.MALFORMED_REQUEST,
  door.VALIDATION_FAILED,
  door.NOT_ACCEPTABLE,
  door.REQUEST_TIMEOUT,
  door.URI_TOO_LONG,
  door.RATE_LIMITED,
  door.HEADERS_TOO_LARGE,
  door.INTERNAL_ERROR,
  door.SERVICE_UNAVAILABLE,
  door.SHUTTING_DOWN,
  DATABASE_BUSY,
];
const WITH_PARAMETERS = [door.INVALID_PATH, door.NOT_FOUND];
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
const KEYED = [door.IDEMPOTENCY_KEY_REQUIRED, door.IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS];
const VERSIONED = [door.IF_MATCH_REQUIRED, door.IF_MATCH_INVALID, VERSION_MISMATCH];
const PERSONAL = [door.PURPOSE_REQUIRED, door.PURPOSE_INVALID];
const GUARDED = [UNAUTHENTICATED, FORBIDDEN, IDENTITY_UNAVAILABLE];

/** Every problem an operation may be answered with: its own and those its kind implies; by status, then code. */
export function problemsOfOperation(operation: OperationDef): readonly ProblemDef[] {
  const { kind } = operation;
  return sorted([
    ...ALWAYS,
    ...(operation.path.includes(':') ? WITH_PARAMETERS : []),
    ...(operation.method === 'POST' ? WITH_BODY : []),
    ...(kind === 'create' || kind === 'command' ? KEYED : []),
    ...(kind === 'command' ? VERSIONED : []),
    ...(kind === 'list' ? [door.CURSOR_INVALID] : []),
    ...(operation.personal ? PERSONAL : []),
    ...('permission' in operation.access ? GUARDED : []),
    ...operation.problems,
  ]);
}

/**
 * Every problem of a service: those of its operations, those of hosts, addresses and methods that no operation has, and
 * the one that tells a defect of the service in tests.
 */
export function problemsOf(operations: readonly OperationDef[]): readonly ProblemDef[] {
  return sorted([door.NOT_FOUND, door.METHOD_NOT_ALLOWED, door.HOST_NOT_SERVED, door.ANSWER_NOT_DECLARED, ...operations.flatMap(problemsOfOperation)]);
}

function sorted(problems: readonly ProblemDef[]): readonly ProblemDef[] {
  return [...problemRegistry(problems).values()].toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}
