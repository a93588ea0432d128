import { TraceStore, tracesPage, type StoredSpan } from './index.js';

const CODE = 'H99.05-261124-000001';
let next = 0;

function span(given: Partial<StoredSpan>): StoredSpan {
  next += 1;
  return {
    traceId: id('a'), spanId: `span-${next}`, parentId: undefined, name: 'POST /api/dossiers/v1/dossiers', service: 'dossiers',
    kind: 'server', start: 1_795_500_000_000, ms: 10, error: undefined, attributes: {}, links: [], ...given,
  };
}
const id = (letter: string): string => letter.repeat(32);
const ids = (store: TraceStore, query: string): string[] =>
  (JSON.parse(tracesPage(store)(`/traces.json${query}`).body) as { items: { traceId: string }[] }).items.map((item) => item.traceId[0] ?? '');

function filled(): TraceStore {
  const store = new TraceStore();
  const root = span({ start: 1_000, ms: 20, attributes: { 'quanso.dossier.code': CODE } });
  store.add(span({ name: 'process records.dossiers', service: 'warehouse', kind: 'consumer', parentId: root.spanId, start: 1_030, ms: 30, links: [id('c')] }));
  store.add(root);
  store.add(span({ traceId: id('b'), start: 2_000, ms: 500, error: '23505', attributes: { 'error.type': '23505' } }));
  store.add(span({ traceId: id('c'), start: 3_000, ms: 1, attributes: { 'quanso.problem': 'NOT_NOW', 'quanso.dossier.code': 'H99.05-261124-000002' } }));
  return store;
}

describe('TraceStore', () => {
  it('lists newest, slowest, errors with refusals, and by part of a dossier code', () => {
    const store = filled();
    expect(ids(store, '')).toEqual(['c', 'b', 'a']);
    expect(ids(store, '?order=slowest')).toEqual(['b', 'a', 'c']);
    expect(ids(store, '?order=errors')).toEqual(['c', 'b']);
    expect(ids(store, `?code=${CODE.toLowerCase()}`)).toEqual(['a']);
    expect(ids(store, '?code=h99.05')).toEqual(['c', 'a']);
    expect(ids(store, '?limit=1')).toEqual(['c']);
    expect(ids(store, '?limit=-1&order=x')).toEqual(['c', 'b', 'a']);
  });
  it('measures a trace from its first start to its last end', () => {
    expect(filled().get(id('a'))).toMatchObject({ name: 'POST /api/dossiers/v1/dossiers', start: 1_000, ms: 60, spans: 2, services: ['warehouse', 'dossiers'], dossierCodes: [CODE] });
  });
  it('keeps the newest thousand and bounds each', () => {
    const store = new TraceStore({ traces: 3, spans: 2 });
    for (const letter of 'abcde') for (let i = 0; i < 4; i += 1) store.add(span({ traceId: id(letter), start: letter.charCodeAt(0) }));
    expect(ids(store, '')).toEqual(['e', 'd', 'c']);
    expect(store.get(id('e'))).toMatchObject({ spans: 2, dropped: 2 });
    const thousand = new TraceStore();
    for (let i = 0; i < 1_001; i += 1) thousand.add(span({ traceId: String(i).padStart(32, '0') }));
    expect(thousand.search({ limit: 5_000 })).toHaveLength(1_000);
  });
});

describe('tracesPage', () => {
  const page = tracesPage(filled());
  it('shows the list in Vietnamese first, with links to each trace and to each dossier’s traces', () => {
    const { status, type, body } = page('/traces');
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    for (const letter of 'abc') expect(body).toContain(`href="/traces/${id(letter)}"`);
    expect(body).toContain(`href="/traces?code=${CODE}"`);
    expect(body).toContain('lỗi ×1');
    expect(body).toContain('NOT_NOW');
    expect(body).not.toContain('<script');
  });
  it('draws one trace: children under their parents, service, start, duration, attributes, links', () => {
    const { body } = page(`/traces/${id('a')}`);
    expect(body.indexOf('POST /api/dossiers')).toBeLessThan(body.indexOf('process records.dossiers'));
    expect(body).toMatch(/class="d1"><details><summary>process records\.dossiers/);
    expect(body).toContain('+30,0 ms');
    expect(body).toContain('x="50.00%" y="20%" height="60%" width="50.00%"');
    expect(body).toContain(`<dt>quanso.dossier.code</dt><dd>${CODE}</dd>`);
    expect(body).toContain(`href="/traces/${id('c')}"`);
  });
  it('draws a span whose parent is not kept as a root, and a chain of five hundred', () => {
    const store = new TraceStore();
    for (let i = 1; i <= 500; i += 1) store.add(span({ spanId: `s${i}`, parentId: `s${i - 1}`, name: `step ${i};` }));
    const body = tracesPage(store)(`/traces/${id('a')}`).body;
    expect(body.match(/<summary>/g)).toHaveLength(500);
    expect(body.indexOf('step 9;')).toBeLessThan(body.indexOf('step 10;'));
  });
  it('says what to do when there is nothing', () => {
    const empty = tracesPage(new TraceStore());
    expect(empty('/traces').body).toContain('npm run tour');
    expect(empty('/traces?order=errors').body).toContain('Chưa có lỗi nào');
    expect(empty('/traces?code=H99').body).toContain('Không có vết nào của hồ sơ <code>H99</code>');
  });
  it.each([`/traces/${id('f')}`, '/traces/x', '/traces/../etc', `/traces/${id('a')}/x`])('knows no %s', (url) => {
    expect(page(url).status).toBe(404);
    expect(page(url).body).toContain('Không có vết này');
  });
  it('answers one trace as JSON, and 404 for one it does not keep', () => {
    expect(JSON.parse(page(`/traces.json?trace=${id('a')}`).body)).toMatchObject({ traceId: id('a'), items: [{ kind: 'server' }, { kind: 'consumer' }] });
    expect(page('/traces.json?trace=x').status).toBe(404);
  });
  it('lets nothing through as HTML', () => {
    const evil = '"><script>alert(1)</script>';
    const store = new TraceStore();
    store.add(span({ name: evil, service: evil, error: evil, attributes: { 'quanso.dossier.code': evil, 'quanso.problem': evil } }));
    const all = tracesPage(store);
    for (const url of ['/traces', `/traces?code=${encodeURIComponent(evil)}`, `/traces/${id('a')}`]) expect(all(url).body).not.toMatch(/<script|"><s/);
  });
});
