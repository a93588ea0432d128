import { type FastifyInstance } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { documentRoutes } from './document-routes.js';
import { type HttpOptions } from './http-options.js';
import { NOT_FOUND } from './problems.js';
import { type Traffic } from './traffic.js';

/** What the door answers by itself: whether the service lives and can work, and its documents. */
export function ownRoutes(fastify: FastifyInstance, options: HttpOptions, traffic: Traffic): void {
  probes(fastify, options, traffic);
  documents(fastify, options);
}

function probes(fastify: FastifyInstance, options: HttpOptions, traffic: Traffic): void {
  const config = { access: { public: 'hạ tầng hỏi, không nói gì về ai / asked by the infrastructure, says nothing of anybody' }, always: true } as const;
  fastify.get('/health/live', { config }, (_, reply) => {
    // Asks the service, not the event loop alone: a consumer that hangs lives in a process that answers.
    const live = options.live?.() ?? true;
    return reply.code(live ? 200 : 503).send({ live });
  });
  fastify.get('/health/ready', { config }, async (_, reply) => {
    const { ready, parts } = await options.health();
    const open = ready && !traffic.draining;
    return reply.code(open ? 200 : 503).send({ ready: open, parts });
  });
}

const DOCUMENTS = ['/openapi/*', '/asyncapi/*', '/docs', '/docs/*', '/problems', '/problems/*', '/runbooks', '/runbooks/*'];

function documents(fastify: FastifyInstance, options: HttpOptions): void {
  const { service, title, version, operations, issuer } = options;
  const { publishes = [], consumes = [] } = options.events ?? {};
  const services = [{ service, title, version, operations, publishes, consumes }];
  const routes = documentRoutes({ services, issuer, client: options.loginClient ?? 'quan-so-web' });
  const config = { access: { public: 'tài liệu của API, không có dữ liệu / documents of the API, no data' } };
  for (const url of DOCUMENTS) {
    fastify.get(url, { config }, (request, reply) => {
      const found = routes.find(request.url);
      if (found === undefined) throw new Refusal(NOT_FOUND);
      return reply.code(found.status).headers({ ...found.headers }).type(found.type).send(found.body);
    });
  }
}
