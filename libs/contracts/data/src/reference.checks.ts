import { type Text } from '@quan-so/contract';
import { calendarFaults, checkDossierCodePattern, LanguageError } from '@quan-so/language';
import { type ReferenceKind } from './events.js';
import { asWorkCalendar, type AuthorityInfo, type Calendar, type CodeList, type Unit } from './reference.js';
import { DECISIVE_FIELDS, rowsOn, type Procedure, type VerifiedField } from './reference.procedure.js';

/** Everything an authority knows of itself, every version of it: a pack, or what the catalogue would hold after a change. */
export interface ReferenceSet {
  readonly authority: readonly AuthorityInfo[];
  readonly unit: readonly Unit[];
  readonly procedure: readonly Procedure[];
  readonly calendar: readonly Calendar[];
  readonly 'code-list': readonly CodeList[];
}

/** What does not fit, where: kind, code and first day of the item, JSON pointer inside its body. */
export interface ReferenceFault {
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly validFrom: string;
  readonly pointer: string;
  readonly fault: string;
  readonly words: Text;
}

interface Item {
  readonly code: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}

type Report = (pointer: string, fault: string, vi: string, en: string) => void;

/** Every fault of a set whose bodies already have the right shape; empty when it may be used. */
export function referenceFaults(set: ReferenceSet): readonly ReferenceFault[] {
  const faults: ReferenceFault[] = [];
  const check = <T extends Item>(kind: ReferenceKind, items: readonly T[], own: (item: T, report: Report) => void): void => {
    for (const item of items) {
      const report: Report = (pointer, fault, vi, en) =>
        void faults.push({ kind, code: item.code, validFrom: item.validFrom, pointer, fault, words: { vi, en } });
      validityFaults(item, items, report);
      own(item, report);
    }
  };
  check('authority', set.authority, (authority, report) => {
    authorityFaults(authority, set, report);
    const [first] = set.authority;
    if (first !== undefined && first.code !== authority.code) report('/code', 'AUTHORITY_ANOTHER', `Dữ liệu này của ${first.code}.`, `These data belong to ${first.code}.`);
  });
  check('unit', set.unit, (unit, report) => unitFaults(unit, set, report));
  check('calendar', set.calendar, (calendar, report) => {
    for (const { at, code, words } of calendarFaults(asWorkCalendar(calendar))) {
      // Its own words for a period that ends before it begins are the same as ours.
      if (code !== 'PERIOD_ENDS_BEFORE_IT_BEGINS') report(`/${at.replaceAll(/[.[]/g, '/').replaceAll(']', '')}`, code, words.vi, words.en);
    }
  });
  check('code-list', set['code-list'], (list, report) => twice(list.entries.map(({ code }) => code), '/entries', report));
  check('procedure', set.procedure, (procedure, report) => procedureFaults(procedure, set, report));
  return faults;
}

function validityFaults(item: Item, all: readonly Item[], report: Report): void {
  if (item.validTo !== null && item.validTo < item.validFrom) {
    report('/validTo', 'VALIDITY_ENDS_FIRST', 'Hết hiệu lực trước khi có hiệu lực.', 'It ends before it begins.');
    return;
  }
  const before = all.slice(0, all.indexOf(item));
  if (before.some((other) => other.code === item.code && overlap(other, item))) {
    report('/validFrom', 'VALIDITY_OVERLAP', 'Thời gian hiệu lực chồng lên bản khác cùng mã.', 'Its validity overlaps another version of the same code.');
  }
}

/** Days inclusive; a period that ends before it begins is never in force. */
export function overlap(a: Pick<Item, 'validFrom' | 'validTo'>, b: Pick<Item, 'validFrom' | 'validTo'>): boolean {
  const never = (period: Pick<Item, 'validFrom' | 'validTo'>): boolean => period.validTo !== null && period.validTo < period.validFrom;
  if (never(a) || never(b)) return false;
  return (b.validTo === null || a.validFrom <= b.validTo) && (a.validTo === null || b.validFrom <= a.validTo);
}

function authorityFaults(authority: AuthorityInfo, set: ReferenceSet, report: Report): void {
  const { code, dossierCode, branding, validFrom, validTo } = authority;
  unitKnown(set.unit, code, '/code', report);
  const last = !set.authority.some((other) => other.validFrom > validFrom);
  const succeeded = set.unit.some((unit) => unit.code === code && unit.successions.length > 0);
  if (last && validTo !== null && !succeeded) {
    report('/validTo', 'AUTHORITY_WITHOUT_SUCCESSOR', 'Đơn vị kết thúc mà không có đơn vị kế thừa: từ hôm sau không nhận được hồ sơ nào.', 'It ends and no unit succeeds it: from the day after no dossier can be received.');
  }
  if (contrastWithWhite(branding.colour) < READABLE) {
    report('/branding/colour', 'COLOUR_TOO_LIGHT', 'Chữ trắng trên màu này khó đọc (WCAG 2.2: ít nhất 4,5:1).', 'White text on this colour is hard to read (WCAG 2.2: at least 4.5:1).');
  }
  try {
    checkDossierCodePattern(dossierCode.pattern);
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    report('/dossierCode/pattern', error.code, error.words.vi, error.words.en);
  }
}

/** WCAG 2.2, success criterion 1.4.3 (AA). */
const READABLE = 4.5;

