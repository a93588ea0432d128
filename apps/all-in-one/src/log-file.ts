import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const LOG_FILE = 'log.jsonl';
const OLD_LOG_FILE = 'log.old.jsonl';
/** The last two files of this size are kept: weeks of one person's use. */
const LONGEST_BYTES = 20_000_000;

export interface LogFile {
  readonly write: (line: string) => void;
  close(): void;
}

/**
 * The log of the platform as a file of the data folder, so that the screen stays one screen; what went wrong is told there
 * too. A line that cannot be written is lost: a full disk must not stop the work.
 */
export function openLogFile(folder: string, toScreen: (line: string) => void, longest = LONGEST_BYTES): LogFile {
  const path = join(folder, LOG_FILE);
  let file = openSync(path, 'a', 0o600);
  let written = fstatSync(file).size;
  const beginAnew = (): void => {
    closeSync(file);
    renameSync(path, join(folder, OLD_LOG_FILE));
    file = openSync(path, 'a', 0o600);
    written = 0;
  };
  return {
    write: (line) => {
      if (line.includes('"level":"error"')) toScreen(line);
      try {
        written += writeSync(file, line);
        if (written > longest) beginAnew();
      } catch {
        // Nowhere to tell it.
      }
    },
    close: () => closeSync(file),
  };
}
