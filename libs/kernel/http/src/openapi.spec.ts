import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { defineOperation, definePermission, defineProblem, type OperationDef } from '@quan-so/contract';
import { z } from 'zod';
import { openApiOf } from './openapi.js';

const words = (text: string) => ({ vi: `${text} vi`, en: `${text} en` });
const permission = definePermission('lamp.change', words('change'));
const LAMP_BROKEN = defineProblem('LAMP_BROKEN', 409, { title: words('broken'), remedy: words('mend') });
const LAMP_GONE = defineProblem('LAMP_GONE', 404, { title: words('gone'), remedy: words('look') });
const colour = z.enum(['red', 'green']).meta({ description: 'Màu. / Colour.' });
const place = z.strictObject({ street: z.string().max(100).regex(/^[^\p{Cc}]+$/u).meta({ description: 'd', examples: ['Lê Lợi'] }) }).meta({ id: 'Place' });
const lampId = z.uuid().meta({ description: 'Định danh. / Identifier.', examples: ['01997e3c-8f00-7000-8000-000000000001'] });
const lamp = z
  .object({ id: lampId, place, colour, note: z.string().max(50).nullable(), watts: z.int().min(0).max(9_000_000_000), litAt: z.iso.datetime({ offset: true }), extra: z.record(z.string().max(10), z.json()) })
  .meta({ id: 'Lamp' });
const hang = z.strictObject({ place, colour: colour.default('red'), since: z.iso.datetime({ offset: true }).max(35).startsWith('20').optional() }).meta({ id: 'HangLamp', description: 'Treo đèn. / Hang a lamp.' });

const base = { service: 'street', access: { permission }, answer: lamp } as const;
const OPERATIONS: readonly OperationDef[] = [
  defineOperation({ ...base, id: 'hangLamp', path: '/api/street/v1/lamps', kind: 'create', summary: words('hang'), body: hang }),
  defineOperation({ ...base, id: 'listLamps', path: '/api/street/v1/lamps', kind: 'list', summary: words('list'), eventual: true, query: z.strictObject({ colour: colour.optional(), tag: z.array(z.string().max(9)).max(3).optional().meta({ description: 'Nhãn. / Tags.' }) }) }),
  defineOperation({ ...base, id: 'readLamp', path: '/api/street/v1/lamps/:lampId', kind: 'read', summary: words('read'), personal: true, params: z.strictObject({ lampId }), problems: [LAMP_GONE] }),
  defineOperation({ ...base, id: 'lightLamp', path: '/api/street/v1/lamps/:lampId/light', kind: 'command', summary: words('light'), description: words('Lights'), params: z.strictObject({ lampId }), body: z.strictObject({ colour }).meta({ id: 'LightLamp' }), problems: [LAMP_BROKEN] }),
  defineOperation({ ...base, id: 'askPrice', path: '/api/street/v1/prices', kind: 'question', summary: words('price'), access: { public: 'ai cũng hỏi được / anybody may ask' }, body: z.strictObject({ watts: z.int().min(1).max(9) }).meta({ id: 'AskPrice' }) }),
];

interface Parameter { name: string; in: string; required: boolean; explode?: boolean; schema: Record<string, unknown> }
interface Response { description: string; headers: Record<string, unknown>; content: Record<string, { schema: { allOf: [unknown, { properties: { code: { enum: string[] } } }] }; example: unknown; examples: Record<string, unknown> }> }
interface Operation { operationId: string; summary: string; security: unknown; parameters: Parameter[]; requestBody: { required: boolean; content: Record<string, { examples: Record<string, { value: unknown }> }> }; responses: Record<string, Response> }

const document = openApiOf({ service: 'street', title: words('Street'), version: '1', operations: OPERATIONS });
const whole = resolved(document) as { paths: Record<string, Record<string, Operation>> };

