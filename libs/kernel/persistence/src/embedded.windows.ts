import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { surroundings } from './embedded.cluster.js';
import { isAlive, until } from './embedded.process.js';
import { type Launch, type Server } from './embedded.server.js';

/* Windows has no signals and PostgreSQL refuses an administrator: pg_ctl gives rights away and speaks to the server. */

/** Waits until the pipe to us closes, then lets pg_ctl stop the server. */
const WATCHDOG = `process.stdin.resume().on('close', () => {
  require('node:child_process').spawnSync(process.argv[1], ['stop', '-D', process.argv[2], '-m', 'immediate'], { windowsHide: true });
})`;

export async function launchOnWindows({ dataDir, binaries, user }: Launch, port: number, settings: readonly string[]): Promise<Server> {
  const { options } = surroundings(dataDir, user);
  const logFile = `${dataDir}.log`;
  const started = spawnSync(binaries.pgCtl, ['start', '-w', '-D', dataDir, '-l', logFile, '-o', settings.join(' ')], {
    ...options,
    stdio: 'ignore',
    windowsHide: true,
  });
  if (started.status !== 0) throw new Error(existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-4_000) : 'FATAL:  pg_ctl failed');
  const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const watchdog = spawn(process.execPath, ['-e', WATCHDOG, binaries.pgCtl, dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  watchdog.stdin.on('error', () => undefined);
  for (const one of [watchdog, watchdog.stdin]) (one as unknown as { unref(): void }).unref();
  const stop = async (): Promise<void> => {
    spawnSync(binaries.pgCtl, ['stop', '-D', dataDir, '-m', 'fast', '-t', '10'], { ...options, stdio: 'ignore', windowsHide: true });
    await until(() => !isAlive(pid), 5_000);
    watchdog.kill();
  };
  return { pid, port, ended: new Promise(() => undefined), stop };
}
