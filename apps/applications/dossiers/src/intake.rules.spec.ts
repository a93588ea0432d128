import { Refusal } from '@quan-so/contract';
import { canonical, chooseReceivingUnit, demandPersonalNumber, demandSuperseded, getReceivingUnit } from './intake.rules.js';
import { type DossierState } from './dossier.state.js';
import { thrownRefusal } from './spec/given.fixture.js';

const refused = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return `${error.problem.code} ${JSON.stringify(error.extra)}`;
    throw error;
  }
};
const procedure = { receivingUnits: ['H99.05', 'H99.05.01', 'H99.05.02', 'H99.05.03'] };
const inForce = ['H99.05', 'H99.05.01', 'H99.05.02'].map((code) => ({ code }));
const reach = (...units: string[]) => ({ all: false, units, exactUnits: [] });

describe('the desk that is meant', () => {
  it.each([
    ['is that of the only position', reach('H99.05.01'), 'H99.05.01'],
    ['is the own unit before those below it', reach('H99.05'), 'H99.05'],
    ['must be chosen of two', reach('H99.05.01', 'H99.05.02'), 'UNIT_NOT_CHOSEN {"units":["H99.05.01","H99.05.02"]}'],
    ['must be chosen in a tree, of those in force', reach('H99'), 'UNIT_NOT_CHOSEN {"units":["H99.05","H99.05.01","H99.05.02"]}'],
    ['is the one in force of two', reach('H99.05.02', 'H99.05.03'), 'H99.05.02'],
    ['is the dissolved one when there is no other', reach('H99.05.03'), 'H99.05.03'],
    ['is none of a unit that only begins alike', reach('H99.05.010'), `PROCEDURE_NOT_IN_FORCE ${JSON.stringify(procedure)}`],
  ])('%s', (_what, scope, expected) => expect(refused(() => chooseReceivingUnit(procedure, scope, inForce))).toBe(expected));
  it('is the one below when the own unit does not receive', () => {
    expect(chooseReceivingUnit({ receivingUnits: ['H99.05.01'] }, reach('H99.05'), inForce)).toBe('H99.05.01');
  });
  it('is reached by an authority-wide scope as by its tree, and by a scope of the unit alone only itself', () => {
    const everywhere = { all: true, units: [], exactUnits: [] };
    const alone = { all: false, units: [], exactUnits: ['H99.05'] };
    expect(chooseReceivingUnit({ receivingUnits: ['H99.05.02'] }, everywhere, inForce)).toBe('H99.05.02');
    expect(refused(() => chooseReceivingUnit(procedure, everywhere, inForce))).toBe('UNIT_NOT_CHOSEN {"units":["H99.05","H99.05.01","H99.05.02"]}');
    expect(chooseReceivingUnit(procedure, alone, inForce)).toBe('H99.05');
    expect(refused(() => chooseReceivingUnit({ receivingUnits: ['H99.05.01'] }, alone, inForce))).toBe('PROCEDURE_NOT_IN_FORCE {"receivingUnits":["H99.05.01"]}');
    expect(refused(() => chooseReceivingUnit(procedure, { all: false, units: ['H99.05.01'], exactUnits: ['H99.05'] }, inForce))).toBe('UNIT_NOT_CHOSEN {"units":["H99.05","H99.05.01"]}');
  });
  it('is named in the refusal of another one', () => {
    expect(thrownRefusal(() => getReceivingUnit('H99.06', { receivingUnits: ['H99.05', 'H99.05.01'] })).detail).toEqual({ vi: 'Thủ tục này tiếp nhận tại: H99.05, H99.05.01.', en: 'This procedure is received at: H99.05, H99.05.01.' });
  });
  it('that is named must receive the procedure', () => {
    expect(refused(() => getReceivingUnit('H99.05.02', procedure))).toBe('H99.05.02');
    expect(refused(() => getReceivingUnit('H99.06', procedure))).toBe(`PROCEDURE_NOT_IN_FORCE ${JSON.stringify(procedure)}`);
  });
});