/** `$ref`s into parameters, headers, responses and examples replaced by what they mean; those of schemas stay. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const ref = (value as { $ref?: string }).$ref;
  if (ref?.startsWith('#/components/') === true && !ref.startsWith('#/components/schemas/')) {
    return resolved(ref.slice(2).split('/').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

function operation(id: string): Operation {
  const found = Object.values(whole.paths).flatMap((path) => Object.values(path)).find((one) => one.operationId === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}
const parameters = (id: string): string[] => operation(id).parameters.map(({ in: place, name, required }) => `${place} ${name}${required ? '!' : ''}`);
const codes = (id: string, status: number): string[] => operation(id).responses[status]?.content['application/problem+json']?.schema.allOf[1].properties.code.enum ?? [];
const headers = (id: string, status: number): string[] => Object.keys(operation(id).responses[status]?.headers ?? {});

describe('openApiOf', () => {
  it('is OpenAPI 3.1 by the schema of the specification', () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('@stoplight/spectral-rulesets/package.json')), 'dist/oas/schemas/oas/v3.1');
    // The linter keeps its own copy of JSON Schema under another address; ajv has one built in.
    const schemas = ['index.json', 'dialect.schema.json', 'meta.schema.json'].map(
      (name) => JSON.parse(readFileSync(join(folder, name), 'utf8').replaceAll('https://stoplight.io/json-schema/draft/2020-12', 'https://json-schema.org/draft/2020-12/schema')) as object,
    );
    const ajv = new Ajv2020({ strict: false, logger: false, schemas: schemas.slice(1) });
    addFormats.default(ajv);
    expect([ajv.validate(schemas[0] ?? {}, document), ajv.errors]).toEqual([true, null]);
    const broken = structuredClone(document) as unknown as { info: { version?: string } };
    delete broken.info.version;
    expect(ajv.validate(schemas[0] ?? {}, broken)).toBe(false);
  });

  it('names paths, operations, tags and words, Vietnamese first', () => {
    expect(Object.keys(whole.paths)).toEqual(['/api/street/v1/lamps', '/api/street/v1/lamps/{lampId}', '/api/street/v1/lamps/{lampId}/light', '/api/street/v1/prices']);
    expect(operation('lightLamp')).toMatchObject({ summary: 'light vi / light en', tags: ['lamps'], 'x-permission': 'lamp.change', 'x-consistency': 'strong' });
    expect(operation('listLamps')).toMatchObject({ 'x-consistency': 'eventual' });
    expect(document['tags']).toEqual([{ name: 'lamps', description: '/api/street/v1/lamps' }, { name: 'prices', description: '/api/street/v1/prices' }]);
  });

  it('asks for what the kind of the operation asks for', () => {
    expect(parameters('hangLamp')).toEqual(['header Idempotency-Key!', 'header Accept-Language']);
    expect(parameters('lightLamp')).toEqual(['path lampId!', 'header Idempotency-Key!', 'header If-Match!', 'header Accept-Language']);
    expect(parameters('listLamps')).toEqual(['query colour', 'query tag', 'query limit', 'query cursor', 'header Accept-Language']);
    expect(parameters('readLamp')).toEqual(['path lampId!', 'header Purpose-Code!', 'header Accept-Language']);
    expect(parameters('askPrice')).toEqual(['header Accept-Language']);
    expect(operation('listLamps').parameters[1]).toMatchObject({ style: 'form', explode: false });
    expect(operation('listLamps').parameters[2]?.schema).toMatchObject({ minimum: 1, maximum: 200, default: 50 });
  });

  it('declares the good answer with its headers and a whole example', () => {
    expect(headers('hangLamp', 201)).toEqual(['Location', 'ETag', 'Idempotency-Replayed', 'RateLimit', 'RateLimit-Policy', 'Request-Id']);
    expect(headers('lightLamp', 200)).toEqual(['ETag', 'Idempotency-Replayed', 'RateLimit', 'RateLimit-Policy', 'Request-Id']);
    expect(headers('readLamp', 200)).toContain('ETag');
    expect(operation('hangLamp').responses[200]).toBeUndefined();
    const example = { id: '01997e3c-8f00-7000-8000-000000000001', place: { street: 'Lê Lợi' }, colour: 'red' };
    expect(operation('readLamp').responses[200]?.content['application/json']?.examples).toMatchObject({ Lamp: { value: example } });
    expect(operation('listLamps').responses[200]?.content['application/json']?.example).toMatchObject({ items: [example], page: { limit: 50 }, asOf: expect.any(String) });
  });

  it('declares every refusal the kind implies and the operation names, by status', () => {
    expect(codes('hangLamp', 400)).toEqual(expect.arrayContaining(['IDEMPOTENCY_KEY_REQUIRED', 'VALIDATION_FAILED', 'DUPLICATE_KEY', 'UNSAFE_NUMBER']));
    expect(codes('hangLamp', 400)).not.toContain('PURPOSE_REQUIRED');
    expect(codes('hangLamp', 422)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(codes('lightLamp', 409)).toEqual(['LAMP_BROKEN', 'REQUEST_IN_PROGRESS']);
    expect([codes('lightLamp', 412), codes('lightLamp', 428)]).toEqual([['VERSION_MISMATCH'], ['IF_MATCH_REQUIRED']]);
    expect(codes('listLamps', 400)).toContain('CURSOR_INVALID');
    expect(codes('readLamp', 400)).toEqual(expect.arrayContaining(['PURPOSE_REQUIRED', 'PURPOSE_INVALID']));
    expect(codes('readLamp', 404)).toContain('LAMP_GONE');
    for (const { id } of OPERATIONS) expect([codes(id, 429), codes(id, 500).length, codes(id, 503).length]).toEqual([['RATE_LIMITED'], 1, expect.any(Number)]);
    expect(headers('readLamp', 429)).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit']));
    expect(operation('readLamp').responses[404]?.content['application/problem+json']?.examples).toMatchObject({ LAMP_GONE: { value: { type: '/problems/LAMP_GONE', status: 404, title: 'gone vi', retryable: false } } });
  });

  it('asks nobody to sign in for what is public', () => {
    expect([operation('askPrice').security, operation('askPrice').responses[401], codes('askPrice', 403)]).toEqual([[{}], undefined, []]);
    expect([operation('readLamp').security, headers('readLamp', 401)[0]]).toEqual([[{ oauth2: [] }], 'WWW-Authenticate']);
    const schemes = (issuer?: string) => openApiOf({ service: 'street', title: words('s'), version: '1', operations: [], ...(issuer === undefined ? {} : { issuer }) }).components['securitySchemes'];
    expect(schemes('https://id.example/realms/x')).toMatchObject({ oauth2: { flows: { authorizationCode: { authorizationUrl: 'https://id.example/realms/x/protocol/openid-connect/auth' }, clientCredentials: { tokenUrl: 'https://id.example/realms/x/protocol/openid-connect/token' } } } });
  });

  it('closes requests, leaves answers open, and names the two apart', () => {
    const { schemas } = document.components;
    expect(Object.keys(schemas)).toEqual(['AskPrice', 'Fault', 'HangLamp', 'Lamp', 'LightLamp', 'PageInfo', 'Place', 'PlaceInput', 'Problem']);
    expect([schemas['PlaceInput']?.additionalProperties, schemas['Place']?.additionalProperties]).toEqual([false, undefined]);
    expect([schemas['HangLamp']?.required, schemas['HangLamp']?.properties?.['place']]).toEqual([['place'], { $ref: '#/components/schemas/PlaceInput' }]);
    expect(schemas['Lamp']?.properties?.['place']).toEqual({ $ref: '#/components/schemas/Place' });
  });

  it('bounds every text, list and number, in words that every tool reads', () => {
    const { schemas } = document.components;
    expect(schemas['Lamp']?.properties).toMatchObject({
      id: { format: 'uuid', maxLength: 36 },
      note: { anyOf: [{ type: 'string', maxLength: 50, pattern: expect.any(String) }, { type: 'null' }] },
      watts: { format: 'int64', minimum: 0, maximum: 9_000_000_000 },
      litAt: { type: 'string', format: 'date-time', maxLength: 35 },
      extra: { additionalProperties: { description: expect.stringContaining('JSON') } },
    });
    expect(schemas['HangLamp']?.properties?.['since']).toEqual({ type: 'string', format: 'date-time', maxLength: 35, pattern: '^20.*' });
    const pattern = schemas['Place']?.properties?.['street']?.pattern ?? '';
    for (const flags of ['', 'u']) expect([new RegExp(pattern, flags).test('Lê Lợi'), new RegExp(pattern, flags).test('a\u0007')]).toEqual([true, false]);
    const texts = nodes(document).filter((node) => node['type'] === 'string');
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(text).toEqual(expect.objectContaining(text['enum'] === undefined ? { maxLength: expect.any(Number) } : {}));
  });

  it('gives a request to try that the service takes', () => {
    const example = operation('hangLamp').requestBody.content['application/json']?.examples['HangLamp']?.value;
    expect(hang.safeParse(example).success).toBe(true);
    expect(example).toEqual({ place: { street: 'Lê Lợi' } });
  });

  it('refuses two schemas of one name, a nameless recursion and a parameter without words', () => {
    const of = (more: Partial<OperationDef>) => () => openApiOf({ service: 'street', title: words('s'), version: '1', operations: [{ ...OPERATIONS[0]!, ...more }] });
    expect(of({ answer: z.object({ a: z.object({ x: z.int() }).meta({ id: 'Twin' }), b: z.object({ y: z.int() }).meta({ id: 'Twin' }) }) })).toThrow(/Twin/);
    const tree: z.ZodType = z.lazy(() => z.object({ next: tree.optional() }));
    expect(of({ answer: z.object({ tree }) })).toThrow(/needs a name/);
    expect(of({ query: z.strictObject({ q: z.string().max(3) }) })).toThrow(/parameter q has no description/);
  });
});

function nodes(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value as Record<string, unknown>]), ...Object.values(value).flatMap(nodes)];
}
