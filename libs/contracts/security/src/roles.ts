import { type Text } from '@quan-so/contract';

export interface Role {
  readonly code: string;
  readonly name: Text;
  /** What its holder is there for. */
  readonly does: Text;
  /** What its holder must never do in this role; undefined where nothing is forbidden beyond what is not granted. */
  readonly mustNot: Text | undefined;
  readonly holder: 'person' | 'system';
}

/**
 * The roles of an authority. Codes are unit-neutral: district, ward or province is the unit of a position, never part
 * of a role. Names of the posts follow NĐ 61/2018/NĐ-CP Điều 13–14 and, for the commune's centre, TT 03/2025/TT-VPCP
 * in part; the division of work is this platform's design.
 */
export const ROLES = [
  person('desk-clerk', ['Cán bộ tiếp nhận (một cửa)', 'Desk clerk'], ['kiểm tra, số hoá, tiếp nhận, từ chối tại quầy, nhận bổ sung', 'checks, digitises, accepts, refuses at intake, takes supplements'], ['quyết định kết quả', 'decide the result']),
  person('return-clerk', ['Cán bộ trả kết quả', 'Return clerk'], ['trao kết quả, ghi nhận việc nhận', 'hands results over, records the collection'], ['sửa kết quả', 'change the result']),
  person('fee-collector', ['Kế toán, thu phí, lệ phí', 'Fee collector'], ['thu, ghi biên lai, đối soát, đề nghị hoàn', 'collects, receipts, reconciles, requests refunds'], ['nhận và duyệt cùng một khoản hoàn', 'receive and approve the same refund']),
  person('desk-head', ['Lãnh đạo Trung tâm Phục vụ hành chính công, Bộ phận Một cửa', 'Head of the desk'], ['theo dõi hàng đợi, ký từ chối tại quầy và thư xin lỗi, phân lại việc tại quầy', 'watches the queue, signs refusals at intake and apologies, reassigns desk work'], ['quyết định kết quả chuyên môn', 'decide sector results']),
  person('specialist', ['Chuyên viên, công chức chuyên môn', 'Specialist'], ['thẩm định, xác minh, lấy ý kiến, dự thảo, vào sổ', 'examines, verifies, consults, drafts, enters books'], ['ký', 'sign']),
  person('division-head', ['Trưởng phòng, lãnh đạo phòng', 'Head of division'], ['phân công, duyệt, ký việc được uỷ quyền', 'assigns, reviews, signs what is delegated'], ['duyệt dự thảo của chính mình', 'approve own draft']),
  person('office-lead', ['Chánh Văn phòng, lãnh đạo Văn phòng', 'Head of office'], ['điều phối, giao việc, báo cáo, nhận nhắc việc', 'coordinates, gives tasks, reports, receives reminders'], undefined),
  person('authority-lead', ['Chủ tịch, Phó Chủ tịch UBND', 'Chair or vice-chair of the authority'], ['ký quyết định, gia hạn, uỷ quyền', 'signs decisions, extensions, delegation'], undefined),
  person('records-clerk', ['Văn thư, lưu trữ', 'Records clerk'], ['cho số, đóng dấu, phát hành, lưu trữ', 'numbers, seals, issues and archives documents'], ['sửa nội dung', 'edit content']),
  person('consultee', ['Cơ quan được lấy ý kiến', 'Consulted body'], ['trả lời một yêu cầu trong thời hạn của nó', 'answers one request within its term'], ['xem ngoài yêu cầu', 'see more than the request']),
  person('inspector', ['Thanh tra, kiểm tra nội bộ', 'Inspector'], ['đọc có mục đích, kết luận', 'reads with a purpose, states findings'], ['ghi', 'write']),
  person('auditor', ['Kiểm toán nhật ký', 'Auditor'], ['đọc nhật ký và bằng chứng', 'reads journal and proofs'], ['đọc nội dung khi không có căn cứ', 'read content without cause']),
  person('dpo', ['Bộ phận, người bảo vệ dữ liệu cá nhân', 'Data protection officer'], ['xử lý yêu cầu của chủ thể, hồ sơ đánh giá tác động, sự cố', 'handles subject requests, impact files, breaches'], ['ghi dữ liệu nghiệp vụ', 'write business data']),
  person('catalog-admin', ['Quản trị danh mục (thủ tục, lịch, đơn vị)', 'Catalogue administrator'], ['đề xuất và công bố dữ liệu danh mục, hai người', 'proposes and publishes reference data, two persons'], ['giải quyết hồ sơ', 'handle dossiers']),
  person('it-admin', ['Quản trị hệ thống', 'System administrator'], ['tài khoản, khoá, triển khai', 'accounts, keys, deployment'], ['đọc nội dung cá nhân', 'read personal content']),
  system('partner-system', ['Hệ thống đối tác', 'Partner system'], ['đọc dữ liệu theo thoả thuận', 'reads data under an agreement'], ['hành động như một người', 'act as a person']),
  system('filing-system', ['Hệ thống chuyển hồ sơ', 'Filing system'], ['chuyển vào hồ sơ nộp qua Cổng quốc gia hoặc hệ thống của bộ', 'hands in what was filed through the national portal or a ministry’s system'], ['hành động như một người', 'act as a person']),
] as const satisfies readonly Role[];

export type RoleCode = (typeof ROLES)[number]['code'];

/** Role → who holds it; grants count for that kind of actor alone. */
export const holders = Object.fromEntries(ROLES.map(({ code, holder }) => [code, holder])) as Readonly<Record<RoleCode, Role['holder']>>;

type Words = readonly [vi: string, en: string];

function person<const C extends string>(code: C, name: Words, does: Words, mustNot: Words | undefined): Role & { code: C } {
  return role(code, 'person', name, does, mustNot);
}

function system<const C extends string>(code: C, name: Words, does: Words, mustNot: Words): Role & { code: C } {
  return role(code, 'system', name, does, mustNot);
}

function role<const C extends string>(
  code: C,
  holder: Role['holder'],
  name: Words,
  does: Words,
  mustNot: Words | undefined,
): Role & { code: C } {
  return { code, holder, name: textOf(name), does: textOf(does), mustNot: mustNot === undefined ? undefined : textOf(mustNot) };
}

function textOf([vi, en]: Words): Text {
  return { vi, en };
}
