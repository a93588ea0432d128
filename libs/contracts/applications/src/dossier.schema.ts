import { z } from 'zod';
import { DOSSIER_EXAMPLE, POSSIBLE_EXAMPLE, PROCEDURE_EXAMPLE } from './dossier.example.js';
import { caseCode, dossierCode, instant, procedureCode, resultCode, unitCode, username, words } from './fields.js';
import { CHANNELS, DOSSIER_COMMANDS, DOSSIER_STATES, OUTCOMES, type DossierCommandName, type DossierStateName } from './states.js';
import { term } from './deadline.schema.js';

export const stateName = z
  .enum(Object.keys(DOSSIER_STATES) as [DossierStateName, ...DossierStateName[]])
  .meta({ description: 'Trạng thái nội bộ. / Own state.', examples: ['processing'] });
export const commandName = z
  .enum(Object.keys(DOSSIER_COMMANDS) as [DossierCommandName, ...DossierCommandName[]])
  .meta({ description: 'Việc trên hồ sơ. / Command.', examples: ['assign'] });
export const channel = z.enum(CHANNELS).meta({ description: 'Kênh nộp. / How it was filed.', examples: ['counter'] });
export const outcome = z.enum(OUTCOMES).meta({ description: 'Kết quả. / How it ended.', examples: ['granted'] });
export const statusCode = z.int().min(1).max(10).meta({ description: 'Trạng thái quốc gia. / National status.', examples: [4] });
const versionNumber = (description: string) => z.int().min(1).max(2_147_483_647).meta({ description, examples: [1] });

export const status = z
  .object({ code: statusCode, name: words })
  .meta({ id: 'NationalStatus', description: 'Một trong mười trạng thái quốc gia. / One of the ten national statuses.', examples: [{ code: 4, name: { vi: 'Đang xử lý', en: 'Processing' } }] });

const roleWords = z
  .object({ code: z.string().max(60).meta({ description: 'Mã vai trò. / Role.', examples: ['specialist'] }), name: words })
  .meta({ id: 'RoleWords', description: 'Vai trò. / A role.', examples: [{ code: 'specialist', name: { vi: 'Chuyên viên', en: 'Specialist' } }] });

export const possibleCommand = z
  .object({
    command: commandName,
    name: words,
    roles: z.array(roleWords).max(20).meta({ description: 'Ai được làm. / Who may do it.', examples: [[]] }),
  })
  .meta({ id: 'PossibleCommand', description: 'Việc làm được lúc này và ai được làm. / What is possible now, and by whom.', examples: [POSSIBLE_EXAMPLE] });

export const referenceAge = z
  .object({
    asOf: instant('Danh mục đúng tới lúc này. / The catalogue was known to be true then.').nullable(),
    seconds: z.int().min(0).max(4_000_000_000).nullable().meta({ description: 'Tuổi, giây. / Age in seconds.', examples: [4] }),
  })
  .meta({ id: 'ReferenceAge', description: 'Tuổi của bản sao danh mục đã dùng. / Age of the replica of reference data that was used.', examples: [{ asOf: '2026-10-05T08:59:56.000+07:00', seconds: 4 }] });

const maskedApplicant = z
  .object({
    kind: z.enum(['citizen', 'organisation', 'state-agency', 'other']).meta({ description: 'Loại người nộp. / Kind.', examples: ['citizen'] }),
    name: z.string().max(200).meta({ description: 'Họ tên. / Name.', examples: ['Nguyễn Thị Đặng Thử'] }),
    personalNumber: z
      .string()
      .max(12)
      .regex(/^\*{9}\d{3}$/)
      .nullable()
      .meta({ description: 'Số định danh đã che. / Personal number, masked.', examples: ['*********010'] }),
    organisationCode: z.string().max(14).nullable().meta({ description: 'Mã tổ chức. / Organisation code.', examples: ['0100109106'] }),
    phone: z.string().max(15).nullable().meta({ description: 'Điện thoại đã che. / Telephone, masked.', examples: ['*******000'] }),
    address: z.string().max(300).nullable().meta({ description: 'Địa chỉ. / Address.', examples: ['Tổ 3, phường Sao Mai 1'] }),
  })
  .meta({ id: 'MaskedApplicant', description: 'Chủ hồ sơ, số đã che. / Applicant with masked numbers.' });

