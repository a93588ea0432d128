import { MAX_TERM_VALUE } from '@quan-so/language';
import { z } from 'zod';
import { agencyCode, date, line } from './fields.js';
import { channel, kebab, validity, words } from './reference.fields.js';

const caseCode = kebab(60, 'Trường hợp. / Case.', 'separate-house');
/** The most specific row wins: case and channel, case, channel, neither (Cổng DVCQG keys its grid by channel even where the rule is by case). */
const applies = { case: caseCode.optional(), channel: channel.optional() };
const basis = line(1000, 'Căn cứ. / Legal basis.', 'Nghị định 175/2024/NĐ-CP');
const value = z.int().min(1).max(MAX_TERM_VALUE).meta({ description: 'Số đơn vị. / How many.', examples: [15] });
const COUNTED = ['working-days', 'calendar-days', 'months', 'working-hours', 'clock-hours'] as const;
const countedUnit = z.enum(COUNTED).meta({ description: 'Đơn vị thời hạn. / Unit of the term.', examples: ['calendar-days'] });

const cutoff = z
  .strictObject({
    time: z.string().max(5).regex(/^([01]\d|2[0-3]):[0-5]\d$/).meta({ description: 'Giờ chốt; đúng giờ vẫn kịp. / Cut-off; on the minute is in time.', examples: ['15:00'] }),
    effect: z.literal('next-working-day').meta({ description: 'Sau giờ chốt: ngày làm việc tiếp theo. / After it: the next working day.', examples: ['next-working-day'] }),
  })
  .meta({ id: 'ProcedureCutoff', description: 'Giờ chốt. / Cut-off.' });

const term = z
  .discriminatedUnion('unit', [
    z.strictObject({ unit: countedUnit, value, cutoff: cutoff.optional() }),
    z.strictObject({ unit: z.literal('end-of-day').meta({ description: 'Trong ngày. / The same day.', examples: ['end-of-day'] }), cutoff: cutoff.optional() }),
  ])
  .meta({ id: 'ProcedureTerm', description: 'Thời hạn như luật viết. / A term as the law writes it.', examples: [{ unit: 'calendar-days', value: 15 }] });

const duration = z
  .strictObject({ ...applies, term, text: line(500, 'Nguyên văn. / The words of the source.', '15 ngày đối với nhà ở riêng lẻ').optional(), basis })
  .meta({ id: 'ProcedureDuration', description: 'Thời hạn giải quyết theo trường hợp, kênh. / Term by case and channel.' });

const channelRules = z
  .strictObject({
    available: z.boolean().meta({ description: 'Có kênh này. / The channel exists.', examples: [true] }),
    master: line(200, 'Hệ thống giữ việc nộp qua kênh này. / System that owns filing through it.', 'Hệ thống thông tin về đăng ký hộ kinh doanh').optional(),
  })
  .meta({ id: 'ProcedureChannel', description: 'Một kênh nộp. / One channel.', examples: [{ available: true }] });

const WINDOW_KINDS = ['first-notice', 'second-notice', 'refuse-after-second', 'consult', 'person-answers'] as const;
const window = z
  .strictObject({
    kind: z.enum(WINDOW_KINDS).meta({ description: 'Việc phải xong trong thời gian này. / What must be done within it.', examples: ['first-notice'] }),
    ...applies,
    unit: countedUnit,
    value,
    basis,
  })
  .meta({ id: 'ProcedureWindow', description: 'Hạn của một bước. / Limit of one step.' });

const supplement = z
  .strictObject({
    mode: z.enum(['pause', 'result']).meta({ description: 'Dừng đồng hồ, hay thông báo chính là kết quả. / The clock pauses, or the notice is itself the result.', examples: ['pause'] }),
    pauseEffect: z.enum(['shift', 'restart']).meta({ description: 'Dời hạn hay tính lại từ đầu. / Shift, or count anew.', examples: ['restart'] }),
    maxNotices: z.int().min(1).max(9).meta({ description: 'Số lần được yêu cầu. / Requests allowed.', examples: [2] }),
    windows: z.array(window).max(30).meta({ description: 'Hạn các bước. / Limits of the steps.', examples: [[]] }),
    basis,
  })
  .meta({ id: 'ProcedureSupplement', description: 'Yêu cầu bổ sung. / Request for missing papers.' });

