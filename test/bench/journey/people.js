/** Who works and who reads, so many of each post that nobody exceeds what one person may ask in a minute (kernel/http). */
import { staffOf } from './ground.js';

/** Of 3,000 requests a minute each; 500 commands a second are 30,000. */
export const OF_EACH = 24;
const FRESH_MS = 300_000;

export async function openPeople() {
  const { startTestIssuer } = await import('@quan-so/testing');
  const issuer = await startTestIssuer();
  const staff = staffOf();
  /** @type {Map<string, { token: string, until: number }>} */
  const tokens = new Map();
  /** @param {string} post account of the pack @param {number} n which of them */
  const token = (post, n) => {
    const username = nameOf(post, n);
    const known = tokens.get(username);
    if (known !== undefined && known.until > Date.now()) return known.token;
    const person = staff.find((/** @type {{ username: string }} */ one) => one.username === post);
    const positions = person.positions.map((/** @type {{ role: string, unit: string }} */ { role, unit }) => `${role}@${unit}`);
    const fresh = issuer.token({ username, name: person.name, positions });
    tokens.set(username, { token: fresh, until: Date.now() + FRESH_MS });
    return fresh;
  };
  return { issuer: issuer.issuer, token, stop: () => issuer.stop() };
}

/** @param {string} post @param {number} n */
export function nameOf(post, n) {
  return `${post}-${n % OF_EACH}`;
}
