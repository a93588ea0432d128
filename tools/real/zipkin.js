/** Zipkin on 127.0.0.1: takes spans at /api/v2/spans, shows them at /zipkin/, keeps them in memory until it stops. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findJava, QUICK_JAVA } from './java.js';
import { fetchPart, PARTS } from './parts.js';
import { answersOk, freePorts, launch, waitFor, withFreshPorts } from './process.js';

/** 4–11 s on a quiet machine (measured). */
const START_MS = 90_000;
/** About twenty thousand commands; 192 MB of heap hold them. */
const MAX_SPANS = 200_000;

/**
 * @typedef {object} Zipkin
 * @property {string} url      the page, e.g. http://127.0.0.1:9411/zipkin/
 * @property {string} base     for its API
 * @property {string} endpoint value of OTEL_EXPORTER_ZIPKIN_ENDPOINT
 * @property {import('./process.js').Program} program
 * @property {() => Promise<void>} stop
 */

/**
 * Starts Zipkin in `dir` (made), on `port` or on a free one.
 * @param {{ dir: string, port?: number }} options
 * @returns {Promise<Zipkin>}
 */
export async function startZipkin({ dir, port }) {
  const { java } = findJava();
  const jar = join(await fetchPart('zipkin'), Object.keys(PARTS.zipkin.files)[0] ?? '');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return withFreshPorts(() => start(java, jar, dir, port));
}

/** @param {string} java @param {string} jar @param {string} dir @param {number | undefined} wanted */
async function start(java, jar, dir, wanted) {
  const [free] = await freePorts(1);
  const port = wanted ?? free;
  const base = `http://127.0.0.1:${port}`;
  const args = [
    '-Xms64m', '-Xmx192m', ...QUICK_JAVA, `-Djava.io.tmpdir=${dir}`, '-jar', jar,
    // SERVER_ADDRESS has no effect: without these Zipkin listens on every address of the machine.
    '--armeria.ports[0].ip=127.0.0.1', `--armeria.ports[0].port=${port}`, '--armeria.ports[0].protocols[0]=http',
  ];
  const env = { ...process.env, QUERY_PORT: String(port), STORAGE_TYPE: 'mem', MEM_MAX_SPANS: String(MAX_SPANS), SELF_TRACING_ENABLED: 'false' };
  const program = launch({ name: 'Zipkin', command: java, args, env, log: join(dir, 'zipkin.log') });
  await waitFor(program, () => answersOk(`${base}/health`), START_MS);
  return { url: `${base}/zipkin/`, base, endpoint: `${base}/api/v2/spans`, program, stop: program.stop };
}
