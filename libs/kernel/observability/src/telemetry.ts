import { randomUUID } from 'node:crypto';
import { type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { openMetrics } from './metrics.js';
import { type TraceStore } from './trace-store.js';

export interface Telemetry {
  /** Sends what is waiting and stops; gives up after 3 s, because a back end that hangs must not hold a shutdown. */
  shutdown(): Promise<void>;
}

export interface TelemetryOptions {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** Keeps the last thousand traces in this process too. */
  readonly memory?: TraceStore;
}

type Signal = 'TRACES' | 'METRICS';

const SHUTDOWN_MS = 3_000;

/**
 * Starts tracing and measuring for this process, once. Where they go is told by OpenTelemetry's standard variables:
 * OTEL_TRACES_EXPORTER (`none`, `otlp`, `zipkin`, or both), OTEL_EXPORTER_OTLP_ENDPOINT and its kin,
 * OTEL_EXPORTER_ZIPKIN_ENDPOINT, OTEL_TRACES_SAMPLER, OTEL_BSP_*; OTEL_METRICS_EXPORTER (`none`, `otlp`, `prometheus`, or
 * both), OTEL_METRIC_EXPORT_INTERVAL, OTEL_EXPORTER_PROMETHEUS_HOST and _PORT. Logs are not exported.
 * Spans wait in a bounded queue (2,048) and are dropped when it is full: telemetry never holds work up.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  // Loaded here and not above: the SDK costs 0.2 s, and whoever only makes spans need not pay it.
  // One after the other: Jest's module loader fails now and then on graphs that share files and load at once.
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const exporters = await exportersOf(exporterNames(process.env));
  const measured = metricExporterNames(process.env).length > 0;
  const processors: SpanProcessor[] = exporters.map(
    (exporter) => new BatchSpanProcessor({ exporter, ...batchOptions(process.env) }),
  );
  if (options.memory !== undefined) processors.unshift(options.memory.processor);
  const sdk = new NodeSDK({
    // No detectors: they put command line, user and host into every span.
    autoDetectResources: false,
    resource: resourceFromAttributes({
      'service.name': options.service,
      'service.version': options.version,
      'service.namespace': 'quan-so',
      'service.instance.id': instanceOf(process.env),
      'deployment.environment.name': options.environment,
    }),
    spanProcessors: processors,
    // Not given, the SDK makes the readers that the variables name.
    ...(measured ? {} : { metricReaders: [] }),
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  const closeMetrics = measured ? openMetrics(options.service) : undefined;
  const end = (): Promise<void> => sdk.shutdown().finally(closeMetrics);
  return { shutdown: () => atMost(SHUTDOWN_MS, end()) };
}

/** Two pods of a service must not write into one series; the chart says which pod it is. */
function instanceOf(env: NodeJS.ProcessEnv): string {
  return /(?:^|,)service\.instance\.id=([A-Za-z0-9.-]{1,100})(?:,|$)/.exec(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')?.[1] ?? randomUUID();
}

/** Throws one sentence for a name we do not have. */
async function exportersOf(names: readonly string[]): Promise<SpanExporter[]> {
  const exporters: SpanExporter[] = [];
  for (const name of names) exporters.push(await exporterOf(name));
  return exporters;
}

/** OTLP is the standard's default; here an address of it must be given, or every laptop would knock at port 4318. */
export function exporterNames(env: NodeJS.ProcessEnv): readonly string[] {
  return namesOf(env, 'TRACES');
}

/** Throws one sentence for a name or a protocol we do not have: the SDK itself would say nothing. */
export function metricExporterNames(env: NodeJS.ProcessEnv): readonly string[] {
  const names = namesOf(env, 'METRICS');
  const unknown = names.find((name) => name !== 'otlp' && name !== 'prometheus');
  if (unknown !== undefined) throw new Error(`OTEL_METRICS_EXPORTER: không có "${unknown}" / unknown; có / there are: otlp, prometheus, none.`);
  if (names.includes('otlp')) demandProtobuf(env, 'METRICS');
  return names;
}

function namesOf(env: NodeJS.ProcessEnv, signal: Signal): readonly string[] {
  const addressed = [env['OTEL_EXPORTER_OTLP_ENDPOINT'], env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]].some((address) => (address ?? '') !== '');
  const names = env[`OTEL_${signal}_EXPORTER`] ?? (addressed ? 'otlp' : '');
  return [...new Set(names.split(',').map((name) => name.trim()))].filter((name) => name !== '' && name !== 'none');
}

async function exporterOf(name: string): Promise<SpanExporter> {
  if (name === 'otlp') {
    demandProtobuf(process.env, 'TRACES');
    return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
  }
  if (name === 'zipkin') return new (await import('@opentelemetry/exporter-zipkin')).ZipkinExporter();
  throw new Error(`OTEL_TRACES_EXPORTER: không có "${name}" / unknown; có / there are: otlp, zipkin, none.`);
}

/** The standard's default is the protocol we speak; another one asked for is told, not silently passed over. */
function demandProtobuf(env: NodeJS.ProcessEnv, signal: Signal): void {
  const asked = env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? '';
  if (asked === '' || asked === 'http/protobuf') return;
  throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL: "${asked}" không có, chỉ có / is not there, only: http/protobuf.`);
}

function batchOptions(env: NodeJS.ProcessEnv): Record<string, number> {
  const names = {
    maxQueueSize: 'OTEL_BSP_MAX_QUEUE_SIZE',
    scheduledDelayMillis: 'OTEL_BSP_SCHEDULE_DELAY',
    exportTimeoutMillis: 'OTEL_BSP_EXPORT_TIMEOUT',
    maxExportBatchSize: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, name]) => {
      const value = Number.parseInt(env[name] ?? '', 10);
      return value > 0 ? [[option, value]] : [];
    }),
  );
}

/** Waits for `work`, but not longer than `ms`. */
export async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  // What the back end refused is lost, and that is all: nothing is thrown at a shutdown.
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
