import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@quan-so/observability';
import { type Binaries, type RunAs } from './embedded.binaries.js';
import { surroundings } from './embedded.cluster.js';
import { embeddedError, type EmbeddedPostgresError } from './embedded.error.js';
import { bornOf, until } from './embedded.process.js';
import { launchOnWindows } from './embedded.windows.js';

/** A running postmaster. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Fulfilled when it ended by itself, never after `stop`; on Windows, where it is no child of ours, never. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface Launch {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly user: RunAs | undefined;
  /** Without it a free one is taken. */
  readonly port: number | undefined;
  readonly durable: boolean;
}

/** Recovery after a crash reads up to `max_wal_size` of log. */
const READY_MS = 120_000;
const FAST_MS = 10_000;
const LAST_LINES = 40;

/**
 * Once the pipe to us closes, however we ended, it stops PostgreSQL: in order, and after a second without waiting
 * (PostgreSQL recovers from that at its next start).
 */
const WATCHDOG = `read -r _
kill -INT "$0" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; kill -0 "$0" 2>/dev/null || exit 0; done
kill -QUIT "$0" 2>/dev/null`;

/** Starts PostgreSQL on its folder, on 127.0.0.1 only. Throws EmbeddedPostgresError. */
export async function launch(given: Launch): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const port = given.port ?? (await freePort());
    try {
      return await (process.platform === 'win32' ? launchOnWindows : launchOnUnix)(given, port, settingsOf(given, port));
    } catch (error) {
      const said = String(error);
      // Somebody took the port in between; or backends of a postmaster that was killed are just noticing it.
      const passes = (given.port === undefined && /[Aa]ddress already in use|could not create any TCP/.test(said)) || /still in use/.test(said);
      if (!passes || attempt === 20) throw embeddedError(error, given.dataDir);
      await sleep(100);
    }
  }
}

function settingsOf({ durable }: Launch, port: number): string[] {
  const settings = {
    ...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 200 },
    ...{ timezone: 'UTC', log_timezone: 'UTC', jit: 'off', max_wal_size: '512MB' },
    // Errors of statements quote data; only what concerns the server itself is logged.
    ...{ log_min_messages: 'log', log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_checkpoints: 'off', logging_collector: 'off' },
    // Whose server this is: `leftovers` reads it in postmaster.opts.
    'quanso.owner': `${process.pid}.${bornOf(process.pid)}`,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function launchOnUnix({ dataDir, binaries, user }: Launch, port: number, settings: readonly string[]): Promise<Server> {
  const { options, dir } = surroundings(dataDir, user);
  // Detached: Ctrl-C reaches the whole group, but the database goes last, when everything is written.
  const child = spawn(binaries.postgres, ['-D', dir, ...settings], { ...options, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = lastLines(child);
  const { pid } = child;
  if (pid === undefined) throw await failure(child, ended, lines);
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, String(pid)], { ...options, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog.stdin.on('error', () => undefined);
  let serving = false;
  const endedByItself = new Promise<void>((resolve) => {
    child.once('exit', () => {
      watchdog.kill('SIGKILL');
      if (!serving) return;
      log('postgres').error('the embedded PostgreSQL has ended by itself');
      resolve();
    });
  });
  // None of these keeps our process from ending.
  for (const one of [child, watchdog, watchdog.stdin, child.stderr]) (one as unknown as { unref(): void }).unref();
  const has = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ready = await until(() => has() || isReady(dataDir, pid), READY_MS);
  if (has() || !ready) {
    child.kill('SIGQUIT');
    throw await failure(child, ended, lines);
  }
  serving = true;
  const stop = async (): Promise<void> => {
    serving = false;
    for (const [signal, ms] of [['SIGINT', FAST_MS], ['SIGQUIT', FAST_MS], ['SIGKILL', FAST_MS]] as const) {
      if (has() || (child.kill(signal) && (await until(has, ms)))) return;
    }
  };
  return { pid, port, ended: endedByItself, stop };
}

/** Line 1 is the process, line 8 its state; a file of an earlier server has another line 1. */
export function isReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && (lines[7] ?? '').startsWith('ready');
  } catch {
    return false;
  }
}

function lastLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => {
    lines.push(...chunk.toString().split('\n').filter((line) => line !== ''));
    lines.splice(0, lines.length - LAST_LINES);
  });
  child.on('error', (error: NodeJS.ErrnoException) => lines.push(`FATAL:  ${error.message}`));
  return lines;
}

async function failure(child: ChildProcess, ended: Promise<void>, lines: readonly string[]): Promise<Error | EmbeddedPostgresError> {
  await Promise.race([ended, sleep(FAST_MS, undefined, { ref: false })]);
  return new Error(lines.length > 0 ? lines.join('\n') : `FATAL:  ended with ${child.exitCode ?? child.signalCode}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
