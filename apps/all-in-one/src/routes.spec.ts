import { readAuthorityPack } from '@quan-so/contracts-data/pack';
import { TraceStore } from '@quan-so/observability';
import { join, resolve } from 'node:path';
import { openFront, type Front } from './front.js';
import { type Identity } from './identity/identity.js';
import { routesOf } from './routes.js';
import { SERVICES } from './services.js';

const root = resolve(import.meta.dirname, '..', '..', '..');
let front: Front;
let base: string;

// No service is started: the front and the pages that need none.
beforeAll(async () => {
  front = await openFront(0);
  base = `http://127.0.0.1:${front.port}`;
  const pack = readAuthorityPack(join(root, 'deploy', 'authorities', 'quan-sao-mai'));
  const identity = { handle: (_req, res) => void res.end(), accounts: [], close: async () => undefined } satisfies Identity;
  front.open(routesOf({ issuer: `${base}/realms/quan-so`, identity, traces: new TraceStore(), running: [], absent: SERVICES.filter(({ name }) => name === 'catalog'), pack, version: '0.0.0' }));
});
afterAll(() => front.close());

async function problemOf(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(`${base}${path}`, init);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return (await answer.json()) as Record<string, unknown>;
}

describe('an address that nobody has', () => {
  it.each(['/nope', '/api/nope', '/docs-old', '/problems.json', '/openapi/nope.json'])('%s is not found, however it is asked for', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const problem = await problemOf(path, { method });
      expect(problem).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect(problem).not.toHaveProperty('traceId');
    }
  });

  it('is a page to a browser', async () => {
    const answer = await fetch(`${base}/nope`, { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await answer.text()).toMatch(/Không có gì ở địa chỉ này.*There is nothing at this address.*href="\/"/s);
  });
});

it.each(['/', '/traces', '/traces.json', '/docs', '/problems', '/problems/NOT_FOUND', '/runbooks', '/runbooks/QuanSoParked', '/openapi/index.json', '/health/live'])('%s is only read', async (path) => {
  expect((await fetch(`${base}${path}`)).status).toBe(200);
  expect(await problemOf(path, { method: 'POST' })).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED', allow: ['GET', 'HEAD'] });
});

it('a service that was not chosen is documented all the same', async () => {
  const document = (await (await fetch(`${base}/openapi/catalog.json`)).json()) as { paths: object };
  expect(Object.keys(document.paths)).toContain('/api/catalog/v1/units');
  // Its own problem, which no other service tells.
  expect((await fetch(`${base}/problems/PROPOSAL_SAME_PERSON`)).status).toBe(200);
});

it.each(['GET', 'POST'])('a service that was not chosen is told by name (%s)', async (method) => {
  const problem = await problemOf('/api/catalog/v1/units', { method, headers: { 'accept-language': 'en' } });
  expect(problem).toMatchObject({ status: 404, code: 'NOT_FOUND', service: 'catalog', retryable: false });
  expect(problem['detail']).toContain('The service catalog was not chosen at the start');
});

it('has a page for the problem of a foreign host, and no picture for browsers', async () => {
  expect(await (await fetch(`${base}/problems/HOST_NOT_SERVED`)).text()).toContain('This host name is not ours');
  expect((await fetch(`${base}/favicon.ico`)).status).toBe(204);
});
