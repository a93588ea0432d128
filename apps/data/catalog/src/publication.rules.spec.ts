import { resolve } from 'node:path';
import { Refusal } from '@quan-so/contract';
import { readAuthorityPack } from '@quan-so/contracts-data/pack';
import { fit, publishedOf } from './publication.rules.js';
import { type Body, type ItemRow } from './reference.queries.js';
import { seedItems } from './seed.rules.js';

const PACK = resolve(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'authorities', 'phuong-sao-mai');
const items = seedItems(readAuthorityPack(PACK));
const at = new Date('2026-11-24T02:00:00.000Z');
const rows: readonly ItemRow[] = items.map((item, index) => ({
  ...{ kind: item.kind, code: item.code, version: item.version, valid_from: item.validFrom, valid_to: item.validTo },
  ...{ published_at: at, revision: index + 1, body: item.body },
}));
const bodyOf = (kind: ItemRow['kind'], code: string): Body => {
  const row = rows.find((one) => one.kind === kind && one.code === code);
  if (row === undefined) throw new Error(`no ${kind} ${code}`);
  return row.body;
};
const permit = bodyOf('procedure', '1.013225');

function refusalOf(ask: () => unknown): [string, unknown] | undefined {
  try {
    ask();
  } catch (error) {
    if (error instanceof Refusal) return [error.problem.code, error.faults.map(({ pointer, code }) => `${pointer} ${code}`)];
    throw error;
  }
  return undefined;
}

describe('seedItems', () => {
  it('has everything of the pack as version 1, calendars and units before what names them', () => {
    const kinds = items.map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
    expect(new Set(items.map(({ version }) => version))).toEqual(new Set([1]));
    expect(kinds.filter((kind) => kind === 'procedure')).toHaveLength(16);
  });
  it('numbers versions of one code by their first day', () => {
    const [calendar] = readAuthorityPack(PACK).calendars;
    const later = { ...calendar!, validFrom: '2027-01-01' };
    const earlier = { ...calendar!, validTo: '2026-12-31' };
    const pack = { ...readAuthorityPack(PACK), calendars: [later, earlier] };
    expect(seedItems(pack).filter(({ kind }) => kind === 'calendar').map(({ version, validFrom, body }) => [version, validFrom, body['version']])).toEqual([[1, '2026-01-01', 1], [2, '2027-01-01', 2]]);
  });
});
const ORDER = ['calendar', 'unit', 'authority', 'code-list', 'procedure'];

