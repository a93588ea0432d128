/** Runs promises: one, or all of them one after the other, each result written as its run ends. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ground.js';
import { RESULTS, writePage } from './page.js';
import { promiseNamed, PROMISES } from './promises/promises.js';
import { faultsOf, linesOf, promiseResultOf, resultOf, versionOf } from './result.js';
import { folderOf, run } from './run.js';
import { lineOf } from './sight.js';

/** @typedef {ReturnType<typeof promiseNamed>} Promised */

/**
 * @param {Promised} promised @param {{ json?: string | undefined, tell: (line: string) => void }} how
 * @returns {Promise<boolean>} whether it was kept
 */
export async function keep(promised, { json, tell }) {
  const { promise, vi, en, size, unit, options, scene } = promised;
  console.log(`--- ${promise}, ${options.transport}: ${vi} / ${en}; ${size} ${unit}`);
  const version = versionOf();
  const outcome = await run(options, { code: version.code, tell, ...(scene === undefined ? {} : { scene }) });
  const result = promiseResultOf(promised, resultOf(options, outcome, version), outcome);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  for (const line of linesOf(result)) tell(line);
  for (const measure of outcome.measures) tell(`${measure.kept ? ' ' : '✗'} ${lineOf(measure)}`);
  const faults = faultsOf(outcome);
  for (const fault of faults.slice(0, 20)) tell(`✗ ${fault}`);
  if (result.kept) rmSync(folderOf(options), { recursive: true, force: true });
  else tell(`${faults.length} ✗; ${folderOf(options)}`);
  return result.kept;
}

/** All of them; a run that breaks off leaves the others their turn. @param {{ full: boolean, resume: boolean, tell: (line: string) => void }} how `resume`: not again what was kept by this code in this size */
export async function keepAll({ full, resume, tell }) {
  let good = true;
  for (const name of Object.keys(PROMISES)) {
    const promised = promiseNamed(name, { full });
    const json = join(ROOT, RESULTS, `${name}.json`);
    if (resume && isKept(json, promised)) continue;
    try {
      good = (await keep(promised, { json, tell })) && good;
    } catch (error) {
      good = false;
      tell(`✗ ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  writePage(ROOT);
  return good;
}

/** @param {string} path @param {Promised} promised */
function isKept(path, { size }) {
  if (!existsSync(path)) return false;
  /** @type {import('./result.js').PromiseResult} */
  const before = JSON.parse(readFileSync(path, 'utf8'));
  return before.kept && before.size >= size && before.code === versionOf().code;
}
