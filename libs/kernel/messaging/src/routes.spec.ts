import { defineEvent } from '@quan-so/contract';
import { z } from 'zod';
import { Consumes, type ConsumerTx, type Received } from './consumes.js';
import { Changed, Noted, takerOf } from './spec/world.js';
import { readersOf } from './routes.js';
import { type Message } from './message.js';

const does = async (): Promise<void> => undefined;
const consumes = [Changed, Noted].map((event) => ({ event, from: ['teller'] }));
const readers = readersOf('taker', { consumes }, [takerOf('teller', does)]);

const envelope = {
  ...{ specversion: '1.0', id: '019a0000-0000-7000-8000-000000000001', source: '/teller', type: Changed.type, subject: 'a' },
  ...{ time: '2026-11-25T08:00:00+07:00', datacontenttype: 'application/json', data: { dataset: 'dossiers', code: 'H99-1', n: 1 } },
};
const message = (value: unknown, key: string | null = 'key'): Message => ({
  position: 7,
  key,
  value: typeof value === 'string' ? value : JSON.stringify(value),
  headers: {},
  at: 1_764_000_000_000,
});
const read = (given: Message) => readers.get('records.teller')?.(2, given);

describe('readersOf', () => {
  it('reads the topics of its producers', () => expect([...readers.keys()]).toEqual(['records.teller']));

  it.each([
    ['an event that nobody takes', { consumes }, [], /taker: nobody takes records\.teller vn\.quanso\.data\.thing-changed\.v1/],
    ['a handler outside the definition', { consumes: consumes.slice(0, 1) }, [takerOf('teller', does)], /records\.teller .*thing-noted\.v1 is taken but not in its definition/],
    ['two handlers of one event', { consumes }, [takerOf('teller', does), takerOf('teller', does)], /two handlers take .*thing-changed\.v1 of teller/],
  ])('refuses %s at start', (_, definition, handlers, sentence) => {
    expect(() => readersOf('taker', definition, handlers)).toThrow(sentence);
  });
});

describe('a reader', () => {
  it('makes an entry of an event, with what its spans say', () => {
    expect(read(message(envelope))).toMatchObject({
      id: envelope.id,
      key: 'a',
      type: Changed.type,
      attributes: { 'quanso.dataset': 'dossiers', 'quanso.dossier.code': 'H99-1' },
      given: { item: { producer: 'teller', event: { data: { n: 1 } } } },
    });
  });

  it('passes over a type that is not asked for, whatever its data', () => {
    expect(read(message({ ...envelope, type: 'vn.quanso.data.other.v1', data: 'x' }))).toBeUndefined();
  });

  it('names the code of a dossier only for dossiers', () => {
    const other = read(message({ ...envelope, data: { dataset: 'permits', code: 'P-1', n: 1 } }));
    expect(other?.attributes).toEqual({ 'quanso.dataset': 'permits', 'quanso.dossier.code': undefined });
  });

  it.each([
    ['text', 'xin chào', 'SyntaxError'],
    ['an empty message', '', 'SyntaxError'],
    ['no object', '[]', '/: invalid_type'],
    ['no id', { ...envelope, id: undefined }, '/id: invalid_type'],
    ['an id that is none', { ...envelope, id: 'x' }, '/id: invalid_format'],
    ['another version of CloudEvents', { ...envelope, specversion: '0.3' }, '/specversion: invalid_value'],
  ])('takes %s for broken, known by its place and the key of its message', (_, value, why) => {
    const entry = read(message(value));
    expect(entry).toMatchObject({ key: 'key', type: undefined, given: { broken: why } });
    expect(entry?.id).toBe(read(message(value))?.id);
  });

  it('takes data that break their schema for broken, by the key of the event, without their values', () => {
    const entry = read(message({ ...envelope, data: { dataset: 'x'.repeat(30), code: '999012345678', n: 1.5 } }));
    expect(entry).toMatchObject({ id: envelope.id, key: 'a', given: { broken: '/dataset: too_big; /n: invalid_type' } });
  });

  it('keeps keys that PostgreSQL can store', () => {
    expect(read(message({ ...envelope, subject: 'a\u0000b\ud800' }))?.key).toBe('a\ufffdb\ufffd');
    expect(read(message('{', null))?.key).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a field of any JSON', () => {
  const schema = z.object({ body: z.record(z.string().max(20), z.json()) });
  const Filed = defineEvent({ layer: 'data', version: 1, kind: 'records', description: 'test', name: 'thing-filed', schema });
  class Filing {
    @Consumes(Filed, { from: ['teller'] })
    take(_batch: readonly Received<z.output<typeof schema>>[], _tx: ConsumerTx): Promise<void> {
      return does();
    }
  }
  const filed = readersOf('taker', { consumes: [{ event: Filed, from: ['teller'] }] }, [new Filing()]).get('records.teller');
  /** Also nested, and with the space that others put before a number. */
  const given = (number: string): unknown => filed?.(2, message(JSON.stringify({ ...envelope, type: Filed.type, data: { body: { n: [0, { n: 'N' }] } } }).replace('"N"', number)))?.given;

  it.each(['1e999', ' -1E+0999', `1${'0'.repeat(400)}`, `1${'0'.repeat(290)}e99`, `1.5e${'9'.repeat(20)}`])('is broken when it holds a number that no reader can keep: %s', (number) => {
    expect(given(number)).toEqual({ broken: '/body/n: invalid_union' });
  });
  it.each(['1e30', '-2.5E-7', '1e-999', '9007199254740993', '"1e999"', '"a, 1e999"'])('is taken with %s', (number) => {
    expect(given(number)).toMatchObject({ item: { event: { data: { body: { n: [0, { n: JSON.parse(number) as unknown }] } } } } });
  });
});
