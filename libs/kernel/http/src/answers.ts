import { isDeepStrictEqual } from 'node:util';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Refusal, type Answer, type OperationDef, type Page } from '@quan-so/contract';
import { cacheControl } from './answer-headers.js';
import { type Cursors } from './cursor.js';
import { type Held } from './held.js';
import { problemsOfOperation } from './openapi-problems.js';
import { type PageBody } from './page-body.js';
import { ANSWER_NOT_DECLARED } from './problems.js';

/** A request that has passed the gate. */
type Asked = Held & { readonly asked: NonNullable<Held['asked']> };

/** Makes headers and body of what a handler answers. */
@Injectable()
export class Answers implements NestInterceptor {
  constructor(
    private readonly cursors: Cursors,
    private readonly check: boolean,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { operation } = request.routeOptions.config;
    if (operation === undefined) return next.handle();
    return next.handle().pipe(map((answer) => this.#write(operation, answer as Answer<unknown>, request, http.getResponse<FastifyReply>())));
  }

  #write(operation: OperationDef, answer: Answer<unknown>, request: FastifyRequest, reply: FastifyReply): unknown {
    if (this.check) demandDeclared(operation, answer);
    reply.header('Cache-Control', cacheControl(operation));
    if (answer.version !== undefined) reply.header('ETag', `"${answer.version}"`);
    if (answer.location !== undefined) reply.header('Location', answer.location);
    if (answer.replayed === true) {
      reply.header('Idempotency-Replayed', 'true');
      request.held.span?.set({ 'quanso.replayed': true });
    }
    return operation.kind === 'list' ? this.#page(operation, answer.body as Page<unknown>, request) : answer.body;
  }

  #page(operation: OperationDef, page: Page<unknown>, request: FastifyRequest): PageBody<unknown> {
    const { limit } = (request.held as Asked).asked.query as { limit: number };
    const next = page.after === undefined ? {} : { next: this.#next(operation, page.after, limit, request) };
    return { items: page.items, page: { limit, ...next }, ...(page.asOf === undefined ? {} : { asOf: page.asOf }) };
  }

  /** Path and query of the next page; relative, so that no Host header decides where a client goes. */
  #next(operation: OperationDef, after: readonly (string | number)[], limit: number, request: FastifyRequest): string {
    const { actor, filters, asked } = request.held as Asked;
    const cursor = this.cursors.seal(after, { operation, actor, params: asked.params, filters });
    const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
    const query = Object.entries({ ...filters, limit: String(limit), cursor });
    return `${path}?${query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
  }
}

/** Throws Refusal ANSWER_NOT_DECLARED unless the answer is what the operation's declaration, and so its document, says. */
function demandDeclared(operation: OperationDef, answer: Answer<unknown>): void {
  const body = asSent(answer.body);
  const items = operation.kind === 'list' ? ((body as { items?: unknown[] } | null)?.items ?? []) : [body];
  const wrong = items.flatMap((item) => differences(operation, item));
  if (operation.kind === 'create' && (answer.location === undefined || answer.version === undefined)) wrong.push('Location, ETag');
  if (operation.kind === 'command' && answer.version === undefined) wrong.push('ETag');
  if (wrong.length === 0) return;
  const places = [...new Set(wrong)].slice(0, 20);
  throw new Refusal(ANSWER_NOT_DECLARED, { detail: { vi: `${operation.id}: ${places.join(', ')}`, en: `${operation.id}: ${places.join(', ')}` } });
}

/** Places where a body is not what is declared; names of fields, never values. */
function differences(operation: OperationDef, body: unknown): string[] {
  const read = operation.answer.safeParse(body);
  if (!read.success) return read.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.code}`);
  return isDeepStrictEqual(asSent(read.data), body) ? [] : undeclared(body, asSent(read.data), '');
}

/** Fields a closed reading of the body dropped. */
function undeclared(sent: unknown, read: unknown, path: string): string[] {
  if (typeof sent !== 'object' || sent === null) return sent === read ? [] : [`${path} changed`];
  return Object.entries(sent).flatMap(([name, value]) => {
    const place = path === '' ? name : `${path}.${name}`;
    if (typeof read !== 'object' || read === null || !Object.hasOwn(read, name)) return [`${place} undeclared`];
    return undeclared(value, (read as Record<string, unknown>)[name], place);
  });
}

/** The value as it is after its way over the wire. */
function asSent(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** The refusal itself, or ANSWER_NOT_DECLARED when its code is not among those the operation declares. */
export function declaredRefusal(operation: OperationDef, refusal: Refusal): Refusal {
  const { code } = refusal.problem;
  if (code === ANSWER_NOT_DECLARED.code || problemsOfOperation(operation).some((problem) => problem.code === code)) return refusal;
  return new Refusal(ANSWER_NOT_DECLARED, { detail: { vi: `${operation.id}: ${code}`, en: `${operation.id}: ${code}` } });
}
