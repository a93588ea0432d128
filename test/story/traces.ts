/** One span as the story looks at it, whoever keeps it. */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly service: string;
  readonly kind: string;
  /** Milliseconds since 1970, and how long. */
  readonly start: number;
  readonly ms: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Where finished spans are looked up: the platform's own page, or Zipkin. */
export interface Traces {
  /** Spans of one trace; empty while none came in. */
  readonly get: (traceId: string) => Promise<readonly SeenSpan[]>;
  /** Ids of the traces in which this dossier occurs. */
  readonly findByDossier: (code: string) => Promise<readonly string[]>;
  /** Spans of the trace of one request, by its Request-Id; empty while it is not there. */
  readonly findByRequest: (requestId: string) => Promise<readonly SeenSpan[]>;
  /** Everything that is kept, as text: to look for what must not be there. */
  readonly everything: () => Promise<string>;
}

/** How far back among the newest traces a request is looked for. */
const NEWEST = 50;

/** Traces that a platform in one process keeps itself: `/traces.json`. */
export function tracesOfPage(base: string): Traces {
  const read = async <T>(query: string): Promise<T> => (await fetch(`${base}/traces.json?${query}`)).json() as Promise<T>;
  const get = async (traceId: string): Promise<readonly SeenSpan[]> => (await read<{ items?: SeenSpan[] }>(`trace=${traceId}`)).items ?? [];
  const list = async (query: string): Promise<readonly string[]> => (await read<{ items: { traceId: string }[] }>(query)).items.map(({ traceId }) => traceId);
  return {
    get,
    findByDossier: (code) => list(`code=${encodeURIComponent(code)}&limit=1000`),
    findByRequest: async (requestId) => {
      const newest = await Promise.all((await list(`limit=${NEWEST}`)).map(get));
      return newest.find((spans) => spans.some(({ attributes }) => attributes['quanso.request.id'] === requestId)) ?? [];
    },
    everything: async () => {
      const whole = await Promise.all((await list('limit=1000')).map((traceId) => fetch(`${base}/traces.json?trace=${traceId}`).then((answer) => answer.text())));
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
  /** Microseconds. */
  readonly timestamp?: number;
  readonly duration?: number;
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
  const search = (query: Record<string, string>): Promise<ZipkinSpan[][]> => read<ZipkinSpan[][]>(`traces?${new URLSearchParams({ lookback: String(DAY_MS), ...query })}`, []);
  return {
    get: async (traceId) => (await read<ZipkinSpan[]>(`trace/${traceId}`, [])).map(seenOf),
    findByDossier: async (code) => (await search({ annotationQuery: `quanso.dossier.code=${code}`, limit: '1000' })).flatMap(([first]) => (first === undefined ? [] : [first.traceId])),
    findByRequest: async (requestId) => ((await search({ annotationQuery: `quanso.request.id=${requestId}`, limit: '1' }))[0] ?? []).map(seenOf),
    everything: async () => JSON.stringify(await search({ limit: '10000' })),
  };
}

function seenOf({ traceId, id, parentId, name = '', kind, timestamp = 0, duration = 0, localEndpoint, tags = {} }: ZipkinSpan): SeenSpan {
  const times = { start: timestamp / 1_000, ms: duration / 1_000 };
  return { ...times, traceId, spanId: id, parentId, name, service: tags['quanso.service'] ?? localEndpoint?.serviceName ?? '', kind: (kind ?? 'internal').toLowerCase(), attributes: tags };
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
