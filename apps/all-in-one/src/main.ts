import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOG_FILE } from './log-file.js';
import { folderOf, readOptions, StartError } from './options.js';
import { startPlatform, type Platform } from './platform.js';
import { screenOf } from './screen.js';
import { SERVICES } from './services.js';

const root = resolve(import.meta.dirname, '..', '..', '..');
const began = performance.now();

async function main(): Promise<void> {
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const options = readOptions(process.argv.slice(2), process.env, root, SERVICES.map((service) => service.name));
  const starting = startPlatform(options, root, version);
  const stop = stopOnSignals(starting);
  const platform = await starting;
  platform.onDatabaseGone(() => {
    process.stderr.write('\nCơ sở dữ liệu kèm theo đã dừng và không khởi động lại được; xem nhật ký rồi chạy lại npm start.\n');
    process.stderr.write('The embedded database has ended and does not start again; look into the log, then run npm start again.\n\n');
    stop(1);
  });
  process.stdout.write(
    screenOf({
      base: platform.base,
      version,
      authority: platform.pack.authority.name,
      services: platform.services,
      accounts: platform.identity.accounts,
      accountsFile: join(platform.folder.path, 'accounts.txt'),
      logFile: join(platform.folder.path, LOG_FILE),
      dataDir: options.dataDir === folderOf(undefined, root) ? undefined : options.dataDir,
      tracesTo: process.env['OTEL_TRACES_EXPORTER'] === 'zipkin' ? ' + Zipkin' : '',
      seconds: (performance.now() - began) / 1_000,
    }),
  );
}

/** Ctrl-C, SIGTERM and a parent that was killed end the platform the same way; a second Ctrl-C does not wait. */
function stopOnSignals(starting: Promise<Platform>): (code: number) => void {
  let stopping = false;
  const parent = process.ppid;
  const stop = (code: number): void => {
    if (stopping) return;
    stopping = true;
    const limit = setTimeout(() => process.exit(1), 30_000);
    limit.unref();
    starting
      .then((platform) => platform.stop())
      .then(
        () => process.exit(code),
        () => process.exit(1),
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  // Nobody sends a signal when the parent is killed with -9: its child then gets another parent.
  setInterval(() => process.ppid !== parent && stop(0), 500).unref();
  return stop;
}

try {
  await main();
} catch (error) {
  process.stderr.write(error instanceof StartError ? `\n${error.vi}\n${error.en}\n\n` : `\n${(error as Error).stack ?? String(error)}\n`);
  process.exit(1);
}
