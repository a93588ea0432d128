/** Spectral over documents, with the rules of spectral.yaml: OpenAPI's own, OWASP's API security list, and one of ours. */
import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { lintSentences } from './rules.js';

/** @param {string} root @param {readonly string[]} files absolute or from the root @returns {Promise<string[]>} */
export async function lint(root, files) {
  if (files.length === 0) return [];
  const spectral = join(root, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js');
  const args = ['lint', '--ruleset', join(root, 'tools', 'api', 'spectral.yaml'), '--format', 'json', '--quiet', '--fail-severity', 'hint', ...files];
  const { code, stdout, stderr } = await run(process.execPath, [spectral, ...args], root);
  // 0: clean; 1: findings, as JSON; anything else: the linter itself failed.
  if (code !== 0 && code !== 1) throw new Error(`spectral: ${stderr.trim() || stdout.trim() || code}`);
  return lintSentences(JSON.parse(stdout.trim() || '[]'), (source) => relative(root, source).replaceAll('\\', '/'));
}

/** @param {string} command @param {string[]} args @param {string} cwd @returns {Promise<{ code: number | null, stdout: string, stderr: string }>} */
function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const program = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    program.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    program.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    program.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
