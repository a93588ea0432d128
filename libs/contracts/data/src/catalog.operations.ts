import { defineOperation } from '@quan-so/contract';
import { z } from 'zod';
import { jsonObject, referenceCode, referenceKind } from './events.js';
import { agencyCode, date, instant, line, uuid, versionNumber } from './fields.js';
import { REFERENCE_PROPOSE, REFERENCE_PUBLISH, REFERENCE_READ } from './permissions.js';
import {
  PROPOSAL_NOT_FOUND,
  PROPOSAL_OUTDATED,
  PROPOSAL_SAME_PERSON,
  PROPOSAL_STATE,
  REFERENCE_INVALID,
  REFERENCE_NOT_FOUND,
  VALIDITY_OVERLAP,
} from './problems.js';
import { referenceBodies } from './reference.js';

const BASE = '/api/catalog/v1';

/** Procedures and how the state works are to be disclosed: Luật Tiếp cận thông tin 104/2016/QH13, Điều 17. */
const access = { public: 'dữ liệu danh mục công khai, không có dữ liệu cá nhân / public reference data, nothing personal' } as const;
const problems = [REFERENCE_NOT_FOUND] as const;
const query = z.strictObject({ on: date('Có hiệu lực ngày này; bỏ trống: hôm nay. / In force on this day; absent: today.').optional() });

const envelope = {
  code: referenceCode,
  version: versionNumber('Phiên bản của mục. / Version of the item.'),
  validFrom: date('Ngày đầu có hiệu lực. / First day in force.'),
  validTo: date('Ngày cuối có hiệu lực; null: chưa có. / Last day in force; null: none known.').nullable(),
  publishedAt: instant('Lúc công bố. / When it was published.'),
};

const authorityItem = z.object({ ...envelope, body: referenceBodies.authority }).meta({ id: 'AuthorityItem', description: 'Chính quyền, theo phiên bản. / The authority, by version.' });
const procedureItem = z.object({ ...envelope, body: referenceBodies.procedure }).meta({ id: 'ProcedureItem', description: 'Thủ tục, theo phiên bản. / A procedure, by version.' });
const calendarItem = z.object({ ...envelope, body: referenceBodies.calendar }).meta({ id: 'CalendarItem', description: 'Lịch làm việc, theo phiên bản. / A calendar, by version.' });
const unitItem = z.object({ ...envelope, body: referenceBodies.unit }).meta({ id: 'UnitItem', description: 'Đơn vị, theo phiên bản. / A unit, by version.' });
const codeListItem = z.object({ ...envelope, body: referenceBodies['code-list'] }).meta({ id: 'CodeListItem', description: 'Danh mục mã, theo phiên bản. / A code list, by version.' });

export const ReadAuthority = defineOperation({
  id: 'readAuthority',
  service: 'catalog',
  path: `${BASE}/authority`,
  kind: 'read',
  summary: { vi: 'Chính quyền chạy nền tảng này', en: 'The authority that runs this platform' },
  access,
  query,
  answer: authorityItem,
  problems,
});

export const ListProcedures = list('listProcedures', 'procedures', procedureItem, 'Thủ tục hành chính có hiệu lực', 'Procedures in force');
export const ReadProcedure = one('readProcedure', 'procedures', procedureItem, 'Một thủ tục', 'One procedure');
export const ListCalendars = list('listCalendars', 'calendars', calendarItem, 'Lịch làm việc có hiệu lực', 'Working calendars in force');
export const ReadCalendar = one('readCalendar', 'calendars', calendarItem, 'Một lịch làm việc', 'One working calendar');
export const ListUnits = list('listUnits', 'units', unitItem, 'Đơn vị có hiệu lực', 'Units in force');
export const ReadUnit = one('readUnit', 'units', unitItem, 'Một đơn vị', 'One unit');
export const ListCodeLists = list('listCodeLists', 'code-lists', codeListItem, 'Danh mục mã có hiệu lực', 'Code lists in force');
export const ReadCodeList = one('readCodeList', 'code-lists', codeListItem, 'Một danh mục mã', 'One code list');

