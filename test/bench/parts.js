/** Peers from Maven Central, pinned in parts.json by version and by the SHA-256 of each file. */
import { readFileSync } from 'node:fs';
import { fetchPinned } from '../../tools/real/parts.js';

/** @type {Record<string, import('../../tools/real/parts.js').Part>} */
export const PEERS = JSON.parse(readFileSync(new URL('parts.json', import.meta.url), 'utf8'));

/** The folder of a peer's files in the cache. @param {string} name */
export function fetchPeer(name) {
  const part = PEERS[name];
  if (part === undefined) throw new RangeError(`no peer ${name} in test/bench/parts.json`);
  return fetchPinned(name, part);
}
