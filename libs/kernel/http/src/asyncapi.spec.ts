import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { defineEvent } from '@quan-so/contract';
import { z } from 'zod';
import { asyncApiOf, eventSchemaOf } from './asyncapi.js';

const lamp = z.object({
  code: z.string().max(20).meta({ description: 'Mã. / Code.', examples: ['L-1'] }),
  watts: z.int().min(0).max(500).default(5),
  pole: z.strictObject({ height: z.int().min(1).max(20) }).meta({ id: 'Pole' }),
});
const LampLit = defineEvent({ layer: 'data', name: 'lamp-lit', version: 1, kind: 'records', schema: lamp, description: 'Đèn sáng. / A lamp is lit.' });
const LampBeat = defineEvent({ layer: 'data', name: 'lamp-beat', version: 2, kind: 'reference', schema: z.object({ at: z.iso.datetime({ offset: true }) }), description: 'Nhịp. / Beat.' });

const document = asyncApiOf({ service: 'street', title: { vi: 'Phố', en: 'Street' }, version: '1', publishes: [LampLit], consumes: [{ event: LampLit, from: ['park', 'square'] }, { event: LampBeat, from: ['park'] }] });

describe('asyncApiOf', () => {
  it('is AsyncAPI 3.0 by the schema of the specification', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
    const ajv = new Ajv({ strict: false, logger: false });
    addFormats.default(ajv);
    expect([ajv.validate(schema, document), ajv.errors]).toEqual([true, null]);
    const broken = structuredClone(document) as unknown as { operations: Record<string, { action: string }> };
    for (const operation of Object.values(broken.operations)) operation.action = 'publish';
    expect(ajv.validate(schema, broken)).toBe(false);
  });

  it('has a channel per topic, with the shards of its kind, and an operation per topic and event', () => {
    expect(Object.keys(document.channels)).toEqual(['records.street', 'audit.street', 'missing.street', 'records.park', 'records.square', 'reference.park']);
    expect(document.channels['records.street']).toMatchObject({ address: 'records.street', bindings: { kafka: { topic: 'records.street', partitions: 4 } } });
    expect(document.channels['reference.park']).toMatchObject({ bindings: { kafka: { partitions: 1 } } });
    expect(Object.entries(document.operations).map(([name, { action }]) => [name, action])).toEqual([
      ['send.records.street.lamp-lit', 'send'],
      ['send.audit.street.audit-entry', 'send'],
      ['send.records.street.reckoning', 'send'],
      ['send.audit.street.reckoning', 'send'],
      ['send.missing.street.events-missed', 'send'],
      ['receive.records.park.lamp-lit', 'receive'],
      ['receive.records.square.lamp-lit', 'receive'],
      ['receive.reference.park.lamp-beat', 'receive'],
      ['receive.records.park.reckoning', 'receive'],
      ['receive.records.square.reckoning', 'receive'],
      ['receive.reference.park.reckoning', 'receive'],
    ]);
    expect(Object.keys(document.channels['records.park']?.messages ?? {})).toEqual(['vn.quanso.data.lamp-lit.v1', 'vn.quanso.security.reckoning.v1']);
  });

  it('of a service that hears nobody has no way back', () => {
    const alone = asyncApiOf({ service: 'street', title: { vi: 'Phố', en: 'Street' }, version: '1', publishes: [], consumes: [] });
    expect(Object.keys(alone.channels)).toEqual(['audit.street']);
  });

  it('wraps the data of an event in a CloudEvent, with an example that fits', () => {
    const { schemas, messages } = document.components;
    const message = messages['vn.quanso.data.lamp-lit.v1'] as { payload: object; examples: { payload: Record<string, unknown> }[] };
    const ajv = new Ajv2020({ strict: false, logger: false });
    addFormats.default(ajv);
    const validate = ajv.compile({ ...message.payload, components: { schemas } });
    const payload = message.examples[0]?.payload ?? {};
    expect([validate(payload), validate.errors]).toEqual([true, null]);
    expect(payload).toMatchObject({ specversion: '1.0', source: '/street', type: 'vn.quanso.data.lamp-lit.v1', data: { code: 'L-1', pole: { height: 1 } } });
    for (const wrong of [{ ...payload, type: 'vn.quanso.data.lamp-beat.v2' }, { ...payload, data: { code: 'L-1' } }, { ...payload, data: undefined }, { ...payload, specversion: '0.3' }]) expect(validate(wrong)).toBe(false);
  });
});

describe('eventSchemaOf', () => {
  it('is what a reader takes: what is more, and without what has a default', () => {
    const schema = eventSchemaOf(LampLit);
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:quan-so:event:vn.quanso.data.lamp-lit.v1', title: 'vn.quanso.data.lamp-lit.v1', required: ['code', 'pole'] });
    expect([schema.additionalProperties, schema.$defs?.['Pole']?.additionalProperties]).toEqual([undefined, false]);
    const validate = new Ajv2020({ strict: false, logger: false }).compile(schema);
    expect([validate({ code: 'x', pole: { height: 2 }, later: true }), validate({ code: 'x', pole: { height: 21 } }), validate({ pole: { height: 2 } })]).toEqual([true, false, false]);
  });
});
