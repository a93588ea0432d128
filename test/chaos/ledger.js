/**
 * What a client was told, kept outside the platform: one line for each question before it is sent, one for each answer,
 * on disk (fdatasync) before it counts. It is read back from the file; memory proves nothing.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

/**
 * @typedef {object} Asked a command on its way
 * @property {'ask'} t
 * @property {number} n       number of the command in this run
 * @property {string} k       Idempotency-Key
 * @property {string} o       name of the step
 * @property {string | null} d dossier, null when it is only being received
 * @property {number} v       version it was meant for, 0 for a new one
 */
/**
 * @typedef {object} Acknowledged an answer 200 or 201
 * @property {'ack'} t
 * @property {string} k
 * @property {string} d
 * @property {string} c       dossier code
 * @property {number} v       version after it
 * @property {string} s       state after it
 * @property {string} h       SHA-256 of the answer's body
 * @property {number} w       how often it was sent
 */

export class Ledger {
  #file;
  #open = true;
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    if (existsSync(path)) dropTornLine(path);
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Written before the question leaves; lost only with the machine, and then nobody was answered. @param {Omit<Asked, 't'>} asked */
  ask(asked) {
    this.#write({ t: 'ask', ...asked });
  }

  /** Is on disk when this returns. @param {Omit<Acknowledged, 't'>} answer */
  acknowledge(answer) {
    this.#write({ t: 'ack', ...answer });
    if (this.#open) fdatasyncSync(this.#file);
  }

  /** What a run that broke off still hears of goes nowhere. */
  close() {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }

  /** @param {object} line */
  #write(line) {
    if (this.#open) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** @param {string} path @returns {{ asked: Map<string, Asked>, acknowledged: Map<string, Acknowledged>, hash: string }} by key, in their order */
export function readLedger(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const asked = new Map();
  const acknowledged = new Map();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = JSON.parse(line);
    if (entry.t === 'ask') asked.set(entry.k, entry);
    else acknowledged.set(entry.k, entry);
  }
  return { asked, acknowledged, hash: createHash('sha256').update(text).digest('hex') };
}

/** A run that was killed in the middle of a line: nothing of it was acknowledged. @param {string} path */
function dropTornLine(path) {
  const bytes = readFileSync(path);
  truncateSync(path, bytes.lastIndexOf(10) + 1);
}
