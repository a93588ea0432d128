/** Zipkin takes what an exporter sends and finds it by dossier code, and listens on this machine only. */
import { networkInterfaces } from 'node:os';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:net';

const base = process.env.QUANSO_ZIPKIN;

it('finds a trace by dossier code', async () => {
  const traceId = randomBytes(16).toString('hex');
  const code = `H99.05-261124-${traceId.slice(0, 4)}`;
  const span = { traceId, id: traceId.slice(0, 16), name: 'receive', timestamp: Date.now() * 1_000, duration: 10, localEndpoint: { serviceName: 'test' }, tags: { 'quanso.dossier.code': code } };
  const sent = await fetch(`${base}/api/v2/spans`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([span]) });
  expect(sent.status).toBe(202);
  let found = [];
  for (let i = 0; i < 100 && found.length === 0; i += 1) {
    await sleep(50);
    found = await (await fetch(`${base}/api/v2/traces?annotationQuery=${encodeURIComponent(`quanso.dossier.code=${code}`)}`)).json();
  }
  expect(found.map(([first]) => first.traceId)).toEqual([traceId]);
});

it('has its page inside', async () => {
  const page = await fetch(`${base}/zipkin/`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Zipkin</title>')]);
});

it('does not listen on the network', async () => {
  const outside = Object.values(networkInterfaces()).flat().filter((one) => !one.internal && one.family === 'IPv4');
  for (const { address } of outside) {
    const taken = await new Promise((resolve) => {
      const socket = connect(Number(new URL(base).port), address, () => (socket.destroy(), resolve(true)));
      socket.once('error', () => resolve(false));
    });
    expect([address, taken]).toEqual([address, false]);
  }
});
