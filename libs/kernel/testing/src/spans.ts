/** The part of a finished span that tests look at; kernel/observability's TraceStore gives it. */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly service: string;
}

/**
 * The tree of one trace as indented names, children in the order given: one string to compare with a hand-written tree.
 * A span whose parent is not in the list is a root.
 */
export function treeOf(spans: readonly SeenSpan[]): string {
  const known = new Set(spans.map((span) => span.spanId));
  const childrenOf = (id: string | undefined): SeenSpan[] =>
    spans.filter((span) => (span.parentSpanId !== undefined && known.has(span.parentSpanId) ? span.parentSpanId : undefined) === id);
  const lines = (id: string | undefined, depth: number): string[] =>
    childrenOf(id).flatMap((span) => [`${'  '.repeat(depth)}${span.service}: ${span.name}`, ...lines(span.spanId, depth + 1)]);
  return lines(undefined, 0).join('\n');
}
