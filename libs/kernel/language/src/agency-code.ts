import { LanguageError } from './error.js';

/**
 * Who an identification code names (QĐ 20/2020/QĐ-TTg, Điều 4–8): a state agency by level, a business by its own number,
 * another organisation by a scheme `Z01`–`Z99` and its number there.
 */
export type AgencyIdentifier =
  | { readonly kind: 'agency'; /** Level 1 first; a group `00` or `000` in the middle is a level that is skipped. */ readonly groups: readonly string[] }
  | { readonly kind: 'business'; readonly number: string }
  | { readonly kind: 'scheme'; readonly scheme: string; readonly number: string };

const MAX_LENGTH = 35;
/** Level 1: a letter A–Y and two digits, e.g. `H29`. */
const LEVEL_1 = /^[A-Y]\d{2}$/;
const QD20 = /^[A-Y]\d{2}(\.[A-Z0-9]+)*$/;
/** `V1V2V3.Z1Z2.Y1Y2.MX1X2`: level 4, 3, 2, 1; the reverse order of QCVN 102:2016/BTTTT, `000` and `00` are fillers. */
const QCVN102 = /^\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}$/;
const FILLER = /^0+$/;
const BUSINESS = /^\d{10}(\d{2,3})?$/;
const SCHEME = /^(Z(?!00)\d{2})([A-Z0-9.]{1,32})$/;

/** Reads either order, told apart by where level 1 stands. Throws AGENCY_CODE_NOT_VALID. */
export function parseAgencyCode(text: string): AgencyIdentifier {
  if (text.length <= MAX_LENGTH) {
    if (QD20.test(text)) return { kind: 'agency', groups: withoutTail(text.split('.')) };
    if (QCVN102.test(text)) return { kind: 'agency', groups: withoutTail(text.split('.').reverse()) };
    const [, scheme, number] = SCHEME.exec(text) ?? [];
    if (scheme !== undefined && number !== undefined) return { kind: 'scheme', scheme, number };
    if (BUSINESS.test(text)) return { kind: 'business', number: text };
  }
  throw new LanguageError(
    'AGENCY_CODE_NOT_VALID',
    'Mã định danh cơ quan theo QĐ 20/2020/QĐ-TTg (ví dụ H56.15) hoặc QCVN 102:2016 (ví dụ 000.00.15.H56), tối đa 35 ký tự.',
    'Write the agency code as QĐ 20/2020/QĐ-TTg (e.g. H56.15) or QCVN 102:2016 (e.g. 000.00.15.H56), 35 characters at most.',
  );
}

/** The same agency in today's order, level 1 first: `000.00.15.H56` → `H56.15`. Throws AGENCY_CODE_NOT_VALID. */
export function toQd20(text: string): string {
  return groupsOf(text).join('.');
}

/**
 * The same agency in the order of QCVN 102:2016: `H56.15` → `000.00.15.H56`. Throws AGENCY_CODE_NOT_IN_QCVN102 for what
 * that order cannot say: a fifth level, letters, or groups of another width.
 */
export function toQcvn102(text: string): string {
  const [first, second = '00', third = '00', fourth = '000', ...deeper] = groupsOf(text);
  const code = `${fourth}.${third}.${second}.${first}`;
  if (deeper.length === 0 && QCVN102.test(code)) return code;
  throw new LanguageError('AGENCY_CODE_NOT_IN_QCVN102', 'Mã này không viết được theo QCVN 102:2016.', 'The code cannot be written in the order of QCVN 102:2016.');
}

/** The agency above, in today's order; undefined above level 1. Throws AGENCY_CODE_NOT_VALID. */
export function parentOf(text: string): string | undefined {
  const above = withoutTail(groupsOf(text).slice(0, -1));
  return above.length === 0 ? undefined : above.join('.');
}

/** 1 for a ministry or province, 2 for what is directly under it … Throws AGENCY_CODE_NOT_VALID. */
export function levelOf(text: string): number {
  return groupsOf(text).length;
}

/** Whether `unit` is `tree` or under it: `H99.05` has in it `H99.05.01`, not `H99.051`. Throws AGENCY_CODE_NOT_VALID. */
export function isWithin(tree: string, unit: string): boolean {
  const [above, below] = [groupsOf(tree), groupsOf(unit)];
  return above.every((group, index) => group === below[index]);
}

function groupsOf(text: string): readonly string[] {
  const code = parseAgencyCode(text);
  if (code.kind === 'agency') return code.groups;
  throw new LanguageError('AGENCY_CODE_WITHOUT_LEVELS', 'Mã doanh nghiệp, tổ chức không có cấp.', 'A business or other organisation has no levels.');
}

/** Fillers at the end stand for no level. */
function withoutTail(groups: readonly string[]): readonly string[] {
  const last = groups.at(-1);
  return last !== undefined && !LEVEL_1.test(last) && FILLER.test(last) ? withoutTail(groups.slice(0, -1)) : groups;
}
