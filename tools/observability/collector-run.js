/** The collector as charts/infrastructure configures it, run for a moment and given what a service measures. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { ask } from '../charts/helm.js';
import { freePorts } from '../real/process.js';
import { withFile } from './check.js';
import { collector } from './collector.js';

const READY_MS = 20_000;

/**
 * Its own reading of each rendered configuration, then one is run: a measurement sent by OTLP must be shown to Prometheus
 * under the same name, a trace must come to an OTLP back end. Answers the breaches.
 * @param {readonly any[]} configurations
 * @returns {Promise<string[]>}
 */
export async function collectorBreaches(configurations) {
  const program = await collector();
  const breaches = [];
  for (const one of configurations) breaches.push(...(await withFile('collector.yaml', JSON.stringify(one), async (file) => { const { code, output } = await ask(program, ['validate', '--config', file]); return code === 0 ? [] : [output.trim()]; })));
  const [first] = configurations;
  if (first === undefined) return ['không có cấu hình collector / no configuration of a collector'];
  return breaches.length > 0 ? breaches : runOnce(program, first);
}

/** @param {string} program @param {any} configuration */
async function runOnce(program, configuration) {
  const [taken = 0, shown = 0] = await freePorts(2);
  const backEnd = await backEndOf();
  const own = structuredClone(configuration);
  if (own.exporters.otlphttp === undefined) return ['collector: không gửi vết đi đâu / sends traces nowhere'];
  own.exporters.otlphttp.endpoint = `http://127.0.0.1:${backEnd.port}`;
  own.receivers.otlp.protocols.http.endpoint = `127.0.0.1:${taken}`;
  own.exporters.prometheus.endpoint = `127.0.0.1:${shown}`;
  own.service.telemetry = { metrics: { level: 'none' } };
  return withFile('collector.yaml', JSON.stringify(own), async (file) => {
    const child = spawn(program, ['--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
    try {
      return [...(await exchange(taken, shown, () => said)), ...(await passedOn(taken, backEnd))];
    } finally {
      child.kill('SIGKILL');
      backEnd.close();
    }
  });
}

/** @param {number} taken @param {number} shown @param {() => string} said */
async function exchange(taken, shown, said) {
  for (const ends = Date.now() + READY_MS; Date.now() < ends; await sleep(100)) {
    const sent = await fetch(`http://127.0.0.1:${taken}/v1/metrics`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(MEASURED()) }).catch(() => undefined);
    if (sent?.ok !== true) continue;
    const text = await fetch(`http://127.0.0.1:${shown}/metrics`).then((answer) => answer.text(), () => '');
    if (!text.includes('quanso_')) continue;
    return WANTED.filter((line) => !text.split('\n').some((one) => line.test(one))).map((line) => `collector: thiếu / lacks ${line}`);
  }
  return [`collector: không trả lời / does not answer: ${said().trim().split('\n').slice(-3).join('\n')}`];
}

/** Whatever takes OTLP: it keeps what it is sent. */
async function backEndOf() {
  /** @type {{ url: string, body: Buffer }[]} */
  const got = [];
  const server = createServer((req, res) => {
    /** @type {Buffer[]} */
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      got.push({ url: req.url ?? '', body: Buffer.concat(chunks) });
      res.writeHead(200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { port: /** @type {import('node:net').AddressInfo} */ (server.address()).port, got, close: () => server.close() };
}

/** A trace goes through to the back end. @param {number} taken @param {Awaited<ReturnType<typeof backEndOf>>} backEnd */
async function passedOn(taken, { got }) {
  const now = `${Date.now()}000000`;
  const span = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', name: 'POST /api/dossiers/v1/dossiers', kind: 2, startTimeUnixNano: now, endTimeUnixNano: now };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  await fetch(`http://127.0.0.1:${taken}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const came = () => got.some(({ url, body: sent }) => url === '/v1/traces' && (sent[0] === 0x1f ? gunzipSync(sent) : sent).includes(span.name));
  for (const ends = Date.now() + READY_MS; Date.now() < ends; await sleep(50)) if (came()) return [];
  return ['collector: vết không tới nơi nhận / the trace did not come to the back end'];
}

/** One of each kind, as the SDK sends it. */
function MEASURED() {
  const now = `${Date.now()}000000`;
  const labels = [{ key: 'service', value: { stringValue: 'dossiers' } }];
  const of = (/** @type {object} */ more) => ({ attributes: labels, startTimeUnixNano: now, timeUnixNano: now, ...more });
  const metrics = [
    { name: 'quanso_http_requests_total', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [of({ asDouble: 3 })] } },
    { name: 'quanso_outbox_oldest_seconds', unit: 's', gauge: { dataPoints: [of({ asDouble: 1.5 })] } },
    { name: 'quanso_http_request_duration_seconds', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: [of({ count: '2', sum: 0.7, explicitBounds: [0.5], bucketCounts: ['1', '1'] })] } },
  ];
  const attributes = Object.entries({ 'service.name': 'dossiers', 'service.namespace': 'quan-so', 'service.instance.id': 'dossiers-1' }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: 'quan-so' }, metrics }] }] };
}

/** Who measured is told by job and instance, so that two pods are two series. */
const WANTED = [
  /^quanso_http_requests_total\{(?=.*instance="dossiers-1")(?=.*job="quan-so\/dossiers")(?=.*service="dossiers").*\} 3$/,
  /^quanso_outbox_oldest_seconds\{.*service="dossiers".*\} 1.5$/,
  /^quanso_http_request_duration_seconds_bucket\{.*le="0.5".*\} 1$/,
  /^quanso_http_request_duration_seconds_count\{.*\} 2$/,
];
