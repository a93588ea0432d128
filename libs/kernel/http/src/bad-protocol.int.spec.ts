import { randomUUID } from 'node:crypto';
import { problemBody } from './index.js';
import { seen, startSample, stopShared, type Sample } from './spec/sample.js';

/* What is not quite HTTP, byte by byte on a connection of its own: answered as a problem too, and closed. */

let sample: Sample;
let head: string;
beforeAll(async () => {
  sample = await startSample({ limits: { bodyMs: 300 } });
  head = `POST /api/sample/v1/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sample.token('clerk')}\r\nContent-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\n`;
});
afterAll(async () => {
  await sample.stop();
  await stopShared();
});
beforeEach(() => (seen.calls.length = 0));

/** Status and code of the first answer; it must be one whole problem document with the headers of every answer. */
function read(text: string): [number, string] {
  const [start = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n').split('HTTP/1.1 ')[0] ?? '';
  const problem = problemBody.parse(JSON.parse(body));
  expect(start).toMatch(/content-type: application\/problem\+json/i);
  expect(start).toMatch(/request-id: [0-9a-f-]{36}/i);
  expect(start).toMatch(/x-content-type-options: nosniff/i);
  expect(start).toMatch(/connection: close/i);
  expect(start).toContain(`HTTP/1.1 ${problem.status} `);
  return [problem.status, problem.code];
}

const GET = 'GET /api/sample/v1/items HTTP/1.1\r\n';

describe('requests that are not HTTP', () => {
  it.each<[string, string, number, string]>([
    ['an unknown verb', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['rubbish', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['no Host', `${GET}Connection: close\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['two Hosts', `${GET}Host: a\r\nHost: b\r\nConnection: close\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['two Authorizations', `${GET}Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nConnection: close\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['two Content-Lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400, 'MALFORMED_REQUEST'],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['an unknown transfer coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a header with NUL', `${GET}Host: x\r\nX-A: a\0b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['a header name with a space', `${GET}Host: x\r\nX A: b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['a folded header line', `${GET}Host: x\r\nX-A: a\r\n b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['a bare line feed', `${GET}Host: x\nX-A: a\n\n`, 400, 'MALFORMED_REQUEST'],
    ['an expectation nobody has', `${GET}Host: x\r\nExpect: miracle\r\nConnection: close\r\n\r\n`, 401, 'UNAUTHENTICATED'],
    ['32 KB of headers', `${GET}Host: x\r\nX-A: ${'a'.repeat(32 * 1024)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('answers %s', async (_, text, status, code) => {
    expect(read(await sample.raw(text))).toEqual([status, code]);
    expect(seen.calls).toEqual([]);
  });

  it('takes 200 headers', async () => {
    const many = Array.from({ length: 190 }, (_, i) => `X-${i}: ${i}\r\n`).join('');
    expect(await sample.raw(`${GET}Host: x\r\nAuthorization: Bearer ${sample.token('reader')}\r\nConnection: close\r\n${many}\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('bodies that do not come', () => {
  it('waits for a slow body only so long', async () => {
    expect(read(await sample.raw(`${head}Content-Length: 100\r\n\r\n`, '{"name":'))).toEqual([408, 'REQUEST_TIMEOUT']);
  });
  it('waits for chunks without an end only so long', async () => {
    expect(read(await sample.raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, '5\r\n{"nam\r\n'))).toEqual([408, 'REQUEST_TIMEOUT']);
  });
  it('stops reading chunks beyond the limit', async () => {
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    expect(read(await sample.raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 5 }, () => chunk), '0\r\n\r\n'))).toEqual([413, 'BODY_TOO_LARGE']);
  });
  it('does not read on for ever', async () => {
    const chunk = `80000\r\n${'a'.repeat(0x80000)}\r\n`;
    const sent = await sample.raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 12 }, () => chunk));
    expect(sent === '' || read(sent)[1] === 'BODY_TOO_LARGE').toBe(true);
  });
  it('answers a chunk that is none', async () => {
    expect(read(await sample.raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'xyz\r\n'))).toEqual([400, 'MALFORMED_REQUEST']);
  });
  it('does not take half a body of a sender who went away', async () => {
    const { Socket } = await import('node:net');
    const socket = new Socket();
    await new Promise<void>((resolve) => socket.connect(sample.port, '127.0.0.1', resolve));
    socket.write(`${head}Content-Length: 14\r\n\r\n{"name":"An"}`);
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.calls).toEqual([]);
  });
  it('does not let the end of a body begin another request', async () => {
    const smuggled = 'GET /api/sample/v1/items HTTP/1.1\r\nHost: x\r\n\r\n';
    const answers = await sample.raw(`${head}Content-Length: 13\r\n\r\n{"name":"An"}rubbish`, smuggled);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 400']);
    expect(seen.calls.map((call) => call.operation.id)).toEqual(['createItem']);
  });
});
