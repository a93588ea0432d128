/** Runs test files of a copy of the repository and answers what became of each test. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A fault may make something wait for ever: a test then fails by this limit instead of Jest's 30 s. */
const LIMIT_MS = 15_000;

/**
 * @param {string} root
 * @param {readonly string[]} specs
 * @param {string} [test] full name of the one test to run
 * @returns {Promise<import('./sabotage.rules.js').Told[]>} nothing of a file that did not load
 */
export async function runTests(root, specs, test) {
  const report = join(root, 'report.json');
  rmSync(report, { force: true });
  const named = test === undefined ? [] : ['-t', `^${test.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, `--testTimeout=${LIMIT_MS}`];
  const args = ['-w', '1', '--silent', '--json', `--outputFile=${report}`, ...named, '--runTestsByPath', ...specs];
  await jest(root, args);
  if (!existsSync(report)) return [];
  /** @type {{ testResults: { name: string, assertionResults: { fullName: string, status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ spec: relative(root, name).replaceAll('\\', '/'), name: fullName, status })),
  );
}

/** @param {string} root @param {readonly string[]} args @returns {Promise<void>} */
function jest(root, args) {
  const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', program, ...args], { cwd: root, stdio: 'ignore' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', () => done());
  });
}
