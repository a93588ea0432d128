/**
 * The cache of everything that is fetched or made once: outside the clone, so that `git clean` and a second clone
 * keep it. One folder per thing, written beside its final place and renamed into it: it is whole or it is not there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest time one maker may hold a lock: the slowest (Keycloak over a thin line) took under two minutes. */
const LOCK_MS = 15 * 60_000;

/** Something that stops the run, told in one sentence to the person at the keyboard. */
export class PartError extends Error {
  /** @type {string} */
  name = 'PartError';
}

/** Runs a program; what it cannot do, or does not understand, is said in one sentence, with exit code 1. @param {() => Promise<void>} main */
export async function told(main) {
  try {
    await main();
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    console.error(sentence);
    process.exitCode = 1;
  }
}

/** Of parseArgs only what it does not know; its advice is about its own options. @param {unknown} error */
function sentenceOf(error) {
  if (error instanceof PartError) return error.message;
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'))) return undefined;
  return `Không hiểu tham số / the arguments are not understood: ${error.message.split(/\.(?:\s|$)/u)[0]}.`;
}

/**
 * Folder of the cache: QUANSO_CACHE, else XDG_CACHE_HOME/quan-so, else ~/.cache/quan-so.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheRoot(env = process.env) {
  if (env.QUANSO_CACHE) {
    if (!isAbsolute(env.QUANSO_CACHE)) throw new PartError('QUANSO_CACHE phải là đường dẫn tuyệt đối / must be an absolute path.');
    return env.QUANSO_CACHE;
  }
  // The XDG specification says that a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return xdg && isAbsolute(xdg) ? join(xdg, 'quan-so') : join(homedir(), '.cache', 'quan-so');
}

/**
 * The folder `name` of the cache; `make(folder)` fills it when it is not there. Two processes at once: one makes, the
 * other waits. Nothing of a make that failed stays.
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make
 * @param {string} [root]
 * @returns {Promise<string>}
 */
export async function once(name, make, root = cacheRoot()) {
  const folder = join(root, name);
  if (isThere(folder)) return folder;
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const unlock = await lock(`${folder}.lock`, () => isThere(folder));
  if (unlock === undefined) return folder;
  const draft = draftOf(folder);
  try {
    if (isThere(folder)) return folder;
    mkdirSync(draft, { mode: 0o700 });
    await make(draft);
    settle(draft, folder);
    return folder;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    unlock();
  }
}

/**
 * A folder for the length of this run, only for this user; those of runs that were killed are taken away.
 * @param {string} name
 * @param {string} [root]
 */
export function workFolder(name, root = tmpdir()) {
  prune(`${name}.draft-`, 0, root);
  const folder = draftOf(join(root, name));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** A name that tells whose unfinished work it is. @param {string} folder */
function draftOf(folder) {
  return `${folder}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * Keeps the `keep` folders of a kind that were used last, and takes away drafts and locks of processes that died.
 * @param {string} prefix
 * @param {number} keep
 * @param {string} [root]
 */
export function prune(prefix, keep, root = cacheRoot()) {
  if (!existsSync(root)) return;
  const names = readdirSync(root).filter((name) => name.startsWith(prefix));
  const whole = names.filter((name) => !/\.(lock|draft-[^.]*)$/.test(name));
  const used = whole.map((name) => ({ name, at: statSync(join(root, name)).mtimeMs })).sort((a, b) => b.at - a.at);
  const dead = names.filter((name) => isDraftOfTheDead(name, root));
  for (const name of [...used.slice(keep).map((folder) => folder.name), ...dead]) {
    rmSync(join(root, name), { recursive: true, force: true });
  }
}

/**
 * SHA-256 of a file, hexadecimal.
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Short name of what something was made from; equal content, equal name.
 * @param {...unknown} parts
 * @returns {string}
 */
export function digest(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** @param {string} folder */
function isThere(folder) {
  if (!existsSync(folder)) return false;
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // A cache that somebody else owns can be read; only its age is not kept.
  }
  return true;
}

/** @param {string} draft @param {string} folder */
function settle(draft, folder) {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Two makers can meet when a lock was taken from a process thought dead: the first one's work counts.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Takes the lock file; waits while its owner lives. Undefined when what was waited for is there by then.
 * @param {string} path
 * @param {() => boolean} done
 * @returns {Promise<(() => void) | undefined>}
 */
async function lock(path, done) {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw unwritable(path, error);
    }
    if (isStale(path)) rmSync(path, { force: true });
    else await sleep(200);
    if (done()) return undefined;
  }
}

/** @param {string} path @param {unknown} error */
function unwritable(path, error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  return new PartError(`Không ghi được vào bộ đệm / cannot write to the cache: ${path} (${code}); QUANSO_CACHE chọn nơi khác / names another place.`);
}

/** @param {string} path */
function isStale(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    const owner = Number(readFileSync(path, 'utf8'));
    // An empty file is a lock between its making and its writing.
    if (!owner) return age > 5_000;
    return age > LOCK_MS || !isAlive(owner);
  } catch {
    return false;
  }
}

/** @param {string} name @param {string} root */
function isDraftOfTheDead(name, root) {
  if (name.endsWith('.lock')) return isStale(join(root, name));
  const owner = /\.draft-(\d+)-[0-9a-f]+$/.exec(name)?.[1];
  return owner !== undefined && !isAlive(Number(owner));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
