/** The command with real openssl, against a cluster that is a file: what each step leaves, and what it says is next. */
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECRETS = join(import.meta.dirname, 'secrets.js');
/** As kubectl answers: `get secret … -o json`, and `apply` of what comes in, which replaces what this manager wrote before. */
const KUBECTL = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.env.CLUSTER;
const all = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
if (args.includes('get')) {
  const data = all[args[1] + '/' + args[4]];
  if (data) console.log(JSON.stringify({ data: Object.fromEntries(Object.entries(data).map(([k, v]) => [k, Buffer.from(v).toString('base64')])) }));
} else {
  const { metadata, data = {}, stringData } = JSON.parse(readFileSync(0, 'utf8'));
  const name = metadata.namespace + '/' + metadata.name;
  // What comes as text becomes data that nobody owns: what a later apply leaves out stays (seen on Kubernetes 1.36).
  const before = stringData === undefined ? {} : all[name];
  all[name] = { ...before, ...Object.fromEntries(Object.entries(data).map(([k, v]) => [k, Buffer.from(v, 'base64').toString('utf8')])), ...stringData };
  writeFileSync(file, JSON.stringify(all));
}
`;

let dir, env;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'qs-secrets-'));
  writeFileSync(join(dir, 'kubectl'), KUBECTL, { mode: 0o755 });
  writeFileSync(join(dir, 'cluster.json'), '{}');
  env = { ...process.env, CLUSTER: join(dir, 'cluster.json') };
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (...args) => execFileSync(process.execPath, [SECRETS, ...args, '--kubectl', join(dir, 'kubectl')], { env, encoding: 'utf8' });
const refused = (...args) => spawnSync(process.execPath, [SECRETS, ...args, '--kubectl', join(dir, 'kubectl')], { env, encoding: 'utf8' }).stderr;
const all = () => JSON.parse(readFileSync(env.CLUSTER, 'utf8'));
const of = (name, namespace = 'quan-so-datastores') => all()[`${namespace}/${name}`];
const next = (said) => said.split('\n').filter((line) => line.startsWith('→'));

it('makes what is missing once, the same in both namespaces, and says no value', () => {
  const said = run('make');
  const made = all();
  for (const { password } of Object.values(made)) if (password) expect(said).not.toContain(password);
  expect(of('catalog-database')).toEqual(of('catalog-database', 'quan-so'));
  expect(of('kafka-ca', 'quan-so')['ca.crt']).toBe(of('kafka-tls')['ca.crt']);
  expect(run('make')).not.toMatch(/^[+~]/m);
  expect(all()).toEqual(made);
});

it('copies what stands in one namespace alone, and changes nothing when told to try', () => {
  const before = all();
  delete before['quan-so/catalog-kafka'];
  writeFileSync(env.CLUSTER, JSON.stringify(before));
  expect(run('make', '--dry-run')).toMatch(/catalog-kafka/);
  expect(all()).toEqual(before);
  run('make');
  expect(of('catalog-kafka', 'quan-so')).toEqual(of('catalog-kafka'));
});

it('makes a first password for each person and a secret for each system of a pack, later only for who is new', () => {
  const file = join(dir, 'accounts.json');
  run('accounts', '--authority', 'phuong-sao-mai', '--to', file);
  const { people, systems } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'deploy', 'authorities', 'phuong-sao-mai', 'staff.json'), 'utf8'));
  const made = of('quan-so-accounts');
  expect(Object.keys(made).sort()).toEqual([...people.map(({ username }) => username), ...systems.map(({ clientId }) => clientId)].sort());
  expect([JSON.parse(readFileSync(file, 'utf8')), statSync(file).mode & 0o777]).toEqual([made, 0o600]);
  // The realm refuses anything shorter.
  expect(Math.min(...Object.values(made).map(({ length }) => length))).toBeGreaterThanOrEqual(12);
  const cluster = all();
  delete cluster['quan-so-datastores/quan-so-accounts'].auditor;
  writeFileSync(env.CLUSTER, JSON.stringify(cluster));
  run('accounts', '--authority', 'phuong-sao-mai');
  expect({ ...of('quan-so-accounts'), auditor: made.auditor }).toEqual(made);
  expect(of('quan-so-accounts').auditor).not.toBe(made.auditor);
});

it('gives a database new passwords and leaves its address as it was written', () => {
  const cluster = all();
  for (const namespace of ['quan-so', 'quan-so-datastores']) cluster[`${namespace}/catalog-database`].url = 'postgres://catalog:old@elsewhere.example:6432/catalog?sslmode=require';
  writeFileSync(env.CLUSTER, JSON.stringify(cluster));
  const said = run('rotate', 'database', 'catalog');
  const { password, url } = of('catalog-database');
  expect(url).toBe(`postgres://catalog:${password}@elsewhere.example:6432/catalog?sslmode=require`);
  expect([of('catalog-database', 'quan-so'), password === cluster['quan-so/catalog-database'].password]).toEqual([of('catalog-database'), false]);
  expect(next(said)).toEqual(['→ kubectl -n quan-so-datastores rollout restart statefulset/postgres', '→ kubectl -n quan-so rollout restart deployment/catalog   (một pod mỗi tầng / a pod per layer: deployment/layer-data)']);
});

