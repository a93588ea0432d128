import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Binaries, type RunAs } from './embedded.binaries.js';
import { embeddedError, EmbeddedPostgresError } from './embedded.error.js';

export const SUPERUSER = 'postgres';
export const MAJOR_VERSION = '18';

/** Linux and macOS each have one locale that knows Vietnamese letters everywhere; the order is by code point on all. */
const CTYPE = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string] ?? 'C';

/** The user to run as: nobody when we are root, unless the data are already somebody's. */
export function runAs(dataDir: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    if (uid !== 0) return { uid, gid };
  }
  const nobody = process.platform === 'darwin' ? -2 : 65_534;
  return { uid: nobody, gid: nobody };
}

/** How a PostgreSQL program is run on a folder. */
export interface Surroundings {
  readonly options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv } & Partial<RunAs>;
  readonly dir: string;
}

/**
 * As another user PostgreSQL may not be able to walk to its folder (root's own folders are closed). It is started in the
 * folder and names it by the link to its own working directory, which needs no walk.
 */
export function surroundings(dataDir: string, user: RunAs | undefined): Surroundings {
  // PG… variables of the caller must not reach our server.
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|TMPDIR|TEMP|TMP|SystemRoot)$/i.test(name));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
  const bySelf = user !== undefined && process.platform === 'linux';
  return { options: { cwd: dataDir, env, ...user }, dir: bySelf ? '/proc/self/cwd' : dataDir };
}

/** Makes the cluster at first start and answers the superuser's password. Throws EmbeddedPostgresError. */
export async function prepareCluster(dataDir: string, binaries: Binaries, user: RunAs | undefined, durable: boolean): Promise<string> {
  const secret = `${dataDir}.secret`;
  try {
    // What a first start left that was cut off; nothing else is ever made under this name.
    rmSync(`${dataDir}.new`, { recursive: true, force: true });
    if (isCluster(dataDir)) {
      if (user !== undefined && statSync(dataDir).uid === 0) giveTo(user, dataDir);
      if (!existsSync(secret)) throw withoutPassword(secret);
      return readFileSync(secret, 'utf8');
    }
    mkdirSync(dirname(dataDir), { recursive: true });
    if (!existsSync(secret)) keepSecret(secret);
    const password = readFileSync(secret, 'utf8');
    await makeCluster(dataDir, password, binaries, user, durable);
    return password;
  } catch (error) {
    throw embeddedError(error, dataDir);
  }
}

/** Throws EmbeddedPostgresError when the folder holds something that is not ours to touch. */
function isCluster(dataDir: string): boolean {
  if (!existsSync(dataDir)) return false;
  demandOwn(dataDir);
  if (readdirSync(dataDir).length === 0) {
    rmdirSync(dataDir);
    return false;
  }
  const file = join(dataDir, 'PG_VERSION');
  if (!existsSync(file)) {
    throw new EmbeddedPostgresError(
      `${dataDir} có tệp khác và không phải dữ liệu PostgreSQL; chọn một thư mục trống hoặc chưa có.`,
      `${dataDir} holds other files and is no PostgreSQL data folder; choose one that is empty or not there.`,
    );
  }
  const version = readFileSync(file, 'utf8').trim();
  if (version === MAJOR_VERSION) return true;
  throw new EmbeddedPostgresError(
    `Dữ liệu trong ${dataDir} do PostgreSQL ${version} tạo ra, bản kèm theo là ${MAJOR_VERSION}; dùng lại bản Quận Số cũ hoặc chọn thư mục khác.`,
    `the data in ${dataDir} were made by PostgreSQL ${version}, this one is ${MAJOR_VERSION}; use the earlier Quận Số or choose another folder.`,
  );
}

function demandOwn(dataDir: string): void {
  const me = process.getuid?.();
  if (me !== undefined && me !== 0 && statSync(dataDir).uid !== me) throw embeddedError('wrong ownership', dataDir);
}

/** A whole cluster or none: it is made beside its place and moved there. */
async function makeCluster(dataDir: string, password: string, { initdb }: Binaries, user: RunAs | undefined, durable: boolean): Promise<void> {
  const staging = `${dataDir}.new`;
  const made = join(staging, 'data');
  try {
    for (const folder of [staging, made]) mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(staging, 'password'), `${password}\n`, { mode: 0o600 });
    if (user !== undefined) giveTo(user, staging);
    const { options, dir } = surroundings(made, user);
    const args = [
      ...['-D', dir, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${dir}/../password`, '--encoding=UTF8', '--no-instructions'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${CTYPE}`],
      ...(durable ? [] : ['--no-sync']),
    ];
    const { code, said } = await run(initdb, args, options);
    if (code !== 0) throw embeddedError(said, dataDir);
    renameSync(made, dataDir);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], options: Surroundings['options']): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject).on('close', (code) => resolve({ code, said }));
  });
}

/** Written beside and renamed: half a password must not stay behind. */
function keepSecret(file: string): void {
  writeFileSync(`${file}.new`, randomBytes(32).toString('base64url'), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function withoutPassword(secret: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Thiếu tệp mật khẩu ${secret} của cơ sở dữ liệu; khôi phục nó từ bản sao lưu cùng với dữ liệu.`,
    `the password file ${secret} of the database is missing; restore it from the backup together with the data.`,
  );
}

function giveTo(user: RunAs, path: string): void {
  chownSync(path, user.uid, user.gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(user, join(path, name));
}
