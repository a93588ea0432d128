import { type AuthorityPack } from '@quan-so/contracts-data/pack';
import { seedItems } from './seed.rules.js';

const row = (code: string, validFrom = '2026-01-01', validTo: string | null = null): object => ({ code, validFrom, validTo, note: `${code} ${validFrom}` });
const pack = {
  authority: row('H99.05'),
  units: [row('H99.05.01'), row('H99.05')],
  calendars: [row('b'), row('a', '2026-07-01'), row('a', '2026-01-01', '2026-06-30')],
  codeLists: [row('agencies')],
  procedures: [row('2.000001'), row('1.000001')],
} as unknown as AuthorityPack;

it('what names comes after what it names; versions of a code are numbered by their first day', () => {
  expect(seedItems(pack).map(({ kind, code, version, validFrom, validTo }) => [kind, code, version, validFrom, validTo])).toEqual([
    ['calendar', 'a', 1, '2026-01-01', '2026-06-30'],
    ['calendar', 'a', 2, '2026-07-01', null],
    ['calendar', 'b', 1, '2026-01-01', null],
    ['unit', 'H99.05', 1, '2026-01-01', null],
    ['unit', 'H99.05.01', 1, '2026-01-01', null],
    ['authority', 'H99.05', 1, '2026-01-01', null],
    ['code-list', 'agencies', 1, '2026-01-01', null],
    ['procedure', '1.000001', 1, '2026-01-01', null],
    ['procedure', '2.000001', 1, '2026-01-01', null],
  ]);
});

it('a body is what the pack says; a calendar knows its version', () => {
  const bodies = seedItems(pack).map(({ body }) => body);
  expect(bodies[1]).toEqual({ code: 'a', validFrom: '2026-07-01', validTo: null, note: 'a 2026-07-01', version: 2 });
  expect(bodies[3]).toEqual({ code: 'H99.05', validFrom: '2026-01-01', validTo: null, note: 'H99.05 2026-01-01' });
});