const fee = z
  .strictObject({
    ...applies,
    code: kebab(60, 'Mã khoản thu. / Code.', 'le-phi'),
    name: words(300, 'Tên khoản thu. / Name.', 'Lệ phí cấp giấy phép xây dựng', 'Building permit charge'),
    type: z.enum(['fee', 'charge']).meta({ description: 'Phí hay lệ phí. / phí or lệ phí.', examples: ['charge'] }),
    amount: z.int().min(0).max(9_000_000_000_000).meta({ description: 'Đồng Việt Nam. / Vietnamese dong.', examples: [75_000] }),
    per: z.enum(['case', 'page', 'copy', 'person']).meta({ description: 'Tính theo. / Counted per.', examples: ['case'] }),
    setBy: line(200, 'Cơ quan định mức. / Who sets the amount.', 'Hội đồng nhân dân').optional(),
    conditions: line(1000, 'Điều kiện, miễn giảm. / Conditions and exemptions.', 'Miễn cho hộ nghèo').optional(),
    basis,
  })
  .meta({ id: 'ProcedureFee', description: 'Một khoản phí, lệ phí. / One fee or charge.' });

const copies = (description: string) => z.int().min(0).max(99).meta({ description, examples: [1] });
const document = z
  .strictObject({
    ...applies,
    name: words(1000, 'Tên giấy tờ. / Name of the paper.', 'Đơn đề nghị cấp giấy phép xây dựng', 'Application for a building permit'),
    originals: copies('Bản chính. / Originals.'),
    copies: copies('Bản sao. / Copies.'),
    handling: z.enum(['submit', 'show']).meta({ description: 'Phải nộp hay xuất trình. / Hand in or show.', examples: ['submit'] }),
    form: line(300, 'Mẫu. / Form.', 'Mẫu số 01 Phụ lục II NĐ 175/2024/NĐ-CP').optional(),
    waivedIf: line(500, 'Không phải nộp khi. / Waived when.', 'Đã có trong CSDL đất đai').optional(),
  })
  .meta({ id: 'ProcedureDocument', description: 'Một giấy tờ của thành phần hồ sơ. / One required paper.' });

const result = z
  .strictObject({
    ...applies,
    code: z.string().max(20).regex(/^KQ\.[A-Z]\d{2}\.\d{6}$/).nullable().meta({ description: 'Mã kết quả; null: chưa rõ. / Result code; null: not known.', examples: ['KQ.G17.000311'] }),
    name: words(300, 'Tên kết quả. / Name.', 'Giấy phép xây dựng', 'Building permit'),
    outcome: z.enum(['granted', 'refused', 'notice']).meta({ description: 'Hồ sơ kết thúc thế nào. / How the dossier ends.', examples: ['granted'] }),
  })
  .meta({ id: 'ProcedureResult', description: 'Một kết quả. / One result.' });

