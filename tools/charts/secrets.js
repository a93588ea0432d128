/**
 * Makes and rotates what the charts name and never hold: `node secrets.js make`, `… rotate <what> [name]`, `… accounts`.
 * Node built-ins, kubectl and openssl alone, so that it runs where the charts are installed, also from a bundle.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { authorityOf, certificateOf } from './certificate.js';
import { find, put } from './kubectl.js';
import { ROTATIONS } from './rotations.js';
import { firstPassword, password, shapesOf } from './secrets.rules.js';

/** Beside this file in a bundle, else in the repository. @param {string} bundled @param {...string} path */
function place(bundled, ...path) {
  const beside = join(import.meta.dirname, bundled);
  return existsSync(beside) ? beside : resolve(import.meta.dirname, '..', '..', ...path);
}
const CONTRACTS = place('contracts.json', 'charts', 'datastores', 'files', 'contracts.json');
const PACKS = place('authorities', 'deploy', 'authorities');

const USAGE = `node secrets.js make                               những gì còn thiếu / what is missing
  accounts --authority <pack> [--to FILE]           mật khẩu lần đầu, khóa hệ thống / first passwords, secrets of systems
  operators                                         chứng thư của Strimzi / the certificate authority of Strimzi's broker
  rotate ${Object.entries(ROTATIONS).map(([what, { of }]) => `${what}${of === undefined ? '' : ` <${of}>`}`).join(' | ')}
  --namespace quan-so --datastores quan-so-datastores --postgres postgres.quan-so-datastores --postgres-security … --kubectl kubectl --dry-run`;

/** @typedef {import('./kubectl.js').To} To */
/** @typedef {import('./secrets.rules.js').Service} Service */

function main() {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { namespace: text, datastores: text, postgres: text, 'postgres-security': text, kubectl: text, authority: text, to: text, 'dry-run': { type: 'boolean' } },
  });
  const datastores = values.datastores ?? 'quan-so-datastores';
  const postgres = values.postgres ?? `postgres.${datastores}`;
  const to = { namespace: values.namespace ?? 'quan-so', datastores, postgres, postgresSecurity: values['postgres-security'] ?? postgres, kubectl: values.kubectl ?? 'kubectl', dryRun: values['dry-run'] === true };
  const [command, what, name, ...rest] = positionals;
  if (rest.length === 0 && command === 'make' && what === undefined) return make(to);
  if (rest.length === 0 && command === 'accounts' && what === undefined && values.authority !== undefined) return accounts(to, values.authority, values.to);
  if (rest.length === 0 && command === 'operators' && what === undefined) return operators(to);
  if (rest.length === 0 && command === 'rotate') return rotate(to, String(what), name);
  throw new Error(USAGE);
}

/** Services that the charts know. @returns {Service[]} */
function services() {
  return JSON.parse(readFileSync(CONTRACTS, 'utf8')).services;
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
  if (find(to, to.datastores, 'kafka-tls') === undefined) firstTls(to);
  else console.log('= kafka-tls');
  const ca = find(to, to.datastores, 'kafka-tls')?.['ca.crt'];
  if (find(to, to.namespace, 'kafka-ca') === undefined && (ca !== undefined || to.dryRun)) put(to, 'made', [to.namespace], 'kafka-ca', { 'ca.crt': ca ?? '' });
}

/** @param {To} to */
function firstTls(to) {
  const made = inFolder((folder) => {
    const authority = authorityOf(folder);
    return { authority, ...certificateOf(folder, to.datastores, authority) };
  });
  put(to, 'made', [to.datastores], 'kafka-ca-key', { 'ca.crt': made.authority.certificate, 'ca.key': made.authority.key });
  put(to, 'made', [to.datastores], 'kafka-tls', { 'tls.crt': made.certificate, 'tls.key': made.key, 'ca.crt': made.authority.certificate });
}

/** Keys that are on a disk for the time of a call of openssl. @template T @param {(folder: string) => T} work @returns {T} */
function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-tls-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever of the pack has none yet gets one; `file` receives all of them, as the tour reads them. @param {To} to @param {string} authority @param {string | undefined} file */
function accounts(to, authority, file) {
  const pack = join(existsSync(join(authority, 'staff.json')) ? authority : join(PACKS, authority), 'staff.json');
  if (!existsSync(pack)) throw new Error(`${authority}: không có / has no staff.json`);
  const { people, systems } = /** @type {{ people: { username: string }[], systems: { clientId: string }[] }} */ (JSON.parse(readFileSync(pack, 'utf8')));
  const before = find(to, to.datastores, 'quan-so-accounts') ?? {};
  const wanted = { ...Object.fromEntries(people.map(({ username }) => [username, firstPassword()])), ...Object.fromEntries(systems.map(({ clientId }) => [clientId, password()])) };
  const all = { ...wanted, ...before };
  if (Object.keys(all).length === Object.keys(before).length) console.log('= quan-so-accounts');
  else put(to, 'made', [to.datastores], 'quan-so-accounts', all);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600, flag: 'w' });
  next('helm upgrade datastores …');
}

/** What charts/infrastructure leaves to the operators: whom services trust when they talk to the broker. @param {To} to */
function operators(to) {
  const ca = find(to, to.datastores, 'quan-so-cluster-ca-cert')?.['ca.crt'];
  if (ca === undefined) throw new Error(`quan-so-cluster-ca-cert (${to.datastores}): Strimzi chưa ghi / has not written it yet`);
  if (find(to, to.namespace, 'kafka-ca')?.['ca.crt'] === ca) return console.log('= kafka-ca');
  put(to, 'copied', [to.namespace], 'kafka-ca', { 'ca.crt': ca });
  next(`kubectl -n ${to.namespace} rollout restart deployment`);
}

/** @param {To} to @param {string} what @param {string | undefined} name */
function rotate(to, what, name) {
  const rotation = ROTATIONS[what];
  if (rotation === undefined) throw new Error(USAGE);
  const { of, work, after } = rotation;
  if ((of === undefined) !== (name === undefined)) throw new Error(USAGE);
  const service = services().find((one) => one.name === name);
  if (of === 'service' && service === undefined) throw new Error(`Dịch vụ / service: ${services().map((one) => one.name).join(', ')}`);
  const given = service ?? { name: '', layer: '' };
  work({ to, name: String(name), service: given, inFolder });
  for (const line of after(to, given)) next(line);
}

/** @param {string} line what is to be done next */
function next(line) {
  console.log(`→ ${line}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