const paperView = z
  .object({
    name: z.string().max(300).meta({ description: 'Tên giấy tờ. / Name.', examples: ['Đơn đề nghị'] }),
    originals: z.int().min(0).max(99).meta({ description: 'Bản chính. / Originals.', examples: [1] }),
    copies: z.int().min(0).max(99).meta({ description: 'Bản sao. / Copies.', examples: [1] }),
  })
  .meta({ id: 'PaperView', description: 'Một giấy tờ đã nộp. / One paper handed in.' });

const notice = z
  .object({
    number: z.int().min(1).max(1000).meta({ description: 'Lần thứ mấy. / Which one.', examples: [1] }),
    at: instant('Lúc yêu cầu. / When it was asked.'),
    missing: z.array(z.string().max(300)).max(50).meta({ description: 'Còn thiếu. / What is missing.', examples: [['Bản vẽ mặt cắt']] }),
    reason: z.string().max(2000).meta({ description: 'Lý do. / Reason.', examples: ['Bản vẽ thiếu mặt cắt'] }),
    answerBy: instant('Hạn trả lời của người nộp. / By when the person answers.').nullable(),
    answeredAt: instant('Lúc giấy tờ tới. / When the papers came.').nullable(),
  })
  .meta({ id: 'SupplementNotice', description: 'Một lần yêu cầu bổ sung (Mẫu 02). / One request for missing papers.' });

const window = z
  .object({
    kind: z.enum(['first-notice', 'second-notice', 'refuse-after-second']).meta({ description: 'Cửa sổ thời gian của thủ tục. / Window of the procedure.', examples: ['first-notice'] }),
    dueAt: instant('Hạn chót. / Last moment.'),
    basis: z.string().max(1000).meta({ description: 'Căn cứ. / Legal basis.', examples: ['NĐ 175/2024/NĐ-CP'] }),
  })
  .meta({ id: 'SupplementWindow', description: 'Hạn của bước tiếp theo theo dòng thủ tục. / Limit of the next step by the procedure’s row.' });

const deadline = z
  .object({
    term,
    dueAt: instant('Hạn giải quyết theo luật và lịch. / Due by law and calendar.'),
    appointmentAt: instant('Hẹn trả: ngày sớm hơn giữa ngày đã hẹn và hạn. / Appointment: the earlier of the printed promise and the deadline.'),
    pausedSince: instant('Đồng hồ dừng từ. / The clock stands since.').nullable(),
    calendar: z.object({ code: z.string().max(60).meta({ description: 'Mã lịch. / Calendar.', examples: ['H99'] }), version: versionNumber('Phiên bản. / Version.') }).meta({ id: 'CalendarUsed', description: 'Lịch đã dùng. / The calendar used.' }),
  })
  .meta({ id: 'DossierDeadline', description: 'Thời hạn. / The deadline.' });

const draft = z
  .object({
    outcome: z.enum(['granted', 'refused', 'notice']).meta({ description: 'Kết quả dự thảo. / Drafted outcome.', examples: ['granted'] }),
    result: resultCode.nullable(),
    reason: z.string().max(20_000).meta({ description: 'Kết quả thẩm định. / Finding.', examples: ['Đủ điều kiện'] }),
    documentNumber: z.string().max(50).nullable().meta({ description: 'Số, ký hiệu khi đã ký. / Number once signed.', examples: ['123/GPXD-UBND'] }),
  })
  .meta({ id: 'ResultView', description: 'Kết quả đã trình, đã ký. / The result as drafted, then signed.' });

const sender = z
  .object({
    system: z.string().max(100).meta({ description: 'Hệ thống gửi. / Sending system.', examples: ['portal-connector'] }),
    submittedAt: instant('Lúc người dân nộp. / When the person filed.'),
  })
  .meta({ id: 'Sender', description: 'Hệ thống đã chuyển hồ sơ vào. / The system that handed it in.' });