describe('personal numbers', () => {
  // Written in parts: the repository holds no number of a real range.
  const real = ['001', '190000010'].join('');
  it.each([
    ['local', '999190000010', undefined],
    ['trial', '999190000010', undefined],
    ['production', real, undefined],
    ['local', real, 'PERSONAL_NUMBER_REFUSED {}'],
    ['trial', real, 'PERSONAL_NUMBER_REFUSED {}'],
    ['production', '999190000010', 'PERSONAL_NUMBER_REFUSED {}'],
  ] as const)('%s', (profile, number, expected) => expect(refused(() => demandPersonalNumber(number, profile))).toBe(expected));
  it('are refused with the sentence of their profile, at their place', () => {
    const faults = [{ pointer: '/body/applicant/personalNumber', code: 'PERSONAL_NUMBER_REFUSED', detail: { vi: expect.any(String), en: expect.any(String) } }];
    expect(thrownRefusal(() => demandPersonalNumber('999190000010', 'production'))).toMatchObject({ detail: { vi: 'Số 999… là số thử, không dùng ở môi trường thật.' }, faults });
    expect(thrownRefusal(() => demandPersonalNumber(real, 'local'))).toMatchObject({ detail: { vi: 'Môi trường thử chỉ nhận số bắt đầu bằng 999, không nhận số của người thật.' }, faults });
  });
  it.each(['local', 'production'] as const)('that are none are refused in %s, with what is wrong with them', (profile) => {
    const { problem, detail, faults } = thrownRefusal(() => demandPersonalNumber('99919000001x', profile));
    expect([problem.code, faults]).toEqual(['PERSONAL_NUMBER_REFUSED', []]);
    expect(detail?.vi).toContain('12 chữ số');
  });
  it('are not repeated in the refusal', () => {
    try {
      demandPersonalNumber(real, 'trial');
    } catch (error) {
      const { message, detail, faults, extra } = error as Refusal;
      expect(JSON.stringify({ message, detail, faults, extra })).not.toContain(real);
    }
    expect.assertions(1);
  });
});

describe('filing anew', () => {
  const ended = (state: string, outcome: string | null, code = '1.001612') => ({ state, outcome, procedure: { code } }) as unknown as DossierState;
  it.each([
    ['a notice that was signed', ended('decided', 'notice'), undefined],
    ['a notice that was handed over', ended('returned', 'notice'), undefined],
    ['a dossier that was granted', ended('returned', 'granted'), 'SUPERSEDED_UNFIT {}'],
    ['a dossier that still runs', ended('reviewed', null), 'SUPERSEDED_UNFIT {}'],
    ['a notice of another procedure', ended('decided', 'notice', '1.013225'), 'SUPERSEDED_UNFIT {}'],
    ['nothing', undefined, 'SUPERSEDED_UNFIT {}'],
  ])('of %s', (_what, earlier, expected) => expect(refused(() => demandSuperseded(earlier, '1.001612'))).toBe(expected));
});

describe('one text for one content', () => {
  it('has names in order at every depth, whatever order they came in', () => {
    expect(canonical({ b: 1, a: { d: [{ f: 1, e: 2 }], c: null } })).toBe('{"a":{"c":null,"d":[{"e":2,"f":1}]},"b":1}');
    expect(canonical({ a: { c: null, d: [{ e: 2, f: 1 }] }, b: 1 })).toBe('{"a":{"c":null,"d":[{"e":2,"f":1}]},"b":1}');
  });
  it('leaves the order of a list as it is', () => expect(canonical([3, 1, 2])).toBe('[3,1,2]'));
  it.each([['text', '"text"'], [0, '0'], [null, 'null'], [true, 'true']])('of %p is %s', (value, text) => expect(canonical(value)).toBe(text));
});
