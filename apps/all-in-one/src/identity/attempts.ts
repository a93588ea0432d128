const FREE = 10;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 15 * 60_000;

interface Failures {
  readonly count: number;
  readonly waitUntil: number;
}

/**
 * Failed logins by account, as the realm has it: after ten in a row the account waits a minute, then a minute longer
 * each time, fifteen at most. Only known accounts are counted, so the list is as short as the staff.
 */
export class Attempts {
  readonly #failed = new Map<string, Failures>();

  /** True while the account must wait; a right password is not looked at either. */
  waits(account: string, now: number): boolean {
    return (this.#failed.get(account)?.waitUntil ?? 0) > now;
  }

  failed(account: string, now: number): void {
    const count = (this.#failed.get(account)?.count ?? 0) + 1;
    const wait = count < FREE ? 0 : Math.min((count - FREE + 1) * FIRST_WAIT_MS, LONGEST_WAIT_MS);
    this.#failed.set(account, { count, waitUntil: now + wait });
  }

  succeeded(account: string): void {
    this.#failed.delete(account);
  }
}
