import { defineOperation } from '@quan-so/contract';
import { z } from 'zod';
import {
  acceptDossier,
  assignDossier,
  decideDossier,
  handInDossier,
  proposeResult,
  receiveDossier,
  recordSupplement,
  refuseDossier,
  requestSupplement,
  returnResult,
  reviewDraft,
  stopDossier,
  withdrawDossier,
} from './commands.schema.js';
import { deadlinePreview, previewDeadline } from './deadline.schema.js';
import { dossier, journey, statusCode } from './dossier.schema.js';
import { dossierCode, givenInstant, procedureCode, unitCode } from './fields.js';
import * as permissions from './permissions.js';
import { DATA_NOT_PERMITTED } from '@quan-so/contracts-data';
import * as problems from './problems.js';

const BASE = '/api/dossiers/v1';
const dossierId = z.uuid().meta({ description: 'Định danh hồ sơ. / Identifier of the dossier.', examples: ['01997e3c-8f00-7000-8000-000000000001'] });
const params = z.strictObject({ dossierId });

const intakeProblems = [
  problems.PROCEDURE_NOT_IN_FORCE,
  problems.CASE_NOT_OF_PROCEDURE,
  problems.UNIT_NOT_IN_FORCE,
  problems.SUPERSEDED_UNFIT,
  problems.PERSONAL_NUMBER_REFUSED,
  problems.REFERENCE_NOT_YET_HERE,
] as const;

export const ReceiveDossier = defineOperation({
  id: 'receiveDossier',
  service: 'dossiers',
  path: `${BASE}/dossiers`,
  kind: 'create',
  summary: { vi: 'Tiếp nhận hồ sơ giấy tại quầy, qua bưu chính', en: 'Receive a dossier on paper' },
  description: {
    vi: 'Cấp mã hồ sơ, tính hạn và hẹn trả theo bản sao danh mục tại chỗ. Chỉ trường hợp, kênh đã kiểm chứng mới được mở.',
    en: 'Gives the code, computes deadline and appointment from the local replica of reference data. Only verified cases and channels are offered.',
  },
  access: { permission: permissions.DOSSIER_RECEIVE },
  body: receiveDossier,
  answer: dossier,
  problems: [...intakeProblems, problems.NOT_OFFERED, problems.UNIT_NOT_CHOSEN, problems.TERM_NOT_KNOWN],
});

export const HandInDossier = defineOperation({
  id: 'handInDossier',
  service: 'dossiers',
  path: `${BASE}/inbound-dossiers`,
  kind: 'create',
  summary: { vi: 'Hệ thống khác chuyển hồ sơ trực tuyến vào', en: 'A system hands in what was filed online' },
  description: {
    vi: 'Mã của hệ thống gửi được giữ nguyên. Cùng mã cùng nội dung: cùng một hồ sơ. Luôn được nhận; trường chưa kiểm chứng nêu ở "unverified".',
    en: 'The sender’s code is kept. Same code, same content: the same dossier. Always taken; fields not yet verified are named in "unverified".',
  },
  access: { permission: permissions.DOSSIER_HAND_IN },
  body: handInDossier,
  answer: dossier,
  problems: [...intakeProblems, problems.SENDER_CODE_TAKEN],
});

export const ListDossiers = defineOperation({
  id: 'listDossiers',
  service: 'dossiers',
  path: `${BASE}/dossiers`,
  kind: 'list',
  summary: { vi: 'Danh sách hồ sơ trong phạm vi đơn vị', en: 'Dossiers of the caller’s units' },
  description: {
    vi: 'Mới nhận trước; trang đứng yên khi hồ sơ đổi bước.',
    en: 'Latest receipt first; pages stay right while dossiers move on.',
  },
  access: { permission: permissions.DOSSIER_READ },
  personal: true,
  query: z.strictObject({
    status: z
      .array(statusCode)
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'Trạng thái quốc gia, cách nhau dấu phẩy. / National statuses, comma separated.', examples: [[2, 4]] }),
    unit: unitCode.optional().meta({ description: 'Đơn vị và cấp dưới: nơi nhận hoặc nơi giải quyết. / Unit and below: receiving or competent.', examples: ['H99.05.01'] }),
    procedure: procedureCode.optional(),
    'receivedAt.gte': givenInstant('Nhận từ. / Received from.').optional(),
    'receivedAt.lt': givenInstant('Nhận trước. / Received before.').optional(),
    q: z
      .string()
      .min(1)
      .max(100)
      .regex(/[\p{L}\p{N}]/u)
      .optional()
      .meta({ description: 'Mã, tên, trích yếu: các chữ, thứ tự nào cũng được, có dấu hay không; mỗi chữ khớp đầu từ. / Code, name or summary: words in any order, with or without tone marks; each matches the beginning of a word.', examples: ['nguyen thi dang'] }),
  }),
  answer: dossier,
  problems: [DATA_NOT_PERMITTED],
});

export const ReadDossier = defineOperation({
  id: 'readDossier',
  service: 'dossiers',
  path: `${BASE}/dossiers/:dossierId`,
  kind: 'read',
  summary: { vi: 'Xem một hồ sơ', en: 'Read a dossier' },
  access: { permission: permissions.DOSSIER_READ },
  personal: true,
  params,
  answer: dossier,
  problems: [problems.DOSSIER_NOT_FOUND, DATA_NOT_PERMITTED],
});

