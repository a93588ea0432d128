import { connect, createServer, type AddressInfo } from 'node:net';
import { openFront, pick, type Handler } from './front.js';

const mark = (name: string): Handler => Object.assign(() => undefined, { mark: name });
const routes = new Map([
  ['/', mark('page')],
  ['/api/dossiers', mark('dossiers')],
  ['/realms', mark('identity')],
]);

describe('pick', () => {
  it.each([
    ['/api/dossiers/v1/dossiers', 'dossiers'],
    ['/api/dossiers', 'dossiers'],
    ['/api/dossiers-old', 'page'],
    ['/realms/quan-so/x', 'identity'],
    ['/', 'page'],
    ['', 'page'],
    ['//', 'page'],
  ])('%s goes to %s', (path, name) => {
    expect((pick(routes, path) as Handler & { mark: string }).mark).toBe(name);
  });
});

describe('openFront', () => {
  it('answers 503 until the services stand, and says a sentence for a taken port', async () => {
    const front = await openFront(0);
    const early = await fetch(`http://127.0.0.1:${front.port}/`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await early.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true });
    await expect(openFront(front.port)).rejects.toThrow(/PORT=\d+ npm start/);
    await front.close();
  });

  it('answers what is not HTTP with a problem document', async () => {
    const front = await openFront(0);
    const socket = connect(front.port, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
    const answer = await new Response(socket as unknown as ConstructorParameters<typeof Response>[0]).text();
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('"code":"MALFORMED_REQUEST"');
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
