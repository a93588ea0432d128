import { treeOf, type SeenSpan } from './spans.js';

const span = (spanId: string, parentSpanId: string | undefined, name: string): SeenSpan => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name,
  service: 's',
});

describe('treeOf', () => {
  it('draws children under their parents and takes a span with an unknown parent for a root', () => {
    expect(treeOf([span('b', 'a', 'two'), span('a', 'elsewhere', 'one'), span('c', 'b', 'three')])).toBe(
      's: one\n  s: two\n    s: three',
    );
  });
});
