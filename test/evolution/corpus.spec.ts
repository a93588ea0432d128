import { instantOfUuidv7 } from '@quan-so/language';
import { REFERENCE_KINDS, referenceBodies, ReferencePublished, type ReferencePublishedData } from '@quan-so/contracts-data';
import { EVENTS, goldenOf } from './corpus.js';

/** Old events are read by today's schemas, and nothing of them is lost on the way. */

const all = EVENTS.flatMap((event) => goldenOf(event).map((golden) => [`${event.type} ${golden.name}`, event, golden] as const));

it.each(all)('%s is read as it was told', (_, event, golden) => {
  expect(event.schema.parse(golden.event.data)).toEqual(golden.event.data);
});

it.each(all)('%s has the id and type of its time', (_, { type }, { event }) => {
  expect([event.type, instantOfUuidv7(event.id)]).toEqual([type, Date.parse(event.time)]);
});

describe('bodies of reference data', () => {
  const published = goldenOf(ReferencePublished).map(({ name, event }) => [name, event.data as unknown as ReferencePublishedData] as const);
  it.each(published)('%s is read as it was told', (_, { kind, body }) => expect(referenceBodies[kind].parse(body)).toMatchObject(body));
  it('are of every kind', () => expect(new Set(published.map(([, { kind }]) => kind))).toEqual(new Set(REFERENCE_KINDS)));
});

it('they hold letters with marks, instants with and without fractions, in local time and in UTC', () => {
  const text = all.map(([, , golden]) => golden.text).join('');
  for (const piece of ['Đặng', 'Ỷ', 'ườ', '“', '–', '05:34:00.000+07:00', '11:26:30+07:00', '"2026-10-07T04:17:00Z"']) expect(text).toContain(piece);
});
