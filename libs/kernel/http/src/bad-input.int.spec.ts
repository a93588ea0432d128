import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { problemBody } from './index.js';
import { ID, seen, startSample, stopShared, type Sample } from './spec/sample.js';

/*
 * What people and programs send by mistake or on purpose. Every answer is a problem document, no handler was called,
 * and the same request gets the same answer twice.
 */

let sample: Sample;
let token: string;
beforeAll(async () => {
  sample = await startSample({ limits: { bodyMs: 300 } });
  token = sample.token('clerk');
});
afterAll(async () => {
  await sample.stop();
  await stopShared();
});
beforeEach(() => (seen.calls.length = 0));

type Sent = string | Uint8Array<ArrayBuffer>;
type Seen = [status: number, code: string, pointer?: string | undefined];

async function answerOf(response: Response): Promise<Seen> {
  const text = await response.text();
  if (response.ok) return [response.status, 'taken'];
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemBody.parse(JSON.parse(text));
  expect(problem.status).toBe(response.status);
  return [response.status, problem.code, problem.errors?.[0]?.pointer];
}

function create(body: Sent | undefined, headers: Record<string, string> = {}): Promise<Response> {
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers };
  return fetch(`${sample.base}/api/sample/v1/items`, { method: 'POST', headers: all, body: body ?? null });
}

async function twice(send: () => Promise<Response>): Promise<Seen> {
  const first = await answerOf(await send());
  expect(await answerOf(await send())).toEqual(first);
  return first;
}

const named = (rest: string): string => `{"name":"An",${rest}}`;

