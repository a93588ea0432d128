/**
 * `npm run proof`: kills what runs under load and compares what was acknowledged with what is there.
 *   --ci                       what `.ci/run` replays: without a broker, on Kafka, and a build that is broken on purpose
 *   --transport --seed --kills one run; `--json FILE` keeps its result, `--resume` goes on with one that was interrupted
 *   --sabotage FAULT           a build with that fault must lose or double something
 *   --promise R6 [--times N]   one promise by itself, N times or seconds (`--full`: the size that is promised)
 *   --promises [--full]        all of them one after the other into results/; `--resume` leaves out what this code has kept
 *   --page                     writes PROOF.md from the results in results/
 * Exits 0 only when nothing was lost, doubled or missing.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { PartError } from '../../tools/real/cache.js';
import { findJava, needMaven } from '../../tools/real/java.js';
import { whenToldToStop } from '../../tools/real/process.js';
import { codeHash } from './code.js';
import { faultNamed } from './faults.js';
import { keep, keepAll } from './keep.js';
import { ROOT } from './ground.js';
import { askedFor, CI, SABOTAGED } from './options.js';
import { writePage } from './page.js';
import { promiseNamed } from './promises/promises.js';
import { faultsOf, linesOf, resultOf, versionOf } from './result.js';
import { folderOf, run } from './run.js';

const say = (/** @type {string} */ line) => console.log(`    ${line}`);
/** Of runs side by side each line names its own. @param {string} name */
const sayAs = (name) => (/** @type {string} */ line) => say(`${name}: ${line}`);

/** @param {import('./run.js').Options} options @param {{ resume: boolean, json: string | undefined, tell?: (line: string) => void }} how */
async function prove(options, { resume, json, tell = say }) {
  console.log(`--- ${options.transport}, seed ${options.seed}: ${options.kills} kill -9, ${options.freezes} SIGSTOP, ${options.terms} SIGTERM, ${options.restarts} khởi động lại cơ sở dữ liệu / database restarts, ${options.rate}/s`);
  const version = versionOf();
  const outcome = await run(options, { code: version.code, resume, tell });
  const result = resultOf(options, outcome, version);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  for (const line of linesOf(result)) tell(line);
  const faults = faultsOf(outcome);
  for (const fault of faults.slice(0, 20)) tell(`✗ ${fault}`);
  if (faults.length === 0) rmSync(folderOf(options), { recursive: true, force: true });
  else tell(`${faults.length} ✗; ${folderOf(options)}`);
  return faults.length === 0;
}

/** A build with a fault must be found out. @param {string} name @param {(line: string) => void} [tell] */
async function sabotage(name, tell = say) {
  const fault = faultNamed(name);
  console.log(`--- ${name}: ${fault.vi} / ${fault.en}`);
  const options = { ...SABOTAGED, ...fault.sizes };
  const outcome = await run(options, { code: codeHash(ROOT), faults: fault.module, tell });
  const { lost, duplicated, gaps } = outcome.verdict;
  const seen = lost.length + duplicated.length + gaps.length;
  tell(`${outcome.acknowledged} acknowledged, lost ${lost.length}, duplicated ${duplicated.length}, gaps ${gaps.length}`);
  tell(seen > 0 ? 'bị phát hiện / found out' : '✗ không bị phát hiện / NOT found out');
  rmSync(folderOf(options, fault.module), { recursive: true, force: true });
  return seen > 0;
}

/**
 * What `.ci/run` replays. Both transports at once: a run waits most of its time, for processes that start and for a
 * database that may be struck once in eleven seconds.
 */
async function replay() {
  const side = async () => {
    const local = await prove(CI.local, { resume: false, json: undefined, tell: sayAs('local') });
    return (await sabotage('relay-marks-before-send', sayAs('sabotage'))) && local;
  };
  const outcomes = await Promise.allSettled([prove(CI.kafka, { resume: false, json: undefined, tell: sayAs('kafka') }), side()]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') console.error(outcome.reason instanceof PartError ? outcome.reason.message : outcome.reason);
  return outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value);
}

async function main() {
  const asked = askedFor(process.argv.slice(2));
  if (asked.what === 'page') return writePage(ROOT);
  if (asked.options.transport === 'kafka' || asked.what === 'ci') {
    findJava();
    needMaven();
  }
  if (asked.what === 'sabotage') return sabotage(String(asked.fault));
  if (asked.what === 'promise') return keep(promiseNamed(String(asked.promise), { times: asked.times, full: asked.full, transport: asked.options.transport }), { json: asked.json, tell: say });
  if (asked.what === 'promises') return keepAll({ ...asked, tell: say });
  if (asked.what === 'run') return prove(asked.options, asked);
  return replay();
}

// The programs a run started end with it: the keeper of tools/real sees to it.
whenToldToStop(() => process.exit(130));
const began = performance.now();
let good = false;
try {
  good = await main();
} catch (error) {
  console.error(error instanceof PartError ? error.message : error);
}
console.log(`--- ${good ? 'đạt / passed' : 'KHÔNG ĐẠT / FAILED'}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
process.exit(good ? 0 : 1);
