import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROLES } from '@quan-so/contracts-security';
import { PackError, readAuthorityPack, type AuthorityPack } from './pack.js';

const AUTHORITIES = resolve(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'authorities');
const NAMES = ['quan-sao-mai', 'phuong-sao-mai'] as const;
const pack = (name: string): AuthorityPack => readAuthorityPack(join(AUTHORITIES, name));

/** Thirteen to seed first, as the portal numbers them, and three that do not exist. */
const CODES = ['1.000656', '1.000894', '1.001193', '1.001612', '1.008004', '1.011607', '1.013225', '1.013274', '1.013978', '1.013979', '1.014027', '2.000815', '2.002891', '9.000001', '9.000002', '9.000003'];

describe.each(NAMES)('%s', (name) => {
  it('has the procedures, and one term of each of the six units', () => {
    const { procedures } = pack(name);
    expect(procedures.map(({ code }) => code)).toEqual(CODES);
    const units = procedures.flatMap(({ durations }) => durations.map(({ term }) => term.unit));
    expect([...new Set(units)].sort()).toEqual(['calendar-days', 'clock-hours', 'end-of-day', 'months', 'working-days', 'working-hours']);
  });

  /** Bộ luật Lao động 2019, Điều 111–112; văn bản 12729/VPCP-KGVX; Thông báo 9441/TB-BNV; Nghị quyết 80-NQ/TW. */
  it('has the days off and made up of 2026', () => {
    const [calendar] = pack(name).calendars;
    expect(calendar?.days.map(({ date, kind, confirmed }) => `${date} ${kind}${confirmed ? '' : ' ?'}`)).toEqual([
      ...['2026-01-01 holiday', '2026-01-02 swap-off', '2026-01-10 make-up'],
      ...['2026-02-16 holiday', '2026-02-17 holiday', '2026-02-18 holiday', '2026-02-19 holiday', '2026-02-20 holiday'],
      ...['2026-04-26 holiday', '2026-04-27 compensatory', '2026-04-30 holiday', '2026-05-01 holiday'],
      ...['2026-08-22 make-up', '2026-08-31 swap-off', '2026-09-01 holiday', '2026-09-02 holiday', '2026-11-24 holiday ?'],
    ]);
    expect(calendar?.coversUntil).toBe('2026-12-31');
  });

  it('has somebody in every role, and the systems of the story', () => {
    const { people, systems } = pack(name).staff;
    const ofPeople = ROLES.filter(({ holder }) => holder === 'person').map(({ code }) => code);
    // An account of the story is called as its role.
    for (const role of ofPeople) expect(people.find(({ username }) => username === role)?.positions.map((held) => held.role)).toEqual([role]);
    expect(systems.map(({ clientId, positions }) => `${clientId} ${positions.map(({ role }) => role).join()}`)).toEqual([
      'portal-connector filing-system',
      'business-registry-connector filing-system',
      'statistics-department partner-system',
      'tax-office partner-system',
    ]);
  });

  it('is fictional and belongs to no province that exists', () => {
    const { authority, units } = pack(name);
    expect(authority.fictional).toBe(true);
    for (const { code } of units) expect(code).toMatch(/^H99\./);
  });

  it('says of every field of every procedure where it comes from', () => {
    for (const { verification } of pack(name).procedures) {
      const said = verification.filter((row) => row.case === undefined && row.channel === undefined).flatMap(({ fields }) => fields);
      expect([...said].sort()).toEqual(['basis', 'cases', 'channels', 'documents', 'fees', 'mode', 'pause-effect', 'results', 'steps', 'term', 'windows']);
    }
  });
});

it('the district has six wards and no unit that ends; the ward has the units it was merged from', () => {
  const district = pack('quan-sao-mai').units;
  expect(district.filter(({ level, kind }) => level === 'commune' && kind === 'people-committee').map(({ code }) => code)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `H99.05.0${n}`));
  expect(district.every(({ validTo }) => validTo === null)).toBe(true);
  const merged = pack('phuong-sao-mai').units.filter(({ successions }) => successions.length > 0);
  expect(merged.map(({ validTo, successions }) => [validTo, successions[0]?.kind, successions[0]?.to])).toEqual([1, 2, 3].map(() => ['2025-06-30', 'merge', 'H99.06']));
});

