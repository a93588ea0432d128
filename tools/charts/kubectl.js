/** Secrets in a cluster, by kubectl. Values go through standard input: they stand in no file, no argument and no output. */
import { execFileSync } from 'node:child_process';

/** @typedef {import('./secrets.rules.js').Where & { kubectl: string, dryRun: boolean }} To */
/** @typedef {Record<string, string>} Data */

/** @param {To} to @param {string} namespace @param {string} name @returns {Data | undefined} */
export function find({ kubectl }, namespace, name) {
  const said = execFileSync(kubectl, ['-n', namespace, 'get', 'secret', name, '--ignore-not-found', '-o', 'json'], { encoding: 'utf8' });
  if (said.trim() === '') return undefined;
  const { data = {} } = /** @type {{ data?: Data }} */ (JSON.parse(said));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

/** @param {To} to @param {string} namespace @param {string} name @returns {Data} */
export function get(to, namespace, name) {
  const found = find(to, namespace, name);
  if (found === undefined) throw new Error(`${name} (${namespace}): chưa có / is not there; secrets.js make`);
  return found;
}

/** The whole content of a secret: what is not in it goes. @param {To} to @param {'made' | 'copied' | 'rotated'} done @param {readonly string[]} namespaces @param {string} name @param {Data} content */
export function put(to, done, namespaces, name, content) {
  // As data: of what comes as `stringData` the server keeps what a later apply leaves out.
  const data = Object.fromEntries(Object.entries(content).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  for (const namespace of namespaces) {
    if (!to.dryRun) {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'quan-so' } }, type: 'Opaque', data };
      execFileSync(to.kubectl, ['apply', '--server-side', '--force-conflicts', '--field-manager=quan-so-secrets', '-f', '-'], { input: JSON.stringify(secret), stdio: ['pipe', 'ignore', 'inherit'] });
    }
    console.log(`${done === 'rotated' ? '~' : '+'} ${name} (${namespace})`);
  }
}
