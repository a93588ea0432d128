import { startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { createClient, ProblemError } from './index.js';
import { Ask, ChangeItem, CreateItem, ID, ListItems, ReadItem, seen, startSample, stopShared, type Sample } from './spec/sample.js';

const store = new TraceStore();
let telemetry: Telemetry;
let sample: Sample;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'sample', version: '1', environment: 'local', memory: store });
  sample = await startSample();
});
afterAll(async () => {
  await sample.stop();
  await stopShared();
  await telemetry.shutdown();
});
beforeEach(() => (seen.calls.length = 0));

const clerk = (retries = 0) => createClient({ base: sample.base, token: () => sample.token('clerk'), language: 'en', retries });
const KEY = '0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e';

/** The problem a call was refused with. */
async function refused(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof ProblemError) return error;
  throw new Error('not refused');
}

describe('answers', () => {
  it('of a creation: 201, Location, ETag, nothing kept', async () => {
    const reply = await clerk().call(CreateItem, { body: { name: 'An' } });
    expect([reply.status, reply.location, reply.version, reply.replayed]).toEqual([201, `/api/sample/v1/items/${ID}`, 1, false]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toEqual({ id: ID, version: 1, name: 'An' });
  });
  it('say when they are those of an earlier request', async () => {
    expect((await clerk().call(CreateItem, { body: { name: 'again' } })).replayed).toBe(true);
  });
  it('carry the headers of every answer', async () => {
    const { headers } = await clerk().call(ReadItem, { params: { id: ID }, purpose: 'test' });
    expect(Object.fromEntries(headers)).toMatchObject({
      etag: '"7"',
      'content-type': 'application/json; charset=utf-8',
      'content-language': 'en',
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Language, Authorization',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'ratelimit-policy': '"actor";q=3000;w=60',
    });
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-powered-by')).toBeNull();
  });
  it('answer HEAD as GET without the body', async () => {
    const response = await fetch(`${sample.base}/api/sample/v1/items/${ID}`, { method: 'HEAD', headers: { authorization: `Bearer ${sample.token('reader')}`, 'purpose-code': 'test' } });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([200, '"7"', '']);
  });
  it('tell the handler everything it needs', async () => {
    await clerk().call(ChangeItem, { params: { id: ID }, ifMatch: 4, body: { name: 'An' }, idempotencyKey: KEY });
    const [call] = seen.calls;
    expect(call).toMatchObject({ params: { id: ID }, body: { name: 'An' }, ifMatch: 4, idempotencyKey: KEY, purpose: undefined, language: 'en' });
    expect(call?.actor).toMatchObject({ username: 'clerk', client: 'quan-so-web', positions: [{ role: 'clerk', unit: 'H99.05' }] });
    expect(call?.requestHash).toMatch(/^[0-9a-f]{64}$/);
  });
  it('hash what was asked, not how it was written', async () => {
    const send = (body: string) =>
      fetch(`${sample.base}/api/sample/v1/items`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sample.token('clerk')}`, 'content-type': 'application/json', 'idempotency-key': KEY },
        body,
      });
    for (const body of ['{"name":"An","fee":1}', '{ "fee": 1.0, "name": "A\\u006e" }', '{"name":"An","fee":2}']) await send(body);
    const [first, same, other] = seen.calls.map((call) => call.requestHash);
    expect(same).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('lists', () => {
  it('read lists, numbers and truth as the schema names them', async () => {
    await clerk().call(ListItems, { query: { status: ['open', 'closed'], from: 7, mine: false, q: 'Nguyễn + An' } });
    expect(seen.calls[0]?.query).toEqual({ status: ['open', 'closed'], from: 7, mine: false, q: 'Nguyễn + An', limit: 50, after: undefined });
  });
  it('lead to the next page with the same filters', async () => {
    const client = clerk();
    const { body } = await client.call(ListItems, { query: { limit: 2, q: 'hoà' } });
    expect(body.page.next).toMatch(/^\/api\/sample\/v1\/items\?q=ho%C3%A0&limit=2&cursor=/);
    const numbers: number[] = [];
    for await (const one of client.items(ListItems, { query: { limit: 2, q: 'hoà' } })) numbers.push(one.n);
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    expect(seen.calls.map((call) => (call.query as { after?: unknown }).after)).toEqual([undefined, undefined, [2], [4]]);
    expect(body).toMatchObject({ page: { limit: 2 }, asOf: '2026-11-25T09:00:00.000+07:00' });
  });
  it('refuse a cursor with another filter, of another caller, or altered', async () => {
    const { body } = await clerk().call(ListItems, { query: { limit: 2, q: 'a' } });
    const cursor = new URLSearchParams(body.page.next?.split('?')[1]).get('cursor') ?? '';
    const flipped = `${cursor.startsWith('e') ? 'f' : 'e'}${cursor.slice(1)}`;
    const other = createClient({ base: sample.base, token: sample.token('clerk', 'other-clerk'), retries: 0 });
    expect((await clerk().call(ListItems, { query: { limit: 3, q: 'a', cursor } })).body.items[0]?.n).toBe(3);
    for (const call of [clerk().call(ListItems, { query: { q: 'b', cursor } }), clerk().call(ListItems, { query: { cursor } }), other.call(ListItems, { query: { q: 'a', cursor } }), clerk().call(ListItems, { query: { q: 'a', cursor: flipped } })]) {
      expect((await refused(call)).code).toBe('CURSOR_INVALID');
    }
  });
});

describe('problems', () => {
  it('say what happened, in the language asked for, and cannot be dressed up', async () => {
    const { problem } = await refused(clerk().call(ChangeItem, { params: { id: ID }, ifMatch: 1, body: { name: 'closed' } }));
    expect(problem).toMatchObject({
      type: '/problems/ITEM_CLOSED',
      title: 'The item is closed',
      status: 409,
      detail: 'closed yesterday',
      code: 'ITEM_CLOSED',
      instance: expect.stringMatching(/^urn:quanso:request:[0-9a-f-]{36}$/) as string,
      retryable: false,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      possible: ['open'],
    });
    const vi = createClient({ base: sample.base, token: sample.token('clerk'), retries: 0 });
    expect((await refused(vi.call(ChangeItem, { params: { id: ID }, ifMatch: 1, body: { name: 'closed' } }))).problem.title).toBe('Mục đã đóng');
  });
  it.each([
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['fr, en;q=0.5, vi;q=0.2', 'en'],
    ['vi-VN,en;q=0.9', 'vi'],
    ['*', 'vi'],
    ['de', 'vi'],
    ['en;q=0', 'vi'],
  ])('answer Accept-Language %s in %s', async (header, language) => {
    const response = await fetch(`${sample.base}/nothing`, { headers: { 'accept-language': header } });
    expect(response.headers.get('content-language')).toBe(language);
  });
  it('of the inside say nothing of it', async () => {
    const { problem } = await refused(clerk().call(Ask, { body: { how: 'boom' } }));
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(JSON.stringify(problem)).not.toMatch(/secret|SELECT|TypeError|\.ts/);
  });
  it('are tried again with the same key when they may pass', async () => {
    const reply = await clerk(3).call(ChangeItem, { params: { id: ID }, ifMatch: 1, body: { name: 'busy' } });
    expect(reply.version).toBe(2);
    expect(seen.calls).toHaveLength(3);
    expect(new Set(seen.calls.map((call) => call.idempotencyKey)).size).toBe(1);
  }, 15_000);
});

describe('answers that are not declared', () => {
  it.each([
    ['undeclared-field', 'extra undeclared'],
    ['undeclared-problem', 'NEVER_SAID'],
  ] as const)('%s is a defect of the service', async (how, what) => {
    const { problem } = await refused(clerk().call(Ask, { body: { how } }));
    expect(problem).toMatchObject({ status: 500, code: 'ANSWER_NOT_DECLARED' });
    expect(problem.detail).toContain(what);
  });
  it('go out as they are when nobody checks', async () => {
    const lax = await startSample({ checkAnswers: false });
    const reply = await createClient({ base: lax.base }).call(Ask, { body: { how: 'undeclared-field' } });
    expect(reply.body).toEqual({ said: 'x', extra: 1 });
    await lax.stop();
  });
});

describe('spans', () => {
  it('are named after the route and only link to what came from outside', async () => {
    const outside = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { problem } = await refused(clerk().call(ReadItem, { params: { id: ID }, headers: { traceparent: outside } }));
    const [span, ...more] = store.get(problem.traceId ?? '')?.items ?? [];
    expect([span?.name, span?.kind, span?.parentId, more]).toEqual(['GET /api/sample/v1/items/:id', 'server', undefined, []]);
    expect(span?.attributes).toMatchObject({ 'quanso.operation': 'readItem', 'http.response.status_code': 400, 'quanso.client': 'quan-so-web', 'quanso.problem': 'PURPOSE_REQUIRED' });
    expect(span?.links).toEqual([expect.stringContaining('4bf92f3577b34da6a3ce929d0e0e4736')]);
    expect(problem.traceId).not.toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(JSON.stringify(span)).not.toContain(ID);
  });
  it('do not fail on a refusal, and do on our own fault', async () => {
    const refusal = await refused(clerk().call(ChangeItem, { params: { id: ID }, ifMatch: 1, body: { name: 'closed' } }));
    const ours = await refused(clerk().call(Ask, { body: { how: 'boom' } }));
    const [closed, boom] = [refusal, ours].map(({ problem }) => store.get(problem.traceId ?? '')?.items[0]);
    expect([closed?.attributes['quanso.problem'], closed?.error]).toEqual(['ITEM_CLOSED', undefined]);
    expect(boom?.error).toBe('INTERNAL_ERROR');
  });
  it('take what handlers know, across the reading of the body', async () => {
    const { problem } = await refused(clerk().call(ChangeItem, { params: { id: ID }, ifMatch: 1, body: { name: 'closed' } }));
    expect(store.get(problem.traceId ?? '')?.items[0]?.attributes['quanso.unit']).toBe('H99.05');
  });
});
