import { definePermission } from '@quan-so/contract';

export const DOSSIER_RECEIVE = definePermission('dossier.receive', { vi: 'Tiếp nhận hồ sơ', en: 'Receive dossiers' });
export const DOSSIER_HAND_IN = definePermission('dossier.hand-in', {
  vi: 'Chuyển vào hồ sơ nộp ở hệ thống khác',
  en: 'Hand in dossiers filed in another system',
});
export const DOSSIER_REFUSE_INTAKE = definePermission('dossier.refuse-intake', { vi: 'Từ chối tiếp nhận', en: 'Refuse at intake' });
export const DOSSIER_READ = definePermission('dossier.read', { vi: 'Xem hồ sơ', en: 'Read dossiers' });
export const DOSSIER_ASSIGN = definePermission('dossier.assign', { vi: 'Phân công thụ lý', en: 'Assign to a specialist' });
export const DOSSIER_REQUEST_SUPPLEMENT = definePermission('dossier.request-supplement', {
  vi: 'Yêu cầu bổ sung, hoàn thiện hồ sơ',
  en: 'Ask for missing papers',
});
export const DOSSIER_RECORD_SUPPLEMENT = definePermission('dossier.record-supplement', {
  vi: 'Nhận giấy tờ bổ sung',
  en: 'Record the papers that came',
});
export const DOSSIER_PROPOSE = definePermission('dossier.propose', { vi: 'Thẩm định, trình kết quả', en: 'Examine and propose the result' });
export const DOSSIER_REVIEW = definePermission('dossier.review', { vi: 'Duyệt dự thảo', en: 'Review the draft' });
export const DOSSIER_DECIDE = definePermission('dossier.decide', { vi: 'Ký quyết định', en: 'Decide and sign' });
export const DOSSIER_RETURN = definePermission('dossier.return', { vi: 'Trả kết quả', en: 'Hand the result over' });
export const DOSSIER_WITHDRAW = definePermission('dossier.withdraw', { vi: 'Ghi nhận rút hồ sơ', en: 'Record a withdrawal' });
export const DOSSIER_STOP = definePermission('dossier.stop', { vi: 'Dừng giải quyết hồ sơ', en: 'Stop a dossier' });
export const DEADLINE_PREVIEW = definePermission('deadline.preview', { vi: 'Tính thử thời hạn', en: 'Ask for a deadline' });

export const dossierPermissions = [
  DOSSIER_RECEIVE,
  DOSSIER_HAND_IN,
  DOSSIER_REFUSE_INTAKE,
  DOSSIER_READ,
  DOSSIER_ASSIGN,
  DOSSIER_REQUEST_SUPPLEMENT,
  DOSSIER_RECORD_SUPPLEMENT,
  DOSSIER_PROPOSE,
  DOSSIER_REVIEW,
  DOSSIER_DECIDE,
  DOSSIER_RETURN,
  DOSSIER_WITHDRAW,
  DOSSIER_STOP,
  DEADLINE_PREVIEW,
] as const;
