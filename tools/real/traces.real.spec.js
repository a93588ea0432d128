/** `npm run traces`, seen from outside: an address that answers, and nothing left when its parent was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk, answersTcp, freePorts } from './process.js';

const TRACES = join(import.meta.dirname, 'traces.js');

it('opens Zipkin, says how to export to it, and goes when its parent is killed', async () => {
  const [port] = await freePorts(1);
  // As npm does: a parent that waits for it.
  const script = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(TRACES)}], { stdio: 'inherit' })`;
  const parent = spawn(process.execPath, ['-e', script], { env: { ...process.env, ZIPKIN_PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  parent.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  for (let i = 0; i < 600 && !said.includes('Ctrl-C'); i += 1) await sleep(100);
  expect(said).toContain(`OTEL_TRACES_EXPORTER=zipkin OTEL_EXPORTER_ZIPKIN_ENDPOINT=http://127.0.0.1:${port}/api/v2/spans npm start`);
  expect(await answersOk(`http://127.0.0.1:${port}/api/v2/services`)).toBe(true);
  // The pipe closes when the last that writes to it is gone: the parent and traces.js.
  const gone = once(parent.stdout, 'close');
  parent.kill('SIGKILL');
  await gone;
  for (let i = 0; i < 200 && (await answersTcp(port)); i += 1) await sleep(100);
  expect(await answersTcp(port)).toBe(false);
});

it('says in one sentence that its port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const child = spawn(process.execPath, [TRACES], { env: { ...process.env, ZIPKIN_PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  server.close();
  expect([code, said.trim().split('\n')]).toEqual([1, [expect.stringContaining(`port ${port} is taken; ZIPKIN_PORT`)]]);
});
