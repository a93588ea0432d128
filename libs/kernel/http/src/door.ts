import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { count, currentTraceId, inSpan, log, measure, reading, watch, type Logger } from '@quan-so/observability';
import { setCommonHeaders } from './answer-headers.js';
import { declaredRefusal } from './answers.js';
import { held } from './held.js';
import { type HttpOptions } from './http-options.js';
import { problemDocument, problemHeaders, refusalOf } from './problem-answer.js';
import { RATE_LIMITED, SERVICE_UNAVAILABLE, SHUTTING_DOWN } from './problems.js';
import { languageOf } from './request-headers.js';

/** Answers that say: not now. */
const SHED: ReadonlyMap<string, string> = new Map([
  [SERVICE_UNAVAILABLE.code, 'room'],
  [RATE_LIMITED.code, 'quota'],
  [SHUTTING_DOWN.code, 'stopping'],
]);

/** The frame around every request: its headers, its span, and the one way an error leaves. */
export class Door {
  readonly #log: Logger;
  #inFlight = 0;
  readonly #unwatch: () => void;

  constructor(private readonly options: Pick<HttpOptions, 'service' | 'checkAnswers' | 'operations'>) {
    const { service, operations } = options;
    this.#log = log(service);
    // What begins with 1 never grew: the first failure would not be seen.
    for (const reason of SHED.values()) count('quanso_http_shed_total', { service, reason }, 0);
    for (const { id, kind } of operations) for (const status of ['2xx', '5xx']) count('quanso_http_requests_total', { service, operation: id, kind, status }, 0);
    this.#unwatch = watch(() => [reading('quanso_http_in_flight', { service }, this.#inFlight)]);
  }

  /** Nothing is told of it any more. */
  close(): void {
    this.#unwatch();
  }

  /** First of all hooks: everything after it runs in the request's span. */
  open(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    this.#prepare(request, reply);
    const { config, url } = request.routeOptions;
    // A probe every few seconds would hide what people do.
    if (config.always === true) return done();
    const { method } = request;
    const { traceparent } = request.headers;
    const began = performance.now();
    this.#inFlight += 1;
    void inSpan(
      url === undefined ? method : `${method} ${url}`,
      {
        kind: 'server',
        service: this.options.service,
        parent: 'root',
        // What comes from outside is a hint, never a place in our traces.
        links: typeof traceparent === 'string' ? [traceparent] : [],
        attributes: {
          'http.request.method': method,
          'http.route': url,
          'quanso.operation': config.operation?.id,
          'quanso.request.id': request.id,
          'network.protocol.version': request.raw.httpVersion,
        },
      },
      (span) => {
        request.held.span = span;
        return new Promise<void>((resolve) => {
          reply.raw.once('close', () => {
            span.set({ 'http.response.status_code': reply.raw.statusCode, 'quanso.problem': request.held.problem });
            this.#counted(request, reply, (performance.now() - began) / 1_000);
            if (reply.raw.statusCode >= 500) span.fail(request.held.problem ?? String(reply.raw.statusCode));
            resolve();
          });
          done();
        });
      },
    );
  }

  /** Answers with the problem the error stands for. */
  refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { operation } = request.routeOptions.config;
    const thrown = refusalOf(error);
    const refusal = this.options.checkAnswers && operation !== undefined ? declaredRefusal(operation, thrown) : thrown;
    const { code, status } = refusal.problem;
    request.held.problem = code;
    if (status >= 500) this.#tell(refusal, error, request);
    reply.removeHeader('ETag').removeHeader('Location');
    void reply
      .code(status)
      .headers({ ...problemHeaders(refusal), 'Cache-Control': 'no-store', 'Content-Type': 'application/problem+json' })
      // As bytes: to a text Fastify would add a charset, which this type does not have.
      .send(Buffer.from(JSON.stringify(problemDocument(refusal, request.held.language, request.id, currentTraceId()))));
  }

  /** The router gave up before any hook ran. */
  refuseEarly(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    this.#prepare(request, reply);
    this.refuse(error, request, reply);
  }

  #counted(request: FastifyRequest, reply: FastifyReply, seconds: number): void {
    this.#inFlight -= 1;
    const { service } = this.options;
    const { operation } = request.routeOptions.config;
    const labels = { service, operation: operation?.id ?? 'none', kind: operation?.kind ?? 'none' };
    // Who went away before the answer was out got none, whatever it would have been.
    const status = reply.raw.writableFinished ? `${Math.floor(reply.raw.statusCode / 100)}xx` : 'gone';
    count('quanso_http_requests_total', { ...labels, status });
    if (status !== 'gone') measure('quanso_http_request_duration_seconds', labels, seconds);
    const reason = SHED.get(request.held.problem ?? '');
    if (reason !== undefined) count('quanso_http_shed_total', { service, reason });
  }

  #prepare(request: FastifyRequest, reply: FastifyReply): void {
    request.held = held(languageOf(request.headers['accept-language']));
    setCommonHeaders(request, reply);
  }

  /** Our own faults, for the operator. That too much comes, or that we stop, is no fault and would fill the log. */
  #tell({ problem, detail }: Refusal, error: unknown, request: FastifyRequest): void {
    if (problem === SERVICE_UNAVAILABLE || problem === SHUTTING_DOWN) return;
    const { config, url } = request.routeOptions;
    const fields = { problem: problem.code, status: problem.status, method: request.method, route: url, operation: config.operation?.id, requestId: request.id };
    if (!(error instanceof Refusal)) this.#log.error('a request failed', { ...fields, error });
    else this.#log.warn('a request was refused for a reason of ours', { ...fields, reason: detail?.en });
  }
}
