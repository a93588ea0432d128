import { type Fault, type Text } from '@quan-so/contract';
import { type z } from 'zod';

/** More would tell a program nothing that these do not. */
const MOST = 50;

type Issue = z.core.$ZodIssue;

/**
 * What a schema says against a value, as faults with JSON pointers below `root` (`/body`, `/query`, `/params`).
 * The words are ours and never quote the value.
 */
export function faultsOf(error: z.core.$ZodError, value: unknown, root: string): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, value, root)).slice(0, MOST);
}

/** JSON pointer (RFC 6901), bounded. */
export function pointerTo(root: string, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => `/${String(step).slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return `${root}${steps.join('')}`.slice(0, 300);
}

function faultsOfIssue(issue: Issue, value: unknown, root: string): Fault[] {
  const pointer = pointerTo(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => fault(pointerTo(root, [...issue.path, key]), 'UNKNOWN_FIELD', 'Không có mục này.', 'There is no such field.'));
    case 'invalid_union':
      return ofUnion(issue, value, root, pointer);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, value, root));
    default:
      return [simple(issue, at(value, issue.path) === undefined, pointer)];
  }
}

function simple(issue: Issue, missing: boolean, pointer: string): Fault {
  if (missing && issue.code !== 'custom') return fault(pointer, 'REQUIRED', 'Thiếu mục này.', 'This is missing.');
  switch (issue.code) {
    case 'invalid_type':
      return fault(pointer, 'WRONG_TYPE', `Phải là ${TYPES_VI[issue.expected] ?? issue.expected}.`, `Must be ${TYPES_EN[issue.expected] ?? issue.expected}.`);
    case 'too_small':
      return bound(pointer, issue.origin, 'SMALL', issue.minimum, issue.inclusive ?? true);
    case 'too_big':
      return bound(pointer, issue.origin, 'BIG', issue.maximum, issue.inclusive ?? true);
    case 'invalid_format':
      return fault(pointer, 'WRONG_FORM', `Sai dạng${formVi(issue)}.`, `Has another form than asked${formEn(issue)}.`);
    case 'not_multiple_of':
      return fault(pointer, 'NOT_A_MULTIPLE', `Phải chia hết cho ${issue.divisor}.`, `Must be a multiple of ${issue.divisor}.`);
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ').slice(0, 500);
      return fault(pointer, 'NOT_ALLOWED', `Phải là một trong: ${values}.`, `Must be one of: ${values}.`);
    }
    default: {
      // A schema's own sentence: one text, or Vietnamese and English parted by " / ".
      const [vi = '', en = vi] = issue.message.split(' / ', 2);
      return fault(pointer, 'NOT_VALID', vi, en);
    }
  }
}

/** Of a union the branch that fits best speaks; of one with a discriminator that names no branch, the discriminator. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown, root: string, pointer: string): Fault[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const best = branches.toSorted((a, b) => weight(a) - weight(b))[0];
  if (best === undefined) {
    return [at(value, issue.path) === undefined
      ? fault(pointer, 'REQUIRED', 'Thiếu mục này.', 'This is missing.')
      : fault(pointer, 'NOT_ALLOWED', 'Giá trị này không có trong danh sách được nhận.', 'This value is not among those taken.')];
  }
  return best.flatMap((inner) => faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, value, root));
}

/** A branch of another type altogether fits worst. */
function weight(branch: readonly Issue[]): number {
  return branch.length + (branch.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0) ? 100 : 0);
}

function bound(pointer: string, origin: string, side: 'SMALL' | 'BIG', limit: number | bigint, inclusive: boolean): Fault {
  const [vi, en, name] = origin === 'string' ? [' ký tự', ' characters', 'LENGTH'] : origin === 'array' || origin === 'set' || origin === 'map' ? [' mục', ' items', 'COUNT'] : ['', '', 'VALUE'];
  const code = `${name}_TOO_${side}`;
  if (side === 'SMALL') return fault(pointer, code, `${inclusive ? 'Ít nhất' : 'Phải hơn'} ${limit}${vi}.`, `${inclusive ? 'At least' : 'More than'} ${limit}${en}.`);
  return fault(pointer, code, `${inclusive ? 'Nhiều nhất' : 'Phải dưới'} ${limit}${vi}.`, `${inclusive ? 'At most' : 'Less than'} ${limit}${en}.`);
}

const TYPES_VI: Readonly<Record<string, string>> = { string: 'chuỗi', number: 'số', int: 'số nguyên', boolean: 'true hoặc false', array: 'danh sách', object: 'đối tượng', null: 'null', undefined: 'vắng mặt', never: 'vắng mặt' };
const TYPES_EN: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', int: 'an integer', boolean: 'true or false', array: 'a list', object: 'an object', null: 'null', undefined: 'absent', never: 'absent' };

const FORMS: Readonly<Record<string, Text>> = {
  uuid: { vi: 'UUID', en: 'UUID' },
  datetime: { vi: 'thời điểm RFC 3339 có múi giờ, ví dụ 2026-11-24T09:00:00+07:00', en: 'RFC 3339 instant with offset, e.g. 2026-11-24T09:00:00+07:00' },
  date: { vi: 'ngày có thật, YYYY-MM-DD', en: 'a real date, YYYY-MM-DD' },
  url: { vi: 'URL', en: 'URL' },
  email: { vi: 'địa chỉ thư', en: 'e-mail address' },
};

function formVi(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const known = FORMS[issue.format]?.vi ?? patternOf(issue);
  return known === undefined ? '' : ` (${known})`;
}

function formEn(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const known = FORMS[issue.format]?.en ?? patternOf(issue);
  return known === undefined ? '' : ` (${known})`;
}

function patternOf(issue: z.core.$ZodIssueInvalidStringFormat): string | undefined {
  return issue.format === 'regex' && issue.pattern !== undefined && issue.pattern.length <= 120 ? issue.pattern : undefined;
}

function fault(pointer: string, code: string, vi: string, en: string): Fault {
  return { pointer, code, detail: { vi: vi.slice(0, 1_000), en: en.slice(0, 1_000) } };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}
