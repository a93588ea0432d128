/**
 * `npm run test:real`: the story of test/scenarios on real parts. Kafka (TLS, SCRAM, one writer per topic), Keycloak with
 * the realm of the authority, PostgreSQL with a role per service, Zipkin, every service as its own process. First the
 * tests of the parts themselves (`*.real.spec`), then the story for each authority on fresh parts.
 * `--authority NAME` runs one authority. Exits 0 only when everything passed; leaves no process and no file.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PartError, workFolder } from './cache.js';
import { findJava, needMaven } from './java.js';
import { startKafka } from './kafka.js';
import { startKeycloak } from './keycloak.js';
import { fetchPart } from './parts.js';
import { startPostgres } from './postgres.js';
import { launch, whenToldToStop } from './process.js';
import { authorities, realmFile, staleRealms } from './realm.js';
import { startServices } from './services.js';
import { topologyOf } from './topology.js';
import { startZipkin } from './zipkin.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Far above what it takes (minutes); a run that hangs must not hold a build machine. */
const LIMIT_MS = 25 * 60_000;

/** Who may do what on the secured broker of the tests of the parts. */
const TWO_SERVICES = [
  { name: 'writer', layer: 'data', publishes: [{ kind: 'records' }], consumes: [] },
  { name: 'reader', layer: 'data', publishes: [], consumes: [{ event: { kind: 'records' }, from: ['writer'] }] },
];

/** What is to be undone, last first. @type {(() => unknown)[]} */
const undo = [];
const began = performance.now();
/** Once told to stop, nothing new begins; `giveUp` alone takes down and ends. */
let told = false;

async function unwind(from = 0) {
  for (const step of undo.splice(from).reverse()) {
    try {
      await step();
    } catch (error) {
      console.error(error);
    }
  }
}

/**
 * Runs one stage and prints its time.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function stage(name, work) {
  if (told) throw new PartError(`${name}: bỏ qua / left out`);
  const from = performance.now();
  const result = await work();
  console.log(`--- ${name}: ${seconds(from)} s`);
  return result;
}

/** @param {number} from */
function seconds(from) {
  return ((performance.now() - from) / 1_000).toFixed(1);
}

async function main() {
  findJava();
  needMaven();
  const chosen = chosenAuthorities(process.argv.slice(2));
  const services = await loadServices();
  const stale = await staleRealms();
  if (stale.length > 0) throw new PartError(stale.join('\n'));
  const dir = workFolder('quan-so-real');
  undo.push(() => rmSync(dir, { recursive: true, force: true }));
  await stage('Kafka, Keycloak, Zipkin từ bộ đệm / from the cache', () => Promise.all([fetchPart('kafka'), fetchPart('keycloak'), fetchPart('zipkin')]));
  const zipkin = startZipkin({ dir: join(dir, 'zipkin') });
  undo.push(() => zipkin.then((one) => one.stop(), () => undefined));
  let passed = true;
  for (const [index, authority] of chosen.entries()) {
    const base = undo.length;
    const env = await startAll(authority, services, join(dir, authority), zipkin);
    if (index === 0) passed = await partTests(dir, env);
    passed = (await stage(`${authority}: câu chuyện / the story`, () => jest(`story-${authority}`, { ...env, QUANSO_REAL_TESTS: 'story' }))) && passed;
    await stage(`${authority}: dừng / stop`, () => unwind(base));
  }
  return passed;
}

/**
 * Starts everything for one authority; answers the environment of its tests.
 * @param {string} authority
 * @param {import('./topology.js').Definition[]} services
 * @param {string} dir
 * @param {Promise<import('./zipkin.js').Zipkin>} zipkinStarting
 */
async function startAll(authority, services, dir, zipkinStarting) {
  const names = services.map(({ name }) => name);
  const { SHARDS } = await import('@quan-so/contract');
  const { heardBy, ...topology } = topologyOf(services, SHARDS);
  const [kafka, keycloak, postgres] = await stage(`${authority}: Kafka, Keycloak, PostgreSQL`, () =>
    together([
      startKafka({ dir: join(dir, 'kafka'), ...topology }),
      startKeycloak({ realmFile: realmFile(authority), dir: join(dir, 'keycloak') }),
      startPostgres({ dir: join(dir, 'postgres'), services: names }),
    ]),
  );
  const zipkin = await zipkinStarting;
  const ground = { root: ROOT, dir, pack: join(ROOT, 'deploy', 'authorities', authority), issuer: keycloak.issuer, zipkinEndpoint: zipkin.endpoint, kafka, heardBy, databases: postgres.databases };
  const running = await stage(`${authority}: ${names.join(', ')}`, () => startServices(services, ground));
  undo.push(running.stop);
  return {
    QUANSO_TRANSPORT: 'kafka',
    QUANSO_AUTHORITY: authority,
    QUANSO_BASES: JSON.stringify(running.bases),
    QUANSO_ISSUER: keycloak.issuer,
    QUANSO_ACCOUNTS: secretFile(dir, 'accounts.json', keycloak.accounts),
    QUANSO_ZIPKIN: zipkin.base,
    QUANSO_OUTPUT: running.output,
  };
}

