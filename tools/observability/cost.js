/**
 * What measuring costs: a request's two instruments, and one collection. `node tools/observability/cost.js`, after
 * `npm run build`; processor time, so that others on the machine do not count.
 */
import { count, measure, startTelemetry } from '@quan-so/observability';
import { freePorts } from '../real/process.js';

const REQUESTS = 200_000;
const OPERATIONS = 60;

const labels = Array.from({ length: OPERATIONS }, (_, n) => ({ service: 'dossiers', operation: `operation${n}`, kind: 'command' }));

/** Microseconds of processor per request. */
function perRequest() {
  const before = process.cpuUsage();
  for (let n = 0; n < REQUESTS; n += 1) {
    const of = labels[n % OPERATIONS] ?? { service: '', operation: '', kind: '' };
    count('quanso_http_requests_total', { ...of, status: '2xx' });
    measure('quanso_http_request_duration_seconds', of, (n % 100) / 1_000);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

const unmeasured = perRequest();
const [port] = await freePorts(1);
Object.assign(process.env, { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1', OTEL_EXPORTER_PROMETHEUS_PORT: String(port) });
const telemetry = await startTelemetry({ service: 'dossiers', version: '0', environment: 'local' });
perRequest();
const measured = perRequest();
const before = process.cpuUsage();
const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
const { user, system } = process.cpuUsage(before);
console.log(`Mỗi yêu cầu / a request: ${measured.toFixed(2)} µs (không đo / not measured: ${unmeasured.toFixed(2)} µs)`);
console.log(`Mỗi lần đọc / a collection: ${((user + system) / 1_000).toFixed(1)} ms, ${text.split('\n').length} dòng / lines, ${Math.round(text.length / 1_024)} KiB (${OPERATIONS} thao tác / operations)`);
await telemetry.shutdown();
