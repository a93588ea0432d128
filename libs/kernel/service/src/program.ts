import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { MustNotBegin } from '@quan-so/messaging';
import { log, type Telemetry } from '@quan-so/observability';
import { RouteRefused } from '@quan-so/http';
import { ConfigError } from './config.js';
import { EXIT } from './exit.js';
import { SHUTDOWN_MS } from './shutdown.js';

/** Answers the names of the steps of its way down that failed. */
interface Stoppable {
  stop(): Promise<readonly string[]>;
}

/** What a `main.ts` runs: it prepares databases and ends, or it serves until it is told to stop. */
export interface Program {
  readonly name: string;
  migrate(): Promise<void>;
  /**
   * Resolves when the start has begun; what it stands on is taken down when a signal comes. A start that waits for something
   * ends with the reason of `told`.
   */
  serve(version: string, told: AbortSignal): Promise<{ readonly starting: Promise<Stoppable>; readonly telemetry: Telemetry }>;
}

/** Configuration comes from the environment alone; SIGTERM and SIGINT begin the ordered way down. */
export async function runProgram(program: Program): Promise<void> {
  try {
    await obey(program, process.argv.slice(2));
  } catch (error) {
    process.exit(tell(program.name, error));
  }
}

async function obey(program: Program, [argument, ...more]: readonly string[]): Promise<void> {
  if (more.length > 0 || (argument !== undefined && argument !== 'migrate')) {
    process.stderr.write('Cách dùng / usage: node main.js [migrate]\n');
    process.exit(EXIT.usage);
  }
  if (argument === 'migrate') return program.migrate();
  const told = new AbortController();
  const { starting, telemetry } = await program.serve(versionOf(), told.signal);
  stopOnSignals(program.name, starting, telemetry, told);
  try {
    await starting;
  } catch (error) {
    if (error === told.signal.reason) process.exit(EXIT.done);
    throw error;
  }
}

/** A signal that comes while the service still starts takes it down once it stands or waits; a second one does not wait. */
function stopOnSignals(name: string, starting: Promise<Stoppable>, telemetry: Telemetry, told: AbortController): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    log(name).info('told to stop', { signal });
    told.abort();
    // Whatever hangs, the end comes before Kubernetes kills (30 s).
    setTimeout(() => process.exit(EXIT.failed), SHUTDOWN_MS + 1_000).unref();
    starting
      .then((service) => service.stop())
      .then((failed) => process.exit(failed.length === 0 ? EXIT.done : EXIT.failed))
      .catch(() => void telemetry.shutdown());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** What went wrong, for the operator; answers the exit code. */
function tell(name: string, error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.config;
  }
  if (error instanceof MustNotBegin) return error.exitCode;
  // A service put together wrongly: no data has been near it yet, so its own sentence may be told.
  if (error instanceof RouteRefused || error instanceof TypeError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.defect;
  }
  log(name).error('the service could not start', { error });
  return EXIT.failed;
}

/** Of the package whose program this is; told by traces and documents. */
function versionOf(): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', pathToFileURL(process.argv[1] ?? '')), 'utf8')) as { version?: string };
    return version ?? '0.0.0';
  } catch {
    return '0.0.0';
  }
}
