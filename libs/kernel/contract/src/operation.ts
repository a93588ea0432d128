import { type z } from 'zod';
import { type Actor } from './actor.js';
import { type PermissionDef } from './permission.js';
import { type ProblemDef } from './problem.js';
import { type Language, type Text } from './text.js';

/**
 * What an operation does decides its manners, once for all:
 * - `read`      GET one thing: 200 + ETag
 * - `list`      GET a page: 200, `limit` and `cursor` are added to the query
 * - `create`    POST: Idempotency-Key required; 201 + Location + ETag
 * - `command`   POST on a versioned thing: Idempotency-Key and If-Match required; 200 + ETag
 * - `question`  POST without any effect: 200
 */
export type OperationKind = 'read' | 'list' | 'create' | 'command' | 'question';

type Shape = z.ZodObject;

export interface OperationDef<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
  K extends OperationKind = OperationKind,
> {
  readonly id: string;
  readonly service: string;
  readonly method: 'GET' | 'POST';
  /** Fastify path with `:name` parameters, e.g. `/api/dossiers/v1/dossiers/:dossierId`. */
  readonly path: string;
  readonly kind: K;
  readonly summary: Text;
  readonly description?: Text;
  readonly access: { readonly permission: PermissionDef } | { readonly public: string };
  /** Its answer holds personal data: a `Purpose-Code` is asked and an access entry is due before the bytes leave. */
  readonly personal: boolean;
  /** Its answer follows what other services tell and may lag behind them; it says as of when (`asOf`). */
  readonly eventual: boolean;
  readonly params: P | undefined;
  readonly query: Q | undefined;
  readonly body: B | undefined;
  /** The body of the answer; of a list: one item of its page. */
  readonly answer: A;
  /** Problems of its own; those implied by its kind are added by `kernel/http`. */
  readonly problems: readonly ProblemDef[];
}

interface Given<P extends Shape, Q extends Shape, B extends z.ZodType, A extends z.ZodType, K extends OperationKind> {
  id: string;
  service: string;
  path: string;
  kind: K;
  summary: Text;
  description?: Text;
  access: OperationDef['access'];
  personal?: boolean;
  eventual?: boolean;
  params?: P;
  query?: Q;
  body?: B;
  answer: A;
  problems?: readonly ProblemDef[];
}

/** Declares an HTTP operation: one object from which route, guard, validation, OpenAPI and typed client come. */
export function defineOperation<
  A extends z.ZodType,
  const K extends OperationKind,
  P extends Shape = z.ZodObject<Record<never, never>>,
  Q extends Shape = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(given: Given<P, Q, B, A, K>): OperationDef<P, Q, B, A, K> {
  if (!given.path.startsWith(`/api/${given.service}/v1/`)) {
    throw new TypeError(`operation ${given.id}: its path begins with /api/${given.service}/v1/`);
  }
  const method = given.kind === 'read' || given.kind === 'list' ? 'GET' : 'POST';
  if (method === 'GET' && given.body !== undefined) throw new TypeError(`operation ${given.id}: a GET has no body`);
  return Object.freeze({
    ...given,
    method,
    personal: given.personal ?? false,
    eventual: given.eventual ?? false,
    params: given.params,
    query: given.query,
    body: given.body,
    problems: given.problems ?? [],
  });
}

/** A call as a handler gets it: authenticated, permitted, validated. */
export interface Call<Op extends OperationDef = OperationDef> {
  /** The caller; on a public operation the anonymous actor (`id: 'anonymous'`, no positions). */
  readonly actor: Actor;
  readonly operation: Op;
  readonly params: z.output<NonNullable<Op['params']>>;
  readonly query: z.output<NonNullable<Op['query']>> & PageQuery<Op>;
  readonly body: z.output<NonNullable<Op['body']>>;
  /** Version asked by If-Match (commands only). */
  readonly ifMatch: number | undefined;
  /** UUID of Idempotency-Key (create and command only). */
  readonly idempotencyKey: string | undefined;
  /** SHA-256 (hex) over operation id, params and canonical body; compared when a key is reused. */
  readonly requestHash: string;
  /** Purpose-Code (personal operations only). */
  readonly purpose: string | undefined;
  readonly language: Language;
  readonly requestId: string;
}

/** `limit` 1–200 (default 50) and the opened, verified cursor (opaque to the handler's caller) of a list. */
type PageQuery<Op extends OperationDef> = Op['kind'] extends 'list'
  ? { readonly limit: number; readonly after: readonly (string | number)[] | undefined }
  : unknown;

/** What a handler gives back; `kernel/http` makes headers of it. */
export interface Answer<T> {
  readonly body: T;
  /** Becomes the strong ETag `"<version>"`. */
  readonly version?: number;
  /** Path of the thing made (201). */
  readonly location?: string;
  /** The answer of an earlier request with the same key: `Idempotency-Replayed: true`. */
  readonly replayed?: boolean;
}

/** A page as a list handler gives it back; `after` is the sort key of its last row when more rows follow. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly after?: readonly (string | number)[];
  /** When the data shown was last known to be true (RFC 3339, +07:00), for eventually consistent answers. */
  readonly asOf?: string;
}
