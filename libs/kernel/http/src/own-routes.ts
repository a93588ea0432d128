import { type FastifyInstance } from 'fastify';
import { type HttpOptions } from './http-options.js';
import { type Traffic } from './traffic.js';

/** What the door answers by itself: whether the service lives and can work. */
export function ownRoutes(fastify: FastifyInstance, options: HttpOptions, traffic: Traffic): void {
  const probe = { access: { public: 'hạ tầng hỏi, không nói gì về ai / asked by the infrastructure, says nothing of anybody' }, always: true } as const;
  fastify.get('/health/live', { config: probe }, () => ({ live: true }));
  fastify.get('/health/ready', { config: probe }, async (_, reply) => {
    const { ready, parts } = await options.health();
    const open = ready && !traffic.draining;
    return reply.code(open ? 200 : 503).send({ ready: open, parts });
  });
}
