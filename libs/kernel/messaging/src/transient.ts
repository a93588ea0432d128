import { Refusal } from '@quan-so/contract';

/**
 * SQLSTATEs that speak of the server and not of the event: connections (08), serialization and deadlock, resources (53:
 * too many connections, disk full), lock not free, going down or coming up (57P0x), statement and idle timeouts, the file
 * system below it (58), a standby that takes no writes.
 */
const STATES = /^(08[0-9A-Z]{3}|40001|40P01|53[0-9A-Z]{3}|55P03|57P0[0-9A-Z]|57014|25P03|58[0-9A-Z]{3}|25006)$/;
const CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** What drivers say without a code when a connection is gone. */
const WORDS = /connection terminated|connection ended|connection error|query runner already released|timeout exceeded|read timeout|timed out/i;

/**
 * Whether the same work may succeed later without being changed. Decided by what was thrown and by nothing else: a
 * TypeError of a handler will be thrown tomorrow too, and waiting for it would hold every key of the shard.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof Refusal) return error.problem.retryable;
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as Error & { code?: unknown };
  if (typeof code === 'string' && (STATES.test(code) || CODES.has(code))) return true;
  if (error.name === 'TimeoutError') return true;
  // Only errors of plain classes: what a driver says has no class of its own, what a handler breaks has.
  if (code === undefined && error.constructor === Error && WORDS.test(error.message)) return true;
  return cause !== undefined && cause !== error && isTransient(cause);
}
