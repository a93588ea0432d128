import { type Text } from '@quan-so/contract';

/**
 * The ten national statuses of a dossier (TrangThaiHoSo of the national public service portal); what partners and
 * statistics see. 6 (financial obligation) comes with fees.
 */
export const NATIONAL_STATUSES = {
  1: { vi: 'Mới đăng ký', en: 'Newly registered' },
  2: { vi: 'Được tiếp nhận', en: 'Received' },
  3: { vi: 'Không được tiếp nhận', en: 'Not accepted' },
  4: { vi: 'Đang xử lý', en: 'Processing' },
  5: { vi: 'Yêu cầu bổ sung giấy tờ', en: 'Supplement requested' },
  6: { vi: 'Yêu cầu thực hiện nghĩa vụ tài chính', en: 'Financial obligation due' },
  7: { vi: 'Công dân yêu cầu rút hồ sơ', en: 'Withdrawn by the person' },
  8: { vi: 'Dừng xử lý', en: 'Stopped' },
  9: { vi: 'Đã xử lý xong', en: 'Finished' },
  10: { vi: 'Đã trả kết quả', en: 'Result returned' },
} as const satisfies Record<number, Text>;
export type NationalStatus = keyof typeof NATIONAL_STATUSES;

interface StateWords {
  readonly status: NationalStatus;
  readonly name: Text;
}

/** Our states, richer than the national ten, each with the one it is shown as outside. */
export const DOSSIER_STATES = {
  registered: state(1, 'Mới đăng ký, chờ tiếp nhận', 'Registered, waiting for the desk'),
  'incomplete-at-intake': state(5, 'Chờ bổ sung trước khi tiếp nhận', 'Papers missing before intake'),
  'refused-at-intake': state(3, 'Từ chối tiếp nhận', 'Refused at intake'),
  received: state(2, 'Đã tiếp nhận, chờ phân công', 'Received, waiting for assignment'),
  processing: state(4, 'Đang thụ lý', 'Being examined'),
  'awaiting-supplement': state(5, 'Chờ bổ sung giấy tờ', 'Waiting for missing papers'),
  proposed: state(4, 'Đã trình, chờ duyệt', 'Result proposed, waiting for review'),
  reviewed: state(4, 'Đã duyệt, chờ ký', 'Reviewed, waiting for signature'),
  decided: state(9, 'Đã có kết quả', 'Decided'),
  returned: state(10, 'Đã trả kết quả', 'Result returned'),
  withdrawn: state(7, 'Đã rút', 'Withdrawn'),
  stopped: state(8, 'Dừng giải quyết', 'Stopped'),
} as const satisfies Record<string, StateWords>;
export type DossierStateName = keyof typeof DOSSIER_STATES;

function state<const S extends NationalStatus>(status: S, vi: string, en: string): { status: S; name: Text } {
  return { status, name: { vi, en } };
}

/** The national status a state is shown as. */
export function nationalStatusOf(name: DossierStateName): NationalStatus {
  return DOSSIER_STATES[name].status;
}

/** How a dossier ended; a field beside the status: a refusal after acceptance is 9 with `refused`, never 3. */
export const OUTCOMES = ['granted', 'refused', 'notice', 'stopped', 'withdrawn'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Commands in the order of a dossier's life, with the words people read. */
export const DOSSIER_COMMANDS = {
  receive: { vi: 'tiếp nhận tại quầy', en: 'receive at the counter' },
  'hand-in': { vi: 'hệ thống khác chuyển vào', en: 'hand in by a system' },
  accept: { vi: 'tiếp nhận hồ sơ chờ', en: 'accept at intake' },
  'refuse-intake': { vi: 'từ chối tiếp nhận', en: 'refuse at intake' },
  assign: { vi: 'phân công', en: 'assign' },
  'request-supplement': { vi: 'yêu cầu bổ sung', en: 'request supplement' },
  'record-supplement': { vi: 'nhận bổ sung', en: 'record supplement' },
  propose: { vi: 'trình kết quả', en: 'propose result' },
  review: { vi: 'duyệt', en: 'review' },
  decide: { vi: 'ký', en: 'decide' },
  return: { vi: 'trả kết quả', en: 'return result' },
  withdraw: { vi: 'rút hồ sơ', en: 'withdraw' },
  stop: { vi: 'dừng giải quyết', en: 'stop' },
  'calendar-change': { vi: 'tính lại theo lịch mới', en: 'recompute for a new calendar' },
} as const satisfies Record<string, Text>;
export type DossierCommandName = keyof typeof DOSSIER_COMMANDS;

/** How papers come in. Codes 1 counter, 2 online, 3 post of the national synchronisation. */
export const CHANNELS = ['counter', 'online', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];
