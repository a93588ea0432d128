/** What the user can do something about: one sentence in each language, no stack. */
export class Failure extends Error {
  /** @param {string} vi @param {string} en @param {number} [code] exit code */
  constructor(vi, en, code = 1) {
    super(en);
    this.vi = vi;
    this.en = en;
    this.code = code;
  }
}

/** Known reasons, by what the system or npm calls them. @type {readonly [RegExp, string, string][]} */
const REASONS = [
  [/ENOSPC|EDQUOT|no space left/i, 'Ổ đĩa đã đầy: giải phóng khoảng 2 GB rồi chạy lại.', 'The disk is full: free about 2 GB and run it again.'],
  [/EROFS|EACCES|EPERM|read-only file system/i, 'Không ghi được vào thư mục này: chép kho mã sang thư mục ghi được, hoặc xem lại quyền.', 'This folder cannot be written: copy the repository to one that can, or look at its rights.'],
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|network/i, 'Không tới được kho gói npm: xem lại mạng hoặc proxy rồi chạy lại.', 'The npm registry cannot be reached: look at the network or proxy and run it again.'],
  [/EUSAGE|in sync/i, 'package-lock.json không khớp package.json: lấy lại cả hai từ cùng một bản.', 'package-lock.json does not fit package.json: take both from the same version.'],
  [/EINTEGRITY/i, 'Gói tải về khác với package-lock.json: xoá bộ đệm bằng "npm cache clean --force" rồi chạy lại.', 'A fetched package differs from package-lock.json: clear the cache by "npm cache clean --force" and run it again.'],
];

/**
 * The sentence for an error of the system or the output of a program; undefined for one that nobody foresaw.
 * @param {unknown} error
 * @returns {Failure | undefined}
 */
export function known(error) {
  const text = error instanceof Error ? `${/** @type {NodeJS.ErrnoException} */ (error).code ?? ''} ${error.message}` : String(error);
  const reason = REASONS.find(([pattern]) => pattern.test(text));
  return reason && new Failure(reason[1], reason[2]);
}
