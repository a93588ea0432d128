import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { count, measure, METRICS, reading, startTelemetry, watch, type Telemetry } from './index.js';
import { type Labels } from './metric-names.js';
import { metricExporterNames } from './telemetry.js';

let telemetry: Telemetry;
let address: string;

beforeAll(async () => {
  const port = await freePort();
  Object.assign(process.env, { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1', OTEL_EXPORTER_PROMETHEUS_PORT: String(port), OTEL_RESOURCE_ATTRIBUTES: 'a=b,service.instance.id=dossiers-7d9f-x2x4z' });
  telemetry = await startTelemetry({ service: 'all', version: '0.1.0', environment: 'local' });
  address = `http://127.0.0.1:${port}/metrics`;
});
afterAll(() => telemetry.shutdown());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Lines of one metric, without what the exporter adds. */
async function lines(name: string): Promise<string[]> {
  const text = await (await fetch(address)).text();
  return text.replaceAll(',otel_scope_name="quan-so"', '').split('\n').filter((line) => line.startsWith(name));
}

describe('what is measured', () => {
  it('is counted and put into buckets under names that Prometheus takes', async () => {
    const labels = { service: 'dossiers', operation: 'receiveDossier', kind: 'create' };
    for (const status of ['2xx', '2xx', '5xx']) count('quanso_http_requests_total', { ...labels, status });
    for (const seconds of [0.003, 0.3, 60, -1]) measure('quanso_http_request_duration_seconds', labels, seconds);
    expect(await lines('quanso_http_requests_total')).toEqual([
      'quanso_http_requests_total{service="dossiers",operation="receiveDossier",kind="create",status="2xx"} 2',
      'quanso_http_requests_total{service="dossiers",operation="receiveDossier",kind="create",status="5xx"} 1',
    ]);
    const buckets = (await lines('quanso_http_request_duration_seconds_bucket')).map((line) => /le="([^"]+)"\} (\d+)/.exec(line)?.slice(1));
    expect(buckets.filter((bucket) => ['0.005', '0.25', '0.5', '10', '+Inf'].includes(bucket?.[0] ?? ''))).toEqual([['0.005', '2'], ['0.25', '2'], ['0.5', '3'], ['10', '3'], ['+Inf', '4']]);
  });

  it('is read when somebody collects, as long as it is watched', async () => {
    const stop = watch(() => [reading('quanso_outbox_unsent', { service: 'dossiers' }, 7)]);
    expect(await lines('quanso_outbox_unsent')).toEqual(['quanso_outbox_unsent{service="dossiers"} 7']);
    stop();
    // Absent would be better, but the SDK remembers; NaN compares with nothing.
    expect(await lines('quanso_outbox_unsent')).toEqual(['quanso_outbox_unsent{service="dossiers"} NaN']);
  });

  it('is asked for once by several who collect at once', async () => {
    let asked = 0;
    const stop = watch(() => [reading('quanso_gaps_open', { service: 'x' }, (asked += 1))]);
    await Promise.all([lines('quanso_gaps_open'), lines('quanso_gaps_open')]);
    expect(await lines('quanso_gaps_open')).toEqual(['quanso_gaps_open{service="x"} 1']);
    stop();
  });

  it('does not show what cannot be read, and no less than the rest', async () => {
    const stops = [
      watch(() => Promise.reject(new Error('the database is away'))),
      watch(() => [reading('quanso_gaps_open', { service: 'y' }, 2)]),
    ];
    expect(await lines('quanso_gaps_open')).toEqual(['quanso_gaps_open{service="x"} NaN', 'quanso_gaps_open{service="y"} 2']);
    for (const stop of stops) stop();
  });

  it('says of the process how late its loop is and what it holds, and which instance it is', async () => {
    expect(await lines('quanso_event_loop_delay_seconds{service="all"}')).toHaveLength(1);
    expect((await lines('quanso_process_memory_bytes')).map((line) => line.replace(/ \d+$/, ''))).toEqual(['rss', 'heap'].map((kind) => `quanso_process_memory_bytes{service="all",kind="${kind}"}`));
    const [target] = await lines('target_info');
    expect(target).toContain('service_instance_id="dossiers-7d9f-x2x4z"');
    expect(target).not.toMatch(/process_|host_|a="b"/);
  });

  it('holds no personal number and no end of labels', async () => {
    const labels = (operation: string): Labels<'quanso_http_requests_total'> => ({ service: 'x', operation, kind: 'read', status: '2xx' });
    count('quanso_http_requests_total', labels('999012345678'));
    for (let n = 0; n < 5_000; n += 1) count('quanso_http_shed_total', { service: 'x', reason: `r${n}` });
    const all = await lines('quanso_http');
    expect(all.filter((line) => line.includes('999012345678'))).toEqual([]);
    expect(all.filter((line) => line.includes('operation="[removed]"'))).toHaveLength(1);
    expect(all.filter((line) => line.startsWith('quanso_http_shed_total')).length).toBeLessThanOrEqual(2_001);
  });
});

describe('names', () => {
  it.each(Object.entries(METRICS))('%s ends as its kind and unit say, and names its service', (name, metric) => {
    const unit = 'unit' in metric ? { s: '_seconds', By: '_bytes' }[metric.unit] : '';
    expect(name).toMatch(metric.kind === 'counter' ? /_total$/ : new RegExp(`${unit}$`));
    expect(name).toMatch(/^quanso(_[a-z]+)+$/);
    expect(metric.labels[0]).toBe('service');
  });
});

describe('where it goes', () => {
  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['nothing is said', {}, []],
    ['only an address is given', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318' }, ['otlp']],
    ['traces go to Zipkin, and no word of metrics', { OTEL_TRACES_EXPORTER: 'zipkin' }, []],
    ['both are wanted', { OTEL_METRICS_EXPORTER: 'otlp,prometheus' }, ['otlp', 'prometheus']],
  ])('is told by the variables: %s', (_, env, wanted) => {
    expect(metricExporterNames(env)).toEqual(wanted);
  });
  it.each([
    [{ OTEL_METRICS_EXPORTER: 'statsd' }, /"statsd".*otlp, prometheus, none/],
    [{ OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /"grpc".*http\/protobuf/],
  ])('is refused where we have no way: %j', (env, said) => {
    expect(() => metricExporterNames(env)).toThrow(said);
  });
});
