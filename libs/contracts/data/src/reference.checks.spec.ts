import { authorityBody, calendarBody, codeListBody, procedureBody, unitBody, type Procedure } from './reference.js';
import { mostSpecific, overlap, referenceFaults, type ReferenceSet } from './reference.checks.js';

const provenance = { basis: 'Căn cứ thử', source: 'Bản thử', checkedOn: '2026-11-24', verified: true };
const words = (vi: string) => ({ vi, en: vi });
const valid = { validFrom: '2026-01-01', validTo: null };
const day = [{ opens: '07:30', closes: '11:30' }, { opens: '13:00', closes: '17:00' }];

const calendar = calendarBody.parse({
  ...{ code: 'hanh-chinh', weeklyWindows: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, days: [], coversUntil: '2026-12-31' },
  ...valid,
  provenance,
});
const unit = (code: string, parent: string | null) =>
  unitBody.parse({ code, name: words(`Đơn vị ${code}`), kind: 'people-committee', level: 'commune', parent, calendar: 'hanh-chinh', ...valid, provenance });
const checked = (field: string) => ({ fields: [field], basis: 'Căn cứ thử', source: 'Bản thử', checkedOn: '2026-11-24', verified: true });

const procedure: Procedure = procedureBody.parse({
  ...{ code: '9.000001', name: words('Thủ tục thử'), field: words('Lĩnh vực thử'), level: 'commune', applicants: ['citizen'] },
  cases: [{ code: 'usual', name: words('Thông thường') }],
  durations: [{ term: { unit: 'working-days', value: 3 }, basis: 'Căn cứ thử' }],
  channels: { online: { available: false }, post: { available: true }, counter: { available: true } },
  ...{ receivingUnits: ['H99.05.01'], competentUnit: null },
  supplement: { mode: 'pause', pauseEffect: 'restart', maxNotices: 1, windows: [], basis: 'Căn cứ thử' },
  ...{ fees: [], documents: [], steps: [], results: [{ code: null, name: words('Kết quả'), outcome: 'granted' }] },
  verification: ['term', 'windows', 'mode', 'basis'].map(checked),
  ...valid,
});

const set: ReferenceSet = {
  authority: [
    authorityBody.parse({
      ...{ code: 'H99.05', name: words('Quận thử'), kind: 'district', fictional: true },
      dossierCode: { pattern: '{unit}-{yyMMdd}-{serial:4}', provenance },
      branding: { title: words('Quận thử'), colour: '#b3261e' },
      ...valid,
      provenance,
    }),
  ],
  unit: [unit('H99.05', null), unit('H99.05.01', 'H99.05')],
  procedure: [procedure],
  calendar: [calendar],
  'code-list': [codeListBody.parse({ code: 'thu', name: words('Danh mục thử'), entries: [{ code: 'A', name: words('Một') }], ...valid, provenance })],
};

const faultsOf = (changed: Partial<ReferenceSet>): string[] =>
  referenceFaults({ ...set, ...changed }).map(({ kind, code, pointer, fault }) => `${kind}:${code}${pointer} ${fault}`);

it('takes a set in which everything fits', () => {
  expect(referenceFaults(set)).toEqual([]);
});

it.each<[string, Partial<ReferenceSet>, string[]]>([
  ['a procedure of a unit that is not there', { procedure: [{ ...procedure, receivingUnits: ['H99.05.01', 'H99.05.09'] }] }, ['procedure:9.000001/receivingUnits/1 UNIT_UNKNOWN']],
  ['a competent unit that is not there', { procedure: [{ ...procedure, competentUnit: 'H99.09' }] }, ['procedure:9.000001/competentUnit UNIT_UNKNOWN']],
  ['a unit below nothing', { unit: [...set.unit, unit('H99.06.01', 'H99.06')] }, ['unit:H99.06.01/parent UNIT_UNKNOWN']],
  ['a unit below itself', { unit: [...set.unit, unit('H99.06', 'H99.06')] }, ['unit:H99.06/parent UNIT_UNDER_ITSELF']],
  ['two units above each other', { unit: [...set.unit, unit('H99.06', 'H99.07'), unit('H99.07', 'H99.06')] }, ['unit:H99.06/parent UNIT_CYCLE', 'unit:H99.07/parent UNIT_CYCLE']],
  ['three units in a circle, and not the one below them', { unit: [...set.unit, unit('H99.06', 'H99.07'), unit('H99.07', 'H99.08'), unit('H99.08', 'H99.06'), unit('H99.06.01', 'H99.06')] }, ['unit:H99.06/parent UNIT_CYCLE', 'unit:H99.07/parent UNIT_CYCLE', 'unit:H99.08/parent UNIT_CYCLE']],
  ['an authority that ends and nothing after it', { authority: set.authority.map((authority) => ({ ...authority, validTo: '2026-12-31' })) }, ['authority:H99.05/validTo AUTHORITY_WITHOUT_SUCCESSOR']],
  ['a unit without its calendar', { unit: [...set.unit, { ...unit('H99.05.02', 'H99.05'), calendar: 'khac' }] }, ['unit:H99.05.02/calendar CALENDAR_UNKNOWN']],
  ['two calendars of one code on one day', { calendar: [calendar, { ...calendar, validFrom: '2026-07-01' }] }, ['calendar:hanh-chinh/validFrom VALIDITY_OVERLAP']],
  ['a period that ends before it begins', { procedure: [{ ...procedure, validTo: '2025-12-31' }] }, ['procedure:9.000001/validTo VALIDITY_ENDS_FIRST']],
  ['a case without a term', { procedure: [{ ...procedure, durations: [] }] }, ['procedure:9.000001/cases/0 TERM_MISSING', 'procedure:9.000001/cases/0 TERM_MISSING']],
  ['a row of a case that is not there', { procedure: [{ ...procedure, durations: [...procedure.durations, { case: 'other', term: { unit: 'months', value: 1 }, basis: 'x' }] }] }, ['procedure:9.000001/durations/1/case CASE_UNKNOWN']],
  ['a field without a source', { procedure: [{ ...procedure, verification: procedure.verification.filter(({ fields }) => !fields.includes('mode')) }] }, ['procedure:9.000001/verification SOURCE_MISSING']],
  ['a notice that is a result, without that result', { procedure: [{ ...procedure, supplement: { ...procedure.supplement, mode: 'result' } }] }, ['procedure:9.000001/results NOTICE_RESULT_MISSING']],
  ['a code that stands twice', { 'code-list': set['code-list'].map((list) => ({ ...list, entries: [...list.entries, ...list.entries] })) }, ['code-list:thu/entries/1/code CODE_TWICE']],
  ['a day off that stands twice in a calendar', { calendar: [{ ...calendar, days: ['2026-09-02', '2026-09-02'].map((date) => ({ date, kind: 'holiday' as const, name: words('Lễ'), legalBasis: 'x', confirmed: true, validFrom: '2026-01-01' })) }] }, ['calendar:hanh-chinh/days/1/date CALENDAR_DATE_TWICE']],
])('refuses %s, with its place', (_, changed, faults) => {
  expect(faultsOf(changed)).toEqual(faults);
});

