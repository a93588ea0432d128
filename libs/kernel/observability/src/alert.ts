import { type Text } from '@quan-so/contract';

/** One alarm and what whoever it wakes has to know; the page of it is served by every service (`/runbooks/<name>`). */
export interface Alert {
  /** `QuanSo…`, in CamelCase as Prometheus has it. */
  readonly name: string;
  /** `page`: somebody is fetched now. `ticket`: somebody looks within the working day. */
  readonly severity: 'page' | 'ticket';
  /** PromQL; each series of its answer is one alarm, by service. */
  readonly expr: string;
  /** How long it must hold, as Prometheus writes it. */
  readonly for: string;
  readonly title: Text;
  /** Why this is watched at all: what promise stands behind it. */
  readonly means: Text;
  /** What people at the counter notice meanwhile. */
  readonly notice: Text;
  /** Where to look, in this order. */
  readonly look: readonly Text[];
  /** What to do, the likeliest first. */
  readonly act: readonly Text[];
  readonly over: Text;
}

/** Steps that several runbooks share; said once so that they are mended once. */
export const LOG: Text = { vi: 'Nhật ký của dịch vụ: lọc level=error, đọc trường operation, problem, error; mở vết theo traceId.', en: 'Log of the service: level=error; read operation, problem, error; open the trace by its traceId.' };
export const STATE: Text = { vi: 'npm run quanso -- lag: từng dịch vụ đang chờ gì, đỗ gì, hụt gì.', en: 'npm run quanso -- lag: what waits, is parked or is missing, service by service.' };
export const READY: Text = { vi: '/health/ready của dịch vụ: phần nào (database, messages) không làm việc và vì sao.', en: '/health/ready of the service: which part (database, messages) does not work, and why.' };
export const POD: Text = { vi: 'kubectl describe pod và kubectl logs --previous: vì sao pod chết hay chưa sẵn sàng.', en: 'kubectl describe pod and kubectl logs --previous: why the pod died or is not ready.' };
export const DATABASE: Text = { vi: 'PostgreSQL của dịch vụ: còn chạy, còn đĩa, còn kết nối, truy vấn nào giữ khoá (pg_stat_activity, pg_locks).', en: 'PostgreSQL of the service: running, disk, connections, who holds locks (pg_stat_activity, pg_locks).' };
export const BROKER: Text = { vi: 'Kafka: broker còn chạy, còn đĩa; người dùng của dịch vụ còn đăng nhập được (mật khẩu, chứng chỉ).', en: 'Kafka: brokers run, disk is left, the user of the service can still sign in (password, certificate).' };
export const ROLLBACK: Text = { vi: 'Bắt đầu sau một lần nâng cấp: helm rollback; bản trước chạy được trên bảng của bản này.', en: 'Began with an upgrade: helm rollback; the version before works on the tables of this one.' };
export const NO_RESTART: Text = { vi: 'Đừng khởi động lại chỉ để thử: không có gì mất, thứ đang chờ sẽ tự đi tiếp.', en: 'Do not restart just to try: nothing is lost, what waits goes on by itself.' };