export const ReadDossierByCode = defineOperation({
  id: 'readDossierByCode',
  service: 'dossiers',
  path: `${BASE}/dossiers/by-code/:code`,
  kind: 'read',
  summary: { vi: 'Xem hồ sơ theo mã', en: 'Read a dossier by its code' },
  access: { permission: permissions.DOSSIER_READ },
  personal: true,
  params: z.strictObject({ code: dossierCode }),
  answer: dossier,
  problems: [problems.DOSSIER_NOT_FOUND, DATA_NOT_PERMITTED],
});

export const ReadJourney = defineOperation({
  id: 'readJourney',
  service: 'dossiers',
  path: `${BASE}/dossiers/:dossierId/journey`,
  kind: 'read',
  summary: { vi: 'Hành trình: từng bước, ai, lúc nào, vết', en: 'The journey: each step, who, when, its trace' },
  access: { permission: permissions.DOSSIER_READ },
  personal: true,
  params,
  answer: journey,
  problems: [problems.DOSSIER_NOT_FOUND, DATA_NOT_PERMITTED],
});

export const AcceptDossier = command('acceptDossier', 'acceptance', permissions.DOSSIER_RECEIVE, ['Tiếp nhận hồ sơ đang chờ', 'Accept at intake'], acceptDossier, [
  problems.TERM_NOT_KNOWN,
]);
export const RefuseDossier = command('refuseDossier', 'refusal', permissions.DOSSIER_REFUSE_INTAKE, ['Từ chối tiếp nhận', 'Refuse at intake'], refuseDossier);
export const AssignDossier = command('assignDossier', 'assignment', permissions.DOSSIER_ASSIGN, ['Phân công, phân công lại', 'Assign or reassign'], assignDossier);
export const RequestSupplement = command(
  'requestSupplement',
  'supplement-request',
  permissions.DOSSIER_REQUEST_SUPPLEMENT,
  ['Yêu cầu bổ sung; với thủ tục mà thông báo là kết quả: trình thông báo', 'Ask for papers; where the notice is a result: propose the notice'],
  requestSupplement,
  [problems.SUPPLEMENT_LIMIT_REACHED, problems.SUPPLEMENT_WINDOW_CLOSED],
);
export const RecordSupplement = command('recordSupplement', 'supplement', permissions.DOSSIER_RECORD_SUPPLEMENT, ['Nhận giấy tờ bổ sung', 'Record the papers that came'], recordSupplement);
export const ProposeResult = command('proposeResult', 'proposal', permissions.DOSSIER_PROPOSE, ['Trình kết quả', 'Propose the result'], proposeResult, [problems.RESULT_NOT_OF_PROCEDURE]);
export const ReviewDraft = command('reviewDraft', 'review', permissions.DOSSIER_REVIEW, ['Duyệt hoặc trả lại dự thảo', 'Approve the draft or send it back'], reviewDraft);
export const DecideDossier = command('decideDossier', 'decision', permissions.DOSSIER_DECIDE, ['Ký hoặc trả lại', 'Sign or send back'], decideDossier, [problems.OUTCOME_NOT_AS_DRAFTED]);
export const ReturnResult = command('returnResult', 'return', permissions.DOSSIER_RETURN, ['Trả kết quả tại quầy', 'Hand the result over'], returnResult);
export const WithdrawDossier = command('withdrawDossier', 'withdrawal', permissions.DOSSIER_WITHDRAW, ['Ghi nhận rút hồ sơ', 'Record a withdrawal'], withdrawDossier);
export const StopDossier = command('stopDossier', 'stoppage', permissions.DOSSIER_STOP, ['Dừng giải quyết khi quá hạn bổ sung', 'Stop when the papers did not come'], stopDossier, [problems.ANSWER_WINDOW_OPEN]);

export const PreviewDeadline = defineOperation({
  id: 'previewDeadline',
  service: 'dossiers',
  path: `${BASE}/deadline-previews`,
  kind: 'question',
  summary: { vi: 'Tính thử thời hạn, có diễn giải', en: 'A deadline with its working' },
  access: { permission: permissions.DEADLINE_PREVIEW },
  body: previewDeadline,
  answer: deadlinePreview,
  problems: [problems.PROCEDURE_NOT_IN_FORCE, problems.CASE_NOT_OF_PROCEDURE, problems.UNIT_NOT_IN_FORCE, problems.TERM_NOT_KNOWN, problems.PAUSES_NOT_IN_ORDER, problems.REFERENCE_NOT_YET_HERE],
});

export const dossierOperations = [
  ReceiveDossier,
  HandInDossier,
  ListDossiers,
  ReadDossier,
  ReadDossierByCode,
  ReadJourney,
  AcceptDossier,
  RefuseDossier,
  AssignDossier,
  RequestSupplement,
  RecordSupplement,
  ProposeResult,
  ReviewDraft,
  DecideDossier,
  ReturnResult,
  WithdrawDossier,
  StopDossier,
  PreviewDeadline,
] as const;

/** A step of an existing dossier; every one can be refused by the table and by the separation of duties. */
function command<const B extends z.ZodType>(
  id: string,
  path: string,
  permission: (typeof permissions.dossierPermissions)[number],
  [vi, en]: readonly [string, string],
  body: B,
  more: readonly (typeof problems.dossierProblems)[number][] = [],
) {
  return defineOperation({
    id,
    service: 'dossiers',
    path: `${BASE}/dossiers/:dossierId/${path}`,
    kind: 'command',
    summary: { vi, en },
    access: { permission },
    params,
    body,
    answer: dossier,
    problems: [problems.DOSSIER_NOT_FOUND, problems.TRANSITION_NOT_POSSIBLE, problems.SEPARATION_OF_DUTIES, problems.REFERENCE_NOT_YET_HERE, ...more],
  });
}
