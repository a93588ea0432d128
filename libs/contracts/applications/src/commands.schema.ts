import { z } from 'zod';
import { caseCode, dossierCode, givenDossierCode, givenInstant, line, paragraph, procedureCode, resultCode, unitCode, username } from './fields.js';

/** Someone's number is a string: leading zeros matter. Which of them may be used is the profile's rule (999 = test). */
const personalNumber = z
  .string()
  .length(12)
  .regex(/^\d{12}$/)
  .meta({ description: 'Số định danh cá nhân, 12 chữ số. / Personal number, 12 digits.', examples: ['999190000010'] });

const applicant = z
  .strictObject({
    kind: z.enum(['citizen', 'organisation', 'state-agency', 'other']).meta({
      description: 'Loại người nộp (LoaiDoiTuong 1–4). / Kind of applicant.',
      examples: ['citizen'],
    }),
    name: line(200, 'Họ tên hoặc tên tổ chức. / Name of the person or organisation.', 'Nguyễn Thị Đặng Thử'),
    personalNumber: personalNumber.optional(),
    organisationCode: z
      .string()
      .max(14)
      .regex(/^\d{10}(-\d{3})?$/)
      .optional()
      .meta({ description: 'Mã số doanh nghiệp, mã số thuế. / Business or tax code.', examples: ['0100109106'] }),
    phone: z
      .string()
      .max(15)
      .regex(/^(0|\+84)\d{9}$/)
      .optional()
      .meta({ description: 'Số điện thoại. / Telephone.', examples: ['0900000000'] }),
    address: line(300, 'Địa chỉ. / Address.', 'Tổ 3, phường Sao Mai 1').optional(),
  })
  .meta({ id: 'Applicant', description: 'Chủ hồ sơ. / Whose dossier it is.', examples: [{ kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: '999190000010' }] });

const paper = z
  .strictObject({
    name: line(300, 'Tên giấy tờ. / Name of the paper.', 'Đơn đề nghị cấp giấy phép xây dựng'),
    originals: z.int().min(0).max(99).meta({ description: 'Số bản chính. / Originals.', examples: [1] }),
    copies: z.int().min(0).max(99).meta({ description: 'Số bản sao. / Copies.', examples: [1] }),
  })
  .meta({ id: 'Paper', description: 'Một giấy tờ trong hồ sơ. / One paper of a dossier.', examples: [{ name: 'Đơn đề nghị', originals: 1, copies: 1 }] });

const papers = z.array(paper).max(50).meta({ description: 'Thành phần hồ sơ đã nộp. / Papers handed in.', examples: [[{ name: 'Đơn đề nghị', originals: 1, copies: 1 }]] });

const content = {
  procedure: procedureCode,
  case: caseCode,
  summary: line(1000, 'Trích yếu hồ sơ. / What it is about.', 'Xây nhà ở riêng lẻ tại thửa 12, tờ 3'),
  applicant,
  papers: papers.default([]),
  supersedes: dossierCode.optional().meta({ description: 'Mã hồ sơ đã kết thúc bằng thông báo sửa đổi, được nộp lại. / Code of the dossier that ended with a notice and is filed anew.', examples: ['H99.05.01-261001-0004'] }),
};

export const receiveDossier = z
  .strictObject({
    ...content,
    channel: z.enum(['counter', 'post']).meta({ description: 'Nộp tại quầy hay qua bưu chính. / At the counter or by public post.', examples: ['counter'] }),
    receivingUnit: unitCode.optional().meta({ description: 'Bộ phận Một cửa nhận; bỏ trống khi người gọi chỉ có một. / Receiving desk; absent when the caller has only one.', examples: ['H99.05.01'] }),
  })
  .meta({ id: 'ReceiveDossier', description: 'Hồ sơ nộp giấy, do cán bộ tiếp nhận nhập. / A dossier on paper, entered by the desk.' });

