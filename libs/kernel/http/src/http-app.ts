import { randomUUID } from 'node:crypto';
import { type AddressInfo } from 'node:net';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import fastifyOf, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { accessOf } from '@quan-so/auth';
import { Answers } from './answers.js';
import { readBody } from './body-reader.js';
import { answerClientError, SERVER_OPTIONS } from './client-errors.js';
import { Cursors } from './cursor.js';
import { Door } from './door.js';
import { drain } from './drain.js';
import { Gate } from './gate.js';
import { operationOf } from './handles.js';
import { type HttpApp, type HttpLimits, type HttpOptions, type RateLimit } from './http-options.js';
import { ownRoutes } from './own-routes.js';
import { Buckets } from './rate-limit.js';
import { RouteBook, RouteRefused } from './route-book.js';
import { Traffic } from './traffic.js';

const LIMITS: HttpLimits = { bodyMs: 30_000, inFlight: 256, inFlightPerCaller: 64 };

/** Generous: it stops loops and guessing, the quota of a partner is the exchange's. An address may stand for many people. */
const RATE_LIMIT: RateLimit = { perActor: { requests: 3_000, seconds: 60 }, perAddress: { requests: 6_000, seconds: 60 } };

/**
 * Builds the door of a service; it does not listen yet. Throws RouteRefused, one sentence, when a route does not say who
 * may call it or when routes and declared operations differ.
 */
export async function createHttpApp(options: HttpOptions): Promise<HttpApp> {
  const routes = new RouteBook();
  const limits = { ...LIMITS, ...options.limits };
  const traffic = new Traffic(limits);
  const cursors = new Cursors(options.cursorKey);
  const door = new Door(options);
  const fastify = fastifyFor(door, limits);
  fastify.addHook('onRoute', (route) => routes.add(route));
  const { perActor, perAddress } = options.rateLimit ?? RATE_LIMIT;
  const gate = new Gate({ verifier: options.verifier, routes, traffic, cursors, perActor: new Buckets(perActor), perAddress: new Buckets(perAddress) });
  fastify.addHook('onRequest', (request, reply, done) => door.open(request, reply, done));
  fastify.addHook('onRequest', (request, reply) => gate.admit(request, reply));
  fastify.addHook('preHandler', async (request, reply) => {
    gate.complete(request);
    // Whoever goes away before the answer is there has left, too.
    reply.raw.once('close', () => finish(request));
  });
  fastify.addHook('onSend', async (request, reply) => {
    finish(request);
    if (traffic.draining) void reply.header('Connection', 'close');
  });
  ownRoutes(fastify, options, traffic);
  const nest = await nestOn(fastify, options, door, new Answers(cursors, options.checkAnswers));
  try {
    await nest.init();
    await fastify.ready();
    routes.check(options.operations);
  } catch (error) {
    door.close();
    await nest.close();
    throw error;
  }
  return {
    nest,
    handler: (req, res) => fastify.routing(req, res),
    listen: async (host, port) => {
      await nest.listen(port, host);
      return (fastify.server.address() as AddressInfo).port;
    },
    leave: () => traffic.leave(),
    drain: (ms) => drain(fastify.server, [traffic], ms),
    close: () => {
      door.close();
      return nest.close();
    },
  };
}

/** The work for a request is done; what is left is to send the answer. */
function finish({ held }: FastifyRequest): void {
  held.finish?.();
  held.finish = undefined;
}

function fastifyFor(door: Door, limits: HttpLimits): FastifyInstance {
  const { keepAliveTimeout, requestTimeout, ...http } = SERVER_OPTIONS;
  const fastify = fastifyOf({
    keepAliveTimeout,
    requestTimeout,
    http,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => door.refuseEarly(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  // Node would answer 417 by itself, and not as we answer.
  fastify.server.on('checkExpectation', (req, res) => fastify.routing(req, res));
  fastify.decorateRequest('held', null as never);
  // Fastify's own would tell what went wrong inside.
  fastify.setErrorHandler((error, request, reply) => door.refuse(error, request, reply));
  fastify.removeAllContentTypeParsers();
  // Only the bytes: whether they may be JSON at all is decided before, what they say after.
  fastify.addContentTypeParser('*', (_request: FastifyRequest, payload: NodeJS.ReadableStream) => readBody(payload as FastifyRequest['raw'], limits.bodyMs));
  return fastify;
}

async function nestOn(fastify: FastifyInstance, options: HttpOptions, door: Door, answers: Answers): Promise<NestFastifyApplication> {
  const nest = await NestFactory.create<NestFastifyApplication>(options.module, new Adapter(fastify as never), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  nest.useGlobalFilters(new Refusals(door));
  nest.useGlobalInterceptors(answers);
  markRoutes(nest);
  return nest;
}

/** Keeps our error handler (Nest would put its own in its place), and lets nobody answer who is no route. */
class Adapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }
  override createMiddlewareFactory(): never {
    throw new RouteRefused('A Nest middleware answers without being a route, so that nobody can see who may call it: make it a route.');
  }
}

/** Writes what decorators say of a handler where Fastify's route list shows it. */
function markRoutes(nest: NestFastifyApplication): void {
  const scanner = new MetadataScanner();
  for (const module of nest.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, object>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler === undefined) continue;
        const config = { access: accessOf(handler, metatype), operation: operationOf(handler) };
        Reflect.defineMetadata('__fastify_route_config__', config, handler);
      }
    }
  }
}

/** Whatever is thrown below Nest ends in the same answer as what is thrown above it. */
@Catch()
class Refusals implements ExceptionFilter {
  constructor(private readonly door: Door) {}
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.door.refuse(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
