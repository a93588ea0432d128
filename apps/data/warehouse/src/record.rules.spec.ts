import { type RecordChangedData } from '@quan-so/contracts-data';
import { heardOf, latestOf, masked, scopeOf, searchTextOf, versionOf, wordsOf, type StoredVersion } from './record.rules.js';

const data: RecordChangedData = {
  dataset: 'dossiers',
  key: '01997e3c-8f00-7000-8000-000000000001',
  version: 1,
  code: 'H99.05.01-261124-0001',
  unit: 'H99.05',
  receivingUnit: 'H99.05.01',
  status: '2',
  title: 'Cấp phép xây dựng – Nguyễn Văn An',
  changedAt: '2026-11-24T09:00:00.000+07:00',
  body: {},
};
const version = (key: string, number: number): StoredVersion => versionOf({ ...data, key, version: number }, undefined);

describe('wordsOf', () => {
  it.each([
    ['Nguyễn Văn An', ['nguyen', 'van', 'an']],
    ['ĐƯỜNG Lê Lợi', ['duong', 'le', 'loi']],
    // The same name in decomposed form (NFD), as macOS and some scanners send it.
    ['Nguyễn'.normalize('NFD'), ['nguyen']],
    // Tone on either vowel, both spellings are in use.
    ['hoà hòa', ['hoa']],
    ['Lô 5,đường (số 7)', ['lo', '5', 'duong', 'so', '7']],
    ['100%_\\', ['100']],
    ['H99.05.01-261124-0001', ['h99', '05', '01', '261124', '0001']],
  ])('reads %s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

it('finds a record by every word of code and title, each after one space', () => {
  expect(searchTextOf(data)).toBe(' h99 05 01 261124 0001 cap phep xay dung nguyen van an');
});

it('knows the units above a unit', () => {
  expect(scopeOf(['H99.05', 'H99.05.01'])).toEqual(['H99', 'H99.05', 'H99.05.01']);
  expect(scopeOf(['H99'])).toEqual(['H99']);
});

it('keeps the highest version of each record, in key order', () => {
  const [a, b] = ['01997e3c-8f00-7000-8000-00000000000a', '01997e3c-8f00-7000-8000-00000000000b'];
  const latest = latestOf([version(b, 1), version(a, 3), version(a, 2), version(b, 2)]);
  expect(latest.map((v) => [v.key, v.version])).toEqual([[a, 3], [b, 2]]);
});

it('knows how far each owner was heard, whatever the zone of a time', () => {
  const heard = heardOf([
    { dataset: 'dossiers', at: '2026-11-24T09:00:00.000+07:00', changedAt: '2026-11-24T08:00:00.500+07:00' },
    { dataset: 'dossiers', at: '2026-11-24T02:00:01Z', changedAt: '2026-11-24T01:00:00Z' },
    { dataset: 'assets', at: '2026-11-24T01:00:00Z', changedAt: '2026-11-24T01:00:00Z' },
  ]);
  expect(heard).toEqual([
    { dataset: 'assets', at: '2026-11-24T01:00:00.000Z', changedAt: '2026-11-24T01:00:00.000Z' },
    { dataset: 'dossiers', at: '2026-11-24T02:00:01.000Z', changedAt: '2026-11-24T01:00:00.500Z' },
  ]);
});

describe('versionOf', () => {
  it('takes the trace id out of a traceparent', () => {
    expect(versionOf(data, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01').traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(versionOf(data, undefined).traceId).toBeNull();
  });
  it('says by which command it was made, null when its owner did not', () => {
    expect(versionOf({ ...data, command: 'accept' }, undefined).command).toBe('accept');
    expect(versionOf(data, undefined).command).toBeNull();
  });
  it('masks personal numbers that somebody typed into a text', () => {
    const stored = versionOf({ ...data, title: 'Ông An, CCCD 999199012310', body: { note: ['số 999199012310.'] } }, undefined);
    expect(stored.title).toBe('Ông An, CCCD 999*******10');
    expect(JSON.parse(stored.body)).toEqual({ note: ['số 999*******10.'] });
  });
});

it.each([
  ['a UUID whose last group is digits', '01997e3c-8f00-7000-8000-000000000001'],
  ['a longer number', '0000999199012310'],
  ['an organisation code of 10 digits', '0100109106'],
  ['a number that is not text', 999199012310],
])('leaves %s as it is', (_, value) => {
  expect(masked(value)).toBe(value);
});
