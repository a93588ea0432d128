import { type WorkCalendar } from '@quan-so/language';
import { z } from 'zod';
import { type ReferenceKind } from './events.js';
import { agencyCode, date, line } from './fields.js';
import { provenance, validity, words, kebab } from './reference.fields.js';
import { procedureBody } from './reference.procedure.js';

export { DECISIVE_FIELDS, procedureBody, VERIFIED_FIELDS, type Procedure, type VerifiedField } from './reference.procedure.js';

/**
 * How one unit came from others, so that an authority survives reform (dissolved, merged, split, renamed): the row
 * stands with the unit that ends. Basis is the resolution that did it.
 */
const succession = z
  .strictObject({
    kind: z.enum(['merge', 'split', 'transfer', 'rename']).meta({ description: 'Sáp nhập, chia tách, chuyển giao, đổi tên. / What happened.', examples: ['merge'] }),
    to: agencyCode.meta({ description: 'Đơn vị kế thừa. / Succeeding unit.', examples: ['H99.06'] }),
    from: date('Từ ngày. / From this day.'),
    basis: line(500, 'Căn cứ. / Legal basis.', 'Nghị quyết 60-NQ/TW'),
  })
  .meta({ id: 'UnitSuccession', description: 'Kế thừa khi sắp xếp đơn vị. / Succession when units are rearranged.' });

export const unitBody = z
  .strictObject({
    code: agencyCode,
    name: words(300, 'Tên đơn vị. / Name of the unit.', 'UBND phường Sao Mai 1', 'People’s Committee of Sao Mai 1 Ward'),
    kind: z
      .enum(['people-committee', 'division', 'office', 'one-stop', 'service-centre', 'other'])
      .meta({ description: 'Loại đơn vị. / Kind of unit.', examples: ['people-committee'] }),
    level: z.enum(['province', 'district', 'commune']).meta({ description: 'Cấp. / Level.', examples: ['commune'] }),
    parent: agencyCode.nullable().meta({ description: 'Đơn vị cấp trên; null: gốc của gói. / Unit above; null: root of the pack.', examples: ['H99.05'] }),
    calendar: kebab(60, 'Mã lịch làm việc áp dụng. / Calendar it works by.', 'hanh-chinh'),
    successions: z.array(succession).max(50).default([]).meta({ description: 'Đơn vị kế thừa. / Successors.', examples: [[]] }),
    ...validity,
    provenance,
  })
  .meta({ id: 'Unit', description: 'Một đơn vị, trong thời gian hiệu lực của nó. / A unit, for the time it is in force.' });
export type Unit = z.output<typeof unitBody>;

const localTime = z
  .string()
  .max(5)
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
  .meta({ description: 'Giờ Việt Nam. / Vietnam time.', examples: ['07:30'] });
const window = z
  .strictObject({ opens: localTime, closes: localTime })
  .meta({ id: 'OpeningWindow', description: 'Một buổi làm việc. / One span of opening hours.', examples: [{ opens: '07:30', closes: '11:30' }] });
const windows = z.array(window).max(6).meta({ description: 'Các buổi trong ngày; rỗng: nghỉ. / Spans of the day; empty: closed.', examples: [[]] });

const calendarDay = z
  .strictObject({
    date: date('Ngày. / Day.', '2026-09-02'),
    kind: z.enum(['holiday', 'compensatory', 'swap-off', 'make-up']).meta({ description: 'Nghỉ lễ, nghỉ bù, nghỉ hoán đổi, làm bù. / What is different about it.', examples: ['holiday'] }),
    name: words(200, 'Tên ngày. / Name of the day.', 'Quốc khánh', 'National Day'),
    legalBasis: line(500, 'Căn cứ. / Legal basis.', 'Bộ luật Lao động 2019, Điều 112'),
    confirmed: z.boolean().meta({ description: 'Đã thấy văn bản. / The act has been seen.', examples: [true] }),
    validFrom: date('Ngày công bố. / Day it was published.', '2025-10-13'),
    windows: windows.optional(),
  })
  .meta({ id: 'CalendarDay', description: 'Ngày khác với tuần thường. / A day that differs from its week.' });

