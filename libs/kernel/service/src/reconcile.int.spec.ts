import { execFile } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { logTo } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { OperatorsGround } from './spec/operators-ground.js';

const PROGRAM = resolve(import.meta.dirname, '..', '..', '..', '..', 'tools', 'quanso', 'quanso.js');
const topic = 'records.notes';

describe('a gap', () => {
  let ground: OperatorsGround;
  let front: Server;

  // One address for both services, as a platform has it.
  beforeAll(async () => {
    logTo(() => undefined);
    ground = await OperatorsGround.open();
    front = createServer((req, res) => {
      if (req.url === '/openapi/index.json') return void res.end(JSON.stringify({ services: [{ service: 'notes' }, { service: 'mirror' }] }));
      const { port } = req.url?.startsWith('/api/notes') === true ? ground.teller : ground.taker;
      req.pipe(request({ host: '127.0.0.1', port, path: req.url, method: req.method, headers: req.headers }, (answer) => answer.pipe(res.writeHead(answer.statusCode ?? 502, answer.headers))));
    });
    await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    front?.close();
    await ground?.close();
    logTo();
  });

  function quanso(...args: string[]): Promise<{ code: number; out: string }> {
    const env = { PATH: process.env['PATH'] ?? '', QUANSO_TOKEN: ground.token('operator') };
    const base = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    return new Promise((done) => {
      execFile(process.execPath, [PROGRAM, '--base', base, '--lang', 'en', ...args], { env }, (error, out) => done({ code: error === null ? 0 : Number(error.code), out }));
    });
  }

  it('is seen where it was heard and mended by whoever told, with the command between them', async () => {
    const from = new Date();
    await ground.tell('gap', '1', '2', '3');
    const to = new Date(Date.now() + 1);
    // What a broker dropped: of the second there is no trace here. The first comparison found it.
    await ground.taken.sql('test-lose', `DELETE FROM mirrored WHERE text = '2'`);
    await ground.taken.sql('test-lose-inbox', 'DELETE FROM inbox WHERE event_id = (SELECT event_id FROM inbox ORDER BY event_id DESC OFFSET 1 LIMIT 1)');
    await ground.taken.sql('test-begun', 'INSERT INTO reckoned_up_to (topic, up_to) VALUES ($1, $2)', [topic, to]);
    await ground.taken.sql('test-gap', `INSERT INTO gap (id, kind, topic, from_at, to_at, told, heard, found_at) VALUES ($1, 'COUNT', $2, $3, $4, 3, 2, now())`, [uuidv7(), topic, from, to]);
    const seen = await quanso('lag');
    expect([seen.code, seen.out]).toEqual([3, expect.stringContaining('! mirror: all is sent; all that came is read; 0 parked; 1 gaps')]);

    const planned = await quanso('reconcile', 'plan', '--because', 'to look');
    expect([planned.code, planned.out]).toEqual([3, expect.stringMatching(/told 3, heard 2[^]*notes\/[0-9a-f-]{36}@1 {2}planned[^]*3 messages/)]);
    expect(await ground.mirrored()).toEqual(['1', '3']);
    const applied = await quanso('reconcile', 'apply', '--because', 'the broker lost it');
    expect([applied.code, applied.out]).toEqual([0, expect.stringMatching(/notes\/[0-9a-f-]{36}@2 {2}done/)]);
    await ground.teller.settled();
    await ground.taker.settled();
    expect((await ground.mirrored()).toSorted()).toEqual(['1', '2', '3']);
    expect(await quanso('reconcile', 'plan', '--because', 'to look')).toEqual({ code: 0, out: 'There are no gaps.\n' });
  });
});
