import { Refusal } from '@quan-so/contract';
import { countingFor, demandUnit, getAuthority, getProcedure, type Known } from './reference.rules.js';
import { AUTHORITY, BUILDING, calendarOf, UNITS } from './spec/reference.fixture.js';

const age = { asOf: '2026-10-05T02:00:00.000Z', seconds: 4 };
const other = { ...calendarOf(1), code: 'mot-cua' };
const ward = { ...UNITS[1]!, calendar: 'mot-cua' };
const known: Known = { authority: AUTHORITY, units: [UNITS[0]!, ward], calendars: [calendarOf(3), other], procedure: { version: 2, body: BUILDING }, age };

function refusalOf(ask: () => unknown): unknown {
  try {
    ask();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.problem.code, extra: error.extra, detail: error.detail };
    throw error;
  }
  return undefined;
}

it('a procedure that is not known is not in force, or not here yet while the catalogue has not spoken', () => {
  expect(getProcedure(known)).toEqual({ version: 2, body: BUILDING });
  expect(refusalOf(() => getProcedure({ ...known, procedure: undefined }))).toMatchObject({ code: 'PROCEDURE_NOT_IN_FORCE' });
  expect(refusalOf(() => getProcedure({ ...known, procedure: undefined, authority: undefined }))).toMatchObject({ code: 'REFERENCE_NOT_YET_HERE' });
  // A procedure that is here before the first beat may have come without the later calendar it counts by.
  expect(refusalOf(() => getProcedure({ ...known, age: { asOf: null, seconds: null } }))).toMatchObject({ code: 'REFERENCE_NOT_YET_HERE' });
  expect(getAuthority(known)).toBe(AUTHORITY);
  expect(refusalOf(() => getAuthority({ ...known, authority: undefined }))).toMatchObject({ code: 'REFERENCE_NOT_YET_HERE' });
});

it('a unit is in force or named in the refusal', () => {
  expect(refusalOf(() => demandUnit(known, 'H99.05.01'))).toBeUndefined();
  expect(refusalOf(() => demandUnit(known, 'H99.05.03'))).toMatchObject({ code: 'UNIT_NOT_IN_FORCE', extra: { unit: 'H99.05.03' }, detail: { vi: expect.stringContaining('H99.05.03'), en: expect.stringContaining('H99.05.03') } });
});

it('a unit counts by its calendar; one that is gone by the calendar its dossier has, else by the authority’s', () => {
  expect(countingFor(known, 'H99.05.01', 'hanh-chinh')).toEqual({ calendar: other, age });
  expect(countingFor(known, 'H99.05.03', 'mot-cua').calendar.code).toBe('mot-cua');
  expect(countingFor(known, 'H99.05.03').calendar).toEqual(calendarOf(3));
  expect(refusalOf(() => countingFor(known, 'H99.05.03', 'ba-ca'))).toMatchObject({ code: 'REFERENCE_NOT_YET_HERE' });
  expect(refusalOf(() => countingFor({ ...known, authority: undefined }, 'H99.05.03'))).toMatchObject({ code: 'REFERENCE_NOT_YET_HERE' });
});
