import { parseResultCode } from '@quan-so/language';
import { z } from 'zod';
import { staffFaults, staffSchema, type Staff } from './pack.staff.js';
import { missingSources, referenceFaults, type ReferenceFault } from './reference.checks.js';
import { authorityBody, calendarBody, codeListBody, DECISIVE_FIELDS, procedureBody, unitBody, VERIFIED_FIELDS, type AuthorityInfo, type Calendar, type CodeList, type Procedure, type Unit } from './reference.js';

/** What one authority is made of; its folder is edited, never the program. The catalogue takes it as version 1 of each. */
export interface AuthorityPack {
  readonly authority: AuthorityInfo;
  readonly units: readonly Unit[];
  readonly calendars: readonly Calendar[];
  readonly procedures: readonly Procedure[];
  readonly codeLists: readonly CodeList[];
  readonly staff: Staff;
}

/** One thing wrong in a pack: file within its folder, JSON pointer, stable code, words. */
export interface PackProblem {
  readonly file: string;
  readonly pointer: string;
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** Parsed JSON by file name within the folder of the pack, e.g. `procedures/1.013225.json`. */
export type PackFiles = ReadonlyMap<string, unknown>;

const FILES = {
  'authority.json': authorityBody,
  'units.json': z.array(unitBody).min(1).max(5000),
  'calendar.json': z.array(calendarBody).min(1).max(100),
  'code-lists.json': z.array(codeListBody).max(500),
  'staff.json': staffSchema,
} as const;
const PROCEDURE_FILE = /^procedures\/(\d\.\d{6})\.json$/;

/**
 * Checks the shape of every file, then everything between them. `pack` is there exactly when `problems` is empty. Pure.
 */
export function validatePack(files: PackFiles): { readonly problems: readonly PackProblem[]; readonly pack: AuthorityPack | undefined } {
  const problems: PackProblem[] = strangers(files);
  const read = <S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined => {
    if (!files.has(file)) {
      problems.push({ file, pointer: '', code: 'FILE_MISSING', vi: 'Thiếu tệp này.', en: 'The file is missing.' });
      return undefined;
    }
    const parsed = schema.safeParse(files.get(file));
    if (parsed.success) return parsed.data;
    problems.push(...parsed.error.issues.map((issue) => shapeProblem(file, issue)));
    return undefined;
  };
  const authority = read('authority.json', FILES['authority.json']);
  const units = read('units.json', FILES['units.json']);
  const calendars = read('calendar.json', FILES['calendar.json']);
  const codeLists = read('code-lists.json', FILES['code-lists.json']);
  const staff = read('staff.json', FILES['staff.json']);
  const procedures = [...files.keys()].filter((file) => PROCEDURE_FILE.test(file)).sort().map((file) => read(file, procedureBody));
  if (authority === undefined || units === undefined || calendars === undefined || codeLists === undefined || staff === undefined || !allRead(procedures)) return { problems, pack: undefined };
  const pack: AuthorityPack = { authority, units, calendars, procedures, codeLists, staff };
  problems.push(...problemsBetween(pack, files));
  return problems.length === 0 ? { problems, pack } : { problems, pack: undefined };
}

function allRead(procedures: readonly (Procedure | undefined)[]): procedures is readonly Procedure[] {
  return procedures.every((procedure) => procedure !== undefined);
}

/** A file that nobody reads is a misspelt one. */
function strangers(files: PackFiles): PackProblem[] {
  return [...files.keys()]
    .filter((file) => !(file in FILES) && !PROCEDURE_FILE.test(file))
    .map((file) => ({ file, pointer: '', code: 'FILE_UNKNOWN', vi: 'Gói không có tệp này; thủ tục nằm ở procedures/<mã>.json.', en: 'A pack has no such file; procedures are procedures/<code>.json.' }));
}

function shapeProblem(file: string, issue: z.core.$ZodIssue): PackProblem {
  const unknown = issue.code === 'unrecognized_keys';
  const path = unknown ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return {
    file,
    pointer: path.map((part) => `/${String(part)}`).join(''),
    code: unknown ? 'FIELD_UNKNOWN' : 'SHAPE',
    vi: unknown ? 'Trường này không có trong gói.' : 'Thiếu, hoặc giá trị không đúng dạng.',
    en: issue.message.endsWith('.') ? issue.message : `${issue.message}.`,
  };
}

function problemsBetween(pack: AuthorityPack, files: PackFiles): PackProblem[] {
  const { authority, units, calendars, procedures, codeLists, staff } = pack;
  const set = { authority: [authority], unit: units, procedure: procedures, calendar: calendars, 'code-list': codeLists };
  const problems = referenceFaults(set).map((fault) => located(fault, pack));
  const report = (file: string) => (pointer: string, code: string, vi: string, en: string): void => void problems.push({ file, pointer, code, vi, en });
  staffFaults(staff, new Set(units.map(({ code }) => code)), report('staff.json'));
  for (const file of files.keys()) {
    const named = PROCEDURE_FILE.exec(file)?.[1];
    const code = (files.get(file) as { code?: unknown }).code;
    if (named !== undefined && code !== named) report(file)('/code', 'CODE_IS_NOT_FILE_NAME', `Tệp mang mã ${named}.`, `The file is named ${named}.`);
  }
  for (const procedure of procedures) procedureProblems(procedure, authority, report(`procedures/${procedure.code}.json`));
  return problems;
}

type Report = (pointer: string, code: string, vi: string, en: string) => void;

/** What the seed of an authority asks beyond what the catalogue asks of every proposal. */
function procedureProblems(procedure: Procedure, authority: AuthorityInfo, report: Report): void {
  // The four that decide an offer are asked by the catalogue itself.
  missingSources(procedure, VERIFIED_FIELDS.filter((field) => !(DECISIVE_FIELDS as readonly string[]).includes(field)), report);
  for (const [at, { code }] of procedure.results.entries()) {
    const owner = code === null ? undefined : parseResultCode(code).owner;
    if (owner?.startsWith('H') === true && owner !== authority.code.slice(0, 3)) {
      report(`/results/${at}/code`, 'RESULT_OF_OTHER_PROVINCE', `Mã kết quả của ${owner}, không phải của đơn vị này.`, `The result code is ${owner}’s, not this authority’s.`);
    }
  }
}

/** A fault of the reference set, as file and pointer of the pack. */
function located({ kind, code, validFrom, pointer, fault, words }: ReferenceFault, pack: AuthorityPack): PackProblem {
  const place = (file: string, items: readonly { code: string; validFrom: string }[]): [string, string] => [
    file,
    `/${items.findIndex((item) => item.code === code && item.validFrom === validFrom)}${pointer}`,
  ];
  const [file, at] = {
    authority: (): [string, string] => ['authority.json', pointer],
    procedure: (): [string, string] => [`procedures/${code}.json`, pointer],
    unit: () => place('units.json', pack.units),
    calendar: () => place('calendar.json', pack.calendars),
    'code-list': () => place('code-lists.json', pack.codeLists),
  }[kind]();
  return { file, pointer: at, code: fault, vi: words.vi, en: words.en };
}