it.each([
  [['kafka', 'dossiers'], 'dossiers-kafka', ['password']],
  [['postgres-admin'], 'postgres-admin', ['password']],
  [['kafka-admin'], 'kafka-admin', ['password']],
  [['keycloak-database'], 'keycloak-database', ['migrator', 'password']],
  [['keycloak-admin'], 'keycloak-admin', ['password', 'previous']],
  [['account', 'tax-office'], 'quan-so-accounts', ['tax-office']],
  [['tls'], 'kafka-tls', ['tls.crt', 'tls.key']],
])('rotate %j changes %s: %j, nothing else, and says what is next', (args, name, keys) => {
  const before = all();
  const said = run('rotate', ...args);
  const now = all();
  const touched = Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]));
  expect(touched.every((key) => key.endsWith(`/${name}`))).toBe(true);
  expect(Object.keys(of(name)).filter((key) => of(name)[key] !== before[`quan-so-datastores/${name}`][key]).sort()).toEqual(keys);
  expect(next(said).length).toBeGreaterThan(0);
});

it('keeps every password of the administrator that Keycloak may still know', () => {
  const { password: first, previous } = of('keycloak-admin');
  run('rotate', 'keycloak-admin');
  expect(of('keycloak-admin').previous.split('\n')).toEqual([first, ...previous.split('\n')]);
});

it('changes the key in two steps', () => {
  const first = JSON.parse(of('quan-so-keys', 'quan-so')['keys.json']);
  expect(refused('rotate', 'keys-use')).toMatch(/keys-add/);
  run('rotate', 'keys-add');
  run('rotate', 'keys-use');
  const now = JSON.parse(of('quan-so-keys', 'quan-so')['keys.json']);
  expect([now.keys[first.current], now.current === first.current, Object.keys(now.keys).length]).toEqual([first.keys[first.current], false, 2]);
});

it('changes the authority in three steps, and in no other order', () => {
  const old = of('kafka-ca', 'quan-so')['ca.crt'];
  for (const wrong of ['authority-use', 'authority-drop']) expect(refused('rotate', wrong)).toMatch(/authority-(add|use)/);
  run('rotate', 'authority-add');
  expect(refused('rotate', 'authority-add')).toMatch(/under way/);
  const both = of('kafka-ca', 'quan-so')['ca.crt'];
  expect([both.startsWith(old), both.match(/BEGIN/g).length, of('kafka-tls')['ca.crt']]).toEqual([true, 2, both]);
  run('rotate', 'authority-use');
  const signed = new X509Certificate(of('kafka-tls')['tls.crt']);
  expect([signed.verify(new X509Certificate(old).publicKey), signed.verify(new X509Certificate(both.slice(old.length)).publicKey)]).toEqual([false, true]);
  run('rotate', 'authority-drop');
  expect([of('kafka-ca', 'quan-so')['ca.crt'], of('kafka-tls')['ca.crt'], Object.keys(of('kafka-ca-key'))]).toEqual([both.slice(old.length), both.slice(old.length), ['ca.crt', 'ca.key']]);
});

it('copies whom Strimzi signs with', () => {
  expect(refused('operators')).toMatch(/quan-so-cluster-ca-cert/);
  writeFileSync(env.CLUSTER, JSON.stringify({ ...all(), 'quan-so-datastores/quan-so-cluster-ca-cert': { 'ca.crt': 'theirs', 'ca.p12': 'x' } }));
  expect(next(run('operators'))).toEqual(['→ kubectl -n quan-so rollout restart deployment']);
  expect([of('kafka-ca', 'quan-so'), run('operators')]).toEqual([{ 'ca.crt': 'theirs' }, '= kafka-ca\n']);
});

it.each([[[]], [['rotate']], [['rotate', 'databases', 'catalog']], [['rotate', 'database']], [['rotate', 'tls', 'catalog']], [['make', 'x']], [['accounts']]])('says how it is used for %j', (args) => expect(refused(...args)).toMatch(/node secrets.js make/));
it('names the services when one is unknown, and the accounts’ secret when a system is', () => {
  expect(refused('rotate', 'database', 'catalogue')).toMatch(/catalog, warehouse, dossiers/);
  expect(refused('rotate', 'account', 'nobody')).toMatch(/nobody: .*quan-so-accounts/);
  expect(existsSync(join(dir, 'accounts.json'))).toBe(true);
});
