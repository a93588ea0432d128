import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 500;

/**
 * Runs `work` while nobody else on this copy does: the holder touches the lock file twice a second, so a file that stays
 * untouched belongs to a run that was killed. Clocks are not compared, and a number used again by another process does
 * not matter.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void, staleMs?: number }} [options] onWait is told once when somebody else holds it
 * @returns {Promise<T>}
 */
export async function withLock(file, work, { onWait, staleMs = 5_000 } = {}) {
  const mine = randomUUID();
  await take(file, mine, staleMs, onWait);
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Deleted by hand: there is nothing left to keep.
    }
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (read(file) === mine) rmSync(file, { force: true });
  }
}

/** @param {string} file @param {string} mine @param {number} staleMs @param {(() => void) | undefined} onWait */
async function take(file, mine, staleMs, onWait) {
  /** What was seen last, and since when. */
  let seen = { state: '', at: 0 };
  for (let tries = 0; ; tries += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (tries === 0) onWait?.();
    const state = stateOf(file);
    if (state !== seen.state) seen = { state, at: performance.now() };
    else if (performance.now() - seen.at > staleMs) removeStale(file, read(file));
    await sleep(BEAT_MS / 2);
  }
}

/** @param {string} file */
function stateOf(file) {
  try {
    return `${statSync(file).mtimeMs} ${read(file)}`;
  } catch {
    return '';
  }
}

/** @param {string} file @returns {string | undefined} */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Of several that wait, one removes it; who by that takes away a new lock gives it back. @param {string} file @param {string | undefined} stale */
function removeStale(file, stale) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== stale) linkSync(aside, file);
  } catch {
    // Another one was faster.
  }
  rmSync(aside, { force: true });
}
