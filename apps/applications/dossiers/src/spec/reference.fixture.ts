import { authorityBody, calendarBody, procedureBody, unitBody, type Calendar, type Procedure, type Unit } from '@quan-so/contracts-data';

/*
 * Made by hand from the rows of the two procedures and the table of days off of 2026; no pack is read, so a mistake in a
 * pack cannot hide in here.
 */
const provenance = { basis: 'Căn cứ thử', source: 'Bản thử', checkedOn: '2026-11-24', verified: true };
const words = (vi: string) => ({ vi, en: `${vi} (en)` });
const valid = { validFrom: '2026-01-01', validTo: null };
const day = [
  { opens: '07:30', closes: '11:30' },
  { opens: '13:00', closes: '17:00' },
];

type Row = Calendar['days'][number];
export const dayOff = (date: string, kind: Row['kind'] = 'holiday', validFrom = '2025-12-25'): Row => ({ date, kind, name: words(`Ngày ${date}`), legalBasis: 'BLLĐ Đ.112', confirmed: true, validFrom });

/** Monday to Friday, 07:30–11:30 and 13:00–17:00, with the days off of the second half of 2026. */
export const calendarOf = (version: number, more: readonly Row[] = []): Calendar =>
  calendarBody.parse({
    ...{ code: 'hanh-chinh', version, weeklyWindows: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, coversUntil: '2027-12-31' },
    days: [dayOff('2026-08-22', 'make-up'), dayOff('2026-08-31', 'swap-off'), dayOff('2026-09-01'), dayOff('2026-09-02'), dayOff('2026-11-24'), ...more],
    ...valid,
    provenance,
  });

const unitOf = (code: string, name: string, parent: string | null): Unit =>
  unitBody.parse({ code, name: words(name), kind: 'people-committee', level: parent === null ? 'district' : 'commune', parent, calendar: 'hanh-chinh', ...valid, validFrom: '2021-01-01', provenance });

/** A district with two wards, and a third that was dissolved before the tests begin. */
export const UNITS: readonly Unit[] = [
  unitOf('H99.05', 'UBND quận Sao Mai', null),
  unitOf('H99.05.01', 'UBND phường Sao Mai 1', 'H99.05'),
  unitOf('H99.05.02', 'UBND phường Sao Mai 2', 'H99.05'),
  { ...unitOf('H99.05.03', 'UBND phường Sao Mai 3', 'H99.05'), validTo: '2026-06-30' },
];

export const AUTHORITY = authorityBody.parse({
  ...{ code: 'H99.05', name: words('UBND quận Sao Mai'), kind: 'district', fictional: true },
  dossierCode: { pattern: '{unit}-{yyMMdd}-{serial:4}', provenance },
  branding: { title: words('Quận Sao Mai'), colour: '#b3261e' },
  ...{ validFrom: '2021-01-01', validTo: null },
  provenance,
});

const checked = (field: string, more: object = {}) => ({ fields: [field], basis: 'Căn cứ thử', source: 'Bản thử', checkedOn: '2026-11-24', verified: true, ...more });
const verification = ['term', 'windows', 'mode', 'basis'].map((field) => checked(field));
const open = { online: { available: true }, post: { available: true }, counter: { available: true } };
const nothing = { fees: [], documents: [], steps: [] };

/** 20 calendar days, 15 for a separate house; notices within 7, then 5 working days, refusal within 3; the clock begins anew. */
export const BUILDING: Procedure = procedureBody.parse({
  ...{ code: '1.013225', name: words('Cấp giấy phép xây dựng mới'), field: words('Hoạt động xây dựng'), level: 'commune', applicants: ['citizen', 'organisation'] },
  cases: [
    { code: 'works', name: words('Công trình') },
    { code: 'separate-house', name: words('Nhà ở riêng lẻ') },
  ],
  durations: [
    { term: { unit: 'calendar-days', value: 20 }, basis: 'Luật Xây dựng' },
    { case: 'separate-house', term: { unit: 'calendar-days', value: 15 }, basis: 'Luật Xây dựng' },
  ],
  channels: open,
  ...{ receivingUnits: ['H99.05.01', 'H99.05.02', 'H99.05.03'], competentUnit: 'H99.05' },
  supplement: {
    ...{ mode: 'pause', pauseEffect: 'restart', maxNotices: 2, basis: 'NĐ 175/2024/NĐ-CP' },
    windows: [
      { kind: 'first-notice', unit: 'working-days', value: 7, basis: 'NĐ 175/2024/NĐ-CP' },
      { kind: 'second-notice', unit: 'working-days', value: 5, basis: 'NĐ 175/2024/NĐ-CP' },
      { kind: 'refuse-after-second', unit: 'working-days', value: 3, basis: 'NĐ 175/2024/NĐ-CP' },
      { kind: 'consult', unit: 'calendar-days', value: 12, basis: 'NĐ 175/2024/NĐ-CP' },
      { kind: 'person-answers', unit: 'calendar-days', value: 30, basis: 'Quy định của chính quyền' },
    ],
  },
  ...nothing,
  results: [
    { code: 'KQ.G17.000311', name: words('Giấy phép xây dựng'), outcome: 'granted' },
    { code: null, name: words('Văn bản từ chối'), outcome: 'refused' },
  ],
  verification,
  ...valid,
});

/** 3 working days; the notice of corrections is itself a result; online belongs to the ministry's system and is not verified. */
export const HOUSEHOLD: Procedure = procedureBody.parse({
  ...{ code: '1.001612', name: words('Đăng ký thành lập hộ kinh doanh'), field: words('Hộ kinh doanh'), level: 'commune', applicants: ['citizen'] },
  cases: [{ code: 'one-person', name: words('Một cá nhân') }],
  durations: [{ term: { unit: 'working-days', value: 3 }, basis: 'NĐ 168/2025/NĐ-CP' }],
  channels: { ...open, online: { available: true, master: 'Hệ thống đăng ký hộ kinh doanh' } },
  ...{ receivingUnits: ['H99.05.01', 'H99.05.02'], competentUnit: null },
  supplement: {
    ...{ mode: 'result', pauseEffect: 'restart', maxNotices: 1, basis: 'NĐ 168/2025/NĐ-CP' },
    windows: [{ kind: 'first-notice', unit: 'working-days', value: 3, basis: 'NĐ 168/2025/NĐ-CP' }],
  },
  ...nothing,
  results: [
    { code: 'KQ.G12.001041', name: words('Giấy chứng nhận đăng ký hộ kinh doanh'), outcome: 'granted' },
    { code: 'KQ.G12.001009', name: words('Thông báo sửa đổi, bổ sung'), outcome: 'notice' },
  ],
  verification: [...verification, checked('term', { channel: 'online', verified: false })],
  ...valid,
});