/**
 * Waits for all parts; those that came up are stopped again when one does not.
 * @template {readonly Promise<{ stop: () => Promise<void> }>[]} T
 * @param {[...T]} starting
 */
async function together(starting) {
  const settled = await Promise.allSettled(starting);
  for (const one of settled) if (one.status === 'fulfilled') undo.push(one.value.stop);
  // Rejects with the first reason when there is one.
  return Promise.all(starting);
}

/** The tests of the parts, with two brokers of their own: one lets everybody do everything, one is secured. @param {string} dir @param {NodeJS.ProcessEnv} env */
async function partTests(dir, env) {
  const { SHARDS } = await import('@quan-so/contract');
  const [open, secured] = await together([
    startKafka({ dir: join(dir, 'kafka-of-tests') }),
    startKafka({ dir: join(dir, 'kafka-secured'), ...topologyOf(TWO_SERVICES, SHARDS) }),
  ]);
  const { brokers, passwords, caFile } = secured;
  const given = { QUANSO_REAL_KAFKA: open.brokers, QUANSO_REAL_KAFKA_SECURED: JSON.stringify({ brokers, passwords, caFile }) };
  try {
    return await stage('các phần / the parts', () => jest('parts', { ...env, ...given }));
  } finally {
    await Promise.all([open.stop(), secured.stop()]);
  }
}

/** @param {string} name @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} whether all tests passed */
async function jest(name, env) {
  const report = process.env.QUANSO_JEST_REPORT;
  const args = [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--config', join(ROOT, 'tools', 'real', 'jest.config.js'),
    ...(report ? ['--json', `--outputFile=${join(report, `real-${name}.json`)}`] : []),
  ];
  const program = launch({ name: 'jest', command: process.execPath, args, cwd: ROOT, env: { ...process.env, ...env } });
  undo.push(program.stop);
  const code = await program.ended;
  undo.splice(undo.indexOf(program.stop), 1);
  return code === 0;
}

/** The definitions of all services, as they were built. @returns {Promise<import('./topology.js').Definition[]>} */
async function loadServices() {
  const { services } = await import('../layers.js');
  return Promise.all(
    services.map(async (/** @type {{ layer: string, name: string }} */ { layer, name }) => {
      if (!existsSync(join(ROOT, 'apps', layer, name, 'dist', 'main.js'))) throw new PartError(`apps/${layer}/${name} chưa được dịch / is not built: npm run build.`);
      const module = await import(`@quan-so/${name}`);
      return module[name];
    }),
  );
}

/** @param {string[]} argv */
function chosenAuthorities(argv) {
  const all = authorities();
  const [flag, name, ...rest] = argv.flatMap((arg) => arg.split('='));
  if (flag === undefined) return all;
  if (flag !== '--authority' || name === undefined || rest.length > 0) throw new PartError('Chỉ có tham số / the only argument is: --authority NAME.');
  if (!all.includes(name)) throw new PartError(`Không có bộ dữ liệu đơn vị / no authority pack "${name}"; có / there are: ${all.join(', ')}.`);
  return [name];
}

/** @param {string} dir @param {string} name @param {unknown} value */
function secretFile(dir, name, value) {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  return path;
}

/** @param {string} why @param {number} code */
async function giveUp(why, code) {
  told = true;
  console.error(`--- ${why}`);
  // What is only half started is not on the list yet; the keeper ends it when this process is gone.
  await unwind();
  process.exit(code);
}

whenToldToStop((reason) => void giveUp(`dừng theo yêu cầu / told to stop (${reason})`, 130));
setTimeout(() => void giveUp(`quá / over ${LIMIT_MS / 60_000} min`, 1), LIMIT_MS).unref();

let passed = false;
try {
  passed = await main();
} catch (error) {
  if (!told) console.error(error instanceof PartError ? error.message : error);
}
if (told) await new Promise(() => undefined);
await unwind();
console.log(`--- ${passed ? 'đạt / passed' : 'KHÔNG ĐẠT / FAILED'}, ${seconds(began)} s`);
process.exit(passed ? 0 : 1);
