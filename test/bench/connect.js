/** One Kafka Connect worker (standalone) on 127.0.0.1, with connectors that are set and taken away over its REST interface. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from '../../tools/real/cache.js';
import { findJava } from '../../tools/real/java.js';
import { answersOk, freePorts, launch, waitFor, withFreshPorts } from '../../tools/real/process.js';
import { fetchPeer } from './parts.js';

const START_MS = 120_000;
const RUNNING_MS = 60_000;

/**
 * For a server that runs long: both compilers; the collector without threads of its own, since two cores and a small heap
 * are what it gets (G1, which Java would choose, is made for larger ones).
 */
export const CONNECT_JAVA = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-Dfile.encoding=UTF-8'];

/**
 * @typedef {object} Connect
 * @property {number} pid
 * @property {string} rest
 * @property {(name: string, config: Readonly<Record<string, string>>) => Promise<void>} put    sets a connector and waits until all its tasks run
 * @property {(name: string) => Promise<void>} remove
 * @property {(name: string) => Promise<string>} state  RUNNING, or what of it does not run and why
 * @property {() => string} output
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} given
 * @param {string} given.dir                   made; offsets of source connectors are kept in it
 * @param {string} given.brokers               host:port
 * @param {readonly string[]} given.plugins    folders of jars (`fetchPeer`)
 * @param {Readonly<Record<string, Readonly<Record<string, string>>>>} [given.connectors] name → configuration
 * @param {Readonly<Record<string, string>>} [given.worker] more properties of the worker
 * @param {readonly string[]} [given.java]     flags of the JVM
 * @returns {Promise<Connect>}
 */
export async function startConnect({ dir, brokers, plugins, connectors = {}, worker = {}, java = CONNECT_JAVA }) {
  const { java: command } = findJava();
  const lib = await fetchPeer('connect');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const started = await withFreshPorts(async () => {
    const [port] = await freePorts(1);
    const config = join(dir, 'worker.properties');
    writeFileSync(config, propertiesOf({ ...workerOf(dir, brokers, port ?? 0, linked(dir, plugins)), ...worker }), { mode: 0o600 });
    const log = join(dir, 'connect.log');
    writeFileSync(log, '');
    const flags = [...java, `-Djava.io.tmpdir=${dir}`, '-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
    const program = launch({ name: 'Kafka Connect', command, args: [...flags, '-cp', join(lib, '*'), 'org.apache.kafka.connect.cli.ConnectStandalone', config], cwd: dir, log });
    const rest = `http://127.0.0.1:${port}`;
    await waitFor(program, () => answersOk(`${rest}/connectors`), START_MS);
    return { program, rest };
  });
  const { program, rest } = started;
  const put = (/** @type {string} */ name, /** @type {Readonly<Record<string, string>>} */ config) => setConnector(rest, name, config);
  try {
    for (const [name, config] of Object.entries(connectors)) await put(name, config);
  } catch (error) {
    await program.stop();
    throw error;
  }
  const remove = async (/** @type {string} */ name) => void (await ask(rest, 'DELETE', `/connectors/${name}`));
  return { pid: program.pid, rest, put, remove, state: (name) => stateOf(rest, name), output: program.output, stop: program.stop };
}

/** Connect takes folders of plugins, a folder per plugin. @param {string} dir @param {readonly string[]} plugins */
function linked(dir, plugins) {
  const folder = join(dir, 'plugins');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const plugin of plugins) symlinkSync(plugin, join(folder, basename(plugin)));
  return folder;
}

/** @param {string} dir @param {string} brokers @param {number} port @param {string} plugins @returns {Record<string, string>} */
function workerOf(dir, brokers, port, plugins) {
  return {
    'bootstrap.servers': brokers,
    listeners: `http://127.0.0.1:${port}`,
    'plugin.path': plugins,
    // Reads manifests instead of every class: starts in a third of the time.
    'plugin.discovery': 'service_load',
    'offset.storage.file.filename': join(dir, 'offsets'),
    // Text as it is: no schemas, nothing parsed that need not be.
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  };
}

/** @param {Readonly<Record<string, string>>} properties */
function propertiesOf(properties) {
  return Object.entries(properties).map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`).join('');
}

/** @param {string} rest @param {string} name @param {Readonly<Record<string, string>>} config */
async function setConnector(rest, name, config) {
  await ask(rest, 'PUT', `/connectors/${name}/config`, config);
  const ends = Date.now() + RUNNING_MS;
  for (;;) {
    const state = await stateOf(rest, name);
    if (state === 'RUNNING') return;
    if (/FAILED/.test(state) || Date.now() > ends) throw new PartError(`${name}: ${state}`);
    await sleep(100);
  }
}

/** @param {string} rest @param {string} name */
async function stateOf(rest, name) {
  const { status, body } = await ask(rest, 'GET', `/connectors/${name}/status`, undefined, [404]);
  // Set a moment ago: not known yet.
  if (status === 404) return 'UNASSIGNED';
  const parts = [body.connector, ...body.tasks];
  const bad = parts.find((/** @type {{ state: string }} */ { state }) => state !== 'RUNNING');
  if (bad !== undefined) return `${bad.state} ${String(bad.trace ?? '').split('\n').slice(0, 12).join('\n')}`;
  return body.tasks.length > 0 ? 'RUNNING' : 'UNASSIGNED';
}

/**
 * @param {string} rest @param {string} method @param {string} path @param {unknown} [body] @param {readonly number[]} [also] statuses that are an answer too
 * @returns {Promise<{ status: number, body: any }>}
 */
async function ask(rest, method, path, body, also = []) {
  const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${rest}${path}`, { method, ...init, signal: AbortSignal.timeout(RUNNING_MS) });
  const text = await response.text();
  if (!response.ok && !also.includes(response.status)) throw new PartError(`Kafka Connect ${method} ${path}: ${response.status} ${text.slice(0, 2_000)}`);
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
