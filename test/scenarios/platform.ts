import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tracesOfPage, tracesOfZipkin } from '../story/traces.js';
import { type World } from '../story/world.js';

/** A platform to talk to: made for the test, or the real parts that `npm run test:real` started. */
export interface TestPlatform {
  /** Address of a service, by name. */
  readonly bases: Readonly<Record<string, string>>;
  readonly issuer: string;
  /** Zipkin, where spans are looked up when they are not kept in the process. */
  readonly zipkin: string | undefined;
  /** Password of a person, secret of a system. */
  readonly secretOf: (account: string) => string;
  /** Everything the platform wrote to its two outputs and its log so far. */
  output(): string;
  stop(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '..', '..');
const START_LIMIT_MS = 60_000;

/** The platform for one authority: an own process with an empty data folder, or what QUANSO_BASES names. */
export async function usePlatform(authority: string): Promise<TestPlatform> {
  const bases = process.env['QUANSO_BASES'];
  return bases === undefined ? startOwn(authority) : useReal(JSON.parse(bases) as Record<string, string>);
}

function useReal(bases: Record<string, string>): TestPlatform {
  const accounts = JSON.parse(readFileSync(need('QUANSO_ACCOUNTS'), 'utf8')) as Record<string, string>;
  return {
    bases,
    issuer: need('QUANSO_ISSUER'),
    zipkin: need('QUANSO_ZIPKIN'),
    secretOf: (account) => secretIn(accounts, account),
    output: () => readFileSync(need('QUANSO_OUTPUT'), 'utf8'),
    stop: () => Promise.resolve(),
  };
}

async function startOwn(authority: string): Promise<TestPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quan so '));
  const drop = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  try {
    const platform = await startOn(dataDir, authority);
    return { ...platform, stop: () => platform.stop().finally(drop) };
  } catch (error) {
    drop();
    throw error;
  }
}

/** A platform of its own on data that the caller keeps; `services` names some of the services. */
export async function startOn(dataDir: string, authority: string, services?: readonly string[]): Promise<TestPlatform> {
  let output = '';
  const child = spawn(process.execPath, [join(ROOT, 'apps/all-in-one/dist/main.js'), '--authority', authority], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', QUANSO_DATA: dataDir, QUANSO_CHECK_ANSWERS: '1', SERVICES: services?.join(',') ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const stop = (): Promise<void> => ended(child);
  try {
    const base = await ready(child, join(dataDir, 'running.json'), () => output);
    const accounts = JSON.parse(readFileSync(join(dataDir, 'accounts.json'), 'utf8')) as Record<string, string>;
    return {
      bases: { dossiers: base, catalog: base, warehouse: base, front: base },
      issuer: `${base}/realms/quan-so`,
      zipkin: undefined,
      secretOf: (account) => secretIn(accounts, account),
      output: () => `${output}\n${readFileSync(join(dataDir, 'log.jsonl'), 'utf8')}`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the story needs of it. */
export function worldOf({ bases, issuer, zipkin, secretOf }: TestPlatform): World {
  return {
    bases,
    issuer,
    secretOf,
    traces: zipkin === undefined ? tracesOfPage(bases['front'] ?? '') : tracesOfZipkin(zipkin),
    traceAddress: (traceId) => traceId,
  };
}

async function ready(child: ChildProcess, file: string, output: () => string): Promise<string> {
  const ends = Date.now() + START_LIMIT_MS;
  while (Date.now() < ends) {
    if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}:\n${output()}`);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { base: string }).base;
    await sleep(50);
  }
  throw new Error(`the platform was not ready in ${START_LIMIT_MS} ms:\n${output()}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolvePromise) => child.once('exit', resolvePromise));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(30_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
}

function secretIn(accounts: Record<string, string>, account: string): string {
  const secret = accounts[account];
  if (secret === undefined) throw new Error(`no account ${account}; there are ${Object.keys(accounts).join(', ')}`);
  return secret;
}

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}
