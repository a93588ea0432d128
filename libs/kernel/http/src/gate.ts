import { createHash } from 'node:crypto';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { demand, type TokenVerifier } from '@quan-so/auth';
import { Refusal, type OperationDef } from '@quan-so/contract';
import { canonicalJson } from './canonical-json.js';
import { type Cursors } from './cursor.js';
import { faultsOf } from './faults.js';
import { type Held } from './held.js';
import { readJson } from './json-body.js';
import { PAGE_LIMIT } from './page-body.js';
import { CURSOR_INVALID, EMPTY_BODY, INVALID_PATH, METHOD_NOT_ALLOWED, NOT_FOUND, RATE_LIMITED, URI_TOO_LONG, VALIDATION_FAILED } from './problems.js';
import { parseQuery, takeTexts, type RawQuery } from './query.js';
import { limitHeader, policyHeader, type Buckets } from './rate-limit.js';
import { bearerOf, demandJsonAccepted, demandJsonBody, demandSingleHeaders, idempotencyKeyOf, ifMatchOf, purposeOf } from './request-headers.js';
import { type RouteBook } from './route-book.js';
import { type Traffic } from './traffic.js';

const LONGEST_URL = 8_192;

/**
 * What every request passes before a handler sees it, raw routes too: a Fastify hook, because Nest's guards run after the
 * body was read and not at all for routes that Nest does not know. First whether, then who, then what.
 */
export class Gate {
  constructor(
    private readonly with_: {
      readonly verifier: TokenVerifier;
      readonly routes: RouteBook;
      readonly traffic: Traffic;
      readonly perActor: Buckets;
      readonly perAddress: Buckets;
      readonly cursors: Cursors;
    },
  ) {}

  /** Before the body is read. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { config } = request.routeOptions;
    if (config.always === true) return;
    demandSingleHeaders(request.raw);
    this.with_.traffic.enter(reply);
    this.#demandPlace(request);
    if (config.operation !== undefined) demandJsonAccepted(request.headers.accept);
    await this.#signIn(request, reply);
    if (config.operation !== undefined) this.#takeHeaders(request, config.operation);
  }

  /** After the body was read: the call is whole, and its work begins. */
  complete(request: FastifyRequest): void {
    const { operation } = request.routeOptions.config;
    if (request.held.caller !== undefined) request.held.finish = this.with_.traffic.begin(request.held.caller);
    const { asked } = request.held;
    if (operation === undefined || asked === undefined) return;
    const sent = request.body as Buffer | undefined;
    const given = operation.body === undefined && (sent?.length ?? 0) === 0 ? undefined : readJson(sent ?? Buffer.alloc(0));
    const requestHash = createHash('sha256').update(canonicalJson([operation.id, asked.params, given ?? null])).digest('hex');
    request.held.call = { ...asked, body: takeBody(operation, given) as never, requestHash };
  }

