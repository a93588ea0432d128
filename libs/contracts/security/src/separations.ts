import { type Position, type Text } from '@quan-so/contract';
import { grants } from './grants.js';
import { ROLES, type RoleCode } from './roles.js';

/** Two acts on one thing (a dossier, a proposal) that one person must not both do. */
export interface ActSeparation {
  readonly code: string;
  readonly acts: readonly [earlier: string, later: string];
  readonly why: Text;
}

/** Roles that one person must not both hold, in whatever unit. */
export interface PositionSeparation {
  readonly code: string;
  readonly role: RoleCode;
  /** A role code, or what the other role may do: `dossier.*` any role granted an action on dossiers. */
  readonly other: RoleCode | `${string}.*`;
  readonly why: Text;
}

/** Who acted, on the same thing as the act in question. */
export interface Act {
  readonly action: string;
  /** Id of the actor (`sub`). */
  readonly actor: string;
}

export const ACT_SEPARATIONS: readonly ActSeparation[] = [
  acts('OWN_DRAFT_REVIEWED', 'dossier.propose', 'dossier.review', 'Người duyệt không duyệt dự thảo của chính mình.', 'Nobody approves their own draft.'),
  acts('SPECIALIST_SIGNED', 'dossier.propose', 'dossier.decide', 'Người thẩm định hồ sơ không ký quyết định hồ sơ đó.', 'The specialist of a dossier does not sign its decision.'),
  acts('REVIEWER_SIGNED', 'dossier.review', 'dossier.decide', 'Người duyệt và người ký một hồ sơ là hai người.', 'Reviewer and signer of a dossier are two persons.'),
  acts('OWN_PROPOSAL_PUBLISHED', 'reference.propose', 'reference.publish', 'Dữ liệu danh mục do hai người công bố: người đề xuất không tự công bố.', 'Reference data take two persons: the proposer does not publish.'),
];

export const POSITION_SEPARATIONS: readonly PositionSeparation[] = [
  positions('DESK_CLERK_AUDITS', 'desk-clerk', 'auditor', 'Cán bộ tiếp nhận không kiểm toán nhật ký của chính quầy mình.', 'A desk clerk does not audit the journal of the desk.'),
  positions('AUDITOR_HANDLES_DOSSIERS', 'auditor', 'dossier.*', 'Kiểm toán nhật ký không giữ việc trên hồ sơ.', 'An auditor holds no work on dossiers.'),
  positions('IT_ADMIN_HANDLES_DOSSIERS', 'it-admin', 'dossier.*', 'Quản trị hệ thống không giữ vai trò nào trên hồ sơ.', 'A system administrator holds no dossier role.'),
  positions('IT_ADMIN_READS_DATASETS', 'it-admin', 'dataset.*', 'Quản trị hệ thống không đọc nội dung cá nhân.', 'A system administrator reads no personal content.'),
  positions('CATALOG_ADMIN_HANDLES_DOSSIERS', 'catalog-admin', 'dossier.*', 'Quản trị danh mục không giải quyết hồ sơ.', 'A catalogue administrator does not handle dossiers.'),
];

const MACHINE_AND_PERSON: Text = {
  vi: 'Vai trò của hệ thống không giao cho người, và ngược lại.',
  en: 'A system’s role is not given to a person, nor a person’s to a system.',
};

/**
 * The separation that `act` would break, given everything done before on the same thing; undefined when it breaks none.
 * The order of the two acts does not matter: a reviewer may not draft afterwards either.
 */
export function actsExcluded(earlierActs: readonly Act[], act: Act): ActSeparation | undefined {
  return ACT_SEPARATIONS.find(({ acts: [one, other] }) => {
    const counterpart = act.action === one ? other : act.action === other ? one : undefined;
    return earlierActs.some((earlier) => earlier.action === counterpart && earlier.actor === act.actor);
  });
}

/** Separations broken by one holder of these positions; empty when they may be held together. */
export function positionsExcluded(held: readonly Position[]): readonly { readonly code: string; readonly why: Text }[] {
  const roles = [...new Set(held.map((position) => position.role))];
  const broken: { code: string; why: Text }[] = POSITION_SEPARATIONS.filter(
    ({ role, other }) => roles.includes(role) && roles.some((held) => held !== role && isOther(held, other)),
  );
  const holders = new Set(ROLES.filter((role) => roles.includes(role.code)).map((role) => role.holder));
  return holders.size > 1 ? [...broken, { code: 'MACHINE_AND_PERSON', why: MACHINE_AND_PERSON }] : broken;
}

function isOther(role: string, other: PositionSeparation['other']): boolean {
  if (!other.endsWith('.*')) return role === other;
  const resource = other.slice(0, -1);
  return (grants[role as RoleCode] ?? []).some((grant) => grant.action.startsWith(resource));
}

function acts(code: string, one: string, other: string, vi: string, en: string): ActSeparation {
  return { code, acts: [one, other], why: { vi, en } };
}

function positions(code: string, role: RoleCode, other: PositionSeparation['other'], vi: string, en: string): PositionSeparation {
  return { code, role, other, why: { vi, en } };
}
