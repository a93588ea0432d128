/*
 * A dossier as documents show it: one that can be. Examples of single fields, put together, would be open and finished,
 * waiting and decided at once.
 */

const at = (text: string): string => `2026-10-${text}.000+07:00`;

export const PROCEDURE_EXAMPLE = {
  code: '1.013225',
  version: 1,
  name: {
    vi: 'Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ',
    en: 'New building permit for works of grade III and IV and separate houses',
  },
};

export const POSSIBLE_EXAMPLE = {
  command: 'propose',
  name: { vi: 'trình kết quả', en: 'propose result' },
  roles: [{ code: 'specialist', name: { vi: 'Chuyên viên, công chức chuyên môn', en: 'Specialist' } }],
};

/** Received at the counter on Monday 05/10/2026, fifteen working days, with a specialist who examines it. */
export const DOSSIER_EXAMPLE = {
  id: '01997e3c-8f00-7000-8000-000000000001',
  code: 'H99.05.01-261005-0001',
  version: 2,
  state: 'processing',
  status: { code: 4, name: { vi: 'Đang xử lý', en: 'Processing' } },
  outcome: null,
  procedure: PROCEDURE_EXAMPLE,
  case: 'separate-house',
  channel: 'counter',
  summary: 'Xây nhà ở riêng lẻ tại thửa 12, tờ 3',
  applicant: { kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: '*********010', organisationCode: null, phone: '*******000', address: 'Tổ 3, phường Sao Mai 1' },
  papers: [{ name: 'Đơn đề nghị', originals: 1, copies: 0 }],
  receivingUnit: 'H99.05.01',
  unit: 'H99.05',
  sender: null,
  supersedes: null,
  receivedAt: at('05T09:00:00'),
  acceptedAt: at('05T09:00:00'),
  deadline: {
    term: { unit: 'working-days', value: 15 },
    dueAt: at('26T17:00:00'),
    appointmentAt: at('26T17:00:00'),
    pausedSince: null,
    calendar: { code: 'hanh-chinh', version: 1 },
  },
  notices: [],
  window: null,
  assignee: 'specialist',
  result: null,
  finishedAt: null,
  returnedAt: null,
  unverified: [],
  referenceAge: { asOf: at('05T08:59:56'), seconds: 4 },
  possible: [POSSIBLE_EXAMPLE],
};
