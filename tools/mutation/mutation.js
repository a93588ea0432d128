/**
 * `npm run mutation`: changes one expression after the other in the pure rules (`*.rules.ts`, kernel/language,
 * kernel/contract) and counts what the tests find. Exits 1 when a group is below 85
 * of a hundred, or a file below 80.
 *   --only GLOB       these files (may be given several times)
 *   --jobs N          mutants side by side (2)
 *   --json FILE       the report of Stryker, with every mutant that survived
 */
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { digest, once, prune, told } from '../real/cache.js';
import { findNpm } from '../run/install.js';
import { workbench } from '../workbench/workbench.js';
import { LEAST, line, scoresOf, tooLow, untried } from './score.js';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '..', '..');

/** @param {string} program @param {readonly string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const child = spawn(program, args, { cwd, stdio: 'inherit' });
  const stop = () => child.kill('SIGTERM');
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => (process.off('SIGINT', stop).off('SIGTERM', stop), done(code ?? 1)));
  });
}

/** Stryker and Vitest, exactly those of the lockfile, outside the clone. */
async function fetched() {
  const lockfile = readFileSync(join(HERE, 'package-lock.json'), 'utf8');
  const folder = await once(`mutation-${digest(lockfile, process.platform, process.arch)}`, async (draft) => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(HERE, name), join(draft, name));
    const [npm = 'npm', ...before] = findNpm();
    if ((await run(npm, [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], draft)) !== 0) throw new Error('npm ci: không cài được Stryker / Stryker could not be installed.');
  });
  prune('mutation-', 2);
  return join(folder, 'node_modules');
}

/** The configuration with what was asked for; on the command line a comma of a glob would part it. @param {string} root @param {{ only?: string[], jobs: string }} asked */
function configure(root, { only, jobs }) {
  const config = JSON.parse(readFileSync(join(HERE, 'stryker.json'), 'utf8'));
  const name = 'stryker.run.json';
  writeFileSync(join(root, name), JSON.stringify({ ...config, concurrency: Number(jobs), mutate: [...(only ?? config.mutate), '!**/*.spec.ts'] }));
  return name;
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, jobs: { type: 'string', default: '2' }, json: { type: 'string' } } });
  const modules = await fetched();
  const bench = workbench(ROOT);
  try {
    symlinkSync(join(modules, 'vitest'), join(bench.root, 'node_modules', 'vitest'), 'junction');
    const stryker = join(modules, '@stryker-mutator', 'core', 'bin', 'stryker.js');
    const code = await run(process.execPath, [stryker, 'run', configure(bench.root, values)], bench.root);
    if (code !== 0) throw new Error(`stryker: mã / code ${code}`);
    const text = readFileSync(join(bench.root, 'mutation.json'), 'utf8');
    if (values.json) copyFileSync(join(bench.root, 'mutation.json'), values.json);
    const report = JSON.parse(text);
    const lost = untried(report);
    if (lost > 0) throw new Error(`${lost} đột biến không được thử: máy quá bận? chạy lại / mutants were not tried: is the machine too busy? run again`);
    const { files, groups } = scoresOf(report);
    if (files.length === 0) throw new Error('không có gì để đổi / nothing was mutated');
    for (const one of [...files, ...groups]) console.log(line(one));
    const low = tooLow({ files, groups });
    if (low.length > 0) console.log(`quá thấp (nhóm ${LEAST.group}, tệp ${LEAST.file}) / too low (a group ${LEAST.group}, a file ${LEAST.file}):\n${low.map(line).join('\n')}`);
    process.exitCode = low.length === 0 ? 0 : 1;
  } finally {
    bench.remove();
  }
}

await told(main);