const reason = line(2000, 'Lý do, căn cứ thay đổi. / Reason and legal basis of the change.', 'Quyết định công bố thủ tục số 56/QĐ-BXD');

/** Code and validity are the body's own, as in a pack; the version is the catalogue's to give. */
export const createProposal = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('procedure').meta({ description: 'Thủ tục. / Procedure.' }), body: referenceBodies.procedure, reason }),
    z.strictObject({ kind: z.literal('unit').meta({ description: 'Đơn vị. / Unit.' }), body: referenceBodies.unit, reason }),
    z.strictObject({ kind: z.literal('calendar').meta({ description: 'Lịch. / Calendar.' }), body: referenceBodies.calendar, reason }),
    z.strictObject({ kind: z.literal('code-list').meta({ description: 'Danh mục mã. / Code list.' }), body: referenceBodies['code-list'], reason }),
    z.strictObject({ kind: z.literal('authority').meta({ description: 'Chính quyền. / Authority.' }), body: referenceBodies.authority, reason }),
  ])
  .meta({ id: 'CreateProposal', description: 'Đề xuất một phiên bản mới; mã và hiệu lực nằm trong nội dung. / Proposes a new version; code and validity are in the body.' });
export type CreateProposalBody = z.output<typeof createProposal>;

const person = z
  .object({
    username: z.string().max(100).meta({ description: 'Tài khoản. / Account.', examples: ['catalog-admin'] }),
    name: z.string().max(200).meta({ description: 'Tên. / Name.', examples: ['Lê Quản Trị'] }),
    unit: agencyCode.nullable(),
  })
  .meta({ id: 'ProposalPerson', description: 'Người làm việc này. / Who did it.' });

export const proposal = z
  .object({
    id: uuid('Định danh đề xuất. / Identifier of the proposal.'),
    version: versionNumber('Phiên bản, cũng là ETag. / Version, also the ETag.'),
    state: z.enum(['proposed', 'published', 'rejected']).meta({ description: 'Trạng thái đề xuất. / State.', examples: ['proposed'] }),
    kind: referenceKind,
    code: referenceCode,
    basedOn: z.int().min(0).max(2_147_483_647).meta({ description: 'Phiên bản mới nhất lúc đề xuất; 0: mục mới. / Latest version when proposed; 0: a new item.', examples: [1] }),
    validFrom: envelope.validFrom,
    validTo: envelope.validTo,
    reason: z.string().max(2000).meta({ description: 'Lý do. / Reason.', examples: ['Quyết định 56/QĐ-BXD'] }),
    body: jsonObject('Nội dung đề xuất, theo loại. / The content proposed, by its kind.'),
    proposedBy: person,
    proposedAt: instant('Lúc đề xuất. / When proposed.'),
    decidedBy: person.nullable(),
    decidedAt: instant('Lúc công bố hoặc bác bỏ. / When published or rejected.').nullable(),
    note: z.string().max(2000).nullable().meta({ description: 'Ghi chú của người quyết định. / Note of who decided.', examples: ['Đã đối chiếu bản gốc'] }),
    publishedVersion: versionNumber('Phiên bản đã công bố. / Version that was published.').nullable(),
  })
  .meta({ id: 'Proposal', description: 'Đề xuất thay đổi danh mục: một người đề xuất, người khác công bố. / A change of reference data: one proposes, another publishes.' });
export type ProposalView = z.output<typeof proposal>;

export const ProposeReference = defineOperation({
  id: 'proposeReference',
  service: 'catalog',
  path: `${BASE}/proposals`,
  kind: 'create',
  summary: { vi: 'Đề xuất thay đổi danh mục', en: 'Propose a change of reference data' },
  description: {
    vi: 'Chưa có hiệu lực gì tới khi một người khác công bố. Nội dung được kiểm tra như khi nạp gói đơn vị.',
    en: 'Nothing takes effect until another person publishes it. The content is checked as an authority pack is.',
  },
  access: { permission: REFERENCE_PROPOSE },
  body: createProposal,
  answer: proposal,
  problems: [REFERENCE_INVALID, VALIDITY_OVERLAP],
});

