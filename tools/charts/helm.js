/** Helm for the tests of the charts: renders, and reads what was rendered, so that no YAML library is needed. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const ROOT = resolve(import.meta.dirname, '..', '..');

/** @typedef {{ code: number, output: string }} Said what a program wrote to both outputs */
/** @typedef {{ name: string, chart: string, namespace: string, args: readonly string[] }} Release something to install, under a name for people */

/**
 * Runs a program in the root and answers how it ended; that it fails is no error here.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {number} [limitMs]
 * @returns {Promise<Said & { stdout: string }>}
 */
export async function ask(program, args, limitMs = 120_000) {
  // Nothing of this machine's own Helm: no repositories, plugins or settings.
  const env = { PATH: process.env.PATH, HOME: join(tmpdir(), 'quan-so-no-home') };
  try {
    const { stdout, stderr } = await run(program, args, { cwd: ROOT, env, timeout: limitMs, maxBuffer: 64_000_000 });
    return { code: 0, output: stdout + stderr, stdout };
  } catch (error) {
    const { stdout = '', stderr = '', code } = /** @type {{ stdout?: string, stderr?: string, code?: unknown }} */ (error);
    return { code: typeof code === 'number' ? code : 1, output: stdout + stderr, stdout };
  }
}

/** @param {string} helm @param {Release} release @param {string} [from] folder or archive of the chart */
export function render(helm, { chart, namespace, args }, from = join('charts', chart)) {
  return ask(helm, ['template', chart, from, '--namespace', namespace, '--kube-version', '1.34.0', ...args]);
}

/** Without empty lines and the ends of lines, where Helm 3 and 4 differ. @param {string} text */
export function bare(text) {
  return text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').join('\n');
}

const READER = `{{- range regexSplit "(?m)^---\\\\s*$" .Values.text -1 }}
{{- $object := fromYaml . }}
{{- if hasKey $object "Error" }}{{ fail $object.Error }}{{ end }}
{{- if $object }}
---
{{ toJson $object }}
{{- end }}
{{- end }}
`;

/**
 * The objects in rendered text, read by Helm itself.
 * @param {string} helm
 * @param {string} text
 * @returns {Promise<any[]>}
 */
export async function objectsOf(helm, text) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-reader-'));
  try {
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: reader\nversion: 0.0.0\n');
    writeFileSync(join(folder, 'templates', 'all.yaml'), READER);
    writeFileSync(join(folder, 'text'), text);
    const { code, output, stdout } = await ask(helm, ['template', 'reader', folder, '--set-file', `text=${join(folder, 'text')}`]);
    if (code !== 0) throw new Error(output);
    return stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
