import { Controller, Get, Inject, Module, Post, type MiddlewareConsumer, type NestModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { Public } from '@quan-so/auth';
import { deskOf, untilTurnedAway } from '@quan-so/testing';
import { createClient, ProblemError, RouteRefused } from './index.js';
import { Ask, CreateItem, ListItems, SampleModule, sampleOperations, seen, startSample, stopShared } from './spec/sample.js';

afterAll(stopShared);
beforeEach(() => (seen.calls.length = 0));

/** The problem a call was refused with. */
async function refused(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof ProblemError) return error;
  throw new Error('not refused');
}

describe('limits', () => {
  it('stop an actor who asks too often, and nobody else', async () => {
    const tight = await startSample({ rateLimit: { perActor: { requests: 2, seconds: 3_600 }, perAddress: { requests: 3, seconds: 3_600 } } });
    const ask = (token: string) => fetch(`${tight.base}/api/sample/v1/items`, { headers: { authorization: `Bearer ${token}` } });
    const first = await ask(tight.token('clerk'));
    expect([first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual(['"actor";q=2;w=3600', '"actor";r=1;t=1800']);
    const answers = [first, await ask(tight.token('clerk')), await ask(tight.token('clerk')), await ask(tight.token('reader'))];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBe(1_800);
    const guesses = [];
    for (let i = 0; i < 4; i += 1) guesses.push((await ask('guess')).status);
    expect(guesses).toEqual([401, 401, 401, 429]);
    await tight.stop();
  });

  it('turn away what is too much at once, and let in what comes after', async () => {
    const narrow = await startSample({ limits: { inFlight: 1 } });
    const client = createClient({ base: narrow.base, retries: 0 });
    seen.waiting = new Promise((resolve) => (seen.release = resolve));
    const held = client.call(Ask, { body: { how: 'wait' } });
    while (seen.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const turned = await refused(client.call(Ask, { body: { how: 'well' } }));
    expect([turned.code, turned.headers.get('retry-after')]).toEqual(['SERVICE_UNAVAILABLE', '1']);
    expect((await fetch(`${narrow.base}/health/live`)).status).toBe(200);
    seen.release();
    expect((await held).body.said).toBe('wait');
    expect((await client.call(Ask, { body: { how: 'well' } })).body.said).toBe('well');
    await narrow.stop();
  });
});

describe('one caller with many connections', () => {
  it('has a share of the room, and the others keep theirs', async () => {
    const room = await startSample({ limits: { inFlight: 8, inFlightPerCaller: 3 } });
    const client = createClient({ base: room.base, retries: 0 });
    seen.waiting = new Promise((resolve) => (seen.release = resolve));
    // One address, not signed in: four times its share.
    const turned: ProblemError[] = [];
    const all = Array.from({ length: 12 }, () => client.call(Ask, { body: { how: 'wait' } }).catch((error: unknown) => void turned.push(error as ProblemError)));
    while (turned.length < 9) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Set(turned.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['429 RATE_LIMITED']));
    expect([turned[0]?.headers.get('retry-after'), turned[0]?.problem.detail]).toEqual(['1', expect.stringContaining('3')]);
    const reader = createClient({ base: room.base, retries: 0, token: room.token('reader') });
    expect((await reader.call(ListItems, {})).status).toBe(200);
    seen.release();
    expect((await Promise.all(all)).filter((reply) => reply?.body.said === 'wait')).toHaveLength(3);
    expect((await client.call(Ask, { body: { how: 'well' } })).body.said).toBe('well');
    await room.stop();
  });
});

describe('the way down', () => {
  it('answers what is in flight, lets nobody new in, and says to the infrastructure that it is not ready', async () => {
    const one = await startSample();
    const [known, other] = [deskOf(one.base), deskOf(one.base)];
    expect((await known.ask('/health/ready')).status).toBe(200);
    seen.waiting = new Promise((resolve) => (seen.release = resolve));
    const held = other.ask('/api/sample/v1/questions', { how: 'wait' });
    while (seen.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    let drained = false;
    const drain = one.app.drain(10_000).then(() => (drained = true));
    expect(await untilTurnedAway(one.base)).toMatchObject({ code: 'ECONNREFUSED' });
    expect(await known.ask('/health/ready')).toMatchObject({ status: 503, connection: 'close' });
    expect(drained).toBe(false);
    seen.release();
    const reply = await held;
    expect([reply.text, reply.connection]).toEqual(['{"said":"wait"}', 'close']);
    await drain;
    await one.stop();
  });
  it('takes what comes on a connection that is open: it may have been under way when we began to stop', async () => {
    const one = await startSample();
    const client = deskOf(one.base);
    expect(await client.ask('/api/sample/v1/questions', { how: 'well' })).toMatchObject({ status: 200, connection: 'keep-alive' });
    const drain = one.app.drain(10_000);
    await untilTurnedAway(one.base);
    expect(await client.ask('/api/sample/v1/questions', { how: 'well' })).toMatchObject({ status: 200, connection: 'close' });
    expect(client.opened()).toBe(1);
    await drain;
    await one.stop();
  });
  it('refuses what is left on its connections when its time is over', async () => {
    const one = await startSample();
    const client = deskOf(one.base);
    await client.ask('/health/live');
    await one.app.drain(20);
    const turned = await client.ask('/api/sample/v1/questions', { how: 'well' });
    expect([turned.status, turned.connection, JSON.parse(turned.text)]).toEqual([503, 'close', expect.objectContaining({ code: 'SHUTTING_DOWN' })]);
    await one.stop();
  });
  it('says that the process should not go on when the service says so', async () => {
    let live = true;
    const one = await startSample({ live: () => live });
    const ask = async (): Promise<unknown[]> => {
      const answer = await fetch(`${one.base}/health/live`);
      return [answer.status, await answer.json()];
    };
    expect(await ask()).toEqual([200, { live: true }]);
    live = false;
    expect(await ask()).toEqual([503, { live: false }]);
    await one.stop();
  });
  it('does not wait for ever', async () => {
    const one = await startSample();
    seen.waiting = new Promise((resolve) => (seen.release = resolve));
    const held = createClient({ base: one.base, retries: 0 }).call(Ask, { body: { how: 'wait' } });
    while (seen.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await one.app.drain(20);
    seen.release();
    // Given up on, but not cut off.
    expect((await held).status).toBe(200);
    await one.stop();
  });
  it('says not ready, and what is wrong, while the service cannot work', async () => {
    const sick = await startSample({ health: async () => ({ ready: false, parts: { database: { ok: false, detail: 'ECONNREFUSED' } } }) });
    const response = await fetch(`${sick.base}/health/ready`);
    expect([response.status, await response.json()]).toEqual([503, { ready: false, parts: { database: { ok: false, detail: 'ECONNREFUSED' } } }]);
    await sick.stop();
  });
});

describe('the check at the start', () => {
  @Controller()
  class Bare {
    @Get('/bare') bare(): string {
      return 'x';
    }
  }
  @Controller()
  class Open {
    @Public('a test') @Post('/open') open(): { at: string } {
      return { at: 'open' };
    }
  }
  class Raw implements OnModuleInit {
    constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}
    onModuleInit(): void {
      (this.host.httpAdapter.getInstance() as FastifyInstance).get('/raw', () => 'x');
    }
  }
  class RawOpen implements OnModuleInit {
    constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}
    onModuleInit(): void {
      const fastify = this.host.httpAdapter.getInstance() as FastifyInstance;
      fastify.get('/raw', { config: { access: { public: 'a test' } } }, () => {
        throw new Error('secret of the inside');
      });
      fastify.get('/raw-guarded', { config: { access: ListItems.access } }, (request) => ({ who: request.held.actor.username }));
    }
  }
  @Module({ imports: [SampleModule], providers: [RawOpen] }) class WithRawOpen {}
  @Module({ imports: [SampleModule] })
  class WithMiddleware implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply((_request: unknown, response: { end(text: string): void }) => response.end('hidden')).forRoutes('hidden');
    }
  }
  @Module({ imports: [SampleModule], controllers: [Bare] }) class WithBare {}
  @Module({ imports: [SampleModule], controllers: [Open] }) class WithOpen {}
  @Module({ imports: [SampleModule], providers: [Raw] }) class WithRaw {}
  @Module({ controllers: [Open] }) class WithoutHandlers {}

  it.each([
    ['a bare controller route', { module: WithBare }, 'GET /bare is neither @Requires(permission) nor @Public(reason): say who may call it.'],
    ['a raw Fastify route', { module: WithRaw }, 'GET /raw is neither @Requires(permission) nor @Public(reason): say who may call it.'],
    ['a Nest middleware', { module: WithMiddleware }, 'A Nest middleware answers without being a route, so that nobody can see who may call it: make it a route.'],
    ['a handler of an operation that is not listed', { operations: [Ask] }, `POST ${CreateItem.path} handles createItem, which the service does not list among its operations.`],
    ['an operation nobody handles', { module: WithoutHandlers }, `createItem (POST ${CreateItem.path}) is declared, but no route handles it.`],
  ])('refuses %s with one sentence', async (_, overrides, sentence) => {
    const started = startSample(overrides);
    await expect(started).rejects.toThrow(RouteRefused);
    await expect(started).rejects.toThrow(sentence);
  });
  it('lets a route stand that says why it is open', async () => {
    const open = await startSample({ module: WithOpen, operations: sampleOperations });
    const response = await fetch(`${open.base}/open`, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([201, { at: 'open' }]);
    await open.stop();
  });
  it('guards raw routes as all others, and lets nothing of the inside out of them', async () => {
    const raw = await startSample({ module: WithRawOpen });
    const answers = await Promise.all([fetch(`${raw.base}/raw`), fetch(`${raw.base}/raw-guarded`), fetch(`${raw.base}/raw-guarded`, { headers: { authorization: `Bearer ${raw.token('reader')}` } })]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([500, 401, 200]);
    expect(texts[0]).toContain('INTERNAL_ERROR');
    expect(texts[0]).not.toContain('secret');
    expect(texts[2]).toBe('{"who":"reader"}');
    await raw.stop();
  });
});

describe('documents', () => {
  it.each([
    ['/openapi/index.json', 200, /^application\/json/],
    ['/openapi/sample.json', 200, /^application\/json/],
    ['/asyncapi/sample.json', 200, /^application\/json/],
    ['/docs', 200, /^text\/html/],
    ['/problems', 200, /^text\/html/],
    ['/problems/ITEM_CLOSED', 200, /^text\/html/],
    ['/runbooks', 200, /^text\/html/],
    ['/runbooks/QuanSoParked', 200, /^text\/html/],
    ['/openapi/other.json', 404, /^application\/problem\+json/],
  ])('answers %s', async (path, status, type) => {
    const sample = await startSample();
    const response = await fetch(`${sample.base}${path}`);
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([status, 'nosniff']);
    expect(response.headers.get('content-type')).toMatch(type);
    await response.arrayBuffer();
    await sample.stop();
  });
});
