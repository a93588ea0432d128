import assert from 'node:assert/strict';

/**
 * Fails unless both say the same as JSON. Under Jest the answers of `fetch` have the prototypes of another realm, which
 * `assert` alone takes for a difference.
 */
export function same(actual: unknown, expected: unknown, message?: string): void {
  if (message === undefined) assert.deepEqual(plain(actual), plain(expected));
  else assert.deepEqual(plain(actual), plain(expected), message);
}

/** Undefined members of a list stay visible. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => inner ?? null)) as unknown;
}