/** Contrast ratio of white text on `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance). */
function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function unitFaults(unit: Unit, set: ReferenceSet, report: Report): void {
  if (unit.parent !== null) unitKnown(set.unit, unit.parent, '/parent', report);
  if (unit.parent === unit.code) report('/parent', 'UNIT_UNDER_ITSELF', 'Đơn vị không thể là cấp trên của chính mình.', 'A unit is not above itself.');
  else if (isAbove([unit.code], unit.parent, unit, set.unit)) report('/parent', 'UNIT_CYCLE', 'Các đơn vị là cấp trên của nhau thành vòng.', 'The units are above one another in a circle.');
  for (const [at, { to }] of unit.successions.entries()) unitKnown(set.unit, to, `/successions/${at}/to`, report);
  if (!set.calendar.some(({ code }) => code === unit.calendar)) {
    report('/calendar', 'CALENDAR_UNKNOWN', `Không có lịch ${unit.calendar}.`, `There is no calendar ${unit.calendar}.`);
  }
}

/** Whether the unit at the beginning of `trail` is above its end on a day of `period`; a parent counts in its versions of that day. */
function isAbove(trail: readonly string[], parentCode: string | null, period: Pick<Item, 'validFrom' | 'validTo'>, units: readonly Unit[]): boolean {
  return units.some(({ code, parent, ...version }) => {
    if (code !== parentCode || !overlap(version, period)) return false;
    // A circle further up is told of its own units.
    if (trail.includes(code)) return code === trail[0];
    return isAbove([...trail, code], parent, both(version, period), units);
  });
}

/** The days of two periods that overlap. */
function both(a: Pick<Item, 'validFrom' | 'validTo'>, b: Pick<Item, 'validFrom' | 'validTo'>): Pick<Item, 'validFrom' | 'validTo'> {
  const ends = [a.validTo, b.validTo].flatMap((end) => end ?? []).sort();
  return { validFrom: a.validFrom > b.validFrom ? a.validFrom : b.validFrom, validTo: ends[0] ?? null };
}

function unitKnown(units: readonly Unit[], code: string, pointer: string, report: Report): void {
  if (!units.some((unit) => unit.code === code)) report(pointer, 'UNIT_UNKNOWN', `Không có đơn vị ${code}.`, `There is no unit ${code}.`);
}

/** Rows of a procedure that may speak of one case only. */
const ROWS_BY_CASE = ['durations', 'fees', 'documents', 'results', 'verification'] as const;

function procedureFaults(procedure: Procedure, set: ReferenceSet, report: Report): void {
  const cases = procedure.cases.map(({ code }) => code);
  twice(cases, '/cases', report);
  for (const [at, unit] of procedure.receivingUnits.entries()) unitKnown(set.unit, unit, `/receivingUnits/${at}`, report);
  if (procedure.competentUnit !== null) unitKnown(set.unit, procedure.competentUnit, '/competentUnit', report);
  const rows = [...ROWS_BY_CASE.map((name) => [name, procedure[name]] as const), ['supplement/windows', procedure.supplement.windows] as const];
  for (const [name, list] of rows) {
    for (const [at, row] of list.entries()) {
      if (row.case !== undefined && !cases.includes(row.case)) {
        report(`/${name}/${at}/case`, 'CASE_UNKNOWN', `Thủ tục không có trường hợp ${row.case}.`, `The procedure has no case ${row.case}.`);
      }
    }
  }
  if (procedure.supplement.mode === 'result' && !procedure.results.some(({ outcome }) => outcome === 'notice')) {
    report('/results', 'NOTICE_RESULT_MISSING', 'Thông báo là kết quả thì phải có kết quả "notice".', 'Where the notice is a result, a result "notice" is needed.');
  }
  termFaults(procedure, report);
  // What decides whether people are offered a case must say where it comes from.
  missingSources(procedure, DECISIVE_FIELDS, report);
}

/** A case and channel that exists has a term, or says that its term is not verified. */
function termFaults(procedure: Procedure, report: Report): void {
  const channels = (['online', 'post', 'counter'] as const).filter((name) => procedure.channels[name].available);
  for (const [at, { code }] of procedure.cases.entries()) {
    for (const channel of channels) {
      const term = mostSpecific(procedure.durations, code, channel);
      const said = mostSpecific(rowsOn(procedure.verification, 'term'), code, channel);
      if (term === undefined && said?.verified !== false) {
        report(`/cases/${at}`, 'TERM_MISSING', `Trường hợp ${code}, kênh ${channel} chưa có thời hạn.`, `Case ${code}, channel ${channel} has no term.`);
      }
    }
  }
}

/** Reports SOURCE_MISSING for each field of which no row speaks for every case and channel. */
export function missingSources({ verification }: Procedure, fields: readonly VerifiedField[], report: Report): void {
  for (const field of fields) {
    if (rowsOn(verification, field).some((row) => row.case === undefined && row.channel === undefined)) continue;
    report('/verification', 'SOURCE_MISSING', `Trường ${field} thiếu nguồn.`, `Field ${field} has no source.`);
  }
}

function twice(codes: readonly string[], pointer: string, report: Report): void {
  for (const [at, code] of codes.entries()) {
    if (codes.indexOf(code) !== at) report(`${pointer}/${at}/code`, 'CODE_TWICE', `Mã ${code} có hai lần.`, `Code ${code} stands twice.`);
  }
}

/** The row that speaks of this case and channel: case and channel, then case, then channel, then neither. */
export function mostSpecific<R extends { readonly case?: string | undefined; readonly channel?: string | undefined }>(
  rows: readonly R[],
  ofCase: string,
  ofChannel: string,
): R | undefined {
  const fits = rows.filter((row) => (row.case ?? ofCase) === ofCase && (row.channel ?? ofChannel) === ofChannel);
  const rank = (row: R): number => (row.case === undefined ? 0 : 2) + (row.channel === undefined ? 0 : 1);
  return [...fits].sort((a, b) => rank(b) - rank(a))[0];
}
