import { createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createClient, type ProblemError } from './index.js';
import { Ask, seen, startSample, stopShared } from './spec/sample.js';
import { Traffic } from './traffic.js';

afterAll(stopShared);
beforeEach(() => (seen.calls.length = 0));

describe('ten times more than there is room for', () => {
  it('is refused at once with a time to come again, and what is in work is not disturbed', async () => {
    const room = await startSample({ limits: { inFlight: 16, inFlightPerCaller: 16 } });
    // Ten people, each filling the room.
    const tokens = Array.from({ length: 10 }, (_, n) => room.token('clerk', `clerk-${n}`));
    seen.waiting = new Promise((resolve) => (seen.release = resolve));
    const turned: ProblemError[] = [];
    const all = tokens.flatMap((token) => {
      const client = createClient({ base: room.base, retries: 0, token });
      return Array.from({ length: 16 }, () => client.call(Ask, { body: { how: 'wait' } }).catch((error: unknown) => void turned.push(error as ProblemError)));
    });
    // Nobody in work has an answer yet: those turned away did not wait for one.
    while (turned.length < 144) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen.calls).toHaveLength(16);
    expect(new Set(turned.map(({ status, code, headers }) => `${status} ${code} ${headers.get('retry-after')}`))).toEqual(new Set(['503 SERVICE_UNAVAILABLE 1']));
    expect((await fetch(`${room.base}/health/live`)).status).toBe(200);
    seen.release();
    expect((await Promise.all(all)).filter((reply) => reply?.body.said === 'wait')).toHaveLength(16);
    expect((await createClient({ base: room.base, retries: 0 }).call(Ask, { body: { how: 'well' } })).body.said).toBe('well');
    await room.stop();
  });
});

describe('a body that comes slowly', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('takes a place, and is in work only when it is here as a whole', async () => {
    const [seats, begins] = [jest.spyOn(Traffic.prototype, 'seat'), jest.spyOn(Traffic.prototype, 'begin')];
    const room = await startSample({});
    const body = JSON.stringify({ how: 'well' });
    const headers = { authorization: `Bearer ${room.token('clerk')}`, 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(`${room.base}${Ask.path}`, { method: Ask.method, headers });
    const status = new Promise((resolve, reject) => {
      sent.once('response', (response) => resolve(response.resume().statusCode));
      sent.once('error', reject);
    });
    sent.write(body.slice(0, 5));
    while (seats.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begins).not.toHaveBeenCalled();
    sent.end(body.slice(5));
    expect(await status).toBe(200);
    expect(begins).toHaveBeenCalledTimes(1);
    await room.stop();
  });
});

describe('a service that does not answer', () => {
  it('is not waited for without an end', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(createClient({ base, retries: 1, timeout: 50 }).call(Ask, { body: { how: 'well' } })).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
