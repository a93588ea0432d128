/** A measurement as it is kept. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { codeHash } from '../chaos/code.js';
import { commitOf } from '../chaos/result.js';

/**
 * @typedef {object} Result
 * @property {string} scene
 * @property {import('./scenes.js').Words} title
 * @property {boolean} quick
 * @property {number} seed
 * @property {string} commit  `+` behind it when files differed
 * @property {string} code    hash of the sources it speaks of (test/chaos/code.js)
 * @property {string} at      day of the run
 * @property {{ cores: number, model: string, load: string }} machine  load: of the minute before it began
 * @property {number} seconds
 * @property {import('./scenes.js').Report['versions']} versions
 * @property {import('./scenes.js').Report['sizes']} sizes
 * @property {import('./scenes.js').Report['ratios']} ratios
 * @property {import('./scenes.js').Report['targets']} targets
 * @property {import('./scenes.js').Report['tables']} tables
 * @property {import('./scenes.js').Report['rounds']} rounds
 */

/** What is about to be measured; files may change while it is. @param {string} root */
export function versionOf(root) {
  const machine = { cores: availableParallelism(), model: cpus()[0]?.model.trim() ?? 'unknown', load: readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '' };
  return { commit: commitOf(), code: codeHash(root), at: new Date().toISOString().slice(0, 10), machine };
}

/**
 * @param {{ scene: string, title: import('./scenes.js').Words, quick: boolean, seed: number, seconds: number }} what
 * @param {ReturnType<typeof versionOf>} version @param {import('./scenes.js').Report} report
 * @returns {Result}
 */
export function resultOf({ scene, title, quick, seed, seconds }, version, { versions, sizes, ratios, targets, tables, rounds }) {
  return { scene, title, quick, seed, ...version, seconds, versions: { node: process.versions.node, ...versions }, sizes, ratios, targets, tables, rounds };
}

/** @param {Pick<Result, 'ratios' | 'targets' | 'tables'>} result */
export function linesOf({ ratios, targets, tables }) {
  return [
    ...tables.flatMap(({ title, columns, rows }) => [`${title.vi} / ${title.en}`, ...[columns, ...rows].map((row) => `  ${row.map((cell) => String(cell).padEnd(16)).join(' ')}`)]),
    ...ratios.map(({ vi, en, spread }) => `${vi} / ${en}: ${spreadText(spread)}`),
    ...targets.map(({ vi, en, wanted, got, met }) => `${met ? '✓' : '✗'} ${vi} / ${en}: ${wanted}; ${got}`),
  ];
}

/** @param {import('./rounds.js').Spread} spread */
export function spreadText({ median, min, max }) {
  return `${short(median)} (${short(min)}–${short(max)})`;
}

/** Three digits that say something. @param {number} value */
export function short(value) {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
