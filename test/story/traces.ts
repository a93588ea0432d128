/** One span as the story looks at it, whoever keeps it. */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly service: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Where finished spans are looked up: the platform's own page, or Zipkin. */
export interface Traces {
  /** Spans of one trace; empty while none came in. */
  get(traceId: string): Promise<readonly SeenSpan[]>;
  /** Ids of the traces in which this dossier occurs. */
  findByDossier(code: string): Promise<readonly string[]>;
  /** Everything that is kept, as text: to look for what must not be there. */
  everything(): Promise<string>;
}

interface PageSpan extends SeenSpan {
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Traces that a platform in one process keeps itself: `/traces.json`. */
export function tracesOfPage(base: string): Traces {
  const read = async <T>(query: string): Promise<T> => (await fetch(`${base}/traces.json?${query}`)).json() as Promise<T>;
  return {
    get: async (traceId) => (await read<{ items?: PageSpan[] }>(`trace=${traceId}`)).items ?? [],
    findByDossier: async (code) => (await read<{ items: { traceId: string }[] }>(`code=${encodeURIComponent(code)}&limit=1000`)).items.map(({ traceId }) => traceId),
    everything: async () => {
      const { items } = await read<{ items: { traceId: string }[] }>('limit=1000');
      const whole = await Promise.all(items.map(({ traceId }) => fetch(`${base}/traces.json?trace=${traceId}`).then((answer) => answer.text())));
      return whole.join('\n');
    },
  };
}

interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly localEndpoint?: { readonly serviceName?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

/** Traces that the platform sends to Zipkin. It writes names in lower case; the story compares them so. */
export function tracesOfZipkin(base: string): Traces {
  const read = async <T>(path: string, none: T): Promise<T> => {
    const answer = await fetch(`${base}/api/v2/${path}`);
    return answer.ok ? ((await answer.json()) as T) : none;
  };
  return {
    get: async (traceId) => (await read<ZipkinSpan[]>(`trace/${traceId}`, [])).map(seenOf),
    findByDossier: async (code) => {
      const query = new URLSearchParams({ annotationQuery: `quanso.dossier.code=${code}`, limit: '1000', lookback: String(DAY_MS) });
      return (await read<ZipkinSpan[][]>(`traces?${query}`, [])).flatMap(([first]) => (first === undefined ? [] : [first.traceId]));
    },
    everything: async () => JSON.stringify(await read<unknown>(`traces?${new URLSearchParams({ limit: '10000', lookback: String(DAY_MS) })}`, [])),
  };
}

function seenOf({ traceId, id, parentId, name = '', kind, localEndpoint, tags = {} }: ZipkinSpan): SeenSpan {
  return { traceId, spanId: id, parentId, name, service: tags['quanso.service'] ?? localEndpoint?.serviceName ?? '', kind: (kind ?? 'internal').toLowerCase(), attributes: tags };
}

/** A node of the tree of a trace. */
export interface Tree extends SeenSpan {
  readonly children: readonly Tree[];
}

/** The trees of a trace: a span whose parent is not among them is a root. */
export function treesOf(spans: readonly SeenSpan[]): readonly Tree[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | undefined): Tree[] =>
    spans
      .filter(({ parentId }) => (parentId !== undefined && known.has(parentId) ? parentId : undefined) === parent)
      .map((span) => ({ ...span, children: below(span.spanId) }));
  return below(undefined);
}

/** The tree and everything below it, in one list. */
export function within(tree: Tree): readonly Tree[] {
  return [tree, ...tree.children.flatMap(within)];
}
