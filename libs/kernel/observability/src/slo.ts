import { type Text } from '@quan-so/contract';
import { BROKER, DATABASE, LOG, NO_RESTART, READY, ROLLBACK, STATE, type Alert } from './alert.js';

/** A promise in words of the authority, measured as the share of what broke it. */
export interface Objective {
  readonly name: string;
  readonly promise: Text;
  /** Share that keeps the promise, over 30 days. */
  readonly target: number;
  /** Share that broke it within a window, by service. */
  readonly errors: (window: string) => string;
  /** At least so many broke it in the longer window, else nobody is fetched: offices are quiet at night. */
  readonly atLeast?: { readonly count: number; readonly of: (window: string) => string };
}

/** Windows that are recorded, short ones first. */
export const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

/**
 * How fast the 30 days' budget burns: 14.4 times is 2 % of it within an hour, 6 times 5 % within six hours, 1 time all of it
 * in 30 days. The short window ends the alarm when the cause has ended.
 */
export const BURNS = {
  Fast: { severity: 'page', for: '2m', of: [{ long: '1h', short: '5m', rate: 14.4 }, { long: '6h', short: '30m', rate: 6 }] },
  Slow: { severity: 'ticket', for: '15m', of: [{ long: '1d', short: '2h', rate: 3 }, { long: '3d', short: '6h', rate: 1 }] },
} as const;

const commands = 'quanso_http_requests_total{kind=~"create|command",status!="gone"}';
const failed = 'quanso_http_requests_total{kind=~"create|command",status="5xx"}';
const changes = 'topic=~"records\\\\..+"';
const parked = `quanso_events_heard_total{${changes},fate=~"CONTRACT|HANDLER|BEHIND|STALE"}`;
const sum = (expr: string): string => `sum by (service) (${expr})`;
/** Prometheus 3 writes the bound as 60.0, older ones as it was told. */
const late = (w: string): string => `(${sum(`rate(quanso_event_effect_seconds_count{${changes}}[${w}])`)} - ${sum(`rate(quanso_event_effect_seconds_bucket{${changes},le=~"60(\\\\.0)?"}[${w}])`)})`;
const orNone = (expr: string, all: string): string => `(${expr} or ${all} * 0)`;

export const OBJECTIVES: readonly Objective[] = [
  {
    name: 'commands',
    promise: { vi: '99,9 % lệnh (tiếp nhận, bổ sung, quyết định, trả kết quả …) được trả lời, không phải vì lỗi của hệ thống mà hỏng', en: '99.9 % of commands (receive, supplement, decide, return …) are answered and do not fail for a reason of ours' },
    target: 0.999,
    errors: (w) => `${orNone(sum(`rate(${failed}[${w}])`), sum(`rate(${commands}[${w}])`))} / (${sum(`rate(${commands}[${w}])`)} > 0)`,
    atLeast: { count: 5, of: (w) => sum(`increase(${failed}[${w}])`) },
  },
  {
    name: 'visible',
    promise: { vi: '95 % thay đổi thấy được ở kho dữ liệu (và ở mọi bên nghe) trong vòng 60 giây', en: '95 % of changes are visible in the warehouse (and wherever they are heard) within 60 s' },
    target: 0.95,
    errors: (w) => {
      const put = sum(`rate(quanso_event_effect_seconds_count{${changes}}[${w}])`);
      const aside = orNone(sum(`rate(${parked}[${w}])`), put);
      return `(${late(w)} + ${aside}) / ((${put} + ${aside}) > 0)`;
    },
    atLeast: { count: 5, of: (w) => `(${late(w).replaceAll('rate(', 'increase(')} + ${orNone(sum(`increase(${parked}[${w}])`), sum(`increase(quanso_event_effect_seconds_count{${changes}}[${w}])`))})` },
  },
  {
    name: 'parked',
    promise: { vi: '99 % thời gian không có thông điệp nào đỗ quá một giờ làm việc', en: '99 % of the time no message stays parked for over one working hour' },
    target: 0.99,
    errors: (w) => `avg_over_time(quanso:parked_overdue:bool[${w}])`,
  },
];

/** Recorded before the objectives: 1 while the oldest parked message of a service is over one working hour old. */
export const PARKED_OVERDUE = 'max by (service) (quanso_parked_oldest_working_seconds) > bool 3600';

export const recordOf = (window: string): string => `quanso:slo_errors:ratio_${window}`;

function burns({ name, target, atLeast }: Objective, speed: keyof typeof BURNS): string {
  const budget = Number((1 - target).toFixed(6));
  return BURNS[speed].of
    .map(({ long, short, rate }) => {
      const over = (w: string): string => `${recordOf(w)}{slo="${name}"} > ${Number((rate * budget).toFixed(6))}`;
      const enough = atLeast === undefined ? '' : ` and on (service) ${atLeast.of(long)} >= ${atLeast.count}`;
      return `(${over(long)} and ${over(short)}${enough})`;
    })
    .join(' or ');
}

