import { Refusal, defineProblem } from '@quan-so/contract';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { currentTraceId, currentTraceparent, inSpan, isSampled, log, logTo, NO_TRACE, setOnRequestSpan, startTelemetry, TraceStore } from './index.js';
import { atMost, exporterNames } from './telemetry.js';
import { type Attrs, type LogFields, type Telemetry } from './index.js';

const store = new TraceStore();
const PERSONAL_NUMBER = '999012345678';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI5OTkwMTIzNDU2NzgifQ.c2ln';
const service = 'dossiers';
const closed = defineProblem('DOSSIER_CLOSED', 409, { title: { vi: 'v', en: 'e' }, remedy: { vi: 'v', en: 'e' } });

let telemetry: Telemetry;
let exported: { url: string; body: Buffer }[];
let backEnd: Server;

beforeAll(async () => {
  exported = [];
  backEnd = await listen((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      exported.push({ url: req.url ?? '', body: Buffer.concat(chunks) });
      res.writeHead(202).end();
    });
  });
  const base = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}`;
  process.env['OTEL_TRACES_EXPORTER'] = 'zipkin,otlp';
  process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] = `${base}/api/v2/spans`;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = base;
  telemetry = await startTelemetry({ service: 'all-in-one', version: '0.1.0', environment: 'local', memory: store });
});

afterAll(() => void backEnd.close());

function listen(answer: (req: IncomingMessage, res: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Spans of a trace as `name < parent's name`. */
function tree(traceId: string): string[] {
  const items = store.get(traceId)?.items ?? [];
  return items.map((span) => `${span.name} < ${items.find((other) => other.spanId === span.parentId)?.name ?? '-'}`);
}

describe('spans', () => {
  it('nest by what is active, across awaits', async () => {
    const traceId = await inSpan('POST /x', { service, kind: 'server', parent: 'root' }, async (span) => {
      await Promise.all(['a', 'b'].map((name) => inSpan(name, { service }, () => Promise.resolve())));
      return span.traceId;
    });
    expect(tree(traceId).toSorted()).toEqual(['POST /x < -', 'a < POST /x', 'b < POST /x']);
  });

  it('let what runs below put the dossier’s code on the span of the request, and on no other', async () => {
    setOnRequestSpan({ 'quanso.dossier.code': 'outside any request' });
    const traceId = await inSpan('POST /x', { service, kind: 'server', parent: 'root' }, async (span) => {
      await inSpan('sql insertDossier', { service, kind: 'client' }, async () => setOnRequestSpan({ 'quanso.dossier.code': 'H99.05-261125-0001' }));
      return span.traceId;
    });
    const codes = (store.get(traceId)?.items ?? []).map((item) => [item.name, item.attributes['quanso.dossier.code']]);
    expect(codes.toSorted()).toEqual([['POST /x', 'H99.05-261125-0001'], ['sql insertDossier', undefined]]);
  });

  it('keep nothing of what is untraced, nor of what continues it elsewhere', async () => {
    let row = '';
    const [traceId, later] = await inSpan('beat', { service, parent: 'untraced' }, async (span) => {
      row = await inSpan('sql keep-beat', { service, kind: 'client' }, async () => currentTraceparent() ?? '');
      return [span.traceId, await inSpan('process x', { service, kind: 'consumer', parent: row }, async ({ traceparent }) => traceparent)] as const;
    });
    expect(row).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect(later).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect([isSampled(row), isSampled(row.replace(/00$/, '01')), isSampled('no traceparent')]).toEqual([false, true, false]);
    expect(store.get(traceId)).toBeUndefined();
  });

  it('continue the traceparent of an outbox row, and only link to a foreign one', async () => {
    let row: string | undefined;
    const traceId = await inSpan('change', { service, parent: 'root' }, (span) => {
      row = currentTraceparent();
      expect(span.traceparent).toBe(row);
      return Promise.resolve(currentTraceId());
    });
    const foreign = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await inSpan('poll', { service, parent: 'root' }, () =>
      inSpan('send records.dossiers', { service, kind: 'producer', parent: row, links: [foreign, 'nonsense'] }, () =>
        Promise.resolve(),
      ),
    );
    expect(tree(traceId)).toEqual(['change < -', 'send records.dossiers < change']);
    expect(store.get(traceId)?.items[1]).toMatchObject({ kind: 'producer', links: ['0af7651916cd43dd8448eb211c80319c'] });
  });

  it.each(['', 'x', '00-00000000000000000000000000000000-b7ad6b7169203331-01', '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'])(
    'begin a new trace when the parent is unreadable: "%s"',
    async (parent) => {
      await inSpan('outer', { service, parent: 'root' }, async (outer) => {
        const inner = await inSpan('inner', { service, parent }, (span) => Promise.resolve(span.traceId));
        expect(inner).not.toBe(outer.traceId);
        expect(store.get(inner)?.items[0]?.parentId).toBeUndefined();
      });
    },
  );

  it('say which error, never its words; a refusal is no failure', async () => {
    const broken = Object.assign(new Error(`duplicate key (${PERSONAL_NUMBER})`), { code: '23505' });
    let failed = '';
    await expect(inSpan('x', { service, parent: 'root' }, (s) => ((failed = s.traceId), Promise.reject(broken)))).rejects.toBe(broken);
    expect(store.get(failed)?.items[0]).toMatchObject({ error: '23505', attributes: { 'error.type': '23505' } });
    let refused = '';
    await expect(
      inSpan('y', { service, parent: 'root' }, (s) => ((refused = s.traceId), Promise.reject(new Refusal(closed)))),
    ).rejects.toThrow(Refusal);
    expect(store.get(refused)).toMatchObject({ errors: 0, problem: 'DOSSIER_CLOSED' });
    const traceId = await inSpan('z', { service, parent: 'root' }, (s) => (s.fail('INTERNAL'), Promise.resolve(s.traceId)));
    expect(store.get(traceId)).toMatchObject({ errors: 1 });
  });

  it('have no ids outside a span', () => {
    expect([currentTraceId(), currentTraceparent()]).toEqual([NO_TRACE, undefined]);
  });
});

