import { defineProblem } from '@quan-so/contract';

export const DOSSIER_NOT_FOUND = defineProblem('DOSSIER_NOT_FOUND', 404, {
  title: { vi: 'Không tìm thấy hồ sơ', en: 'No such dossier' },
  remedy: {
    vi: 'Kiểm tra mã hồ sơ; hồ sơ ngoài đơn vị của người gọi được trả lời như không có.',
    en: 'Check the code; a dossier outside the caller’s units is answered as absent.',
  },
});

export const TRANSITION_NOT_POSSIBLE = defineProblem('TRANSITION_NOT_POSSIBLE', 409, {
  title: { vi: 'Hồ sơ không ở bước làm được việc này', en: 'The dossier is not at a step where this can be done' },
  remedy: {
    vi: 'Xem "possible": việc làm được lúc này và vai trò được làm.',
    en: 'See "possible": what can be done now, and which roles may do it.',
  },
});

export const SEPARATION_OF_DUTIES = defineProblem('SEPARATION_OF_DUTIES', 403, {
  title: { vi: 'Một người không làm cả hai việc này trên một hồ sơ', en: 'One person must not do both on one dossier' },
  remedy: {
    vi: 'Để người khác giữ vai trò đó làm; "separation" nêu hai việc phải tách.',
    en: 'Let another holder of the role do it; "separation" names the two acts kept apart.',
  },
});

export const PROCEDURE_NOT_IN_FORCE = defineProblem('PROCEDURE_NOT_IN_FORCE', 409, {
  title: { vi: 'Thủ tục không có hiệu lực tại đây', en: 'The procedure is not in force here' },
  remedy: {
    vi: 'Chọn thủ tục trong danh mục có hiệu lực ngày tiếp nhận (GET /api/catalog/v1/procedures).',
    en: 'Choose a procedure in force on the day of receipt (GET /api/catalog/v1/procedures).',
  },
});

export const CASE_NOT_OF_PROCEDURE = defineProblem('CASE_NOT_OF_PROCEDURE', 409, {
  title: { vi: 'Thủ tục không có trường hợp này', en: 'The procedure has no such case' },
  remedy: { vi: 'Chọn một trường hợp nêu ở "cases".', en: 'Choose one of "cases".' },
});

export const NOT_OFFERED = defineProblem('NOT_OFFERED', 409, {
  title: { vi: 'Trường hợp và kênh này chưa được mở cho người dân', en: 'This case and channel is not offered to people' },
  remedy: {
    vi: 'Dùng kênh nêu ở "offered", hoặc nhờ quản trị danh mục kiểm chứng các trường ở "unverified".',
    en: 'Use a channel in "offered", or have the catalogue administrators verify the fields in "unverified".',
  },
});

export const UNIT_NOT_IN_FORCE = defineProblem('UNIT_NOT_IN_FORCE', 409, {
  title: { vi: 'Đơn vị không còn hoặc chưa có hiệu lực', en: 'The unit is not in force' },
  remedy: {
    vi: 'Chọn đơn vị có hiệu lực ngày tiếp nhận (GET /api/catalog/v1/units).',
    en: 'Choose a unit in force on the day of receipt (GET /api/catalog/v1/units).',
  },
});

export const UNIT_NOT_CHOSEN = defineProblem('UNIT_NOT_CHOSEN', 409, {
  title: { vi: 'Người gọi tiếp nhận cho nhiều đơn vị', en: 'The caller receives for several units' },
  remedy: { vi: 'Gửi "receivingUnit", một trong các đơn vị ở "units".', en: 'Send "receivingUnit", one of "units".' },
});

export const SENDER_CODE_TAKEN = defineProblem('SENDER_CODE_TAKEN', 409, {
  title: { vi: 'Mã hồ sơ này đã được chuyển vào với nội dung khác', en: 'This code was handed in before with other content' },
  remedy: {
    vi: 'Một mã là một hồ sơ: gửi lại đúng nội dung đầu tiên, hoặc dùng mã mới.',
    en: 'One code is one dossier: send the first content again, or use a new code.',
  },
});

export const SUPPLEMENT_LIMIT_REACHED = defineProblem('SUPPLEMENT_LIMIT_REACHED', 409, {
  title: { vi: 'Đã hết số lần được yêu cầu bổ sung', en: 'No further supplement may be requested' },
  remedy: {
    vi: 'Trình kết quả: cấp hoặc từ chối, có nêu lý do.',
    en: 'Propose the result: grant, or refuse with the reason.',
  },
});

export const SUPPLEMENT_WINDOW_CLOSED = defineProblem('SUPPLEMENT_WINDOW_CLOSED', 409, {
  title: { vi: 'Đã quá hạn gửi thông báo bổ sung', en: 'The window for this notice is over' },
  remedy: {
    vi: 'Thời gian đã mất không tính cho người dân: trình kết quả trên giấy tờ đang có.',
    en: 'Time lost by the authority is not charged to the person: propose the result on the papers at hand.',
  },
});

