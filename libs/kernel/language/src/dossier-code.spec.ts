import fc from 'fast-check';
import { addDays, checkDossierCodePattern, DEFAULT_DOSSIER_CODE_PATTERN, formatDossierCode, parseDossierCode, parseLocalDate } from './index.js';

const date = parseLocalDate('2026-11-23');

describe('writing a dossier code', () => {
  it.each([
    [DEFAULT_DOSSIER_CODE_PATTERN, 1, 'H99.05-261123-0001'],
    [DEFAULT_DOSSIER_CODE_PATTERN, 9999, 'H99.05-261123-9999'],
    [DEFAULT_DOSSIER_CODE_PATTERN, 10_000, 'H99.05-261123-10000'],
    ['{unit:qcvn102}-{yyMMdd}-{serial:4}', 7, '000.00.05.H99-261123-0007'],
    ['HS/{yyyyMMdd}/{unit}-{serial:6}', 7, 'HS/20261123/H99.05-000007'],
  ])('by %s, %d', (pattern, serial, code) => {
    expect(formatDossierCode(pattern, { unit: 'H99.05', date, serial })).toBe(code);
    expect(parseDossierCode(code, pattern)).toEqual({ form: 'pattern', code, unit: 'H99.05', date, serial, owner: null });
  });
  it.each(['', '{unit}-{yyMMdd}', '{unit}-{serial:4}', '{yyMMdd}-{serial:4}', '{unit}-{yyMMdd}{serial:4}', '{unit}{yyMMdd}-{serial:4}', '{serial:4}-{unit}-{yyMMdd}', '{unit}-{yyMMdd}-{serial:4}-{unit}', '{unit}-{yyMMdd}-{serial:0}', '{unit}-{yyMMdd}-{serial:4}x', 'hs-{unit}-{yyMMdd}-{serial:4}', '{unit} {yyMMdd}-{serial:4}'])('refuses the pattern %p', (pattern) => {
    expect(() => checkDossierCodePattern(pattern)).toThrow('DOSSIER_CODE_PATTERN_NOT_VALID');
  });
  it.each([0, -1, 1.5, Number.NaN])('refuses serial %p', (serial) => {
    expect(() => formatDossierCode(DEFAULT_DOSSIER_CODE_PATTERN, { unit: 'H99.05', date, serial })).toThrow('DOSSIER_SERIAL_NOT_VALID');
  });
  it('never writes one code twice, and reads back what it wrote', () => {
    const parts = fc.record({ unit: fc.constantFrom('H99', 'H99.05', 'H99.05.01'), date: fc.integer({ min: 0, max: 9000 }).map((days) => addDays(date, days)), serial: fc.integer({ min: 1, max: 99_999 }) });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [first, second] = [formatDossierCode(DEFAULT_DOSSIER_CODE_PATTERN, one), formatDossierCode(DEFAULT_DOSSIER_CODE_PATTERN, other)];
        expect(first === second).toBe(one.unit === other.unit && one.date === other.date && one.serial === other.serial);
        expect(parseDossierCode(first)).toEqual({ form: 'pattern', code: first, ...one, owner: null });
      }),
      { seed: 20261124 },
    );
  });
});

describe('reading a dossier code', () => {
  it.each([
    ['000.00.15.H56-180420-0012', { form: 'reverse', unit: 'H56.15', date: '2018-04-20', serial: 12, owner: null }],
    ['H56.27.11-250214-0003', { form: 'pattern', unit: 'H56.27.11', date: '2025-02-14', serial: 3, owner: null }],
    ['G09.20-20260609-0092637', { form: 'long-date', unit: 'G09.20', date: '2026-06-09', serial: 92_637, owner: null }],
    ['G12.001.02-261124-010001', { form: 'central', unit: 'G12.001.02', date: '2026-11-24', serial: 1, owner: '01' }],
    ['G12.001.02-261124-1212345', { form: 'central', unit: 'G12.001.02', date: '2026-11-24', serial: 12_345, owner: '12' }],
    ['G12.001.02-261124-0007', { form: 'pattern', unit: 'G12.001.02', date: '2026-11-24', serial: 7, owner: null }],
    ['H99.05-261123-00001', { form: 'receipt', unit: 'H99.05', date: '2026-11-23', serial: 1, owner: null }],
    ['H99.05-261323-0001', { form: 'foreign', unit: null, date: null, serial: null, owner: null }],
    ['HKD-2026/000123', { form: 'foreign', unit: null, date: null, serial: null, owner: null }],
  ])('%s', (code, expected) => expect(parseDossierCode(code)).toEqual({ code, ...expected }));
  it('knows the forms of others beside a pattern of its own', () => {
    expect(parseDossierCode('H56.27.11-250214-0003', 'HS/{yyyyMMdd}/{unit}-{serial:6}').form).toBe('receipt');
  });
  it.each(['', 'H99.05 261123', 'H99.05-261123-0001\n', 'Mã-1', 'A'.repeat(61)])('refuses %p', (code) => {
    expect(() => parseDossierCode(code)).toThrow('DOSSIER_CODE_NOT_VALID');
  });
});