/** A calendar as `kernel/language` counts with it; `version` is given by catalog when it is published. */
export const calendarBody = z
  .strictObject({
    code: kebab(60, 'Mã lịch. / Code of the calendar.', 'hanh-chinh'),
    version: z.int().min(1).max(2_147_483_647).default(1).meta({ description: 'Phiên bản, do danh mục đặt. / Version, set by the catalogue.', examples: [1] }),
    weeklyWindows: z
      .strictObject({ 1: windows, 2: windows, 3: windows, 4: windows, 5: windows, 6: windows, 7: windows })
      .meta({ id: 'WeeklyWindows', description: 'Giờ làm việc, 1 là thứ Hai. / Opening hours, 1 is Monday.' }),
    days: z.array(calendarDay).max(2000).meta({ description: 'Ngày lễ, nghỉ bù, làm bù. / Days that differ.', examples: [[]] }),
    coversUntil: date('Đã công bố ngày nghỉ tới ngày này. / Days off are announced up to this day.', '2026-12-31'),
    ...validity,
    provenance,
  })
  .meta({ id: 'Calendar', description: 'Lịch làm việc. / Working calendar.' });
export type Calendar = z.output<typeof calendarBody>;
/** Fails to compile when the two shapes part. */
export const asWorkCalendar = (calendar: Calendar): WorkCalendar => calendar;

const codeListEntry = z
  .strictObject({
    code: line(60, 'Mã. / Code.', 'G17'),
    name: words(500, 'Tên. / Name.', 'Bộ Xây dựng', 'Ministry of Construction'),
    kind: kebab(60, 'Loại. / Kind.', 'fictional').optional(),
  })
  .meta({ id: 'CodeListEntry', description: 'Một dòng danh mục mã. / One entry of a code list.' });

export const codeListBody = z
  .strictObject({
    code: kebab(60, 'Mã danh mục. / Code of the list.', 'agencies-level-1'),
    name: words(300, 'Tên danh mục. / Name of the list.', 'Mã định danh cấp 1', 'Level-1 agency codes'),
    entries: z.array(codeListEntry).min(1).max(5000).meta({ description: 'Các dòng. / Entries.', examples: [[]] }),
    ...validity,
    provenance,
  })
  .meta({ id: 'CodeList', description: 'Danh mục mã dùng chung. / Shared code list.' });
export type CodeList = z.output<typeof codeListBody>;

export const authorityBody = z
  .strictObject({
    code: agencyCode.meta({ description: 'Mã định danh của chính quyền. / Agency code of the authority.', examples: ['H99.05'] }),
    name: words(300, 'Tên chính quyền. / Name of the authority.', 'UBND quận Sao Mai', 'People’s Committee of Sao Mai District'),
    kind: z.enum(['district', 'commune', 'province']).meta({ description: 'Loại chính quyền. / Kind of authority.', examples: ['district'] }),
    fictional: z.boolean().meta({ description: 'Không có thật: không gửi ra ngoài. / Not real: nothing leaves it.', examples: [true] }),
    dossierCode: z
      .strictObject({
        pattern: line(100, 'Mẫu mã hồ sơ: {unit} hoặc {unit:qcvn102}, {yyMMdd} hoặc {yyyyMMdd}, {serial:4}. / Pattern of dossier codes.', '{unit}-{yyMMdd}-{serial:4}'),
        provenance,
      })
      .meta({ id: 'DossierCodePattern', description: 'Mẫu mã hồ sơ, có căn cứ. / Pattern of dossier codes with its basis.' }),
    branding: z
      .strictObject({
        title: words(200, 'Tên hiển thị. / Name shown.', 'Quận Sao Mai', 'Sao Mai District'),
        colour: z.string().max(7).regex(/^#[0-9a-f]{6}$/).meta({ description: 'Màu chủ đạo. / Main colour.', examples: ['#b3261e'] }),
      })
      .meta({ id: 'Branding', description: 'Tên và màu hiển thị. / Name and colour shown.' }),
    ...validity,
    provenance,
  })
  .meta({ id: 'Authority', description: 'Chính quyền chạy nền tảng này. / The authority that runs this platform.' });
export type AuthorityInfo = z.output<typeof authorityBody>;

/** The body of each kind of reference data; a pack's files and published versions hold exactly these. */
export const referenceBodies = {
  authority: authorityBody,
  unit: unitBody,
  procedure: procedureBody,
  calendar: calendarBody,
  'code-list': codeListBody,
} as const satisfies Record<ReferenceKind, z.ZodObject>;

