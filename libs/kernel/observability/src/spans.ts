import { randomBytes } from 'node:crypto';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  createContextKey,
  isSpanContextValid,
  trace,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { Refusal } from '@quan-so/contract';
import { allowedAttributes, errorType, safeText, type Attrs } from './attributes.js';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

export interface SpanOptions {
  readonly kind?: keyof typeof KINDS;
  /** The service whose work it is: several services may share one process. */
  readonly service: string;
  /** As a function they are only made for a span that is kept. */
  readonly attributes?: Attrs | (() => Attrs);
  /**
   * A traceparent (of an outbox row, a message), `root` for a new trace, `untraced` for a new one that is not kept; by
   * default the span active now. What was not sampled stays so through everything it leads to (flag 00 of its traceparent).
   */
  readonly parent?: string | undefined;
  /** traceparents of what this is about without being part of it; unreadable ones are ignored. */
  readonly links?: readonly string[];
}

export interface SpanHandle {
  set(attributes: Attrs): void;
  /** Marks the span as failed when the error does not come out of `work` as an exception; `type` as in `error.type`. */
  fail(type: string): void;
  readonly traceId: string;
  readonly traceparent: string;
}

/** Trace id where nothing is traced: before telemetry is started, or outside any span. */
export const NO_TRACE = '0'.repeat(32);

/** A span that nothing runs in: it stands for a message among many. */
export interface OpenSpan extends SpanHandle {
  /** Only the first call counts. */
  end(): void;
}

/** Opens a span without making it the active one; whoever opens it ends it. */
export function openSpan(name: string, options: SpanOptions): OpenSpan {
  const { span } = startSpan(name, options);
  let over = false;
  const end = (): void => {
    if (!over) span.end();
    over = true;
  };
  return { ...handleOf(span), end };
}

/**
 * Runs `work` in a span that is active meanwhile. What `work` throws is thrown on; a refusal leaves its code in
 * `quanso.problem`, any other error marks the span as failed with its kind, never with its message.
 */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: SpanHandle) => Promise<T>): Promise<T> {
  const { span, parent } = startSpan(name, options);
  try {
    const inside = trace.setSpan(parent, span);
    const active = options.kind === 'server' ? inside.setValue(REQUEST_SPAN, span) : inside;
    return await context.with(active, work, undefined, handleOf(span));
  } catch (error) {
    if (error instanceof Refusal && error.problem.status < 500) span.setAttribute('quanso.problem', error.problem.code);
    else fail(span, errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

function startSpan(name: string, { kind = 'internal', service, attributes = {}, parent: of, links = [] }: SpanOptions): { span: Span; parent: Context } {
  const parent = parentContext(of);
  const to = links.flatMap((link) => {
    const context = parseTraceparent(link);
    return context === undefined ? [] : [{ context }];
  });
  const span = trace.getTracer('quan-so').startSpan(safeText(name), { kind: KINDS[kind], links: to }, parent);
  if (span.isRecording()) {
    const told = typeof attributes === 'function' ? attributes() : attributes;
    // `service.name` on the span is what Zipkin shows when services share a process and thus a resource.
    span.setAttributes({ ...allowedAttributes({ ...told, 'quanso.service': service }), 'service.name': service });
  }
  return { span, parent };
}

/** Where the span of the request in work stands while spans below it are active. */
const REQUEST_SPAN = createContextKey('quan-so request span');

/** Sets attributes on the server span of the request in work, from anywhere below it; outside a request it does nothing. */
export function setOnRequestSpan(attributes: Attrs): void {
  const span = context.active().getValue(REQUEST_SPAN) as Span | undefined;
  span?.setAttributes(allowedAttributes(attributes));
}

/** The traceparent (W3C) of the active span, for an outbox row or a request; undefined outside any span. */
export function currentTraceparent(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? traceparentOf(active) : undefined;
}

/** The id of the active trace (32 hex digits); `NO_TRACE` outside any span. */
export function currentTraceId(): string {
  return trace.getActiveSpan()?.spanContext().traceId ?? NO_TRACE;
}

/** Ids of the active span for a log line. */
export function currentIds(): { traceId: string; spanId: string } | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? { traceId: active.traceId, spanId: active.spanId } : undefined;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a W3C traceparent (version 00); undefined for anything else, all-zero ids included. */
export function parseTraceparent(text: string): SpanContext | undefined {
  const parts = TRACEPARENT.exec(text);
  if (parts === null) return undefined;
  const [, traceId = '', spanId = '', flags = '00'] = parts;
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
}

/** Whether a traceparent says that its trace is kept. */
export function isSampled(traceparent: string): boolean {
  return ((parseTraceparent(traceparent)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0;
}

function parentContext(parent: string | undefined): Context {
  if (parent === undefined) return context.active();
  const remote = parent === 'root' ? undefined : parent === 'untraced' ? untraced() : parseTraceparent(parent);
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
}

/** A parent that nobody keeps: the sampler follows its flag. */
function untraced(): SpanContext {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
}

function traceparentOf(of: SpanContext): string {
  return `00-${of.traceId}-${of.spanId}-${of.traceFlags.toString(16).padStart(2, '0')}`;
}

function handleOf(span: Span): SpanHandle {
  const own = span.spanContext();
  return {
    set: (attributes) => void span.setAttributes(allowedAttributes(attributes)),
    fail: (type) => fail(span, errorType({ name: type })),
    traceId: own.traceId,
    traceparent: traceparentOf(own),
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