export const ListProposals = defineOperation({
  id: 'listProposals',
  service: 'catalog',
  path: `${BASE}/proposals`,
  kind: 'list',
  summary: { vi: 'Các đề xuất, mới trước', en: 'Proposals, newest first' },
  access: { permission: REFERENCE_READ },
  query: z.strictObject({
    state: proposal.shape.state.optional(),
    kind: referenceKind.optional(),
    code: referenceCode.optional(),
  }),
  answer: proposal,
});

const params = z.strictObject({ proposalId: uuid('Định danh đề xuất. / Identifier of the proposal.') });

export const ReadProposal = defineOperation({
  id: 'readProposal',
  service: 'catalog',
  path: `${BASE}/proposals/:proposalId`,
  kind: 'read',
  summary: { vi: 'Xem một đề xuất', en: 'Read a proposal' },
  access: { permission: REFERENCE_READ },
  params,
  answer: proposal,
  problems: [PROPOSAL_NOT_FOUND],
});

export const PublishProposal = defineOperation({
  id: 'publishProposal',
  service: 'catalog',
  path: `${BASE}/proposals/:proposalId/publication`,
  kind: 'command',
  summary: { vi: 'Công bố: người khác với người đề xuất', en: 'Publish: somebody other than the proposer' },
  description: {
    vi: 'Thêm phiên bản mới, khép hiệu lực phiên bản cũ và báo cho mọi bản sao, trong một giao dịch.',
    en: 'Adds the new version, closes the old one and tells every replica, in one transaction.',
  },
  access: { permission: REFERENCE_PUBLISH },
  params,
  body: z.strictObject({ note: line(2000, 'Ghi chú. / Note.', 'Đã đối chiếu bản gốc').optional() }).meta({ id: 'PublishProposal', description: 'Công bố đề xuất. / Publishes the proposal.' }),
  answer: proposal,
  problems: [PROPOSAL_NOT_FOUND, PROPOSAL_STATE, PROPOSAL_SAME_PERSON, PROPOSAL_OUTDATED, REFERENCE_INVALID, VALIDITY_OVERLAP],
});

export const RejectProposal = defineOperation({
  id: 'rejectProposal',
  service: 'catalog',
  path: `${BASE}/proposals/:proposalId/rejection`,
  kind: 'command',
  summary: { vi: 'Bác bỏ, hoặc người đề xuất rút lại', en: 'Reject, or withdraw one’s own' },
  access: { permission: REFERENCE_PUBLISH },
  params,
  body: z.strictObject({ note: line(2000, 'Lý do bác bỏ. / Reason.', 'Chưa có quyết định công bố') }).meta({ id: 'RejectProposal', description: 'Bác bỏ đề xuất. / Rejects the proposal.' }),
  answer: proposal,
  problems: [PROPOSAL_NOT_FOUND, PROPOSAL_STATE],
});

export const catalogOperations = [
  ReadAuthority,
  ListProcedures,
  ReadProcedure,
  ListCalendars,
  ReadCalendar,
  ListUnits,
  ReadUnit,
  ListCodeLists,
  ReadCodeList,
  ProposeReference,
  ListProposals,
  ReadProposal,
  PublishProposal,
  RejectProposal,
] as const;

function list<A extends z.ZodType>(id: string, path: string, answer: A, vi: string, en: string) {
  return defineOperation({ id, service: 'catalog', path: `${BASE}/${path}`, kind: 'list', summary: { vi, en }, access, query, answer });
}

function one<A extends z.ZodType>(id: string, path: string, answer: A, vi: string, en: string) {
  const params = z.strictObject({ code: referenceCode });
  return defineOperation({ id, service: 'catalog', path: `${BASE}/${path}/:code`, kind: 'read', summary: { vi, en }, access, params, query, answer, problems });
}
