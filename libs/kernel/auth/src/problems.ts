import { defineProblem } from '@quan-so/contract';

export const UNAUTHENTICATED = defineProblem('UNAUTHENTICATED', 401, {
  title: { vi: 'Chưa xác thực được người gọi', en: 'The caller could not be authenticated' },
  remedy: {
    vi: 'Gửi "Authorization: Bearer <access token>" còn hạn, do realm của đơn vị cấp cho API này; lý do nằm ở "reason".',
    en: 'Send "Authorization: Bearer <access token>" that is still valid, issued for this API by the authority’s realm; "reason" says what is wrong.',
  },
});

export const FORBIDDEN = defineProblem('FORBIDDEN', 403, {
  title: { vi: 'Không có quyền làm việc này', en: 'Not allowed to do this' },
  remedy: {
    vi: 'Nhờ người giữ một trong các vai trò nêu ở "heldBy", hoặc đề nghị giao vai trò cho mình.',
    en: 'Ask a holder of one of the roles in "heldBy", or ask to be given the role.',
  },
});

export const IDENTITY_UNAVAILABLE = defineProblem('IDENTITY_UNAVAILABLE', 503, {
  title: { vi: 'Chưa liên lạc được nơi cấp danh tính', en: 'The identity provider cannot be reached' },
  remedy: {
    vi: 'Thử lại sau vài giây; người vận hành kiểm tra OIDC_ISSUER và đường tới nó.',
    en: 'Try again in a few seconds; operators check OIDC_ISSUER and the way to it.',
  },
  retryable: true,
});

/** What any operation that is not public may be refused with before its handler runs. */
export const authProblems = [UNAUTHENTICATED, FORBIDDEN, IDENTITY_UNAVAILABLE] as const;