export const handInDossier = z
  .strictObject({
    ...content,
    code: givenDossierCode,
    submittedAt: givenInstant('Lúc người dân nộp ở hệ thống gửi. / When the person filed in the sending system.'),
    receivingUnit: unitCode,
  })
  .meta({ id: 'HandInDossier', description: 'Hồ sơ nộp trực tuyến ở hệ thống khác, chuyển vào kèm mã của hệ thống đó. / Filed online in another system, handed in under its code.' });

const note = line(1000, 'Ghi chú. / Note.', 'Đã đối chiếu bản chính').optional();
const reason = paragraph(2000, 'Lý do. / Reason.', 'Bản vẽ thiếu mặt cắt qua móng');

export const acceptDossier = z.strictObject({ note }).meta({ id: 'AcceptDossier', description: 'Tiếp nhận hồ sơ đang chờ. / Accept at intake.' });
export const refuseDossier = z.strictObject({ reason }).meta({ id: 'RefuseDossier', description: 'Từ chối tiếp nhận (Mẫu 03). / Refuse at intake.' });
export const assignDossier = z.strictObject({ specialist: username, note }).meta({ id: 'AssignDossier', description: 'Phân công thụ lý. / Assign to a specialist.' });
export const requestSupplement = z
  .strictObject({
    missing: z
      .array(line(300, 'Giấy tờ còn thiếu, sai. / Missing or wrong paper.', 'Bản vẽ mặt cắt'))
      .min(1)
      .max(50)
      .meta({ description: 'Danh sách đầy đủ, một lần. / The complete list, once.', examples: [['Bản vẽ mặt cắt']] }),
    reason,
  })
  .meta({ id: 'RequestSupplement', description: 'Yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02). / Ask for missing papers.' });
export const recordSupplement = z.strictObject({ papers: papers.min(1), note }).meta({ id: 'RecordSupplement', description: 'Giấy tờ bổ sung đã tới. / The missing papers came.' });
export const proposeResult = z
  .strictObject({
    outcome: z.enum(['granted', 'refused']).meta({ description: 'Đề xuất cấp hay từ chối. / Grant or refuse.', examples: ['granted'] }),
    result: resultCode.optional(),
    reason: reason.meta({ description: 'Kết quả thẩm định; khi từ chối là lý do. / Finding; for a refusal its reason.', examples: ['Đủ điều kiện theo Điều 93 Luật Xây dựng'] }),
  })
  .meta({ id: 'ProposeResult', description: 'Chuyên viên trình kết quả. / The specialist proposes the result.' });
export const reviewDraft = z
  .strictObject({ verdict: z.enum(['approved', 'sent-back']).meta({ description: 'Duyệt hoặc trả lại. / Approve or send back.', examples: ['approved'] }), note })
  .meta({ id: 'ReviewDraft', description: 'Lãnh đạo phòng duyệt dự thảo. / The head reviews the draft.' });
export const decideDossier = z
  .strictObject({
    verdict: z.enum(['granted', 'refused', 'notice', 'sent-back']).meta({ description: 'Ký đúng dự thảo, hoặc trả lại. / Sign what was drafted, or send back.', examples: ['granted'] }),
    documentNumber: line(50, 'Số, ký hiệu văn bản. / Number of the document.', '123/GPXD-UBND').optional(),
    note,
  })
  .meta({ id: 'DecideDossier', description: 'Lãnh đạo ký. / The authority’s lead decides.' });
export const returnResult = z
  .strictObject({ receivedBy: line(200, 'Người nhận kết quả. / Who took the result.', 'Nguyễn Thị Đặng Thử'), note })
  .meta({ id: 'ReturnResult', description: 'Trao kết quả tại quầy. / Hand the result over at the counter.' });
export const withdrawDossier = z.strictObject({ reason }).meta({ id: 'WithdrawDossier', description: 'Người nộp rút hồ sơ (Mẫu 05). / The person withdraws.' });
export const stopDossier = z.strictObject({ reason }).meta({ id: 'StopDossier', description: 'Dừng giải quyết khi quá hạn bổ sung (Mẫu 05). / Stop when the supplement did not come in time.' });
