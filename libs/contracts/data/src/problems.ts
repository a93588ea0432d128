import { defineProblem } from '@quan-so/contract';

export const REFERENCE_NOT_FOUND = defineProblem('REFERENCE_NOT_FOUND', 404, {
  title: { vi: 'Danh mục không có mục này vào ngày đó', en: 'The catalogue holds no such item on that day' },
  remedy: {
    vi: 'Kiểm tra mã, hoặc hỏi một ngày khác bằng "on"; danh sách: GET /api/catalog/v1/procedures, /units, /calendars, /code-lists.',
    en: 'Check the code, or ask for another day with "on"; lists: GET /api/catalog/v1/procedures, /units, /calendars, /code-lists.',
  },
});

export const REFERENCE_INVALID = defineProblem('REFERENCE_INVALID', 409, {
  title: { vi: 'Nội dung đề xuất không khớp với danh mục', en: 'The proposal does not fit the rest of the catalogue' },
  remedy: {
    vi: 'Sửa các chỗ nêu ở "errors" (đơn vị không có, thời hạn thiếu đơn vị, thiếu nguồn …) rồi đề xuất lại.',
    en: 'Correct what "errors" names (unknown unit, term without unit, missing source …) and propose again.',
  },
});

export const VALIDITY_OVERLAP = defineProblem('VALIDITY_OVERLAP', 409, {
  title: { vi: 'Thời gian hiệu lực chồng lên bản khác', en: 'The validity overlaps another version' },
  remedy: {
    vi: 'Chọn lại validFrom, validTo: bản mới được thay phần cuối của một bản, không được nằm giữa hay đè lên bản "version" từ ngày "validFrom".',
    en: 'Choose validFrom and validTo again: a new version may replace the tail of one version, not lie inside it or cover "version" from "validFrom" on.',
  },
});

export const PROPOSAL_NOT_FOUND = defineProblem('PROPOSAL_NOT_FOUND', 404, {
  title: { vi: 'Không có đề xuất này', en: 'No such proposal' },
  remedy: { vi: 'Xem danh sách đề xuất: GET /api/catalog/v1/proposals.', en: 'See the list of proposals: GET /api/catalog/v1/proposals.' },
});

export const PROPOSAL_STATE = defineProblem('PROPOSAL_STATE', 409, {
  title: { vi: 'Đề xuất đã được công bố hoặc bác bỏ', en: 'The proposal has been published or rejected' },
  remedy: { vi: 'Xem "state"; muốn đổi tiếp thì lập đề xuất mới.', en: 'See "state"; a further change needs a new proposal.' },
});

export const PROPOSAL_SAME_PERSON = defineProblem('PROPOSAL_SAME_PERSON', 403, {
  title: { vi: 'Người đề xuất không tự công bố', en: 'The proposer does not publish' },
  remedy: {
    vi: 'Nhờ một người khác giữ quyền reference.publish công bố.',
    en: 'Ask another holder of reference.publish to publish it.',
  },
});

export const PROPOSAL_OUTDATED = defineProblem('PROPOSAL_OUTDATED', 409, {
  title: { vi: 'Mục này đã có bản mới hơn bản mà đề xuất dựa vào', en: 'The item has a newer version than the one the proposal was written against' },
  remedy: {
    vi: 'Xem bản "currentVersion", bác bỏ đề xuất này và lập đề xuất mới trên bản đó.',
    en: 'Look at "currentVersion", reject this proposal and write a new one against it.',
  },
});

export const DATASET_NOT_FOUND = defineProblem('DATASET_NOT_FOUND', 404, {
  title: { vi: 'Kho không có bộ dữ liệu này', en: 'The warehouse has no such dataset' },
  remedy: { vi: 'Xem danh sách: GET /api/warehouse/v1/datasets.', en: 'See the list: GET /api/warehouse/v1/datasets.' },
});

/** The third answer of TT 13/2017/TT-BTTTT Điều 8, beside "has data" and "none". It never speaks of one record. */
export const DATA_NOT_PERMITTED = defineProblem('DATA_NOT_PERMITTED', 403, {
  title: { vi: 'Không được phép đọc phần dữ liệu này', en: 'This part of the data may not be read' },
  remedy: {
    vi: '"about" nêu điều không được phép: đơn vị ("unit", được đọc: "units") hoặc mục đích ("purpose", được dùng: "purposes").',
    en: '"about" says what is not permitted: the unit ("unit"; permitted: "units") or the purpose ("purpose"; permitted: "purposes").',
  },
});

export const dataProblems = [
  REFERENCE_NOT_FOUND,
  REFERENCE_INVALID,
  VALIDITY_OVERLAP,
  PROPOSAL_NOT_FOUND,
  PROPOSAL_STATE,
  PROPOSAL_SAME_PERSON,
  PROPOSAL_OUTDATED,
  DATASET_NOT_FOUND,
  DATA_NOT_PERMITTED,
] as const;
