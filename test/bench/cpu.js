/**
 * What processes cost: CPU time and memory of whole process trees, as Linux counts them. A tick is 10 ms, so a span that is
 * to be compared lasts seconds.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** USER_HZ is 100 on every Linux that Node runs on: part of the kernel's interface. */
const TICK_US = 10_000;

/**
 * @typedef {object} Stat
 * @property {number} parent
 * @property {number} own     ticks of the process itself, user and system
 * @property {number} reaped  ticks of children (and theirs) that ended and were waited for
 */

/** One line of /proc/<pid>/stat. The name in brackets may itself hold brackets and spaces. @param {string} line @returns {Stat} */
export function statOf(line) {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const at = (/** @type {number} */ field) => Number(fields[field - 3]);
  return { parent: at(4), own: at(14) + at(15), reaped: at(16) + at(17) };
}

/** Every process of this machine. @returns {Map<number, Stat>} */
function processes() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.set(Number(name), statOf(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended between the two looks.
    }
  }
  return all;
}

/**
 * The processes with all that descend from them.
 * @param {readonly number[]} roots @param {ReadonlyMap<number, Pick<Stat, 'parent'>>} all
 */
export function treeOf(roots, all) {
  const tree = new Set(roots.filter((pid) => all.has(pid)));
  // A child may stand before its parent in the list: again until nobody is added.
  for (let before = -1; before !== tree.size; ) {
    before = tree.size;
    for (const [pid, { parent }] of all) if (tree.has(parent)) tree.add(pid);
  }
  return tree;
}

/**
 * CPU time of process trees since they began (µs): of all that live in them, and of what ended in them and was waited for.
 * A PostgreSQL backend that ended counts through its postmaster.
 * @param {readonly number[]} pids @param {ReadonlyMap<number, Stat>} all
 */
export function cpuIn(pids, all) {
  let ticks = 0;
  for (const pid of treeOf(pids, all)) {
    const one = all.get(pid);
    if (one !== undefined) ticks += one.own + one.reaped;
  }
  return ticks * TICK_US;
}

/** Memory of process trees (bytes): what is shared counts in parts. @param {readonly number[]} pids */
export function pssOf(pids) {
  let bytes = 0;
  for (const pid of treeOf(pids, processes())) {
    try {
      bytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1_024;
    } catch {
      // It ended, or is the kernel's.
    }
  }
  return bytes;
}

/** A number of pids for a name, asked at every look: a service that came again has another one. @typedef {Readonly<Record<string, () => readonly number[]>>} Parts */

/** CPU of several parts over one span. */
export class Meter {
  #parts;
  /** @type {ReadonlyMap<number, Stat>} */
  #before = new Map();
  #from = 0;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  start() {
    this.#before = processes();
    this.#from = performance.now();
  }

  /** CPU by part, and how long the span was, in µs. @returns {{ cpu: Record<string, number>, us: number }} */
  stop() {
    const us = Math.round((performance.now() - this.#from) * 1_000);
    const now = processes();
    const cpu = Object.fromEntries(Object.entries(this.#parts).map(([name, pids]) => [name, cpuIn(pids(), now) - cpuIn(pids(), this.#before)]));
    return { cpu, us };
  }
}