export const ANSWER_WINDOW_OPEN = defineProblem('ANSWER_WINDOW_OPEN', 409, {
  title: { vi: 'Người nộp còn thời hạn trả lời', en: 'The person may still answer' },
  remedy: { vi: 'Chờ hết ngày nêu ở "answerBy".', en: 'Wait until "answerBy" is over.' },
});

export const OUTCOME_NOT_AS_DRAFTED = defineProblem('OUTCOME_NOT_AS_DRAFTED', 409, {
  title: { vi: 'Kết quả ký khác dự thảo đã duyệt', en: 'The decision differs from the reviewed draft' },
  remedy: {
    vi: 'Ký đúng dự thảo ở "drafted", hoặc trả lại ("sent-back") để soạn lại.',
    en: 'Sign what is "drafted", or send it back ("sent-back") for a new draft.',
  },
});

export const RESULT_NOT_OF_PROCEDURE = defineProblem('RESULT_NOT_OF_PROCEDURE', 409, {
  title: { vi: 'Thủ tục không có kết quả này', en: 'The procedure has no such result' },
  remedy: { vi: 'Chọn mã kết quả ở "results".', en: 'Choose a result code from "results".' },
});

export const SUPERSEDED_UNFIT = defineProblem('SUPERSEDED_UNFIT', 409, {
  title: { vi: 'Hồ sơ được thay không phù hợp', en: 'The superseded dossier does not fit' },
  remedy: {
    vi: 'Chỉ nộp lại cho hồ sơ cùng thủ tục đã kết thúc bằng thông báo sửa đổi, bổ sung.',
    en: 'Only a dossier of the same procedure that ended with a notice of corrections is filed anew.',
  },
});

export const PERSONAL_NUMBER_REFUSED = defineProblem('PERSONAL_NUMBER_REFUSED', 400, {
  title: { vi: 'Số định danh không dùng được ở môi trường này', en: 'This personal number cannot be used here' },
  remedy: {
    vi: 'Số 999… chỉ dùng để thử; môi trường thật cần số định danh thật.',
    en: 'Numbers beginning with 999 are for tests; production takes real numbers only.',
  },
});

export const PAUSES_NOT_IN_ORDER = defineProblem('PAUSES_NOT_IN_ORDER', 400, {
  title: { vi: 'Các lần tạm dừng không nối tiếp nhau', en: 'The pauses are not in order' },
  remedy: {
    vi: 'Mỗi lần dừng bắt đầu sau khi nhận và sau khi lần trước kết thúc; chỉ lần cuối được để ngỏ.',
    en: 'Each pause begins after receipt and after the one before ended; only the last may be open.',
  },
});

export const TERM_NOT_KNOWN = defineProblem('TERM_NOT_KNOWN', 409, {
  title: { vi: 'Danh mục chưa có thời hạn cho trường hợp này', en: 'The catalogue holds no term for this case' },
  remedy: {
    vi: 'Nhờ quản trị danh mục bổ sung thời hạn và căn cứ cho trường hợp, kênh này.',
    en: 'Have the catalogue administrators add the term of this case and channel with its legal basis.',
  },
});

export const REFERENCE_NOT_YET_HERE = defineProblem('REFERENCE_NOT_YET_HERE', 503, {
  title: { vi: 'Danh mục chưa về tới dịch vụ này', en: 'Reference data has not reached this service yet' },
  remedy: {
    vi: 'Thử lại sau vài giây; lần khởi động đầu tiên cần danh mục phát đi một lần.',
    en: 'Try again in a few seconds; at the very first start the catalogue has to speak once.',
  },
  retryable: true,
});

export const dossierProblems = [
  DOSSIER_NOT_FOUND,
  TRANSITION_NOT_POSSIBLE,
  SEPARATION_OF_DUTIES,
  PROCEDURE_NOT_IN_FORCE,
  CASE_NOT_OF_PROCEDURE,
  NOT_OFFERED,
  UNIT_NOT_IN_FORCE,
  UNIT_NOT_CHOSEN,
  SENDER_CODE_TAKEN,
  SUPPLEMENT_LIMIT_REACHED,
  SUPPLEMENT_WINDOW_CLOSED,
  ANSWER_WINDOW_OPEN,
  OUTCOME_NOT_AS_DRAFTED,
  RESULT_NOT_OF_PROCEDURE,
  SUPERSEDED_UNFIT,
  PERSONAL_NUMBER_REFUSED,
  PAUSES_NOT_IN_ORDER,
  TERM_NOT_KNOWN,
  REFERENCE_NOT_YET_HERE,
] as const;