describe('canaries', () => {
  const canaries = [PERSONAL_NUMBER, '999 012 345 678', '999.012.345.678', Number(PERSONAL_NUMBER), `số ${PERSONAL_NUMBER}.`, TOKEN, `Bearer ${TOKEN}`];

  it.each(canaries)('%s does not leave in a span', async (canary) => {
    const attributes = { 'quanso.unit': canary, 'http.route': `/x/${canary}`, name: canary, 'user.id': 'nguyen-van-a' } as Attrs;
    const traceId = await inSpan(`GET /people/${canary}`, { service, parent: 'root', attributes }, (span) => {
      span.set({ 'quanso.operation': canary });
      span.fail(String(canary));
      return Promise.resolve(span.traceId);
    });
    const kept = JSON.stringify(store.get(traceId)?.items);
    expect(kept).not.toMatch(/999.?012|eyJ|nguyen-van-a/);
    expect(Object.keys(store.get(traceId)?.items[0]?.attributes ?? {}).toSorted()).toEqual(
      ['error.type', 'http.route', 'quanso.operation', 'quanso.service', 'quanso.unit'],
    );
  });

  it.each(canaries)('%s does not leave in a log line', (canary) => {
    const lines: string[] = [];
    logTo((line) => lines.push(line));
    const error = Object.assign(new Error(`bad value ${canary}\nsecond line ${canary}`), { code: String(canary) });
    log(service).error(`refused ${canary}`, { unit: canary, reason: `for ${canary}`, error, name: 'Nguyễn Văn A' } as LogFields);
    logTo();
    expect(lines.join('')).not.toMatch(/999.?012|eyJ|Nguyễn|second line/);
  });

  it('leave codes, UUIDs and ordinary numbers alone', async () => {
    const attributes = {
      'quanso.dossier.code': 'H99.05-261124-000123',
      'messaging.message.id': '01936f2c-7a10-7000-8000-123456789012',
      'messaging.kafka.offset': 123_456,
    };
    const traceId = await inSpan('x', { service, parent: 'root', attributes }, (span) => Promise.resolve(span.traceId));
    expect(store.get(traceId)?.items[0]?.attributes).toEqual({ ...attributes, 'quanso.service': service });
  });
});

describe('log', () => {
  it('writes one JSON object per line with the ids of the active span', async () => {
    const lines: string[] = [];
    logTo((line) => lines.push(line));
    await inSpan('x', { service, parent: 'root' }, (span) => {
      log(service).warn('relay waits', { shard: 3, attempt: 2, error: new TypeError('x') });
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        level: 'warn', service, msg: 'relay waits', shard: 3, attempt: 2, traceId: span.traceId,
        spanId: span.traceparent.split('-')[2], error: { type: 'TypeError', at: expect.arrayContaining([expect.stringMatching(/^at /)]) },
      });
      return Promise.resolve();
    });
    logTo();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{"time":"\d{4}-.*\}\n$/);
  });
});

describe('export', () => {
  it('reaches Zipkin and OTLP back ends with the service of each span', async () => {
    const code = 'H99.05-261124-000777';
    await inSpan('exported', { service: 'warehouse', parent: 'root', attributes: { 'quanso.dossier.code': code } }, () => Promise.resolve());
    await telemetry.shutdown();
    const zipkin = exported.filter(({ url }) => url === '/api/v2/spans').flatMap(({ body }) => JSON.parse(body.toString()) as object[]);
    expect(zipkin).toContainEqual(
      expect.objectContaining({ name: 'exported', localEndpoint: { serviceName: 'warehouse' }, tags: expect.objectContaining({ 'quanso.dossier.code': code }) }),
    );
    const otlp = exported.filter(({ url }) => url === '/v1/traces');
    expect(Buffer.concat(otlp.map(({ body }) => body)).includes(code)).toBe(true);
    expect(exported.some(({ body }) => body.includes(PERSONAL_NUMBER) || body.includes(process.cwd()))).toBe(false);
  });

  it('is given up when a back end hangs, and fails nobody', async () => {
    await expect(atMost(1, new Promise(() => undefined))).resolves.toBeUndefined();
    await expect(atMost(60_000, Promise.reject(new Error('refused')))).resolves.toBeUndefined();
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['nothing is said', {}, []],
    ['only an address is given, as any OTLP back end tells its users', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318' }, ['otlp']],
    ['only an address for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://x:4318/v1/traces' }, ['otlp']],
    ['none is wanted all the same', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318' }, []],
    ['several are named', { OTEL_TRACES_EXPORTER: 'zipkin, otlp,otlp' }, ['zipkin', 'otlp']],
  ])('goes where the variables say: %s', (_, env, wanted) => {
    expect(exporterNames(env)).toEqual(wanted);
  });

  it('refuses an exporter it does not have', async () => {
    process.env['OTEL_TRACES_EXPORTER'] = 'jaeger';
    await expect(startTelemetry({ service, version: '0', environment: 'local' })).rejects.toThrow(/"jaeger".*otlp, zipkin, none/);
  });

  it('refuses a protocol it does not speak', async () => {
    Object.assign(process.env, { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    await expect(startTelemetry({ service, version: '0', environment: 'local' })).rejects.toThrow(/"grpc".*only: http\/protobuf/);
  });
});
