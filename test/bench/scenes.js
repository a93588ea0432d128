/** What can be measured: a name, and where it stands. Each is loaded only when it is asked for. */

/**
 * @typedef {object} How
 * @property {number} rounds
 * @property {boolean} quick      shows in under 90 s that it works and that everything arrives; measures nothing worth keeping
 * @property {number} seed
 * @property {string} dir         a folder on the disk, taken away afterwards when all went well
 * @property {(line: string) => void} tell
 */
/**
 * @typedef {object} Scene
 * @property {{ vi: string, en: string }} title
 * @property {number} rounds of a full run
 * @property {(how: How) => Promise<Report>} run throws when something was lost, doubled or stale
 */
/** @typedef {{ vi: string, en: string }} Words */
/**
 * @typedef {object} Report
 * @property {Readonly<Record<string, string>>} versions   of peers and of what both stand on
 * @property {Readonly<Record<string, unknown>>} sizes     rows, rates, seconds, bytes
 * @property {readonly unknown[]} rounds                   as measured
 * @property {readonly (Words & { spread: import('./rounds.js').Spread })[]} ratios
 * @property {readonly Target[]} targets
 * @property {readonly Table[]} tables
 */
/** What the issue asks for, and whether it is so. @typedef {Words & { wanted: string, got: string, met: boolean }} Target */
/** Texts and numbers; the first column names the row. @typedef {{ title: Words, columns: readonly string[], rows: readonly (readonly (string | number)[])[] }} Table */

/** @type {Readonly<Record<string, () => Promise<{ scene: Scene }>>>} */
export const scenes = {
  outbox: () => import('./outbox/outbox.js'),
  lifecycle: () => import('./lifecycle/lifecycle.js'),
  million: () => import('./lifecycle/million.js'),
  upsert: () => import('./upsert/upsert.js'),
  journey: () => import('./journey/journey.js'),
};
