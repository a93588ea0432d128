/** Who signs in: a small real issuer with the staff of the authority pack; both sides ask it for its keys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token lives ten minutes; a run takes it anew before. */
const FRESH_MS = 300_000;

/** So many of a kind, as many desks have: `specialist`, `specialist-d1` … @param {string} role @param {number} desk */
export function accountOf(role, desk) {
  return desk === 0 ? role : `${role}-d${desk}`;
}

/** @param {string} pack folder of the authority */
export async function openIssuer(pack) {
  const { startTestIssuer } = await import('@quan-so/testing');
  const issuer = await startTestIssuer();
  const staff = JSON.parse(readFileSync(join(pack, 'staff.json'), 'utf8'));
  /** @type {Map<string, { token: string, until: number }>} */
  const tokens = new Map();
  const token = (/** @type {string} */ role, /** @type {number} */ desk) => {
    const username = accountOf(role, desk);
    const known = tokens.get(username);
    if (known !== undefined && known.until > Date.now()) return known.token;
    const person = staff.people.find((/** @type {{ username: string }} */ one) => one.username === role);
    const positions = person.positions.map((/** @type {{ role: string, unit: string }} */ { role: held, unit }) => `${held}@${unit}`);
    const fresh = issuer.token({ username, name: person.name, positions });
    tokens.set(username, { token: fresh, until: Date.now() + FRESH_MS });
    return fresh;
  };
  return { issuer: issuer.issuer, token, stop: () => issuer.stop() };
}
