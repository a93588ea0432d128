import fc from 'fast-check';
import {
  cleanText,
  compareNames,
  graphemeLength,
  hiddenCharacters,
  instantOfUuidv7,
  maskPersonalNumber,
  maskPhone,
  parseInstant,
  parseLocalDate,
  parsePersonalNumber,
  parsePhone,
  parseProcedureCode,
  parseResultCode,
  searchKey,
  searchTokens,
  splitName,
  uuidv7From,
  type NumberPrefix,
} from './index.js';

describe('procedure and result codes', () => {
  it.each([
    ['1.013225', { code: '1.013225', agency: null, fictional: false }],
    ['1.001699.000.00.00.H17', { code: '1.001699', agency: 'H17', fictional: false }],
    ['1.012753.H19', { code: '1.012753', agency: 'H19', fictional: false }],
    ['9.000001', { code: '9.000001', agency: null, fictional: true }],
  ])('%s', (text, code) => expect(parseProcedureCode(text)).toEqual(code));
  it.each(['', '1.01322', '1.0132255', '0.013225', '11.013225', '1,013225', '1.013225.', '1.013225 '])('%p is no procedure', (text) => {
    expect(() => parseProcedureCode(text)).toThrow('PROCEDURE_CODE_NOT_VALID');
  });
  it('1.013225.h17 has no agency behind it', () => expect(() => parseProcedureCode('1.013225.h17')).toThrow('AGENCY_CODE_NOT_VALID'));
  it('results name their owner', () => {
    expect(parseResultCode('KQ.G15.000031')).toEqual({ code: 'KQ.G15.000031', owner: 'G15' });
    for (const wrong of ['KQ.Z15.000031', 'KQ.G15.31', 'G15.000031', '']) expect(() => parseResultCode(wrong)).toThrow('RESULT_CODE_NOT_VALID');
  });
});

describe('personal numbers', () => {
  const prefixes: readonly NumberPrefix[] = [
    { code: '079', kind: 'province' },
    { code: '999', kind: 'test' },
  ];
  const context = { prefixes, allowTest: true };
  const warnings = (text: string, more = {}): string[] => parsePersonalNumber(text, { ...context, ...more }).warnings.map((warning) => warning.code);

  it.each([
    ['999090000010', 'male', 1990],
    ['999190000010', 'female', 1990],
    ['999205000010', 'male', 2005],
    ['999305000010', 'female', 2005],
    ['999402000010', 'male', 2102],
    ['999999000010', 'female', 2399],
  ])('%s: %s, %d', (number, gender, birthYear) => {
    expect(parsePersonalNumber(number, context)).toEqual({ number, prefix: '999', test: true, gender, birthYear, warnings: [] });
  });
  it.each(['', '99919000001', '9991900000100', '99919000001a', '٩٩٩١٩٠٠٠٠٠١٠', ' 999190000010', '999190000010\n'])('%p is refused', (text) => {
    expect(() => parsePersonalNumber(text, context)).toThrow('PERSONAL_NUMBER_NOT_VALID');
  });
  it('warn, and never refuse, when something does not fit', () => {
    const fromHcm = `079${'190000010'}`;
    expect(parsePersonalNumber(fromHcm, context)).toMatchObject({ test: false, warnings: [] });
    expect(warnings(`001${'190000010'}`)).toEqual(['PREFIX_UNKNOWN']);
    expect(warnings('999190000010', { declared: { gender: 'male', birthYear: 1991 } })).toEqual(['GENDER_DIFFERS', 'BIRTH_YEAR_DIFFERS']);
    expect(warnings('999190000010', { declared: { gender: 'female', birthYear: 1990 } })).toEqual([]);
    expect(warnings('999327000010', { today: parseLocalDate('2026-11-24') })).toEqual(['BIRTH_IN_FUTURE']);
    expect(warnings('999326000010', { today: parseLocalDate('2026-11-24') })).toEqual([]);
  });
  it('of the test range are refused where people are real, also when the list does not know the range', () => {
    expect(() => parsePersonalNumber('999190000010', { prefixes, allowTest: false })).toThrow('PERSONAL_NUMBER_TEST_RANGE');
    expect(() => parsePersonalNumber('999190000010', { prefixes: [], allowTest: false })).toThrow('PERSONAL_NUMBER_TEST_RANGE');
  });
  it('are not in what is thrown, and masked for screens', () => {
    expect(() => parsePersonalNumber('999190000010', { prefixes, allowTest: false })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('999190000010') }));
    expect(maskPersonalNumber('999190000010')).toBe('*********010');
    expect(maskPersonalNumber('')).toBe('');
  });
});

