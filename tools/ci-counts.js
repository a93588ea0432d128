// Adds up the Jest reports of a CI run; no report or no test at all is a failure, never a quiet success.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const sum = (/** @type {string} */ key) => reports.reduce((total, report) => total + report[key], 0);
const failed = sum('numFailedTests') + sum('numRuntimeErrorTestSuites');
console.log(`${sum('numPassedTests')} passed, ${failed} failed`);
process.exit(failed === 0 && sum('numPassedTests') > 0 ? 0 : 1);
