import { defineProblem, Refusal, type Text } from '@quan-so/contract';

export const IDEMPOTENCY_KEY_REUSED = defineProblem('IDEMPOTENCY_KEY_REUSED', 422, {
  title: { vi: 'Idempotency-Key đã dùng cho một yêu cầu khác', en: 'The Idempotency-Key was used for another request' },
  remedy: {
    vi: 'Gửi lại đúng yêu cầu cũ với khoá cũ, hoặc yêu cầu mới với một UUID mới.',
    en: 'Send the same request again with its key, or the new request with a new UUID.',
  },
});

export const VERSION_MISMATCH = defineProblem('VERSION_MISMATCH', 412, {
  title: { vi: 'Có người đã sửa trước', en: 'Somebody else was faster' },
  remedy: {
    vi: 'Đọc lại bản hiện hành ("currentVersion"), xem điều đã đổi rồi gửi lại với ETag mới trong If-Match.',
    en: 'Read the present state ("currentVersion"), look at what has changed, then send again with the new ETag in If-Match.',
  },
});

export const REQUEST_IN_PROGRESS = defineProblem('REQUEST_IN_PROGRESS', 409, {
  title: { vi: 'Yêu cầu cùng khoá đang được xử lý', en: 'A request with the same key is in progress' },
  remedy: {
    vi: 'Đợi vài giây rồi gửi lại đúng yêu cầu này với cùng Idempotency-Key.',
    en: 'Wait a few seconds, then send this very request again with the same Idempotency-Key.',
  },
  retryable: true,
});

export const DATABASE_BUSY = defineProblem('DATABASE_BUSY', 503, {
  title: { vi: 'Cơ sở dữ liệu đang bận', en: 'The database is busy' },
  remedy: {
    vi: 'Gửi lại sau vài giây với cùng Idempotency-Key; không việc nào bị làm hai lần.',
    en: 'Send again in a few seconds with the same Idempotency-Key; nothing is done twice.',
  },
  retryable: true,
});

/** What anything that reads or writes may be refused with by the database. */
export const persistenceProblems = [IDEMPOTENCY_KEY_REUSED, VERSION_MISMATCH, REQUEST_IN_PROGRESS, DATABASE_BUSY] as const;

/** 412: the version asked by If-Match is no longer the present one. */
export function versionMismatch(currentVersion: number): Refusal {
  return new Refusal(VERSION_MISMATCH, { extra: { currentVersion } });
}

/** 503, with what the driver said as its cause: for the log, never for the caller. */
export function databaseBusy(cause: unknown, detail?: Text): Refusal {
  const refusal = new Refusal(DATABASE_BUSY, detail === undefined ? {} : { detail });
  refusal.cause = cause;
  return refusal;
}