it('lets units change places from one day to the next: what is a circle is so on one day', () => {
  const [before, after] = [{ validTo: '2026-06-30' }, { validFrom: '2026-07-01' }];
  const swapped = [{ ...unit('H99.06', 'H99.05'), ...before }, { ...unit('H99.06', 'H99.07'), ...after }, { ...unit('H99.07', 'H99.06'), ...before }, { ...unit('H99.07', 'H99.05'), ...after }];
  expect(faultsOf({ unit: [...set.unit, ...swapped] })).toEqual([]);
});

it('lets an authority end when a version follows or its unit has a successor', () => {
  const ended = set.authority.map((authority) => ({ ...authority, validTo: '2026-12-31' }));
  expect(faultsOf({ authority: [...ended, ...set.authority.map((authority) => ({ ...authority, validFrom: '2027-01-01' }))] })).toEqual([]);
  const successions = [{ kind: 'merged', to: 'H99.05.01' } as unknown as (typeof set.unit)[number]['successions'][number]];
  expect(faultsOf({ authority: ended, unit: set.unit.map((one) => (one.code === 'H99.05' ? { ...one, successions } : one)) })).toEqual([]);
});

it('lets a case stand without a term when it says that the term is not verified', () => {
  const open = { ...checked('term'), case: 'usual', verified: false } as Procedure['verification'][number];
  expect(faultsOf({ procedure: [{ ...procedure, durations: [], verification: [...procedure.verification, open] }] })).toEqual([]);
});

it.each([
  ['a term without its unit', { durations: [{ term: { value: 3 }, basis: 'x' }] }],
  ['a same-day term with a number', { durations: [{ term: { unit: 'end-of-day', value: 1 }, basis: 'x' }] }],
  ['half a day', { durations: [{ term: { unit: 'working-days', value: 0.5 }, basis: 'x' }] }],
  ['a rule without its basis', { durations: [{ term: { unit: 'months', value: 1 } }] }],
  ['a field that is not in the contract', { colour: 'red' }],
  ['a day that does not exist', { validFrom: '2026-02-30' }],
])('refuses by shape %s', (_, changed) => {
  expect(procedureBody.safeParse({ ...procedure, ...changed }).success).toBe(false);
});

it('periods meet on their last and first day', () => {
  const year = { validFrom: '2026-01-01', validTo: '2026-12-31' };
  expect(overlap(year, { validFrom: '2026-12-31', validTo: null })).toBe(true);
  expect(overlap(year, { validFrom: '2027-01-01', validTo: null })).toBe(false);
  expect(overlap(year, { validFrom: '2026-05-01', validTo: '2026-04-30' })).toBe(false);
});

it('the most specific row wins: case and channel, case, channel, neither', () => {
  const rows = [{ id: 0 }, { id: 1, channel: 'online' as const }, { id: 2, case: 'a' }, { id: 3, case: 'a', channel: 'online' as const }];
  const wins = (ofCase: string, ofChannel: string) => mostSpecific(rows, ofCase, ofChannel)?.id;
  expect([wins('a', 'online'), wins('a', 'post'), wins('b', 'online'), wins('b', 'post')]).toEqual([3, 2, 1, 0]);
});
