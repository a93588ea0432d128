/**
 * What others say of documents: Spectral over OpenAPI with the rules of spectral.yaml (OpenAPI's own, OWASP's API security
 * list, one of ours), and the schema of the specification over AsyncAPI.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
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

/** @param {Iterable<readonly [path: string, text: string]>} documents @returns {string[]} */
export function asyncApiSentences(documents) {
  const ajv = new Ajv({ strict: false, logger: false });
  addFormats.default(ajv);
  const validate = ajv.compile(createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json'));
  return [...documents].flatMap(([path, text]) => {
    if (validate(JSON.parse(text))) return [];
    const { instancePath = '', message = '' } = validate.errors?.[0] ?? {};
    return [`${path}: không phải AsyncAPI 3.0 ở ${instancePath || '/'}. / is not AsyncAPI 3.0 at ${instancePath || '/'}: ${message}.`];
  });
}
