import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Binaries } from './embedded.binaries.js';
import { EmbeddedPostgresError } from './embedded.error.js';
import { bornOf, isAlive, until } from './embedded.process.js';

/** The watchdog of an owner that was killed needs about a second. */
const WATCHDOG_MS = 2_500;
const STOP_MS = 10_000;

/**
 * Puts right what an earlier server left in the folder: a postmaster.pid whose number now belongs to another program, a
 * server whose owner is gone. Throws EmbeddedPostgresError when a server of a living owner runs on the folder.
 */
export async function settleLeftovers(dataDir: string, { pgCtl }: Binaries): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const [first = '', , , port = ''] = read(file).split('\n');
  const pid = Number(first);
  // PostgreSQL itself takes a zombie, and any program that has the number now, for a running server.
  if (!(pid > 0) || !isAlive(pid) || !(await isServerOf(pid, Number(port), dataDir))) return rmSync(file, { force: true });
  const owner = ownerOf(dataDir);
  if (owner === undefined || owner.alive) throw inUse(dataDir, owner?.pid ?? pid);
  const gone = (): boolean => !isAlive(pid);
  if (await until(gone, WATCHDOG_MS)) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (process.platform === 'win32') spawnSync(pgCtl, ['stop', '-D', dataDir, '-m', signal === 'SIGINT' ? 'fast' : 'immediate'], { windowsHide: true });
    else tryKill(pid, signal);
    if (await until(gone, STOP_MS)) return;
  }
  throw inUse(dataDir, pid);
}

async function isServerOf(pid: number, port: number, dataDir: string): Promise<boolean> {
  if (process.platform !== 'linux') return listens(port);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    // Another user's process: we may not look, but a server answers on its port.
    return listens(port);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: port > 0 && port < 65_536 ? port : 1, timeout: 1_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

function ownerOf(dataDir: string): { pid: number; alive: boolean } | undefined {
  const [, digits, born] = /quanso\.owner=(\d+)\.(\d*)/.exec(read(join(dataDir, 'postmaster.opts'))) ?? [];
  if (digits === undefined) return undefined;
  const pid = Number(digits);
  return { pid, alive: isAlive(pid) && bornOf(pid) === born };
}

function inUse(dataDir: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Dữ liệu trong ${dataDir} đang được tiến trình ${pid} dùng; dừng nó trước hoặc chọn thư mục khác.`,
    `process ${pid} is using the data in ${dataDir}; stop it first or choose another folder.`,
  );
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in between.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