it('is the same pack out of ConfigMaps, whose names are links into a hidden folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-pack-'));
  try {
    cpSync(join(AUTHORITIES, 'phuong-sao-mai'), folder, { recursive: true });
    const procedures = join(folder, 'procedures');
    const names = readdirSync(procedures);
    mkdirSync(join(procedures, '..2026_11_26'));
    for (const name of names) renameSync(join(procedures, name), join(procedures, '..2026_11_26', name));
    symlinkSync('..2026_11_26', join(procedures, '..data'));
    for (const name of names) symlinkSync(join('..data', name), join(procedures, name));
    expect(readAuthorityPack(folder)).toEqual(pack('phuong-sao-mai'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a wrong pack', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quan so pack '));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const WARD = join(AUTHORITIES, 'phuong-sao-mai');
  const PERMIT = 'procedures/1.013225.json';
  const COPY = 'procedures/2.000815.json';
  const GONE = Symbol('gone');
  const read = (file: string): unknown => JSON.parse(readFileSync(join(WARD, file), 'utf8'));

  /** Puts a value where the pointer shows; one past the end of a list is added. */
  function put(json: unknown, pointer: string, value: unknown): unknown {
    const steps = pointer.split('/').slice(1);
    const last = steps.pop() ?? '';
    const place = steps.reduce((here, step) => (here as Record<string, unknown>)[step], json) as Record<string, unknown>;
    if (value === GONE && Array.isArray(place)) place.splice(Number(last), 1);
    else if (value === GONE) Reflect.deleteProperty(place, last);
    else place[last] = value;
    return json;
  }

  /** The ward's pack with something changed in its folder; the lines of its refusal without its name. */
  function refusal(change: (folder: string) => void): string[] {
    const folder = join(mkdtempSync(join(dir, 'p-')), 'phuong-sao-mai');
    cpSync(WARD, folder, { recursive: true });
    change(folder);
    try {
      readAuthorityPack(folder);
      return [];
    } catch (error) {
      if (error instanceof PackError) return error.message.split('\n').slice(1).map((line) => line.trim().replace('phuong-sao-mai/', ''));
      throw error;
    }
  }
  const changed = (file: string, pointer: string, value: unknown): string[] => refusal((folder) => writeFileSync(join(folder, file), JSON.stringify(put(read(file), pointer, value))));

  it('is refused with one sentence first, then file and place', () => {
    expect(() => readAuthorityPack(join(dir, 'nowhere'))).toThrow('Gói đơn vị sai, không nạp được. / The authority pack is wrong and was not loaded.\n  nowhere/ FOLDER_MISSING: Không có thư mục gói này. / There is no such folder.');
  });

  it('is not what the ward has', () => expect(refusal(() => undefined)).toEqual([]));

  const [, centre] = read('units.json') as object[];
  it.each<[string, string, string, unknown, string[]]>([
    ['a receiving unit that is not there', PERMIT, '/receivingUnits/1', 'H99.06.77', [`${PERMIT} /receivingUnits/1 UNIT_UNKNOWN: Không có đơn vị H99.06.77. / There is no unit H99.06.77.`]],
    ['a competent unit that is not there', PERMIT, '/competentUnit', 'H99.05.12', [`${PERMIT} /competentUnit UNIT_UNKNOWN: Không có đơn vị H99.05.12. / There is no unit H99.05.12.`]],
    ['a unit under one that is not there', 'units.json', '/1/parent', 'H99.07', ['units.json /1/parent UNIT_UNKNOWN: Không có đơn vị H99.07. / There is no unit H99.07.']],
    ['a successor that is not there', 'units.json', '/5/successions/0/to', 'H99.07', ['units.json /5/successions/0/to UNIT_UNKNOWN: Không có đơn vị H99.07. / There is no unit H99.07.']],
    ['an authority that is none of its units', 'authority.json', '/code', 'H99.07', ['authority.json /code UNIT_UNKNOWN: Không có đơn vị H99.07. / There is no unit H99.07.']],
    ['a unit that stands twice on one day', 'units.json', '/8', { ...centre, validFrom: '2026-01-01' }, ['units.json /8/validFrom VALIDITY_OVERLAP: Thời gian hiệu lực chồng lên bản khác cùng mã. / Its validity overlaps another version of the same code.']],
    ['a validity that ends before it begins', PERMIT, '/validTo', '2025-12-31', [`${PERMIT} /validTo VALIDITY_ENDS_FIRST: Hết hiệu lực trước khi có hiệu lực. / It ends before it begins.`]],
    [
      'a term without its unit', PERMIT, '/durations/0/term/unit', GONE,
      [`${PERMIT} /durations/0/term/unit SHAPE: Thiếu, hoặc giá trị không đúng dạng. / Invalid discriminator value. Expected 'working-days' | 'calendar-days' | 'months' | 'working-hours' | 'clock-hours' | 'end-of-day'.`],
    ],
    ['a field that decides an offer, without a source', PERMIT, '/verification/1/fields', ['steps'], [`${PERMIT} /verification SOURCE_MISSING: Trường term thiếu nguồn. / Field term has no source.`]],
    ['any other field without a source', PERMIT, '/verification/5/fields', ['steps'], [`${PERMIT} /verification SOURCE_MISSING: Trường fees thiếu nguồn. / Field fees has no source.`]],
    ['a statement without its source', PERMIT, '/verification/0/source', GONE, [`${PERMIT} /verification/0/source SHAPE: Thiếu, hoặc giá trị không đúng dạng. / Invalid input: expected string, received undefined.`]],
    ['a source without its day', PERMIT, '/verification/0/checkedOn', GONE, [`${PERMIT} /verification/0/checkedOn SHAPE: Thiếu, hoặc giá trị không đúng dạng. / Invalid input: expected string, received undefined.`]],
    ['a case without a term', COPY, '/durations/0', GONE, [`${COPY} /cases/0 TERM_MISSING: Trường hợp usual, kênh counter chưa có thời hạn. / Case usual, channel counter has no term.`]],
    ['a row of a case that is not there', COPY, '/fees/0/case', 'few-copies', [`${COPY} /fees/0/case CASE_UNKNOWN: Thủ tục không có trường hợp few-copies. / The procedure has no case few-copies.`]],
    ['a result of another province', 'procedures/9.000001.json', '/results/0/code', 'KQ.H17.000039', ['procedures/9.000001.json /results/0/code RESULT_OF_OTHER_PROVINCE: Mã kết quả của H17, không phải của đơn vị này. / The result code is H17’s, not this authority’s.']],
    ['a notice that is a result, without that result', 'procedures/1.001612.json', '/results/1', GONE, ['procedures/1.001612.json /results NOTICE_RESULT_MISSING: Thông báo là kết quả thì phải có kết quả "notice". / Where the notice is a result, a result "notice" is needed.']],
    ['a file that bears another code', PERMIT, '/code', '1.013226', [`${PERMIT} /code CODE_IS_NOT_FILE_NAME: Tệp mang mã 1.013225. / The file is named 1.013225.`]],
    // #767676 is the lightest grey that white text may stand on; #777777 has 4.48:1.
    ['a colour on which white is not read', 'authority.json', '/branding/colour', '#777777', ['authority.json /branding/colour COLOUR_TOO_LIGHT: Chữ trắng trên màu này khó đọc (WCAG 2.2: ít nhất 4,5:1). / White text on this colour is hard to read (WCAG 2.2: at least 4.5:1).']],
    ['a field that a pack does not have', 'staff.json', '/people/0/password', 'x', ['staff.json /people/0/password FIELD_UNKNOWN: Trường này không có trong gói. / Unrecognized key: "password".']],
    ['a person of a unit that is not there', 'staff.json', '/people/0/positions/0/unit', 'H99.06.02', ['staff.json /people/0/positions/0/unit UNIT_UNKNOWN: Không có đơn vị H99.06.02. / There is no unit H99.06.02.']],
    [
      'positions that must be apart', 'staff.json', '/people/0/positions/1', { role: 'auditor', unit: 'H99.06' },
      [
        'staff.json /people/0/positions DESK_CLERK_AUDITS: Cán bộ tiếp nhận không kiểm toán nhật ký của chính quầy mình. / A desk clerk does not audit the journal of the desk.',
        'staff.json /people/0/positions AUDITOR_HANDLES_DOSSIERS: Kiểm toán nhật ký không giữ việc trên hồ sơ. / An auditor holds no work on dossiers.',
      ],
    ],
    ['a system with a person’s role', 'staff.json', '/systems/0/positions/0/role', 'desk-clerk', ['staff.json /systems/0/positions/0/role ROLE_UNKNOWN: "desk-clerk" không phải vai trò của hệ thống. / "desk-clerk" is no role of a system.']],
    ['one catalogue administrator', 'staff.json', '/people/15/positions/0/role', 'dpo', ['staff.json /people ROLE_NOT_HELD: Vai trò catalog-admin (Quản trị danh mục (thủ tục, lịch, đơn vị)) cần 2 người, mới có 1. / Role catalog-admin (Catalogue administrator) needs 2, has 1.']],
    ['an account that stands twice', 'staff.json', '/people/20/username', 'specialist', ['staff.json /people/20/username CODE_TWICE: "specialist" có hai lần. / "specialist" stands twice.']],
    [
      'a pattern of codes that are not unique', 'authority.json', '/dossierCode/pattern', '{unit}-{serial:4}',
      ['authority.json /dossierCode/pattern DOSSIER_CODE_PATTERN_NOT_VALID: Mẫu mã hồ sơ có một {unit} hoặc {unit:qcvn102}, một {yyMMdd} hoặc {yyyyMMdd}, cuối cùng là {serial:4}, cách nhau bằng dấu. / The pattern has one {unit} or {unit:qcvn102}, one {yyMMdd} or {yyyyMMdd} and, last, {serial:4}, with a sign between them.'],
    ],
    ['a day off that stands twice', 'calendar.json', '/0/days/1/date', '2026-01-01', ['calendar.json /0/days/1/date CALENDAR_DATE_TWICE: Một ngày chỉ có một dòng. / A date has one row.']],
    ['a unit without its calendar', 'units.json', '/2/calendar', 'ca-dem', ['units.json /2/calendar CALENDAR_UNKNOWN: Không có lịch ca-dem. / There is no calendar ca-dem.']],
    ['a code that stands twice in a list', 'code-lists.json', '/2/entries/9/code', '1', ['code-lists.json /2/entries/9/code CODE_TWICE: Mã 1 có hai lần. / Code 1 stands twice.']],
  ])('%s', (_, file, pointer, value, lines) => {
    expect(changed(file, pointer, value)).toEqual(lines);
  });

  it.each<[string, (folder: string) => void, string]>([
    ['a file that is missing', (folder) => rmSync(join(folder, 'calendar.json')), 'calendar.json FILE_MISSING: Thiếu tệp này. / The file is missing.'],
    ['a misspelt file', (folder) => cpSync(join(folder, PERMIT), join(folder, 'procedures/1.13225.json')), 'procedures/1.13225.json FILE_UNKNOWN: Gói không có tệp này; thủ tục nằm ở procedures/<mã>.json. / A pack has no such file; procedures are procedures/<code>.json.'],
    ['a file that is no JSON', (folder) => writeFileSync(join(folder, 'units.json'), '[{]'), 'units.json FILE_NOT_JSON: Tệp không đọc được hoặc không phải JSON. / No JSON: '],
  ])('%s', (_, change, begins) => {
    const [line, ...others] = refusal(change);
    expect([line?.slice(0, begins.length), others]).toEqual([begins, []]);
  });

  it('shows its first ten faults and how many more there are', () => {
    const many = changed(PERMIT, '/receivingUnits', Array.from({ length: 12 }, (_, n) => `H99.09.${n}`));
    expect([many.length, many.at(-1)]).toEqual([11, '… 2']);
  });
});
