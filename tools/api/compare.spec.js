/** What keeps a promise and what breaks one: hand-made pairs, each breach by its phrase. */
import { breaches } from './compare-documents.js';

const EVENT = 'libs/contracts/data/events/vn.quanso.data.lamp-lit.v1.schema.json';
const API = 'libs/contracts/data/api/street.openapi.json';
const CHANNELS = 'libs/contracts/data/api/street.asyncapi.json';

describe('an event', () => {
  const lamp = {
    type: 'object',
    properties: {
      code: { type: 'string', maxLength: 20, pattern: '^L' },
      colour: { type: 'string', enum: ['red', 'green'] },
      watts: { type: 'integer', minimum: 0, maximum: 500 },
      tags: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 9 } },
      pole: { anyOf: [{ $ref: '#/$defs/Pole' }, { type: 'null' }] },
    },
    required: ['code'],
    $defs: { Pole: { type: 'object', properties: { height: { type: 'integer', maximum: 20 }, next: { $ref: '#/$defs/Pole' } } } },
  };
  const changed = (change) => {
    const after = structuredClone(lamp);
    change(after.properties, after);
    return breaches(EVENT, lamp, after);
  };

  it.each([
    ['nothing', () => undefined],
    ['a new optional property', (p) => (p.owner = { type: 'string' })],
    ['a value more', (p) => p.colour.enum.push('blue')],
    ['any text in place of listed ones', (p) => (p.colour = { type: 'string', maxLength: 40 })],
    ['a wider bound', (p) => Object.assign(p.code, { maxLength: 40 })],
    ['a bound that is gone', (p) => delete p.watts.maximum],
    ['a pattern that is gone', (p) => delete p.code.pattern],
    ['any number in place of whole ones', (p) => (p.watts.type = 'number')],
    ['null as well', (p) => (p.tags = { anyOf: [p.tags, { type: 'null' }] })],
    ['null as well, by a list of types', (p) => (p.watts.type = ['integer', 'null'])],
    ['no longer required', (p, all) => (all.required = [])],
    ['other words', (p) => (p.code.description = 'x')],
  ])('may change: %s', (_, change) => {
    expect(changed(change)).toEqual([]);
  });

  it.each([
    ['a new required property', (p, all) => ((p.owner = { type: 'string' }), all.required.push('owner')), 'data/owner: it is now required'],
    ['an old one required', (p, all) => all.required.push('watts'), 'data/watts: it is now required'],
    ['a property gone', (p) => delete p.watts, 'data/watts: it is gone'],
    ['another type', (p) => (p.watts = { type: 'string' }), 'data/watts: integer is no longer taken'],
    ['a value gone', (p) => p.colour.enum.pop(), 'data/colour: "green" is no longer taken'],
    ['a list where there was none', (p) => (p.code.enum = ['L1']), 'data/code: a value outside the list is no longer taken'],
    ['a constant', (p) => (p.colour = { type: 'string', const: 'red' }), 'data/colour: "green" is no longer taken'],
    ['a smaller bound', (p) => (p.code.maxLength = 10), 'data/code: maxLength 20 became 10'],
    ['a bound where there was none', (p) => (p.code.minLength = 1), 'data/code: minLength none became 1'],
    ['a larger minimum', (p) => (p.watts.minimum = 1), 'data/watts: minimum 0 became 1'],
    ['fewer items', (p) => (p.tags.maxItems = 4), 'data/tags: maxItems 5 became 4'],
    ['smaller items', (p) => (p.tags.items.maxLength = 8), 'data/tags/*: maxLength 9 became 8'],
    ['another pattern', (p) => (p.code.pattern = '^M'), 'data/code: pattern changed'],
    ['one more pattern', (p) => (p.code.allOf = [{ pattern: 'x$' }]), 'data/code: pattern x$ was added'],
    ['a format', (p) => (p.code.format = 'uuid'), 'data/code: format was added'],
    ['null gone', (p) => (p.pole = { $ref: '#/$defs/Pole' }), 'data/pole: null is no longer taken'],
    ['closed', (p, all) => (all.additionalProperties = false), 'data: further properties are no longer taken'],
    ['a named schema narrowed', (p, all) => (all.$defs.Pole.properties.height.maximum = 10), 'data/pole/height: maximum 20 became 10'],
  ])('may not change: %s', (_, change, phrase) => {
    expect(changed(change)).toEqual([phrase]);
  });
});