describe('fit', () => {
  it('a change from a later day takes the tail of the version before', () => {
    expect(fit(rows, 'procedure', { ...permit, validFrom: '2026-12-01' })).toEqual({ version: 2, closes: { version: 1, validTo: '2026-11-30' } });
  });
  it('a new procedure is a first version', () => {
    expect(fit(rows, 'procedure', { ...permit, code: '9.000009' })).toEqual({ version: 1, closes: undefined });
  });
  it('what the change would break is refused with its place, as a pack would be', () => {
    expect(refusalOf(() => fit(rows, 'procedure', { ...permit, validFrom: '2026-12-01', receivingUnits: ['H99.06.01', 'H99.09'] }))).toEqual(['REFERENCE_INVALID', ['/body/body/receivingUnits/1 UNIT_UNKNOWN']]);
  });
  it('a unit that does not fit a calendar is refused; an old fault elsewhere stops nobody', () => {
    const unit = bodyOf('unit', 'H99.06.13');
    expect(refusalOf(() => fit(rows, 'unit', { ...unit, validFrom: '2027-01-01', calendar: 'ca-dem' }))).toEqual(['REFERENCE_INVALID', ['/body/body/calendar CALENDAR_UNKNOWN']]);
    const faulty = rows.map((row) => (row.code === 'H99.06.12' ? { ...row, body: { ...row.body, calendar: 'mat' } } : row));
    expect(fit(faulty, 'unit', { ...unit, validFrom: '2027-01-01' })).toEqual({ version: 2, closes: { version: 1, validTo: '2026-12-31' } });
  });
  it.each(['1899-12-31', '9999-12-31'])('a first day that is no day of our time is refused: %s', (validFrom) => {
    expect(refusalOf(() => fit(rows, 'procedure', { ...permit, code: '9.000009', validFrom }))).toEqual(['REFERENCE_INVALID', ['/body/body/validFrom DATE_NOT_VALID']]);
    expect(refusalOf(() => fit(rows, 'procedure', { ...permit, validFrom }))).toEqual(['REFERENCE_INVALID', ['/body/body/validFrom DATE_NOT_VALID']]);
  });
  it('a last day that is no day of our time is refused too, and both at once', () => {
    expect(refusalOf(() => fit(rows, 'procedure', { ...permit, code: '9.000009', validTo: '9999-12-31' }))).toEqual(['REFERENCE_INVALID', ['/body/body/validTo DATE_NOT_VALID']]);
    expect(refusalOf(() => fit(rows, 'procedure', { ...permit, code: '9.000009', validFrom: '1899-12-31', validTo: '9999-12-31' }))).toEqual(['REFERENCE_INVALID', ['/body/body/validFrom DATE_NOT_VALID', '/body/body/validTo DATE_NOT_VALID']]);
  });
  it('a unit is numbered among units, though an authority has the same code', () => {
    const twice = rows.map((row) => (row.kind === 'authority' ? { ...row, version: 7 } : row));
    expect(fit(twice, 'unit', { ...bodyOf('unit', 'H99.06'), validFrom: '2026-12-01' })).toEqual({ version: 2, closes: { version: 1, validTo: '2026-11-30' } });
  });
  it('what is missing from a body is no last day', () => {
    const { validTo: _, ...open } = permit;
    expect(fit(rows, 'procedure', { ...open, code: '9.000009' })).toEqual({ version: 1, closes: undefined });
  });
  it('a version that was in force for one day counts as such: another for that day only would need it cut', () => {
    const oneDay = rows.map((row) => (row.kind === 'procedure' && row.code === '1.013225' ? { ...row, valid_from: '2026-03-01', valid_to: '2026-03-01', body: { ...row.body, validFrom: '2026-03-01', validTo: '2026-03-01' } } : row));
    expect(fit(oneDay, 'procedure', { ...permit, validFrom: '2026-03-02' })).toEqual({ version: 2, closes: undefined });
    expect(fit(oneDay, 'procedure', { ...permit, validFrom: '2026-03-01' })).toEqual({ version: 2, closes: { version: 1, validTo: '2026-02-28' } });
  });
  it('a second authority beside the one that runs here is refused', () => {
    const authority = bodyOf('authority', 'H99.06');
    expect(refusalOf(() => fit(rows, 'authority', { ...authority, code: 'H99.06.01', validFrom: '2026-12-01' }))).toEqual(['REFERENCE_INVALID', ['/body/body/code AUTHORITY_ANOTHER']]);
  });
  it('a version that was replaced from its first day on is out of the game', () => {
    const replaced = rows.map((row) => (row.code === '1.013225' ? { ...row, valid_to: '2025-12-31', body: { ...row.body, validTo: '2025-12-31', receivingUnits: ['H99.77'] } } : row));
    expect(fit(replaced, 'procedure', { ...permit, validFrom: '2026-12-01' })).toEqual({ version: 2, closes: undefined });
  });
});

it('what is told of a version is the version, with the moment of its publication in Vietnam time', () => {
  const [row] = rows.filter(({ kind }) => kind === 'calendar');
  expect(publishedOf(row!)).toMatchObject({ kind: 'calendar', code: 'hanh-chinh', version: 1, validFrom: '2026-01-01', validTo: null, publishedAt: '2026-11-24T09:00:00+07:00' });
  expect(publishedOf({ ...row!, valid_to: '2026-12-31' })).toEqual({ kind: 'calendar', code: 'hanh-chinh', version: 1, validFrom: '2026-01-01', validTo: '2026-12-31', publishedAt: '2026-11-24T09:00:00+07:00', body: row!.body });
});
