/** Ports of this machine that lead into the cluster, opened again when they break, none left when the run is gone. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, launch } from '../real/process.js';

const OPEN_MS = 30_000;
const LOOK_MS = 100;

/**
 * @typedef {object} Forward
 * @property {string} base   where it listens, as an address
 * @property {() => number} breaks how often it had to be opened again
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} dir for its log
 * @param {{ namespace: string, target: string, port: number, address?: string, local?: number }} to
 * @returns {Promise<Forward>}
 */
export async function forward(dir, { namespace, target, port, address = '127.0.0.1', local }) {
  const here = local ?? (await freePorts(1))[0] ?? 0;
  const log = join(dir, `forward-${namespace}-${target.replace('/', '-')}-${here}.log`);
  const args = ['-n', namespace, 'port-forward', '--address', address, target, `${here}:${port}`];
  let breaks = -1;
  let over = false;
  /** @type {import('../real/process.js').Program | undefined} */
  let program;
  const open = async () => {
    breaks += 1;
    rmSync(log, { force: true });
    const one = launch({ name: `port-forward ${target}`, command: 'kubectl', args, log, stopMs: 2_000 });
    program = one;
    while (one.running() && !/Forwarding from/.test(readFileSync(log, 'utf8'))) await sleep(LOOK_MS);
    return one.running();
  };
  const keep = async () => {
    for (;;) {
      await program?.ended;
      if (over) return;
      await sleep(LOOK_MS);
      await open();
    }
  };
  for (const ends = Date.now() + OPEN_MS; !(await open()); await sleep(1_000)) {
    if (Date.now() > ends) throw new Error(`port-forward ${target}: ${readFileSync(log, 'utf8').trim()}`);
  }
  breaks = 0;
  void keep();
  const stop = async () => {
    over = true;
    await program?.stop();
  };
  return { base: `http://${address}:${here}`, breaks: () => breaks, stop };
}
