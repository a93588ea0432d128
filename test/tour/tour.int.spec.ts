import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/* The program as people start it, against a platform that is only half there. */
const MAIN = resolve(import.meta.dirname, '..', 'dist', 'tour', 'main.js');
let data: string;
let server: Server;
let services: string[];
/** What stands in front answers 404 for whatever no route leads to. */
let gateway = false;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'quan so '));
  writeFileSync(join(data, 'accounts.json'), JSON.stringify({ 'desk-clerk': 'x', 'catalog-admin': 'x', 'portal-connector': 'x' }));
  server = createServer((req, res) => {
    if (gateway) return void res.writeHead(404).end();
    if (req.url === '/health/ready') res.end('{}');
    // Everything else waits for ever.
    if (req.url === '/openapi/index.json') res.end(JSON.stringify({ services: services.map((service) => ({ service })) }));
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(data, { recursive: true, force: true });
});

function tour(...args: string[]): { child: ReturnType<typeof spawn>; ended: Promise<{ code: number | null; said: string }> } {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [MAIN, '--base', `http://127.0.0.1:${port}`, ...args], { env: { ...process.env, QUANSO_DATA: data, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, ended: new Promise((done) => child.once('close', (code) => done({ code, said }))) };
}

it('says which service is missing', async () => {
  services = ['catalog', 'dossiers'];
  const { code, said } = await tour('--json').ended;
  expect([code, said]).toEqual([1, expect.stringMatching(/^Quận Số ở \S+ chạy thiếu dịch vụ warehouse .*SERVICES\.\nThe story needs warehouse, .*\n$/)]);
});

it('begins behind a gateway, where nobody tells of health', async () => {
  gateway = true;
  const { code, said } = await tour('--json').ended;
  gateway = false;
  expect([code, said]).toEqual([1, expect.stringMatching(/Không đúng như hứa/)]);
});

it('ends without a word when nobody reads it any more', async () => {
  services = ['catalog', 'dossiers', 'warehouse'];
  const { child, ended } = tour();
  child.stdout?.destroy();
  expect(await ended).toEqual({ code: 0, said: '' });
});