describe('telephones', () => {
  it.each([
    ['0912345678', '+84912345678', '0912345678'],
    ['+84912345678', '+84912345678', '0912345678'],
    ['+84 (0)912 345 678', '+84912345678', '0912345678'],
    ['84912345678', '+84912345678', '0912345678'],
    ['0084 912.345.678', '+84912345678', '0912345678'],
    ['(028) 3823-1234', '+842838231234', '02838231234'],
    ['  0912345678  ', '+84912345678', '0912345678'],
    ['0 9 1 2 3 4 5 6 7 8', '+84912345678', '0912345678'],
    ['0312345678', '+84312345678', '0312345678'],
    ['0512345678', '+84512345678', '0512345678'],
    ['0712345678', '+84712345678', '0712345678'],
    ['0812345678', '+84812345678', '0812345678'],
    ['+84 28 3823 1234', '+842838231234', '02838231234'],
    ['0084(0)28.3823.1234', '+842838231234', '02838231234'],
    // As long as any: thirty characters.
    [`0912345678${' '.repeat(20)}`, '+84912345678', '0912345678'],
  ])('%s', (text, e164, national) => expect(parsePhone(text)).toEqual({ e164, national }));
  it.each(['', '091234567', '09123456789', '0112345678', '+1 202 555 0100', 'gọi 0912345678', '0912345678x', '1022', `0912345678${' '.repeat(30)}`, `0912345678${' '.repeat(21)}`, '0412345678', '0612345678', '0212345678', `${'02838231234'}5`, '912345678', '0912 345 678 9', '84 84912345678', '+85912345678', '+840', '091234567x', '0912345678\n1'])('%p is refused', (text) => {
    expect(() => parsePhone(text)).toThrow('PHONE_NOT_VALID');
  });
  it.each([['0912345678', '*******678'], ['+84912345678', '*********678'], ['678', '678'], ['78', '78'], ['', '']])('%p is masked as %p', (number, masked) => expect(maskPhone(number)).toBe(masked));
  it('are refused with an example of each form', () => {
    expect(() => parsePhone('1')).toThrow(expect.objectContaining({ words: { vi: 'Số điện thoại Việt Nam, ví dụ 0912 345 678 hoặc +84 912 345 678.', en: 'Write a Vietnamese number, e.g. 0912 345 678 or +84 912 345 678.' } }));
  });
});

describe('search keys', () => {
  it.each([
    ['Nguyễn Thị Đặng Thử', 'nguyen thi dang thu'],
    ['Đường Đa Kao', 'duong da kao'],
    ['Ðường Ɖa Kao', 'duong da kao'],
    ['  Phường   Sao\tMai\u00a01 ', 'phuong sao mai 1'],
    ['ƯỚC MƠ', 'uoc mo'],
    ['Quận\u200b Số', 'quan so'],
    ['', ''],
  ])('%p → %p', (text, key) => expect(searchKey(text)).toBe(key));
  it('do not care where the tone stands, nor how letters are coded', () => {
    expect(searchKey('hoà')).toBe(searchKey('hòa'));
    expect(searchKey('Thuý Hoà'.normalize('NFD'))).toBe(searchKey('Thúy Hòa'));
  });
  it('are keys of themselves', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => searchKey(searchKey(text)) === searchKey(text)), { seed: 20261124 });
  });
  it('are cut into words; codes stay whole', () => {
    expect(searchTokens('An, Nguyễn Văn An')).toEqual(['an', 'nguyen', 'van']);
    expect(searchTokens('Hồ sơ H99.05-261123-0001.')).toEqual(['ho', 'so', 'h99.05-261123-0001']);
    expect(searchTokens(' – ')).toEqual([]);
  });
});

