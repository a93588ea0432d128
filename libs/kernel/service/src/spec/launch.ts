import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '..', '..', '..', '..', '..');

export interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

/** A program of this folder as a process of its own, with this environment and nothing else. */
export function launch(main: string, env: NodeJS.ProcessEnv, ...args: string[]): Launched {
  const flags = ['--import', join(import.meta.dirname, 'read-typescript.js'), '-C', 'quan-so', join(import.meta.dirname, main)];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { child, ended: once(child, 'close').then(([code]) => code as number | null), output: () => text };
}

/** Long: what a busy machine makes slow is no failure; Jest ends the test after two minutes. */
export async function waitFor(holds: () => boolean | Promise<boolean>, ms = 100_000): Promise<void> {
  for (const ends = Date.now() + ms; !(await holds()); await sleep(20)) if (Date.now() > ends) throw new Error('waited in vain');
}
