import { type Text } from '@quan-so/contract';

/** The embedded PostgreSQL cannot be started or used; `sentence` is told to people as it is. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly sentence: Text;

  constructor(vi: string, en: string) {
    super(`${vi} / ${en}`);
    this.sentence = { vi, en };
  }
}

type Reason = readonly [pattern: RegExp, vi: (dir: string) => string, en: (dir: string) => string];

/* What file system, initdb and postgres say, from the special to the general: the first that fits is told. */
const REASONS: readonly Reason[] = [
  [
    /shared memory.*No space left|No space left.*shared memory/,
    () => 'Bộ nhớ dùng chung (/dev/shm) quá nhỏ cho PostgreSQL; cần ít nhất 64 MB.',
    () => 'shared memory (/dev/shm) is too small for PostgreSQL; at least 64 MB are needed.',
  ],
  [
    /No space left on device|ENOSPC|EDQUOT|[Dd]isk quota/,
    (dir) => `Hết chỗ trên đĩa chứa ${dir}; cần khoảng 300 MB.`,
    (dir) => `the disk that holds ${dir} is full; about 300 MB are needed.`,
  ],
  [
    /wrong ownership|invalid permissions/,
    (dir) => `Dữ liệu trong ${dir} là của một người dùng khác trên máy này; chạy bằng người đó hoặc chọn thư mục khác.`,
    (dir) => `the data in ${dir} belong to another user of this machine; start as that user or choose another folder.`,
  ],
  [
    /Read-only file system|Permission denied|EACCES|EROFS|EPERM/,
    (dir) => `Không ghi được vào ${dir}; cấp quyền ghi hoặc chọn thư mục khác.`,
    (dir) => `${dir} cannot be written; allow it or choose another folder.`,
  ],
  [
    /ENOTDIR|EEXIST|Not a directory/,
    (dir) => `${dir} không dùng làm thư mục dữ liệu được.`,
    (dir) => `${dir} cannot serve as a data folder.`,
  ],
  [
    /incompatible with server/,
    (dir) => `Dữ liệu trong ${dir} do một bản PostgreSQL khác tạo ra, bản kèm theo không đọc được; dùng lại bản Quận Số cũ hoặc chọn thư mục khác.`,
    (dir) => `the data in ${dir} were made by another PostgreSQL that this one cannot read; use the earlier Quận Số or choose another folder.`,
  ],
  [
    /[Aa]ddress already in use|could not create any TCP/,
    () => 'Cổng chọn cho PostgreSQL đang bận; dừng chương trình đang dùng nó hoặc chọn cổng khác.',
    () => 'the port chosen for PostgreSQL is taken; stop the program that uses it or choose another port.',
  ],
  [
    /checkpoint record|PANIC|could not read|invalid (page|checksum)|No such file or directory/,
    (dir) => `Dữ liệu trong ${dir} bị hỏng; khôi phục từ bản sao lưu, hoặc chuyển thư mục đi nơi khác để bắt đầu lại.`,
    (dir) => `the data in ${dir} are damaged; restore a backup, or move the folder away to begin anew.`,
  ],
];

/** The sentence for what an error or the last lines of a log say. */
export function embeddedError(said: unknown, dir: string): EmbeddedPostgresError {
  if (said instanceof EmbeddedPostgresError) return said;
  const text = said instanceof Error ? `${(said as NodeJS.ErrnoException).code ?? ''} ${said.message}` : String(said);
  const reason = REASONS.find(([pattern]) => pattern.test(text));
  if (reason !== undefined) return new EmbeddedPostgresError(reason[1](dir), reason[2](dir));
  const fatal = /(?:FATAL|PANIC|error): +(.*)/.exec(text)?.[1] ?? text.trim().split('\n').at(-1) ?? '';
  return new EmbeddedPostgresError(`PostgreSQL kèm theo không chạy được: ${fatal}`, `the embedded PostgreSQL did not start: ${fatal}`);
}
