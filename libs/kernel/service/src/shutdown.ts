/** One step of the way down; steps run in the order given, each with its own share of the time. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Kubernetes kills after 30 s; the whole way down must fit. */
export const SHUTDOWN_MS = 28_000;
/** Of them, for the requests in work. */
export const DRAIN_MS = 15_000;

/**
 * Runs every step even when one fails or hangs; answers the names of those that did.
 * A hanging step gives way when the time of the whole is over, so that the rest still has its turn.
 */
export async function takeDown(steps: readonly Step[], limitMs = SHUTDOWN_MS): Promise<string[]> {
  const ends = Date.now() + limitMs;
  const failed: string[] = [];
  for (const [index, step] of steps.entries()) {
    // Each step may use what is left, but leaves a second to every step after it.
    const share = Math.max(500, ends - Date.now() - (steps.length - index - 1) * 1_000);
    if (!(await within(step.run, share))) failed.push(step.name);
  }
  return failed;
}

async function within(run: () => Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([run().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