describe('JSON bodies', () => {
  it.each<[string, Sent | undefined, number, string, string?]>([
    ['no body', undefined, 400, 'EMPTY_BODY'],
    ['null', 'null', 400, 'VALIDATION_FAILED', '/body'],
    ['a scalar', '17', 400, 'VALIDATION_FAILED', '/body'],
    ['an array', '[]', 400, 'VALIDATION_FAILED', '/body'],
    ['a truncated document', '{"name":"An"', 400, 'INVALID_JSON'],
    ['a trailing comma', '{"name":"An",}', 400, 'INVALID_JSON'],
    ['a comment', '{"name":"An"} // x', 400, 'INVALID_JSON'],
    ['NaN', named('"fee":NaN'), 400, 'INVALID_JSON'],
    ['a byte order mark', '\uFEFF{"name":"An"}', 400, 'INVALID_JSON'],
    ['UTF-16', new Uint8Array(Buffer.from('{"name":"An"}', 'utf16le')), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['Latin-1', new Uint8Array(Buffer.from('{"name":"Nguyê"}', 'latin1')), 400, 'INVALID_ENCODING'],
    ['256 KB and one byte', `{"name":"${'a'.repeat(256 * 1024 - 10)}"}`, 413, 'BODY_TOO_LARGE'],
    ['3 MB', 'x'.repeat(3 * 1024 * 1024), 413, 'BODY_TOO_LARGE'],
    ['20,000 open brackets', `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'TOO_DEEP', `/body/name${'/0'.repeat(31)}`],
    ['20,000 keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join(',')}}`, 400, 'TOO_MANY_KEYS', '/body/k9999'],
    ['a duplicate key', '{"name":"An","name":"Bình"}', 400, 'DUPLICATE_KEY', '/body/name'],
    ['__proto__', named('"__proto__":{"admin":true}'), 400, 'FORBIDDEN_KEY', '/body/__proto__'],
    ['constructor', named('"constructor":{}'), 400, 'FORBIDDEN_KEY', '/body/constructor'],
    ['toString', named('"toString":"x"'), 400, 'VALIDATION_FAILED', '/body/toString'],
    ['hasOwnProperty', named('"hasOwnProperty":"x"'), 400, 'VALIDATION_FAILED', '/body/hasOwnProperty'],
    ['NUL', '{"name":"a\\u0000b"}', 400, 'INVALID_TEXT', '/body/name'],
    ['a lone surrogate', '{"name":"a\\ud800b"}', 400, 'INVALID_TEXT', '/body/name'],
    ['1 MB of combining marks', `{"name":"a${'\u0301'.repeat(500_000)}"}`, 413, 'BODY_TOO_LARGE'],
    ['201 characters', `{"name":"${'ă'.repeat(201)}"}`, 400, 'VALIDATION_FAILED', '/body/name'],
    ['2^53 + 1', named('"fee":9007199254740993'), 400, 'UNSAFE_NUMBER', '/body/fee'],
    ['1e400', named('"fee":1e400'), 400, 'UNSAFE_NUMBER', '/body/fee'],
    ['-0', named('"fee":-0'), 400, 'UNSAFE_NUMBER', '/body/fee'],
    ['a number as text', named('"fee":"1"'), 400, 'VALIDATION_FAILED', '/body/fee'],
    ['a text as number', '{"name":123}', 400, 'VALIDATION_FAILED', '/body/name'],
    ['an object as text', '{"name":{"a":1}}', 400, 'VALIDATION_FAILED', '/body/name'],
    ['"false" for false', named('"urgent":"false"'), 400, 'VALIDATION_FAILED', '/body/urgent'],
    ['an unknown field', named('"nmae":"x"'), 400, 'VALIDATION_FAILED', '/body/nmae'],
    ['an unknown field deep inside', named('"owner":{"name":"x","a/b":1}'), 400, 'VALIDATION_FAILED', '/body/owner/a~1b'],
    ['fields only we write', named('"id":"1","version":9'), 400, 'VALIDATION_FAILED', '/body/id'],
    ['another case of an enum', named('"kind":"new"'), 400, 'VALIDATION_FAILED', '/body/kind'],
    ['fee -1', named('"fee":-1'), 400, 'VALIDATION_FAILED', '/body/fee'],
    ['fee 1e12', named('"fee":1e12'), 400, 'VALIDATION_FAILED', '/body/fee'],
    ['half a đồng', named('"fee":0.5'), 400, 'VALIDATION_FAILED', '/body/fee'],
    ['30 February', named('"born":"2026-02-30"'), 400, 'VALIDATION_FAILED', '/body/born'],
    ['29 February 2025', named('"born":"2025-02-29"'), 400, 'VALIDATION_FAILED', '/body/born'],
    ['a week date', named('"born":"2026-W10"'), 400, 'VALIDATION_FAILED', '/body/born'],
    ['year 20266', named('"born":"20266-01-01"'), 400, 'VALIDATION_FAILED', '/body/born'],
    ['no offset', named('"at":"2026-01-01T00:00:00"'), 400, 'VALIDATION_FAILED', '/body/at'],
    ['24:00', named('"at":"2026-01-01T24:00:00+07:00"'), 400, 'VALIDATION_FAILED', '/body/at'],
    ['an epoch number', named('"at":1767200400'), 400, 'VALIDATION_FAILED', '/body/at'],
    ['four tags', named('"tags":["a","b","c","d"]'), 400, 'VALIDATION_FAILED', '/body/tags'],
  ])('refuses %s', async (...[, body, status, code, pointer]) => {
    expect(await twice(() => create(body))).toEqual([status, code, pointer]);
    expect(seen.calls).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['right-to-left marks and zero-width characters', 'a\u202eb\u200bc', 'a\u202eb\u200bc'],
    ['scripts, templates and SQL', `<script>{{7*7}} \${x} %s%n '; --`, `<script>{{7*7}} \${x} %s%n '; --`],
    ['line breaks', 'a\r\nSet-Cookie: x', 'a\r\nSet-Cookie: x'],
    ['emoji', '👨‍👩‍👧', '👨‍👩‍👧'],
    ['decomposed Vietnamese, composed', 'Nguyễn'.normalize('NFD'), 'Nguyễn'],
    ['200 letters with marks', 'ă'.repeat(200), 'ă'.repeat(200)],
    ['names of object methods', 'hasOwnProperty', 'hasOwnProperty'],
  ])('takes %s as they are', async (_, name, taken) => {
    expect(await answerOf(await create(JSON.stringify({ name })))).toEqual([201, 'taken']);
    expect(seen.calls[0]?.body).toEqual({ name: taken });
  });
});

describe('content type and coding', () => {
  const whole = '{"name":"An"}';
  it.each<[string, Sent, Record<string, string>]>([
    ['a form', 'name=An', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', whole, { 'content-type': 'text/plain' }],
    ['multipart', whole, { 'content-type': 'multipart/form-data; boundary=x' }],
    ['merge patch', whole, { 'content-type': 'application/merge-patch+json' }],
    ['another charset', whole, { 'content-type': 'application/json; charset=utf-16' }],
    ['rubbish', whole, { 'content-type': '///' }],
    ['gzip', new Uint8Array(gzipSync(whole)), { 'content-encoding': 'gzip' }],
    ['an unknown coding', whole, { 'content-encoding': 'x' }],
  ])('refuses %s with 415', async (_, body, headers) => {
    expect(await twice(() => create(body, headers))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', undefined]);
  });
  it('refuses a body without a type', async () => {
    const head = `POST /api/sample/v1/items HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nIdempotency-Key: ${randomUUID()}\r\n`;
    expect(await sample.raw(`${head}Content-Length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 415 .*"code":"UNSUPPORTED_MEDIA_TYPE"/s);
  });
  it('takes the charset that JSON has anyway', async () => {
    expect(await answerOf(await create(whole, { 'content-type': 'Application/JSON; charset="UTF-8"' }))).toEqual([201, 'taken']);
  });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sample.base}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
const LIST = '/api/sample/v1/items';

describe('queries and paths', () => {
  it.each<[string, string, number, string, string?]>([
    ['an unknown parameter', `${LIST}?x=1`, 400, 'VALIDATION_FAILED', '/query/x'],
    ['a repeated parameter', `${LIST}?q=a&q=b`, 400, 'VALIDATION_FAILED', '/query/q'],
    ['brackets', `${LIST}?q[a]=1`, 400, 'VALIDATION_FAILED', '/query/q[a]'],
    ['an empty text', `${LIST}?q=`, 400, 'VALIDATION_FAILED', '/query/q'],
    ['NUL', `${LIST}?q=a%00b`, 400, 'VALIDATION_FAILED', '/query/q'],
    ['half a character', `${LIST}?q=%E0%A4%A`, 400, 'VALIDATION_FAILED', '/query/q'],
    ['limit 0', `${LIST}?limit=0`, 400, 'VALIDATION_FAILED', '/query/limit'],
    ['limit -1', `${LIST}?limit=-1`, 400, 'VALIDATION_FAILED', '/query/limit'],
    ['limit 201', `${LIST}?limit=201`, 400, 'VALIDATION_FAILED', '/query/limit'],
    ['limit 1e2', `${LIST}?limit=1e2`, 400, 'VALIDATION_FAILED', '/query/limit'],
    ['a limit twice', `${LIST}?limit=1&limit=2`, 400, 'VALIDATION_FAILED', '/query/limit'],
    ['a hexadecimal number', `${LIST}?from=0x1`, 400, 'VALIDATION_FAILED', '/query/from'],
    ['a number with a sign', `${LIST}?from=%2B1`, 400, 'VALIDATION_FAILED', '/query/from'],
    ['yes for true', `${LIST}?mine=yes`, 400, 'VALIDATION_FAILED', '/query/mine'],
    ['one wrong of several', `${LIST}?status=open,shut`, 400, 'VALIDATION_FAILED', '/query/status/1'],
    ['a token in the query', `${LIST}?access_token=x`, 400, 'VALIDATION_FAILED', '/query/access_token'],
    ['a cursor cut short', `${LIST}?cursor=abc`, 400, 'CURSOR_INVALID'],
    ['an empty cursor', `${LIST}?cursor=`, 400, 'CURSOR_INVALID'],
    ['%00 in the path', '/api/sample/v1/items/a%00b', 400, 'INVALID_PATH'],
    ['%2F in an id', '/api/sample/v1/items/..%2f..%2fetc', 400, 'VALIDATION_FAILED', '/params/id'],
    ['half a character in the path', '/api/sample/v1/items/%E0%A4%A', 400, 'INVALID_PATH'],
    ['a double-encoded path', '/api/sample/v1/items/%252e%252e', 400, 'VALIDATION_FAILED', '/params/id'],
    ['a path parameter', `/api/sample/v1/items/${ID};jsessionid=1`, 400, 'VALIDATION_FAILED', '/params/id'],
    ['braces around an id', `/api/sample/v1/items/%7B${ID}%7D`, 400, 'VALIDATION_FAILED', '/params/id'],
    ['an empty id', '/api/sample/v1/items/', 400, 'VALIDATION_FAILED', '/params/id'],
    ['a segment too long', `/api/sample/v1/items/${'a'.repeat(201)}`, 414, 'URI_TOO_LONG'],
    ['an address too long', `${LIST}?q=${'a'.repeat(8_200)}`, 414, 'URI_TOO_LONG'],
    ['headers too large', `${LIST}?q=${'a'.repeat(17_000)}`, 431, 'HEADERS_TOO_LARGE'],
    ['an unknown address', '/api/sample/v1/nothing', 404, 'NOT_FOUND'],
    ['two slashes', '//api/sample/v1/items', 404, 'NOT_FOUND'],
    ['another case', '/API/sample/v1/items', 404, 'NOT_FOUND'],
    ['the root', '/', 404, 'NOT_FOUND'],
  ])('answers %s with a problem', async (...[, path, status, code, pointer]) => {
    expect(await twice(() => get(path, { 'purpose-code': 'test' }))).toEqual([status, code, pointer]);
    expect(seen.calls).toEqual([]);
  });
});

describe('methods', () => {
  it.each([
    ['DELETE', '/api/sample/v1/items', 'GET, HEAD, POST'],
    ['PUT', `/api/sample/v1/items/${ID}`, 'GET, HEAD'],
    ['PATCH', `/api/sample/v1/items/${ID}`, 'GET, HEAD'],
    ['OPTIONS', '/api/sample/v1/items', 'GET, HEAD, POST'],
    ['GET', '/api/sample/v1/questions', 'POST'],
    ['HEAD', '/api/sample/v1/questions', 'POST'],
  ])('answers %s %s with 405 and what is allowed', async (method, path, allow) => {
    const response = await fetch(`${sample.base}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });
  it.each(['TRACE', 'PROPFIND', 'SEARCH', 'QUERY'])('answers %s with 405', async (method) => {
    expect(await sample.raw(`${method} /api/sample/v1/items HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 405 .*"METHOD_NOT_ALLOWED"/s);
  });
  it('does not let a header override the method', async () => {
    const response = await fetch(`${sample.base}/api/sample/v1/items`, { headers: { 'x-http-method-override': 'POST', authorization: `Bearer ${token}` } });
    expect([response.status, seen.calls[0]?.operation.id]).toEqual([200, 'listItems']);
  });
});

describe('headers', () => {
  const change = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${sample.base}/api/sample/v1/items/${ID}/change`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: '{"name":"An"}',
    });
  const key = { 'idempotency-key': '0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e' };

  it.each<[string, Record<string, string>, number, string]>([
    ['no If-Match', key, 428, 'IF_MATCH_REQUIRED'],
    ['If-Match: *', { ...key, 'if-match': '*' }, 400, 'IF_MATCH_INVALID'],
    ['a weak If-Match', { ...key, 'if-match': 'W/"1"' }, 400, 'IF_MATCH_INVALID'],
    ['a list in If-Match', { ...key, 'if-match': '"1", "2"' }, 400, 'IF_MATCH_INVALID'],
    ['no quotes', { ...key, 'if-match': '1' }, 400, 'IF_MATCH_INVALID'],
    ['another tag', { ...key, 'if-match': '"abc"' }, 400, 'IF_MATCH_INVALID'],
    ['a version too large', { ...key, 'if-match': '"9999999999"' }, 400, 'IF_MATCH_INVALID'],
    ['no key', { 'if-match': '"1"' }, 400, 'IDEMPOTENCY_KEY_REQUIRED'],
    ['an empty key', { 'if-match': '"1"', 'idempotency-key': '' }, 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['a key of 1 KB', { 'if-match': '"1"', 'idempotency-key': 'a'.repeat(1_024) }, 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['a key in capitals', { 'if-match': '"1"', 'idempotency-key': '0190F6A0-7C1E-7B2A-9D3E-1F2A3B4C5D6E' }, 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['the nil key', { 'if-match': '"1"', 'idempotency-key': '00000000-0000-0000-0000-000000000000' }, 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['Accept: application/xml', { ...key, 'if-match': '"1"', accept: 'application/xml' }, 406, 'NOT_ACCEPTABLE'],
    ['Accept: */*;q=0', { ...key, 'if-match': '"1"', accept: '*/*;q=0' }, 406, 'NOT_ACCEPTABLE'],
    ['JSON weighed nothing', { ...key, 'if-match': '"1"', accept: '*/*, application/json;q=0' }, 406, 'NOT_ACCEPTABLE'],
  ])('refuses %s', async (_, headers, status, code) => {
    expect(await twice(() => change(headers))).toEqual([status, code, undefined]);
    expect(seen.calls).toEqual([]);
  });

  it.each<[string, string | undefined, string]>([
    ['no purpose', undefined, 'PURPOSE_REQUIRED'],
    ['an empty purpose', '', 'PURPOSE_INVALID'],
    ['free text', 'vi toi muon xem', 'PURPOSE_INVALID'],
    ['61 characters', 'a'.repeat(61), 'PURPOSE_INVALID'],
    ['a personal number', '999012345678', 'PURPOSE_INVALID'],
  ])('refuses a personal read with %s', async (_, purpose, code) => {
    expect(await twice(() => get(`/api/sample/v1/items/${ID}`, purpose === undefined ? {} : { 'purpose-code': purpose }))).toEqual([400, code, undefined]);
    expect(seen.calls).toEqual([]);
  });

  it.each([
    ['4 KB of languages', { 'accept-language': 'vi,'.repeat(1_300) }],
    ['a broken traceparent', { traceparent: '00-zz-1-01' }],
    ['an all-zero traceparent', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
    ['10 KB of tracestate', { tracestate: 'a=b,'.repeat(2_500) }],
    ['a thousand ranges', { range: `bytes=${'0-0,'.repeat(1_000)}0-0` }],
    ['spoofed addresses', { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=x', 'x-original-url': '/admin', 'x-user': 'root' }],
  ])('is not moved by %s', async (_, headers) => {
    expect((await get(LIST, headers as Record<string, string>)).status).toBe(200);
    expect(seen.calls[0]?.actor.username).toBe('clerk');
  });
});

describe('who calls', () => {
  it.each<[string, string | undefined, number, string, string]>([
    ['nobody', undefined, 401, 'UNAUTHENTICATED', 'MISSING'],
    ['Basic', 'Basic YTpi', 401, 'UNAUTHENTICATED', 'SCHEME'],
    ['a tab', 'Bearer\tx', 401, 'UNAUTHENTICATED', 'SCHEME'],
    ['no token', 'Bearer', 401, 'UNAUTHENTICATED', 'SCHEME'],
    ['rubbish', 'Bearer abc', 401, 'UNAUTHENTICATED', 'MALFORMED'],
  ])('refuses %s', async (_, authorization, status, code, reason) => {
    const response = await fetch(`${sample.base}${LIST}`, authorization === undefined ? {} : { headers: { authorization } });
    expect(await response.clone().json()).toMatchObject({ status, code, reason });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="quan-so"/);
  });
  it('asks who calls before it reads what was sent', async () => {
    expect(await answerOf(await create('not json', { authorization: 'Bearer x', 'content-type': 'text/plain' }))).toEqual([401, 'UNAUTHENTICATED', undefined]);
  });
  it('refuses who may not, before it looks at what was sent', async () => {
    expect(await answerOf(await create('{}', { authorization: `Bearer ${sample.token('reader')}` }))).toEqual([403, 'FORBIDDEN', undefined]);
    expect(await answerOf(await get(LIST, { authorization: `Bearer ${sample.token('nobody')}` }))).toEqual([403, 'FORBIDDEN', undefined]);
  });
});