type Words = Pick<Alert, 'title' | 'notice' | 'look' | 'act'>;

function alertsOf(objective: Objective, name: string, { title, ...words }: Words): readonly Alert[] {
  const speeds = { Fast: { vi: 'nhanh: hết phần của tháng trong vài giờ tới vài ngày', en: 'fast: the month’s share is gone in hours or days' }, Slow: { vi: 'chậm: hết phần của tháng trước cuối tháng', en: 'slowly: the month’s share is gone before its end' } };
  return (['Fast', 'Slow'] as const).map((speed) => ({
    name: `QuanSo${name}${speed}`,
    ...{ severity: BURNS[speed].severity, for: BURNS[speed].for, expr: burns(objective, speed) },
    title: { vi: `${title.vi} (${speeds[speed].vi})`, en: `${title.en} (${speeds[speed].en})` },
    means: { vi: `Lời hứa: ${objective.promise.vi}, tính trong 30 ngày. Phần được phép hỏng đang hết ${speeds[speed].vi}.`, en: `The promise: ${objective.promise.en}, over 30 days. What may fail of it is being used up ${speeds[speed].en}.` },
    ...words,
    over: { vi: 'Tỷ lệ hỏng trong cửa sổ ngắn (5 phút tới 6 giờ) về dưới ngưỡng; báo động tự tắt.', en: 'The share in the short window (5 minutes to 6 hours) is below the limit; the alarm ends by itself.' },
  }));
}

const [commandsObjective, visibleObjective, parkedObjective] = OBJECTIVES as readonly [Objective, Objective, Objective];

export const sloAlerts: readonly Alert[] = [
  ...alertsOf(commandsObjective, 'CommandsFail', {
    title: { vi: 'Lệnh hỏng vì lỗi của hệ thống', en: 'Commands fail for a reason of ours' },
    notice: { vi: 'Cán bộ và công dân bấm gửi mà nhận câu xin lỗi; gửi lại (cùng Idempotency-Key) không tạo trùng.', en: 'Staff and citizens press send and get an apology; sending again (same Idempotency-Key) makes no double.' },
    look: [{ vi: 'Bảng "Yêu cầu": thao tác nào có 5xx; problem nào trong nhật ký.', en: 'Dashboard "requests": which operation has 5xx; which problem in the log.' }, READY, LOG],
    act: [ROLLBACK, DATABASE, { vi: '503 SERVICE_UNAVAILABLE là quá tải: xem runbook QuanSoRequestsShed.', en: '503 SERVICE_UNAVAILABLE is overload: see QuanSoRequestsShed.' }],
  }),
  ...alertsOf(visibleObjective, 'ChangesLate', {
    title: { vi: 'Thay đổi thấy được muộn', en: 'Changes are visible late' },
    notice: { vi: 'Báo cáo, tra cứu và dịch vụ khác thấy tình trạng cũ; quầy một cửa không phải chờ.', en: 'Reports, look-ups and other services see an old state; the counter does not wait.' },
    look: [STATE, { vi: 'Bảng "Sự kiện": muộn ở bên gửi (chờ gửi), ở đường (Kafka), hay ở bên nghe (chờ đọc, đỗ).', en: 'Dashboard "events": late at the sender (unsent), on the way (Kafka) or at the hearer (unread, parked).' }, LOG],
    act: [{ vi: 'Có thông điệp đỗ: xem runbook QuanSoParked.', en: 'Messages are parked: see QuanSoParked.' }, BROKER, DATABASE, NO_RESTART],
  }),
  ...alertsOf(parkedObjective, 'ParkedOverdue', {
    title: { vi: 'Thông điệp đỗ quá một giờ làm việc, nhiều lần hoặc quá lâu', en: 'Messages stay parked for over a working hour, often or for too long' },
    notice: { vi: 'Hồ sơ liên quan không đổi ở bên nghe cho tới khi có người chạy lại.', en: 'The dossiers concerned do not change where they are heard until somebody replays them.' },
    look: [{ vi: 'npm run quanso -- parked list: chỗ nào, vì sao, từ lúc nào.', en: 'npm run quanso -- parked list: where, why, since when.' }, STATE],
    act: [{ vi: 'Làm theo runbook QuanSoParkedTooLong; ghi lại nguyên nhân lặp lại và sửa tận gốc.', en: 'Follow QuanSoParkedTooLong; write down what comes again and mend its cause.' }],
  }),
];