describe('an API', () => {
  const lampAnswer = { type: 'object', properties: { id: { type: 'string', format: 'uuid' }, colour: { enum: ['red'] }, height: { type: 'integer' } }, required: ['id', 'height'] };
  const api = {
    paths: {
      '/lamps': {
        post: {
          operationId: 'hangLamp',
          'x-consistency': 'strong',
          security: [{}],
          parameters: [{ $ref: '#/components/parameters/Key' }, { name: 'dry', in: 'query', required: false, schema: { type: 'boolean' } }],
          requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Hang' } } } },
          responses: { 201: { $ref: '#/components/responses/Hung' }, 400: { content: {} } },
        },
      },
    },
    components: {
      parameters: { Key: { name: 'Key', in: 'header', required: true, schema: { type: 'string', maxLength: 36 } } },
      schemas: { Hang: { type: 'object', properties: { street: { type: 'string', maxLength: 100 }, note: { type: 'string', maxLength: 10 } }, required: ['street'], additionalProperties: false }, Lamp: lampAnswer },
      responses: { Hung: { headers: { ETag: {}, Location: {} }, content: { 'application/json': { schema: { $ref: '#/components/schemas/Lamp' } } } } },
    },
  };
  const changed = (change) => {
    const after = structuredClone(api);
    change(after.paths['/lamps'].post, after.components.schemas, after);
    return breaches(API, api, after);
  };

  it.each([
    ['a new operation', (post, schemas, all) => (all.paths['/poles'] = { get: {} })],
    ['a new optional parameter', (post) => post.parameters.push({ name: 'tag', in: 'query', required: false, schema: {} })],
    ['a new optional field of a request', (post, { Hang }) => (Hang.properties.watts = { type: 'integer' })],
    ['a new property of an answer', (post, { Lamp }) => ((Lamp.properties.watts = { type: 'integer' }), Lamp.required.push('watts'))],
    ['a new value of an answer', (post, { Lamp }) => Lamp.properties.colour.enum.push('green')],
    ['a property that is now always there', (post, { Lamp }) => Lamp.required.push('colour')],
    ['another refusal', (post) => (post.responses[409] = { content: {} })],
    ['a bound of an answer', (post, { Lamp }) => (Lamp.properties.height.maximum = 9)],
  ])('may change: %s', (_, change) => {
    expect(changed(change)).toEqual([]);
  });

  it.each([
    ['an operation gone', (post, schemas, all) => delete all.paths['/lamps'], 'the operation is gone'],
    ['another name', (post) => (post.operationId = 'putUpLamp'), 'operationId hangLamp became putUpLamp'],
    ['a token asked for', (post) => (post.security = [{ oauth2: [] }]), 'it was public and now asks for a token'],
    ['an answer that lags', (post) => (post['x-consistency'] = 'eventual'), 'its answer may now lag behind'],
    ['a new required parameter', (post) => post.parameters.push({ name: 'If-Match', in: 'header', required: true, schema: {} }), 'header If-Match: it is now required'],
    ['a parameter gone', (post) => post.parameters.pop(), 'query dry: it is gone'],
    ['a parameter narrowed', (post, schemas, all) => (all.components.parameters.Key.schema.maxLength = 8), 'header Key: maxLength 36 became 8'],
    ['a new required field', (post, { Hang }) => ((Hang.properties.watts = { type: 'integer' }), Hang.required.push('watts')), 'request/watts: it is now required'],
    ['a field gone', (post, { Hang }) => delete Hang.properties.note, 'request/note: it is gone'],
    ['a field narrowed', (post, { Hang }) => (Hang.properties.note.maxLength = 5), 'request/note: maxLength 10 became 5'],
    ['a property of the answer gone', (post, { Lamp }) => (delete Lamp.properties.colour), '201/colour: it is gone'],
    ['a property not always there', (post, { Lamp }) => Lamp.required.pop(), '201/height: it is no longer always there'],
    ['another type', (post, { Lamp }) => (Lamp.properties.height = { type: 'string' }), '201/height: it may now be string'],
    ['null', (post, { Lamp }) => (Lamp.properties.height = { anyOf: [{ type: 'integer' }, { type: 'null' }] }), '201/height: it may now be null'],
    ['another format', (post, { Lamp }) => (Lamp.properties.id = { type: 'string', format: 'date' }), '201/id: format uuid changed'],
    ['another status', (post) => ((post.responses[200] = post.responses[201]), delete post.responses[201]), '201: it is no longer answered'],
    ['a header gone', (post, schemas, all) => delete all.components.responses.Hung.headers.ETag, '201: header ETag is gone'],
  ])('may not change: %s', (_, change, phrase) => {
    expect(changed(change)).toEqual([`POST /lamps: ${phrase}`]);
  });
});

describe('channels', () => {
  const channels = { channels: { 'records.street': { bindings: { kafka: { partitions: 4 } } } }, operations: { 'send.records.street.lamp-lit': { action: 'send' }, 'receive.records.park.lamp-lit': { action: 'receive' } } };
  const after = (change) => {
    const changed = structuredClone(channels);
    change(changed);
    return breaches(CHANNELS, channels, changed);
  };
  it('must go on telling what was told, in as many shards; what is heard may change', () => {
    expect(after((now) => delete now.operations['receive.records.park.lamp-lit'])).toEqual([]);
    expect(after((now) => delete now.operations['send.records.street.lamp-lit'])).toEqual(['send.records.street.lamp-lit: it is no longer told']);
    expect(after((now) => (now.channels['records.street'].bindings.kafka.partitions = 8))).toEqual(['records.street: 4 shards became 8']);
  });
});
