import { monitorEventLoopDelay } from 'node:perf_hooks';
import { metrics, type Counter, type Histogram, type Meter, type ObservableGauge } from '@opentelemetry/api';
import { safeText } from './attributes.js';
import { BOUNDS, METRICS, type CounterName, type GaugeName, type HistogramName, type Labels, type MetricName, type Reading } from './metric-names.js';

/** Reads gauges when somebody collects; what cannot be read now is left out. */
export type GaugeSource = () => readonly Reading[] | Promise<readonly Reading[]>;

interface Instruments {
  readonly counters: ReadonlyMap<CounterName, Counter>;
  readonly histograms: ReadonlyMap<HistogramName, Histogram>;
}

/** A scrape that waits longer is lost; what waits for a database that is away must not take the rest with it. */
const SOURCE_MS = 4_000;
/** Several who collect, or somebody who reloads a page, ask the databases no more often. */
const KEPT_MS = 2_000;
/** Far more than there are operations, topics and versions; what comes on top is one series. */
const MOST_TEXTS = 2_000;
const OTHER = 'other';
const LOOP_RESOLUTION_MS = 20;

let instruments: Instruments | undefined;
/** Texts that were looked at already: a request must not pay for that again. */
const texts = new Map<string, string>();
const sources = new Set<GaugeSource>();

/** One more of a kind. Costs next to nothing where nobody measures. */
export function count<N extends CounterName>(name: N, labels: Labels<N>, n = 1): void {
  instruments?.counters.get(name)?.add(n, bounded(labels));
}

/** One duration, in seconds. */
export function measure<N extends HistogramName>(name: N, labels: Labels<N>, seconds: number): void {
  instruments?.histograms.get(name)?.record(Math.max(0, seconds), bounded(labels));
}

export function reading<N extends GaugeName>(name: N, labels: Labels<N>, value: number): Reading<N> {
  return { name, labels, value };
}

/** Asks `source` at each collection from now on; answers how to stop that. */
export function watch(source: GaugeSource): () => void {
  const kept = remembered(source);
  sources.add(kept);
  return () => void sources.delete(kept);
}

/** Makes every instrument on the provider that has just been started; `service` is that of the process. */
export function openMetrics(service: string): () => void {
  const meter = metrics.getMeter('quan-so');
  const { counters, histograms, gauges } = instrumentsOf(meter);
  instruments = { counters, histograms };
  const observables = [...gauges.values()];
  meter.addBatchObservableCallback(async (result) => {
    const readings = await Promise.all([...sources].map(async (source) => source()));
    for (const { name, labels, value } of withGone(readings.flat())) {
      const gauge = gauges.get(name);
      if (gauge !== undefined) result.observe(gauge, value, bounded(labels));
    }
  }, observables);
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  const unwatch = watch(() => processReadings(service, loop));
  return () => {
    unwatch();
    loop.disable();
    instruments = undefined;
  };
}

/** Shown at the last collection, by name and labels. */
let shown = new Map<string, Reading>();

/**
 * The SDK goes on showing what it was told last, so what cannot be read now would look as if it stood still: it becomes
 * NaN, which no comparison of an alert holds for.
 */
function withGone(readings: readonly Reading[]): readonly Reading[] {
  const now = new Map(readings.map((one) => [`${one.name} ${JSON.stringify(one.labels)}`, one]));
  const gone = [...shown].flatMap(([key, one]) => (now.has(key) ? [] : [{ ...one, value: Number.NaN }]));
  shown = now;
  return [...now.values(), ...gone];
}

function instrumentsOf(meter: Meter): Instruments & { readonly gauges: ReadonlyMap<GaugeName, ObservableGauge> } {
  const counters = new Map<CounterName, Counter>();
  const histograms = new Map<HistogramName, Histogram>();
  const gauges = new Map<GaugeName, ObservableGauge>();
  for (const [name, metric] of Object.entries(METRICS) as [MetricName, { kind: string; unit?: string; help: { vi: string; en: string } }][]) {
    const options = { description: `${metric.help.vi} / ${metric.help.en}`, ...(metric.unit === undefined ? {} : { unit: metric.unit }) };
    if (metric.kind === 'counter') counters.set(name as CounterName, meter.createCounter(name, options));
    else if (metric.kind === 'gauge') gauges.set(name as GaugeName, meter.createObservableGauge(name, options));
    else histograms.set(name as HistogramName, meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: [...BOUNDS[name as HistogramName]] } }));
  }
  return { counters, histograms, gauges };
}

/** Values of labels come from closed lists; should one ever hold more, it leaves as spans would let it, and not without end. */
function bounded(labels: Readonly<Record<string, string>>): Record<string, string> {
  let changed: Record<string, string> | undefined;
  for (const [name, text] of Object.entries(labels)) {
    const safe = safeLabel(text);
    if (safe !== text) (changed ??= { ...labels })[name] = safe;
  }
  return changed ?? labels;
}

function safeLabel(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) return OTHER;
  const safe = safeText(text);
  texts.set(text, safe);
  return safe;
}

function processReadings(service: string, loop: ReturnType<typeof monitorEventLoopDelay>): readonly Reading[] {
  const { rss, heapUsed } = process.memoryUsage();
  // The timer itself is late by its resolution at least.
  const delay = loop.count === 0 ? 0 : Math.max(0, loop.percentile(99) / 1e9 - LOOP_RESOLUTION_MS / 1_000);
  loop.reset();
  return [
    reading('quanso_event_loop_delay_seconds', { service }, delay),
    reading('quanso_process_memory_bytes', { service, kind: 'rss' }, rss),
    reading('quanso_process_memory_bytes', { service, kind: 'heap' }, heapUsed),
  ];
}

/** The same for a while; nothing when it fails or takes too long. */
function remembered(source: GaugeSource): GaugeSource {
  let last: { readonly at: number; readonly readings: Promise<readonly Reading[]> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= KEPT_MS) last = { at: now, readings: inTime(source) };
    return last.readings;
  };
}

async function inTime(source: GaugeSource): Promise<readonly Reading[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Reading[]>((resolve) => (timer = setTimeout(() => resolve([]), SOURCE_MS)));
  try {
    return await Promise.race([Promise.resolve(source()), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
