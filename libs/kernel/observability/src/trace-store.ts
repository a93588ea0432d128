import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api';
import { type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { type AttributeValue } from './attributes.js';

export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly service: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Milliseconds since 1970, with fractions. */
  readonly start: number;
  /** Milliseconds. */
  readonly ms: number;
  /** Kind of the error; undefined when the work went well or was refused on purpose. */
  readonly error: string | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Trace ids it links to. */
  readonly links: readonly string[];
}

export interface TraceSummary {
  readonly traceId: string;
  /** Name of the span that began it, as far as it is known. */
  readonly name: string;
  readonly services: readonly string[];
  readonly dossierCodes: readonly string[];
  readonly start: number;
  readonly ms: number;
  readonly spans: number;
  /** Spans that were not kept because the trace is too long. */
  readonly dropped: number;
  readonly errors: number;
  /** Code of the first refusal in it. */
  readonly problem: string | undefined;
}

export interface StoredTrace extends TraceSummary {
  /** By time of start. */
  readonly items: readonly StoredSpan[];
}

export interface TraceQuery {
  /** Part of a dossier code, in any case. */
  readonly dossierCode?: string;
  /** Only traces in which something failed or was refused. */
  readonly errors?: boolean;
  /** Slowest first; otherwise newest first. */
  readonly slowest?: boolean;
  readonly limit: number;
}

interface Kept {
  readonly spans: StoredSpan[];
  dropped: number;
}

/** 1,000 traces of 500 spans are about 250 MB at the very worst, some 10 MB in ordinary use (10–20 spans each). */
const TRACES = 1_000;
const SPANS = 500;

const KIND_NAMES = {
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
  [SpanKind.INTERNAL]: 'internal',
} as const;

/** The last thousand traces of this process, in memory; the oldest makes room for the newest. */
export class TraceStore {
  readonly #traces = new Map<string, Kept>();
  readonly #traceLimit: number;
  readonly #spanLimit: number;

  constructor(limits: { traces?: number; spans?: number } = {}) {
    this.#traceLimit = limits.traces ?? TRACES;
    this.#spanLimit = limits.spans ?? SPANS;
  }

  /** What the SDK hands finished spans to. */
  readonly processor: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => this.add(storedOf(span)),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };

  add(span: StoredSpan): void {
    let kept = this.#traces.get(span.traceId);
    if (kept === undefined) {
      kept = { spans: [], dropped: 0 };
      this.#traces.set(span.traceId, kept);
      if (this.#traces.size > this.#traceLimit) this.#traces.delete(this.#traces.keys().next().value ?? '');
    }
    if (kept.spans.length < this.#spanLimit) kept.spans.push(span);
    else kept.dropped += 1;
  }

  search(query: TraceQuery): TraceSummary[] {
    const wanted = query.dossierCode?.toUpperCase();
    const found: TraceSummary[] = [];
    for (const [traceId, kept] of this.#traces) {
      const summary = summaryOf(traceId, kept);
      if (wanted !== undefined && !summary.dossierCodes.some((code) => code.toUpperCase().includes(wanted))) continue;
      if (query.errors === true && summary.errors === 0 && summary.problem === undefined) continue;
      found.push(summary);
    }
    found.sort(query.slowest === true ? (a, b) => b.ms - a.ms : (a, b) => b.start - a.start);
    return found.slice(0, query.limit);
  }

  get(traceId: string): StoredTrace | undefined {
    const kept = this.#traces.get(traceId);
    if (kept === undefined) return undefined;
    return { ...summaryOf(traceId, kept), items: kept.spans.toSorted((a, b) => a.start - b.start) };
  }
}

function summaryOf(traceId: string, { spans, dropped }: Kept): TraceSummary {
  const first = spans.reduce((a, b) => (isEarlier(b, a) ? b : a));
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.start + span.ms));
  return {
    traceId,
    name: first.name,
    services: distinct(spans.map((span) => span.service)),
    dossierCodes: distinct(spans.map((span) => span.attributes['quanso.dossier.code'])),
    start,
    ms: end - start,
    spans: spans.length,
    dropped,
    errors: spans.filter((span) => span.error !== undefined).length,
    problem: distinct(spans.map((span) => span.attributes['quanso.problem']))[0],
  };
}

/** The span without a parent began the trace, whatever clocks say. */
function isEarlier(a: StoredSpan, b: StoredSpan): boolean {
  if ((a.parentId === undefined) !== (b.parentId === undefined)) return a.parentId === undefined;
  return a.start < b.start;
}

function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

function storedOf(span: ReadableSpan): StoredSpan {
  const { 'service.name': _, ...attributes } = span.attributes as Record<string, AttributeValue>;
  const failed = span.status.code === SpanStatusCode.ERROR;
  return {
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId,
    name: span.name,
    service: String(attributes['quanso.service'] ?? ''),
    kind: KIND_NAMES[span.kind],
    start: milliseconds(span.startTime),
    ms: milliseconds(span.duration),
    error: failed ? String(attributes['error.type'] ?? 'Error') : undefined,
    attributes,
    links: span.links.map((link) => link.context.traceId),
  };
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
