import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './options.js';

/** The one folder in which everything that stays is kept; locked for the process that has it open. */
export interface DataFolder {
  readonly path: string;
  /** The text of a file of this folder; made at first start by `make`, readable by the owner only. */
  keep(name: string, make: () => string): string;
  /** Writes a file of this folder anew, whole or not at all, readable by the owner only. */
  write(name: string, text: string): void;
  remove(name: string): void;
  release(): void;
}

interface Lock {
  readonly pid: number;
  /** Start of the process as the system counts it, where the system tells; a reused pid is thus not taken for us. */
  readonly born: string | undefined;
}

/**
 * Opens the folder for one authority. Throws StartError: not writable, full, already open, or made for another authority.
 */
export function openDataFolder(path: string, authority: string): DataFolder {
  const lockFile = join(path, 'lock.json');
  try {
    mkdirSync(path, { recursive: true });
    lock(path, lockFile);
  } catch (error) {
    throw sentence(error, path);
  }
  const folder: DataFolder = {
    path,
    keep: (name, make) => keep(join(path, name), make, path),
    write: (name, text) => write(join(path, name), text, path),
    remove: (name) => rmSync(join(path, name), { force: true }),
    release: () => rmSync(lockFile, { force: true }),
  };
  try {
    const kept = folder.keep('authority', () => `${authority}\n`).trim();
    if (kept !== authority) {
      throw new StartError(
        `Dữ liệu trong ${path} là của đơn vị "${kept}"; chạy với --authority ${kept} hoặc chọn QUANSO_DATA khác cho "${authority}".`,
        `the data there belong to authority "${kept}"; start with --authority ${kept} or choose another QUANSO_DATA.`,
      );
    }
  } catch (error) {
    folder.release();
    throw error;
  }
  return folder;
}

/** Makes a secret: 32 random bytes, base64. */
export function newSecret(): string {
  return randomBytes(32).toString('base64');
}

function lock(path: string, lockFile: string): void {
  const mine = JSON.stringify({ pid: process.pid, born: bornOf(process.pid) });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(lockFile, 'wx', 0o600);
      writeSync(file, mine);
      closeSync(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = holderOf(lockFile);
      if (holder !== undefined) {
        throw new StartError(
          `Dữ liệu trong ${path} đang được một Quận Số khác dùng (tiến trình ${holder.pid}); dừng nó trước hoặc chọn QUANSO_DATA khác.`,
          `another Quận Số (process ${holder.pid}) is running on these data; stop it first or choose another QUANSO_DATA.`,
        );
      }
      // Left over from a crash: the process is gone, or its number belongs to somebody else now.
      unlinkSync(lockFile);
    }
  }
}

function holderOf(lockFile: string): Lock | undefined {
  try {
    const holder = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
    process.kill(holder.pid, 0);
    const born = bornOf(holder.pid);
    return born === undefined || born === holder.born ? holder : undefined;
  } catch (error) {
    // EPERM: alive, but another user's.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no /proc. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function keep(file: string, make: () => string, path: string): string {
  try {
    if (!existsSync(file)) write(file, make(), path);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw sentence(error, path);
  }
}

/** Whole or not at all: a full disk must not leave half a secret behind. */
function write(file: string, text: string, path: string): void {
  try {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw sentence(error, path);
  }
}

/** The sentence for what the file system said; anything unknown is passed on as it is. */
export function sentence(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    // What Node says of a folder to be made on a read-only disk (26.10).
    case 'ENOENT':
      return new StartError(
        `Không ghi được vào ${path}; cấp quyền ghi hoặc chọn nơi khác bằng QUANSO_DATA.`,
        'the data folder cannot be written; allow it or choose another with QUANSO_DATA.',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartError(`Hết chỗ trên đĩa chứa ${path}; cần khoảng 300 MB.`, 'the disk of the data folder is full; about 300 MB are needed.');
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartError(`${path} không phải thư mục.`, 'the data path is not a folder.');
    default:
      return error;
  }
}
