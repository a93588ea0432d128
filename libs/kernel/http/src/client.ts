import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Language, type OperationDef } from '@quan-so/contract';
import { type z } from 'zod';
import { type PageBody } from './page-body.js';

/** A problem as it comes over the wire (RFC 9457); further members are the problem's own. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance: string;
  readonly retryable: boolean;
  /** Absent when it was refused before a trace began. */
  readonly traceId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
  readonly [member: string]: unknown;
}

/** A refusal by the other side. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly problem: ProblemDocument,
    readonly headers: Headers,
  ) {
    super(`${problem.status} ${problem.code}: ${problem.detail ?? problem.title}`);
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
}

export interface ClientOptions {
  /** Address before `/api`, without a slash at its end. */
  readonly base: string;
  readonly token?: string | (() => string | Promise<string>);
  readonly language?: Language;
  /** How often a retryable refusal or a broken connection is tried again; 3. */
  readonly retries?: number;
  /** Longest time for one answer, ms; 30,000, twice what a service takes for its slowest. */
  readonly timeout?: number;
}

type Part<K extends string, T> = [T] extends [undefined]
  ? unknown
  : Record<never, never> extends T
    ? { readonly [name in K]?: T }
    : { readonly [name in K]: T };
type PageAsked<Op extends OperationDef> = Op['kind'] extends 'list' ? { readonly limit?: number; readonly cursor?: string } : unknown;

/** What a call of an operation needs, as its declaration says. */
export type Given<Op extends OperationDef> = Part<'params', z.input<NonNullable<Op['params']>>> &
  Part<'query', z.input<NonNullable<Op['query']>> & PageAsked<Op>> &
  Part<'body', z.input<NonNullable<Op['body']>>> & {
    /** Version read before, of a command. */
    readonly ifMatch?: number;
    /** Purpose-Code, of an operation on personal data. */
    readonly purpose?: string;
    /** Made when absent; the same one on every retry. */
    readonly idempotencyKey?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };

export type BodyOf<Op extends OperationDef> = Op['kind'] extends 'list' ? PageBody<z.output<Op['answer']>> : z.output<Op['answer']>;

export interface Reply<B> {
  readonly status: number;
  readonly body: B;
  /** From the ETag. */
  readonly version: number | undefined;
  readonly location: string | undefined;
  readonly replayed: boolean;
  readonly headers: Headers;
}

export interface Client {
  /** One call; throws ProblemError when it is refused. */
  call<Op extends OperationDef>(operation: Op, given: Given<Op>): Promise<Reply<BodyOf<Op>>>;
  /** Every item of a list, page by page. */
  items<Op extends OperationDef>(operation: Op, given: Given<Op>): AsyncGenerator<z.output<Op['answer']>, void, undefined>;
}

const LONGEST_WAIT_MS = 10_000;
const LONGEST_ANSWER_MS = 30_000;

/** A client of every service at `base`, typed by the operations themselves. */
export function createClient(options: ClientOptions): Client {
  const call = <Op extends OperationDef>(operation: Op, given: Given<Op>): Promise<Reply<BodyOf<Op>>> => {
    const parts = given as Parts;
    const url = `${options.base}${pathOf(operation, parts.params)}${queryOf(parts.query)}`;
    return send(options, operation, url, parts) as Promise<Reply<BodyOf<Op>>>;
  };
  return {
    call,
    items: async function* items<Op extends OperationDef>(operation: Op, given: Given<Op>) {
      let page = (await call(operation, given)).body as PageBody<z.output<Op['answer']>>;
      while (true) {
        yield* page.items;
        if (page.page.next === undefined) return;
        const reply = await send(options, operation, `${options.base}${page.page.next}`, given as Parts);
        page = reply.body as typeof page;
      }
    },
  };
}

/** A call's parts once its types have done their work. */
interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly purpose?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(options: ClientOptions, operation: OperationDef, url: string, parts: Parts): Promise<Reply<unknown>> {
  const keyed = operation.kind === 'create' || operation.kind === 'command';
  const key = keyed ? (parts.idempotencyKey ?? randomUUID()) : undefined;
  const body = parts.body === undefined ? null : JSON.stringify(parts.body);
  for (let left = options.retries ?? 3, waitMs = 100; ; left -= 1, waitMs *= 2) {
    const headers = await headersOf(options, parts, key, body !== null);
    let response: Response;
    try {
      response = await fetch(url, { method: operation.method, headers, body, redirect: 'error', signal: AbortSignal.timeout(options.timeout ?? LONGEST_ANSWER_MS) });
    } catch (error) {
      // No operation has an effect without its key, so every one may be sent again.
      if (left <= 0) throw error;
      await sleep(waitMs);
      continue;
    }
    if (response.ok) return replyOf(response);
    const refused = await problemOf(response);
    if (!refused.problem.retryable || left <= 0) throw refused;
    await sleep(Math.min(LONGEST_WAIT_MS, Math.max(waitMs, Number(response.headers.get('retry-after') ?? 0) * 1_000)));
  }
}

async function headersOf(options: ClientOptions, parts: Parts, key: string | undefined, withBody: boolean): Promise<Record<string, string>> {
  const token = typeof options.token === 'function' ? await options.token() : options.token;
  return {
    accept: 'application/json',
    'accept-language': options.language ?? 'vi',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(withBody ? { 'content-type': 'application/json' } : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(parts.ifMatch === undefined ? {} : { 'if-match': `"${parts.ifMatch}"` }),
    ...(parts.purpose === undefined ? {} : { 'purpose-code': parts.purpose }),
    ...parts.headers,
  };
}

async function replyOf(response: Response): Promise<Reply<unknown>> {
  const version = /^"(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1];
  return {
    status: response.status,
    body: await response.json(),
    version: version === undefined ? undefined : Number(version),
    location: response.headers.get('location') ?? undefined,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    headers: response.headers,
  };
}

/** Whatever stands between may answer something else than a problem. */
async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as ProblemDocument;
    if (typeof problem.code === 'string' && typeof problem.title === 'string') return new ProblemError(problem, response.headers);
  } catch {
    // Not JSON: told as it is below.
  }
  const title = `HTTP ${response.status}`;
  const retryable = response.status === 502 || response.status === 503 || response.status === 504;
  return new ProblemError({ type: 'about:blank', title, status: response.status, code: 'NOT_A_PROBLEM', instance: '', retryable }, response.headers);
}

function pathOf(operation: OperationDef, params: Parts['params']): string {
  return operation.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params?.[name];
    if (value === undefined) throw new TypeError(`${operation.id}: parameter ${name} is missing`);
    return encodeURIComponent(String(value));
  });
}

/** Lists go as one parameter, comma separated. */
function queryOf(query: Parts['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${(Array.isArray(value) ? value : [value]).map((item) => encodeURIComponent(String(item))).join(',')}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