describe('names', () => {
  it('are called by the last word', () => {
    expect(splitName(' Nguyễn  Thị Đặng   Thử ')).toEqual({ family: 'Nguyễn', middle: 'Thị Đặng', given: 'Thử' });
    expect(splitName('Thử')).toEqual({ family: '', middle: '', given: 'Thử' });
  });
  it('stand in the order of the alphabet', () => {
    expect(['Đào', 'Bình', 'Ấn', 'Dũng', 'An', 'Ân', 'Ánh', 'Ẩn', 'Ăn'].sort(compareNames)).toEqual(['An', 'Ánh', 'Ăn', 'Ân', 'Ẩn', 'Ấn', 'Bình', 'Dũng', 'Đào']);
    expect(['Trần Văn An', 'Lê Thị Bình', 'Đỗ Văn An', 'Đỗ Thị An', 'Dương An'].sort(compareNames)).toEqual(['Dương An', 'Đỗ Thị An', 'Đỗ Văn An', 'Trần Văn An', 'Lê Thị Bình']);
  });
});

describe('texts', () => {
  it.each([
    ['a\u202eb', 'bidi', 'U+202E'],
    ['a\u2066b', 'bidi', 'U+2066'],
    ['a\u200bb', 'zero-width', 'U+200B'],
    ['a\ufeffb', 'zero-width', 'U+FEFF'],
    ['a\u00adb', 'zero-width', 'U+00AD'],
    ['a\u3164b', 'zero-width', 'U+3164'],
    ['a\u0000b', 'control', 'U+0000'],
    ['a\u2028b', 'control', 'U+2028'],
    ['a\ue000b', 'private-use', 'U+E000'],
    ['a\ud800b', 'unpaired', 'U+D800'],
    ['a\u{e0001}b', 'zero-width', 'U+E0001'],
  ])('%j has a hidden character', (text, kind, codePoint) => {
    expect(hiddenCharacters(text)).toEqual([{ kind, index: 1, codePoint }]);
    expect(() => cleanText(text, { max: 10 })).toThrow('TEXT_HAS_HIDDEN_CHARACTERS');
  });
  it('of ordinary Vietnamese have none; lines when asked for', () => {
    expect(hiddenCharacters('Nguyễn Thị Đặng Thử, số 12/3 “đường” – 50 %'.normalize('NFD'))).toEqual([]);
    expect(hiddenCharacters('a\nb', { lines: true })).toEqual([]);
    expect(hiddenCharacters('a\nb')).toHaveLength(1);
  });
  it('are counted as people count', () => {
    expect([graphemeLength('ệ'.normalize('NFD')), graphemeLength('Quận Số'.normalize('NFD')), graphemeLength('👨‍👩‍👧'), graphemeLength('')]).toEqual([1, 7, 1, 0]);
  });
  it('are kept in NFC, trimmed, not empty, not too long', () => {
    expect(cleanText(`  ${'Thử'.normalize('NFD')} `, { max: 3 })).toBe('Thử');
    expect(() => cleanText(' \u00a0 ', { max: 3 })).toThrow('TEXT_EMPTY');
    expect(() => cleanText('Thử!', { max: 3 })).toThrow('TEXT_TOO_LONG');
  });
});

describe('UUIDv7', () => {
  it('has the layout of RFC 9562, and its example', () => {
    // Appendix A.6: Tuesday 22 February 2022 2:22:22.00 PM GMT-05:00, rand_a CC3, rand_b 18C4DC0C0C07398F.
    const random = Uint8Array.from([0xcc, 0x3f, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidv7From(parseInstant('2022-02-22T14:22:22-05:00'), random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });
  it('gives its instant back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }), (ms, random) => instantOfUuidv7(uuidv7From(ms, random)) === ms),
      { seed: 20261124 },
    );
    for (const wrong of ['', '017f22e2-79b0-4cc3-98c4-dc0c0c07398f', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F']) expect(() => instantOfUuidv7(wrong)).toThrow('UUID_NOT_VALID');
    expect(() => uuidv7From(-1, new Uint8Array(10))).toThrow(RangeError);
  });
});