/** A dossier as its desk, specialist or head sees it; numbers masked. */
export const dossier = z
  .object({
    id: z.uuid().meta({ description: 'Định danh. / Identifier.', examples: ['01997e3c-8f00-7000-8000-000000000001'] }),
    code: dossierCode,
    version: versionNumber('Phiên bản, cũng là ETag. / Version, also the ETag.'),
    state: stateName,
    status,
    outcome: outcome.nullable(),
    procedure: z.object({ code: procedureCode, version: versionNumber('Phiên bản thủ tục lúc tiếp nhận. / Version it was received under.'), name: words }).meta({ id: 'ProcedureUsed', description: 'Thủ tục, theo phiên bản lúc tiếp nhận. / The procedure as it was at receipt.', examples: [PROCEDURE_EXAMPLE] }),
    case: caseCode,
    channel,
    summary: z.string().max(1000).meta({ description: 'Trích yếu. / Summary.', examples: ['Xây nhà ở riêng lẻ'] }),
    applicant: maskedApplicant,
    papers: z.array(paperView).max(5000).meta({ description: 'Giấy tờ đã nộp. / Papers.', examples: [[]] }),
    receivingUnit: unitCode,
    unit: unitCode.meta({ description: 'Cơ quan giải quyết. / Competent unit.', examples: ['H99.05'] }),
    sender: sender.nullable(),
    supersedes: dossierCode.nullable(),
    receivedAt: instant('Lúc hồ sơ tới. / When it came.'),
    acceptedAt: instant('Lúc tiếp nhận, thời hạn bắt đầu. / When it was accepted; the term starts.').nullable(),
    deadline: deadline.nullable(),
    notices: z.array(notice).max(1000).meta({ description: 'Các lần yêu cầu bổ sung. / Requests for papers.', examples: [[]] }),
    window: window.nullable(),
    assignee: username.nullable(),
    result: draft.nullable(),
    finishedAt: instant('Lúc xong, đồng hồ dừng. / When it was finished.').nullable(),
    returnedAt: instant('Lúc trả kết quả. / When the result was handed over.').nullable(),
    unverified: z.array(z.string().max(200)).max(50).meta({ description: 'Trường chưa kiểm chứng của thủ tục. / Fields of the procedure not yet verified.', examples: [[]] }),
    referenceAge,
    possible: z.array(possibleCommand).max(20).meta({ description: 'Việc làm được lúc này. / What is possible now.', examples: [[]] }),
  })
  .meta({ id: 'Dossier', description: 'Hồ sơ. / A dossier.', examples: [DOSSIER_EXAMPLE] });
export type DossierView = z.output<typeof dossier>;

const step = z
  .object({
    number: versionNumber('Bước thứ; là phiên bản hồ sơ sau bước đó. / Step; the dossier’s version after it.'),
    at: instant('Lúc nào. / When.'),
    command: commandName,
    name: words,
    from: stateName.nullable(),
    to: stateName,
    statusBefore: status.nullable(),
    statusAfter: status,
    by: z
      .object({
        kind: z.enum(['person', 'system']).meta({ description: 'Người hay hệ thống. / Person or system.', examples: ['person'] }),
        name: z.string().max(200).meta({ description: 'Tên. / Name.', examples: ['Trần Văn Bộ Phận'] }),
        username: z.string().max(100).meta({ description: 'Tài khoản. / Account.', examples: ['desk-clerk'] }),
        role: roleWords.nullable(),
        unit: unitCode.nullable(),
      })
      .meta({ id: 'StepActor', description: 'Ai, với vai trò và đơn vị nào. / Who, in which role and unit.' }),
    note: z.string().max(2000).nullable().meta({ description: 'Ghi chú, lý do. / Note or reason.', examples: ['Đã đối chiếu bản chính'] }),
    dueAt: instant('Hạn sau bước này. / Deadline after this step.').nullable(),
    traceId: z.string().max(32).meta({ description: 'Vết của lệnh. / Trace of the command.', examples: ['4bf92f3577b34da6a3ce929d0e0e4736'] }),
  })
  .meta({ id: 'JourneyStep', description: 'Một bước, như phiếu kiểm soát quá trình (Mẫu 06). / One step, as on the routing slip.' });

export const journey = z
  .object({ code: dossierCode, steps: z.array(step).max(1000).meta({ description: 'Từ đầu tới nay. / From the beginning.', examples: [[]] }) })
  .meta({ id: 'Journey', description: 'Hành trình của hồ sơ. / The dossier’s journey.' });
export type JourneyView = z.output<typeof journey>;

