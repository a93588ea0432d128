import { type UnitScope } from '@quan-so/auth';
import { Refusal } from '@quan-so/contract';
import { demandUnit, getDataset, inScope } from './permitted.rules.js';

const ward: UnitScope = { all: false, units: ['H99.05.01'], exactUnits: [], own: false };
const district: UnitScope = { all: false, units: ['H99.05'], exactUnits: [], own: false };

function refusalOf(ask: () => unknown): [string, unknown] | undefined {
  try {
    ask();
  } catch (error) {
    if (error instanceof Refusal) return [error.problem.code, error.extra['about']];
    throw error;
  }
  return undefined;
}

it('knows its datasets and no other', () => {
  expect(getDataset('dossiers').producer).toBe('dossiers');
  expect(refusalOf(() => getDataset('weather'))).toEqual(['DATASET_NOT_FOUND', undefined]);
});

it.each<[string, UnitScope, string | undefined, [string, string] | undefined]>([
  ['a ward asks for itself', ward, 'H99.05.01', undefined],
  ['a ward asks for nothing in particular', ward, undefined, undefined],
  ['a ward asks for its neighbour', ward, 'H99.05.02', ['DATA_NOT_PERMITTED', 'unit']],
  ['a ward asks for the whole district', ward, 'H99.05', ['DATA_NOT_PERMITTED', 'unit']],
  ['a code that only begins alike', ward, 'H99.05.011', ['DATA_NOT_PERMITTED', 'unit']],
  ['a district asks for a ward of its own', district, 'H99.05.02', undefined],
  ['everything is permitted', { all: true }, 'H98', undefined],
])('%s', (_, scope, unit, refused) => {
  expect(refusalOf(() => demandUnit(scope, unit))).toEqual(refused);
});

it('one unit in scope is enough', () => {
  expect(inScope(ward, ['H99.05', 'H99.05.01'])).toBe(true);
  expect(inScope(ward, ['H99.05', 'H99.05.02'])).toBe(false);
});

it('a refusal of a unit names it, and every unit that may be read', () => {
  const scope: UnitScope = { all: false, units: ['H99.07', 'H99.05'], exactUnits: ['H99.06'], own: false };
  expect(() => demandUnit(scope, 'H99.05.01')).not.toThrow();
  const refused = ((): unknown => {
    try {
      demandUnit(scope, 'H99.08');
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(refused).toMatchObject({ extra: { about: 'unit', units: ['H99.05', 'H99.06', 'H99.07'] }, detail: { vi: expect.stringContaining('H99.08'), en: expect.stringContaining('H99.08') } });
  expect([inScope({ all: true }, []), inScope(scope, ['H99.07.01']), inScope(scope, ['H99.06']), inScope(scope, ['H99.06.01'])]).toEqual([true, true, true, false]);
});
