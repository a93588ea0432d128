/**
 * Makes and rotates what the charts name and never hold: `node tools/charts/secrets.js make`, `… rotate <what> [service]`.
 * Node built-ins, kubectl and openssl alone, so that it runs where the charts are installed. Values are written to the
 * cluster through standard input: they stand in no file, no argument and no output.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { certificateOf } from './certificate.js';
import { addKey, databaseSecrets, keyRing, password, shapesOf } from './secrets.rules.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const USAGE = `node tools/charts/secrets.js make | rotate database <service> | rotate kafka <service> | rotate keys | rotate tls
  --namespace quan-so --datastores quan-so-datastores --postgres postgres.quan-so-datastores --postgres-security … --kubectl kubectl --dry-run`;

/** @typedef {import('./secrets.rules.js').Where & { kubectl: string, dryRun: boolean }} To */
/** @typedef {Record<string, string>} Data */

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { namespace: { type: 'string' }, datastores: { type: 'string' }, postgres: { type: 'string' }, 'postgres-security': { type: 'string' }, kubectl: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  });
  const datastores = values.datastores ?? 'quan-so-datastores';
  const postgres = values.postgres ?? `postgres.${datastores}`;
  const to = { namespace: values.namespace ?? 'quan-so', datastores, postgres, postgresSecurity: values['postgres-security'] ?? postgres, kubectl: values.kubectl ?? 'kubectl', dryRun: values['dry-run'] === true };
  const [command, what, service] = positionals;
  if (command === 'make' && what === undefined) return make(to);
  if (command === 'rotate' && what === 'database') return rotateDatabase(known(service), to);
  if (command === 'rotate' && what === 'kafka') return put(to, 'rotated', [to.namespace, to.datastores], `${known(service).name}-kafka`, { password: password() });
  if (command === 'rotate' && what === 'keys') return rotateKeys(to);
  if (command === 'rotate' && what === 'tls') return rotateTls(to);
  throw new Error(USAGE);
}

/** Services that the charts know. */
function services() {
  return /** @type {import('./secrets.rules.js').Service[]} */ (JSON.parse(readFileSync(join(ROOT, 'charts', 'datastores', 'files', 'contracts.json'), 'utf8')).services);
}

/** @param {string | undefined} name @returns {import('./secrets.rules.js').Service} */
function known(name) {
  const found = services().find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Error(`Dịch vụ / service: ${services().map((one) => one.name).join(', ')}`);
}

/** What is there stays; of a secret that stands in two namespaces the one that is there is copied. @param {To} to */
function make(to) {
  for (const { name, namespaces, data } of shapesOf(services(), to)) {
    const there = namespaces.map((namespace) => ({ namespace, data: find(to, namespace, name) }));
    const missing = there.filter((one) => one.data === undefined).map(({ namespace }) => namespace);
    const first = there.find((one) => one.data !== undefined)?.data;
    if (missing.length === 0) console.log(`= ${name}`);
    else put(to, first === undefined ? 'made' : 'copied', missing, name, first ?? data());
  }
  if (find(to, to.datastores, 'kafka-tls') === undefined) writeTls(to, undefined);
  else console.log('= kafka-tls');
  const ca = find(to, to.datastores, 'kafka-tls')?.['ca.crt'];
  if (find(to, to.namespace, 'kafka-ca') === undefined && (ca !== undefined || to.dryRun)) put(to, 'made', [to.namespace], 'kafka-ca', { 'ca.crt': ca ?? '' });
}

/** @param {import('./secrets.rules.js').Service} service @param {To} to */
function rotateDatabase(service, to) {
  for (const { name, data } of databaseSecrets(service, to)) put(to, 'rotated', [to.namespace, to.datastores], name, data());
}

/** @param {To} to */
function rotateKeys(to) {
  const now = find(to, to.namespace, 'quan-so-keys')?.['keys.json'];
  put(to, 'rotated', [to.namespace], 'quan-so-keys', { 'keys.json': now === undefined ? keyRing(new Date()) : addKey(now, new Date()) });
}

/** The same authority signs a new certificate, so that nobody has to trust anew. @param {To} to */
function rotateTls(to) {
  const authority = find(to, to.datastores, 'kafka-ca-key');
  if (authority === undefined) throw new Error('kafka-ca-key: chưa có / is not there; node tools/charts/secrets.js make');
  writeTls(to, { certificate: authority['ca.crt'] ?? '', key: authority['ca.key'] ?? '' });
}

/** @param {To} to @param {{ certificate: string, key: string } | undefined} authority */
function writeTls(to, authority) {
  if (to.dryRun) return console.log('+ kafka-tls, kafka-ca-key');
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-tls-'));
  try {
    const made = certificateOf(folder, `kafka.${to.datastores}`, ['kafka', `kafka.${to.datastores}.svc`, `kafka.${to.datastores}.svc.cluster.local`, 'localhost'], authority);
    if (authority === undefined) put(to, 'made', [to.datastores], 'kafka-ca-key', { 'ca.crt': made.authority.certificate, 'ca.key': made.authority.key });
    put(to, authority === undefined ? 'made' : 'rotated', [to.datastores], 'kafka-tls', { 'tls.crt': made.certificate, 'tls.key': made.key, 'ca.crt': made.authority.certificate });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {To} to @param {string} namespace @param {string} name @returns {Data | undefined} */
function find({ kubectl }, namespace, name) {
  const said = execFileSync(kubectl, ['-n', namespace, 'get', 'secret', name, '--ignore-not-found', '-o', 'json'], { encoding: 'utf8' });
  if (said.trim() === '') return undefined;
  const { data = {} } = /** @type {{ data?: Data }} */ (JSON.parse(said));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

/** @param {To} to @param {'made' | 'copied' | 'rotated'} done @param {readonly string[]} namespaces @param {string} name @param {Data} stringData */
function put(to, done, namespaces, name, stringData) {
  for (const namespace of namespaces) {
    if (!to.dryRun) {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'quan-so' } }, type: 'Opaque', stringData };
      execFileSync(to.kubectl, ['apply', '--server-side', '--force-conflicts', '--field-manager=quan-so-secrets', '-f', '-'], { input: JSON.stringify(secret), stdio: ['pipe', 'ignore', 'inherit'] });
    }
    console.log(`${done === 'rotated' ? '~' : '+'} ${name} (${namespace})`);
  }
}

try {
  if (!existsSync(join(ROOT, 'charts', 'datastores'))) throw new Error('charts/datastores?');
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
