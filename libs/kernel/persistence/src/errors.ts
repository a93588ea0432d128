import { Refusal, type Text } from '@quan-so/contract';
import { databaseBusy } from './problems.js';

/** SQLSTATE of what PostgreSQL itself said; undefined for errors of driver and network. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
// The driver gives these no code; the words are those of pg 8.23, pg-pool 3.14 and TypeORM 1.1.
const DRIVER = /^(timeout e|Connection terminated|Query read timeout|Client (has encountered|was closed)|Cannot use a pool|Query runner already released|Driver not Connected)/;

/** The connection is of no further use, and whether the last statement was done is not known. */
export function isLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  // 57P0x: terminated by the server; 25P03, 25P04: it ended the session that slept in a transaction.
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P0') || state === '25P03' || state === '25P04';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && NETWORK.has(code)) || (typeof message === 'string' && DRIVER.test(message));
}

/** Two transactions stood in each other's way; this one was rolled back whole and may run again. */
export function isClash(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01' || isStalePlan(error);
}

/** A migration changed what a statement prepared before answers (0A000 of the plan cache); a new connection prepares anew. */
export function isStalePlan(error: unknown): boolean {
  return sqlStateOf(error) === '0A000' && (error as { routine?: unknown }).routine === 'RevalidateCachedQuery';
}

// 53: no room (connections, memory, disk); 57014: statement_timeout; 55P03: lock_timeout; 58: the system under it;
// 25006: the server became a read-only copy.
const BUSY = /^(53...|57014|55P03|58...|25006)$/;

/** Waiting does not help here: somebody must make room. What was asked is not done, and nothing that is stored is lost. */
const DISK_FULL: Text = {
  vi: 'Đĩa của cơ sở dữ liệu đã đầy, không ghi được gì thêm. Người vận hành giải phóng chỗ rồi gửi lại với cùng Idempotency-Key.',
  en: 'The disk of the database is full, nothing more can be written. When the operator has made room, send again with the same Idempotency-Key.',
};

/** What leaves this library: anything that may pass by itself becomes a retryable refusal, the rest stays what it is. */
export function outward(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (sqlStateOf(error) === '53100') return databaseBusy(error, DISK_FULL);
  return isLost(error) || isClash(error) || BUSY.test(sqlStateOf(error) ?? '') ? databaseBusy(error) : error;
}
