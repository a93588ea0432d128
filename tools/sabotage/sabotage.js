/**
 * `npm run sabotage`: breaks one line after the other in a copy of this repository, each named with the promise it breaks,
 * and expects one named test to turn red. Exits 1 when a fault survives or when its line is no longer there.
 *   --quick           only faults that pure tests find
 *   --only NAME       this fault (may be given several times)
 *   --list            the faults, without running anything
 *   --jobs N          copies side by side (2)
 *   --json FILE       what came out, for programs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PartError, told } from '../real/cache.js';
import { workbench } from '../workbench/workbench.js';
import { faults } from './faults.js';
import { runTests } from './jest.js';
import { broken, driftOf, isQuick, outcomeOf, summary, tableLine } from './sabotage.rules.js';

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} promise  what it breaks
 * @property {string} file
 * @property {string} text   stands exactly once in the file
 * @property {string} fault  what stands there instead
 * @property {string} spec
 * @property {string} test   full name of the test that must turn red
 */
/** @typedef {{ fault: Fault, outcome: import('./sabotage.rules.js').Outcome, seconds: number }} Result */

const ROOT = resolve(import.meta.dirname, '..', '..');

/** @param {readonly Fault[]} chosen @param {number} jobs @returns {Promise<Result[]>} */
async function runAll(chosen, jobs) {
  const benches = Array.from({ length: Math.min(jobs, chosen.length) }, () => workbench(ROOT));
  const end = () => benches.forEach((bench) => bench.remove());
  const told = () => (end(), process.exit(130));
  process.once('SIGINT', told).once('SIGTERM', told);
  /** @type {Result[]} */
  const results = [];
  try {
    const green = await greenTests(benches.map((bench) => bench.root), chosen);
    const todo = chosen.values();
    await Promise.all(
      benches.map(async ({ root }) => {
        for (const fault of todo) {
          const result = await runOne(root, fault, green);
          console.log(tableLine(result));
          results.push(result);
        }
      }),
    );
  } finally {
    end();
  }
  return results;
}

/** Names of tests that pass while nothing is broken, by `spec: name`. A test that is red anyway proves nothing. @param {readonly string[]} roots @param {readonly Fault[]} chosen */
async function greenTests(roots, chosen) {
  const specs = [...new Set(chosen.map(({ spec }) => spec))];
  const parts = roots.map((root, index) => ({ root, specs: specs.filter((_, at) => at % roots.length === index) }));
  const found = await Promise.all(parts.filter((part) => part.specs.length > 0).map(({ root, specs: some }) => runTests(root, some)));
  return new Set(found.flat().flatMap(({ spec, name, status }) => (status === 'passed' ? [`${spec}: ${name}`] : [])));
}

/** @param {string} root @param {Fault} fault @param {ReadonlySet<string>} green @returns {Promise<Result>} */
async function runOne(root, fault, green) {
  const began = performance.now();
  const done = (/** @type {import('./sabotage.rules.js').Outcome} */ outcome) => ({ fault, outcome, seconds: (performance.now() - began) / 1_000 });
  if (!green.has(`${fault.spec}: ${fault.test}`)) return done('not green before');
  const path = join(root, fault.file);
  const whole = readFileSync(path, 'utf8');
  if (driftOf(fault, whole) !== undefined) return done('drifted');
  writeFileSync(path, broken(fault, whole));
  try {
    return done(outcomeOf(fault, await runTests(root, [fault.spec], fault.test)));
  } finally {
    writeFileSync(path, whole);
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      list: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      json: { type: 'string' },
    },
  });
  const chosen = faults.filter((fault) => (!values.quick || isQuick(fault)) && (values.only?.includes(fault.name) ?? true));
  if (values.list) {
    for (const { name, promise, file, test } of chosen) console.log(`${name}\n  ${promise}\n  ${file}\n  ${test}`);
    return;
  }
  if (chosen.length === 0) throw new PartError('không có lỗi nào tên như vậy / no fault of this name');
  const began = performance.now();
  const results = await runAll(chosen, Math.max(1, Number(values.jobs) || 1));
  const seconds = (performance.now() - began) / 1_000;
  console.log(summary(results, seconds));
  const rows = results.map(({ fault: { name, promise, spec, test }, outcome, seconds: took }) => ({ name, promise, spec, test, outcome, seconds: Math.round(took * 10) / 10 }));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ faults: rows, seconds: Math.round(seconds) }, null, 2)}\n`);
  process.exitCode = results.every(({ outcome }) => outcome === 'red') ? 0 : 1;
}

await told(main);