  #demandPlace(request: FastifyRequest): void {
    const url = request.raw.url ?? '/';
    if (url.length > LONGEST_URL) throw new Refusal(URI_TOO_LONG);
    const path = url.split('?', 1)[0] ?? url;
    if (/%00/.test(path)) throw new Refusal(INVALID_PATH);
    if (!request.is404) return;
    const allow = this.with_.routes.methodsAt(path);
    throw allow.length === 0 ? new Refusal(NOT_FOUND) : new Refusal(METHOD_NOT_ALLOWED, { extra: { allow: [...allow] } });
  }

  async #signIn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { access } = request.routeOptions.config;
    const { perActor, perAddress, verifier } = this.with_;
    if (access === undefined) throw new Error('a route without access');
    if ('public' in access) {
      this.#limit(perAddress, 'address', request.ip, reply);
      return this.#seat(request, reply, `address ${request.ip}`);
    }
    try {
      request.held.actor = await verifier.verify(bearerOf(request.headers.authorization));
    } catch (error) {
      // Guessing at tokens is bounded by address.
      this.#limit(perAddress, 'address', request.ip, reply);
      throw error;
    }
    const { actor } = request.held;
    request.held.span?.set({ 'quanso.client': actor.client });
    const caller = `${actor.client} ${actor.id}`;
    this.#limit(perActor, 'actor', caller, reply);
    demand(actor, access.permission);
    this.#seat(request, reply, `actor ${caller}`);
  }

  #seat({ held }: FastifyRequest, reply: FastifyReply, caller: string): void {
    this.with_.traffic.seat(caller, reply);
    held.caller = caller;
  }

  #limit(buckets: Buckets, policy: string, key: string, reply: FastifyReply): void {
    const taken = buckets.take(key);
    reply.header('RateLimit-Policy', policyHeader(policy, buckets.quota)).header('RateLimit', limitHeader(policy, taken));
    if (!taken.allowed) throw new Refusal(RATE_LIMITED, { extra: { retryAfter: taken.reset } });
  }

  #takeHeaders(request: FastifyRequest, operation: OperationDef): void {
    const { held, headers } = request;
    const keyed = operation.kind === 'create' || operation.kind === 'command';
    if (operation.method === 'POST' && hasBody(request)) demandJsonBody(headers['content-type'], headers['content-encoding']);
    const params = takeTexts(operation.params, textsOf(request.params), '/params');
    const { cursor, limit, ...filters } = operation.kind === 'list' ? parseQuery(request.raw.url ?? '') : { ...parseQuery(request.raw.url ?? ''), cursor: undefined, limit: undefined };
    held.filters = filters;
    const query = takeTexts(operation.query, filters, '/query');
    const page = operation.kind === 'list' ? { limit: limitOf(limit), after: this.#after(cursor, operation, held, params) } : {};
    held.asked = {
      actor: held.actor,
      operation,
      params: params as never,
      query: { ...query, ...page } as never,
      ifMatch: operation.kind === 'command' ? ifMatchOf(headers['if-match']) : undefined,
      idempotencyKey: keyed ? idempotencyKeyOf(one(headers['idempotency-key'])) : undefined,
      purpose: operation.personal ? purposeOf(one(headers['purpose-code'])) : undefined,
      language: held.language,
      requestId: request.id,
    };
  }

  #after(cursor: string | undefined, operation: OperationDef, held: Held, params: unknown): readonly (string | number)[] | undefined {
    if (cursor === undefined) return undefined;
    if (cursor === '') throw new Refusal(CURSOR_INVALID);
    return this.with_.cursors.open(cursor, { operation, actor: held.actor, params, filters: held.filters });
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0' || headers['content-type'] !== undefined;
}

function takeBody(operation: OperationDef, given: unknown): unknown {
  if (operation.body === undefined) {
    if (given === undefined) return undefined;
    const detail = { vi: 'Thao tác này không nhận nội dung.', en: 'This operation takes no body.' };
    throw new Refusal(VALIDATION_FAILED, { faults: [{ pointer: '/body', code: 'UNKNOWN_FIELD', detail }] });
  }
  if (given === undefined) throw new Refusal(EMPTY_BODY);
  const read = operation.body.safeParse(given);
  if (!read.success) throw new Refusal(VALIDATION_FAILED, { faults: faultsOf(read.error, given, '/body') });
  return read.data;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return PAGE_LIMIT.default;
  const limit = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= PAGE_LIMIT.most) return limit;
  const detail = { vi: `Từ 1 đến ${PAGE_LIMIT.most}.`, en: `From 1 to ${PAGE_LIMIT.most}.` };
  throw new Refusal(VALIDATION_FAILED, { faults: [{ pointer: '/query/limit', code: 'NOT_VALID', detail }] });
}

/** Path parameters as text in form C; the router has decoded them. */
function textsOf(params: unknown): RawQuery {
  return Object.fromEntries(Object.entries(params as Record<string, string>).map(([name, text]) => [name, text.normalize('NFC')]));
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

