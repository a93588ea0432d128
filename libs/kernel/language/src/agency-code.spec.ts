import fc from 'fast-check';
import { isWithin, levelOf, parentOf, parseAgencyCode, toQcvn102, toQd20 } from './index.js';

describe('agency codes', () => {
  it.each([
    ['H56', 'H56', '000.00.00.H56', 1, undefined],
    ['H56.15', 'H56.15', '000.00.15.H56', 2, 'H56'],
    ['000.00.15.H56', 'H56.15', '000.00.15.H56', 2, 'H56'],
    ['000.01.20.G12', 'G12.20.01', '000.01.20.G12', 3, 'G12.20'],
    ['H99.05.01.002', 'H99.05.01.002', '002.01.05.H99', 4, 'H99.05.01'],
    ['000.00.00.H17', 'H17', '000.00.00.H17', 1, undefined],
    ['H56.15.00.000', 'H56.15', '000.00.15.H56', 2, 'H56'],
    ['001.00.15.H56', 'H56.15.00.001', '001.00.15.H56', 4, 'H56.15'],
  ])('%s', (text, qd20, qcvn102, level, parent) => {
    expect([toQd20(text), toQcvn102(text), levelOf(text), parentOf(text)]).toEqual([qd20, qcvn102, level, parent]);
  });

  it('name businesses by their number and other organisations by a scheme', () => {
    expect(parseAgencyCode('0100109106')).toEqual({ kind: 'business', number: '0100109106' });
    expect(parseAgencyCode('Z01ABC123')).toEqual({ kind: 'scheme', scheme: 'Z01', number: 'ABC123' });
    expect(() => levelOf('Z01ABC123')).toThrow('AGENCY_CODE_WITHOUT_LEVELS');
  });

  it.each(['', 'h56', 'H5', 'H567', 'Z00A', 'Z01', `Z01${'A'.repeat(33)}`, 'H56.', 'H56..15', 'H56.1a', 'H56-15', '15.H56', '00.00.15.H56', '000.00.15.Z56', `H56.${'0'.repeat(32)}`, ' H56'])('%p is refused', (text) => {
    expect(() => parseAgencyCode(text)).toThrow('AGENCY_CODE_NOT_VALID');
  });

  it.each(['H56.15.01.002.01', 'H56.AB', 'H56.151', 'H56.15.01.02'])('%s cannot be said in the order of QCVN 102', (text) => {
    expect(() => toQcvn102(text)).toThrow('AGENCY_CODE_NOT_IN_QCVN102');
  });

  it('contain what is under them', () => {
    expect([isWithin('H99.05', 'H99.05'), isWithin('H99.05', 'H99.05.01'), isWithin('H99.05', 'H99.051'), isWithin('H99.05', 'H99'), isWithin('H99.05', '001.01.05.H99')]).toEqual([true, true, false, false, true]);
  });

  it('survive going there and back; the parent contains the child', () => {
    const digits = (width: number) => fc.integer({ min: 0, max: 10 ** width - 1 }).map((number) => String(number).padStart(width, '0'));
    const codes = fc.tuple(digits(3), digits(2), digits(2), fc.constantFrom('A00', 'H99', 'Y01')).map((groups) => groups.join('.'));
    fc.assert(
      fc.property(codes, (code) => {
        expect(toQcvn102(toQd20(code))).toBe(code);
        expect(toQd20(toQcvn102(toQd20(code)))).toBe(toQd20(code));
        const parent = parentOf(code);
        if (parent === undefined) return expect(levelOf(code)).toBe(1);
        expect(isWithin(parent, code)).toBe(true);
        expect(levelOf(parent)).toBeLessThan(levelOf(code));
      }),
      { seed: 20261124 },
    );
  });
});
