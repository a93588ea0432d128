import { cloudEvent } from '@quan-so/contract';
import { RecordChanged } from '@quan-so/contracts-data';
import { describe, expect, it } from '@jest/globals';
import { Events, greatestOf, inserts, outOfOrder, toldOf, updates } from './events.js';

const words = { scopeOf: () => ['H99', 'H99.05'], searchTextOf: () => ' ho so' };
const given = { seed: 7, from: 100, fresh: 4_000 };

describe('what is told', () => {
  it('is the same for the same seed, and other for another', () => {
    expect(updates(given)).toEqual(updates(given));
    expect(updates({ ...given, seed: 8 })).not.toEqual(updates(given));
  });

  it('has each new record, a fifth of the events twice', () => {
    const codes = inserts(given);
    expect(new Set(codes).size).toBe(4_000);
    expect(codes.length / 5_000).toBeCloseTo(1, 1);
    expect([...new Set([...codes].map((code) => toldOf(code).version))]).toEqual([1]);
  });

  it('has versions 2 and 3 of half of the records, some behind the version after them', () => {
    const [first, later] = [inserts(given), updates(given)];
    const greatest = greatestOf(first, later);
    expect([greatest.get(100), greatest.get(2_099), greatest.get(2_100), greatest.size]).toEqual([3, 3, 1, 4_000]);
    expect(outOfOrder(first)).toBe(0);
    expect(outOfOrder(later, first)).toBeGreaterThan(40);
  });

  it('counts what arrives behind a later version', () => {
    const [one, two, three] = [801, 802, 803];
    expect(toldOf(two)).toEqual({ record: 100, version: 2 });
    expect(outOfOrder(Uint32Array.from([one, three, two, two, three]))).toBe(2);
  });
});

describe('an event', () => {
  const events = new Events(7, Date.parse('2026-11-26T01:00:00Z'), words);

  it.each([1, 2, 3])('of version %i is one of the contract, with its key in all places', (version) => {
    const { key, value, traceparent } = events.event({ record: 5, version });
    const event = cloudEvent.parse(JSON.parse(value));
    const data = RecordChanged.schema.parse(event.data);
    expect([event.subject, data.key, data.body.id, data.version, data.body.version]).toEqual([key, key, key, version, version]);
    expect(data.command).toBe([undefined, 'receive', 'assign', 'request-supplement'][version]);
    expect(event.traceparent).toBe(traceparent);
    expect(data.title).toContain(String(data.body.summary));
    expect(value).not.toContain('\\u0001');
  });

  it('is the same record as a row for the sink', () => {
    const told = { record: 5, version: 2 };
    const { data } = JSON.parse(events.event(told).value);
    const row = JSON.parse(events.row(told).value);
    expect(JSON.parse(row.body)).toEqual(data.body);
    expect([row.key, row.version, row.code, row.unit, row.receiving_unit, row.status, row.title, row.changed_at]).toEqual([data.key, 2, data.code, data.unit, data.receivingUnit, data.status, data.title, data.changedAt]);
    expect([row.scope_text, row.search_key]).toEqual(['H99 H99.05', ' ho so']);
  });

  it('keeps the key of its record, and has an id of its own', () => {
    const [one, two] = [1, 2].map((version) => JSON.parse(events.event({ record: 5, version }).value));
    expect(one.subject).toBe(events.keyOf(5));
    expect(two.subject).toBe(one.subject);
    expect(two.id).not.toBe(one.id);
    expect(events.keyOf(6)).not.toBe(events.keyOf(5));
  });
});
