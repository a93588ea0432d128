/**
 * The engine: Operaton (the open continuation of Camunda 7) by its own Spring Boot starter, over REST, on a PostgreSQL of
 * its own. A process starts with variables, three user tasks are completed, its variables are read.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PartError } from '../../../tools/real/cache.js';
import { findJava } from '../../../tools/real/java.js';
import { startPostgres } from '../../../tools/real/postgres.js';
import { answersOk, freePorts, launch, waitFor } from '../../../tools/real/process.js';
import { fetchPeer } from '../parts.js';
import { received } from '../dossier.js';
import { databaseOf, undoAll } from './database.js';
import { JsonClient } from './json-client.js';

const HERE = join(import.meta.dirname, 'operaton');
const START_MS = 180_000;
/** A server that runs long on two cores: both compilers, a heap it never has to grow, the collector that costs least CPU. */
const JAVA = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xms768m', '-Xmx768m', '-Dfile.encoding=UTF-8'];

/** @param {{ name: string, dir: string }} how @returns {Promise<import('./sides.js').Side>} */
export async function openOperaton({ name, dir }) {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  try {
    const { java } = findJava();
    const jars = join(await fetchPeer('operaton'), '*');
    compile(jars, dir);
    copyFileSync(join(HERE, 'application.properties'), join(dir, 'application.properties'));
    const postgres = await startPostgres({ dir: join(dir, 'postgres'), services: ['engine'] });
    undo.push(() => postgres.stop());
    const url = new URL(postgres.databases.engine?.migratorUrl ?? '');
    const [port] = await freePorts(1);
    const env = {
      PATH: process.env.PATH,
      SERVER_PORT: String(port),
      SPRING_DATASOURCE_URL: `jdbc:postgresql://${url.host}${url.pathname}`,
      SPRING_DATASOURCE_USERNAME: url.username,
      SPRING_DATASOURCE_PASSWORD: decodeURIComponent(url.password),
    };
    const program = launch({ name, command: java, args: [...JAVA, '-cp', `${dir}:${jars}`, 'Engine'], cwd: dir, env, log: join(dir, `${name}.log`) });
    undo.push(() => program.stop());
    const base = `http://127.0.0.1:${port}`;
    await waitFor(program, () => answersOk(`${base}/engine-rest/engine`), START_MS);
    await deploy(base);
    const database = databaseOf(url.href, join(dir, 'postgres'));
    undo.push(() => database.close());
    return {
      name,
      base,
      sql: database.sql,
      parts: { node: () => [program.pid], postgres: () => [postgres.pid()] },
      unsent: () => Promise.resolve(0),
      stop: () => undoAll(undo),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/** @param {string} jars @param {string} dir */
function compile(jars, dir) {
  const { status, stderr, error } = spawnSync('javac', ['-cp', jars, '-d', dir, join(HERE, 'Engine.java')], { encoding: 'utf8' });
  if (status !== 0) throw new PartError(`Cần JDK (lệnh javac) / a JDK is needed (command javac): ${error?.message ?? stderr}`);
}

/** @param {string} base */
async function deploy(base) {
  const form = new FormData();
  form.set('deployment-name', 'bench');
  form.set('dossier.bpmn', new Blob([readFileSync(join(HERE, 'dossier.bpmn'))]), 'dossier.bpmn');
  const answer = await fetch(`${base}/engine-rest/deployment/create`, { method: 'POST', body: form });
  if (!answer.ok) throw new PartError(`dossier.bpmn: ${answer.status} ${await answer.text()}`);
}

const text = (/** @type {string} */ value) => ({ value, type: 'String' });

const STEPS = /** @type {const} */ ([
  { task: 'assign', state: 'processing', variables: { specialist: text('specialist') } },
  { task: 'propose', state: 'proposed', variables: { outcome: text('granted'), reason: text('Hồ sơ đủ điều kiện cấp phép theo quy định') } },
  { task: 'review', state: 'reviewed', variables: { verdict: text('approved') } },
]);

/** The same life in the engine's words. */
export class EngineClient {
  #http;

  /** @param {string} base @param {number} connections */
  constructor(base, connections) {
    this.#http = new JsonClient(`${base}/engine-rest`, connections);
  }

  close() {
    this.#http.close();
  }

  /** @param {number} n @returns {Promise<import('./client.js').Life>} */
  async live(n) {
    /** @type {number[]} */
    const ms = [];
    const began = performance.now();
    const { applicant, summary, papers, procedure } = received(n);
    const code = `H99.05.01-${n}`;
    // What lists and rules ask for stands by itself; the rest is one text, which costs the engine one row.
    const variables = { code: text(code), state: text('received'), unit: text('H99.05.12'), applicant: text(applicant.name), dossier: text(JSON.stringify({ procedure, summary, applicant, papers })) };
    const { id } = await this.#http.send('POST', '/process-definition/key/dossier/start', {}, { businessKey: code, variables }, 200);
    ms.push(performance.now() - began);
    for (const { task, state, variables: more } of STEPS) {
      const from = performance.now();
      const [open] = await this.#http.send('GET', `/task?processInstanceId=${id}`, {}, undefined, 200);
      if (open?.taskDefinitionKey !== task) throw new Error(`${id}: ${task} is not open but ${open?.taskDefinitionKey}`);
      await this.#http.send('POST', `/task/${open.id}/complete`, {}, { variables: { ...more, state: text(state) } }, 204);
      ms.push(performance.now() - from);
    }
    const from = performance.now();
    const read = await this.#http.send('GET', `/process-instance/${id}/variables`, {}, undefined, 200);
    ms.push(performance.now() - from);
    if (read.state?.value !== 'reviewed' || read.code?.value !== code) throw new Error(`${id}: read as ${JSON.stringify(read).slice(0, 300)}`);
    return { id, code, version: 4, state: read.state.value, ms };
  }
}