/** Fields whose verification decides whether a case and channel is offered to people: without them nobody knows what will happen, and when. */
export const DECISIVE_FIELDS = ['term', 'windows', 'mode', 'basis'] as const;
export const VERIFIED_FIELDS = [...DECISIVE_FIELDS, 'pause-effect', 'cases', 'channels', 'fees', 'documents', 'results', 'steps'] as const;
export type VerifiedField = (typeof VERIFIED_FIELDS)[number];
const verification = z
  .strictObject({
    fields: z
      .array(z.enum(VERIFIED_FIELDS))
      .min(1)
      .max(VERIFIED_FIELDS.length)
      .meta({ description: 'Các trường được nói tới. / Fields it speaks of.', examples: [['term', 'windows']] }),
    ...applies,
    basis,
    source: line(1000, 'Nguồn đã xem. / Source that was read.', 'Cổng Dịch vụ công quốc gia, thủ tục 1.013225'),
    checkedOn: date('Ngày kiểm tra. / Day it was checked.', '2026-11-24'),
    verified: z.boolean().meta({ description: 'Đã kiểm chứng. / Verified.', examples: [true] }),
    note: line(1000, 'Điều chưa rõ. / What is open.', 'Chưa thấy văn bản nêu thời hạn trực tuyến').optional(),
  })
  .meta({ id: 'FieldVerification', description: 'Các trường này lấy từ đâu, đã kiểm chứng chưa. / Where these fields come from and whether they are verified.' });
/** What is said of one field: the most specific row counts. */
export const rowsOn = (rows: readonly z.output<typeof verification>[], field: VerifiedField) => rows.filter(({ fields }) => fields.includes(field));

export const procedureBody = z
  .strictObject({
    code: z.string().max(40).regex(/^\d\.\d{6}$/).meta({ description: 'Mã thủ tục. / Code of the procedure.', examples: ['1.013225'] }),
    name: words(1000, 'Tên thủ tục. / Name.', 'Cấp giấy phép xây dựng mới', 'New building permit'),
    field: words(300, 'Lĩnh vực. / Field.', 'Hoạt động xây dựng', 'Construction'),
    level: z.enum(['province', 'district', 'commune']).meta({ description: 'Cấp thực hiện. / Level that carries it out.', examples: ['commune'] }),
    applicants: z.array(z.enum(['citizen', 'organisation'])).min(1).max(2).meta({ description: 'Đối tượng. / Who may apply.', examples: [['citizen']] }),
    cases: z
      .array(z.strictObject({ code: caseCode, name: words(500, 'Tên trường hợp. / Name of the case.', 'Nhà ở riêng lẻ', 'Separate house') }).meta({ id: 'ProcedureCase', description: 'Một trường hợp. / One case.' }))
      .min(1)
      .max(50)
      .meta({ description: 'Các trường hợp. / Cases.', examples: [[]] }),
    durations: z.array(duration).max(200).meta({ description: 'Thời hạn. / Terms.', examples: [[]] }),
    channels: z
      .strictObject({ online: channelRules, post: channelRules, counter: channelRules })
      .meta({ id: 'ProcedureChannels', description: 'Các kênh nộp. / Channels.' }),
    receivingUnits: z.array(agencyCode).min(1).max(200).meta({ description: 'Đơn vị tiếp nhận. / Units that receive it.', examples: [['H99.05.01']] }),
    competentUnit: agencyCode.nullable().meta({ description: 'Đơn vị giải quyết; null: chính đơn vị tiếp nhận. / Competent unit; null: the receiving unit itself.', examples: ['H99.05'] }),
    supplement,
    fees: z.array(fee).max(100).meta({ description: 'Phí, lệ phí. / Fees and charges.', examples: [[]] }),
    documents: z.array(document).max(200).meta({ description: 'Thành phần hồ sơ. / Required papers.', examples: [[]] }),
    results: z.array(result).min(1).max(50).meta({ description: 'Kết quả. / Results.', examples: [[]] }),
    steps: z.array(words(2000, 'Bước riêng của thủ tục. / A step of its own.', 'Kiểm tra thực địa', 'Site visit')).max(100).meta({ description: 'Các bước riêng. / Steps of its own.', examples: [[]] }),
    verification: z.array(verification).min(1).max(200).meta({ description: 'Nguồn và kiểm chứng từng trường. / Source and verification per field.', examples: [[]] }),
    ...validity,
  })
  .meta({ id: 'Procedure', description: 'Một thủ tục hành chính, trong thời gian hiệu lực của nó. / A procedure, for the time it is in force.' });
export type Procedure = z.output<typeof procedureBody>;
