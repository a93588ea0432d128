import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for what will be; a test that waits for ever fails by Jest's own limit, and says which. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
