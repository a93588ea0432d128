import { readFileSync } from 'node:fs';

/** Whether a process with this number lives; another user's too. A zombie, whose parent has not looked yet, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return statOf(pid)[0] !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start of a process in the system's own count (Linux), so that a number used again is not taken for the same process. */
export function bornOf(pid: number): string {
  return statOf(pid)[19] ?? '';
}

/** /proc/<pid>/stat from its third field on; nothing where there is no /proc. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Waits until `done` or the time is over; answers whether it was done. */
export async function until(done: () => boolean, ms: number): Promise<boolean> {
  const ends = performance.now() + ms;
  while (!done()) {
    if (performance.now() > ends) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
