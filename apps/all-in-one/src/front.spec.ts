import { get, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { openFront } from './front.js';

describe('openFront', () => {
  it('answers 503 until the services stand, and says a sentence for a taken port', async () => {
    const front = await openFront(0);
    const early = await fetch(`http://127.0.0.1:${front.port}/`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await early.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true });
    await expect(openFront(front.port)).rejects.toThrow(/PORT=\d+ npm start/);
    await front.close();
  });

  it('answers nothing to a host name that is not this machine’s, before anybody is asked', async () => {
    const front = await openFront(0);
    const asked: string[] = [];
    front.open(new Map([['/', (req, res) => void (asked.push(req.headers.host ?? ''), res.end('secret'))]]));
    for (const host of ['evil.test', `evil.test:${front.port}`, '127.0.0.1', '127.0.0.1:1', `127.0.0.1.evil.test:${front.port}`, `localhost:${front.port}@evil.test`, `[::1]:${front.port}`]) {
      const { status, body } = await ask(front.port, { host });
      expect([host, status, (JSON.parse(body) as { code: string }).code]).toEqual([host, 421, 'HOST_NOT_SERVED']);
    }
    expect(asked).toEqual([]);
    for (const host of [`127.0.0.1:${front.port}`, `localhost:${front.port}`, `LOCALHOST:${front.port}`]) expect(await ask(front.port, { host })).toMatchObject({ status: 200, body: 'secret' });
    await front.close();
  });

  it('names no trace, because none began, and says it as a page to a browser', async () => {
    const front = await openFront(0);
    const host = `localhost:${front.port}`;
    expect(JSON.parse((await ask(front.port, { host })).body)).not.toHaveProperty('traceId');
    const page = await ask(front.port, { host, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([page.status, page.headers['content-type'], page.headers['retry-after']]).toEqual([503, 'text/html; charset=utf-8', '1']);
    expect(page.body).toMatch(/<h1>Dịch vụ tạm thời không phục vụ được .*href="\/problems\/SERVICE_UNAVAILABLE"/s);
    await front.close();
  });

  it('answers what is not HTTP with a problem document', async () => {
    const front = await openFront(0);
    const socket = connect(front.port, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
    const answer = await new Response(socket as unknown as ConstructorParameters<typeof Response>[0]).text();
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('"code":"MALFORMED_REQUEST"');
    expect(answer).not.toContain('traceId');
    await front.close();
  });

  it('takes a port that was set free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    const front = await openFront(port);
    expect(front.port).toBe(port);
    await front.close();
  });
});

/** `fetch` sends the Host it likes. */
function ask(port: number, headers: Record<string, string>): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, headers }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => resolve({ status: res.statusCode, headers: res.headers, body }));
    }).on('error', reject);
  });
}
