import { type Text } from '@quan-so/contract';

interface Metric {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** The closed list of its labels. Their values come from contracts, from lists in the code, or are one per process. */
  readonly labels: readonly string[];
  readonly unit?: 's' | 'By';
  readonly help: Text;
}

/**
 * Everything that is measured. Names end as Prometheus wants them (`_total`, `_seconds`, `_bytes`), so that they are the same
 * whether a collector translates them or a pod shows them itself. `service` is on every one: several share a process.
 */
export const METRICS = {
  quanso_http_requests_total: {
    kind: 'counter',
    labels: ['service', 'operation', 'kind', 'status'],
    help: { vi: 'Yêu cầu đã trả lời, theo thao tác và nhóm trạng thái', en: 'Requests answered, by operation and class of status' },
  },
  quanso_http_request_duration_seconds: {
    kind: 'histogram',
    labels: ['service', 'operation', 'kind'],
    unit: 's',
    help: { vi: 'Từ lúc nhận yêu cầu tới lúc gửi xong câu trả lời', en: 'From the request to the end of its answer' },
  },
  quanso_http_shed_total: {
    kind: 'counter',
    labels: ['service', 'reason'],
    help: { vi: 'Yêu cầu bị từ chối vì quá tải, quá hạn mức, đang dừng', en: 'Requests turned away: overload, quota, on the way down' },
  },
  quanso_http_in_flight: { kind: 'gauge', labels: ['service'], help: { vi: 'Yêu cầu đang làm', en: 'Requests in work' } },
  quanso_events_sent_total: { kind: 'counter', labels: ['service', 'topic'], help: { vi: 'Sự kiện đã gửi đi', en: 'Events sent' } },
  quanso_events_heard_total: {
    kind: 'counter',
    labels: ['service', 'topic', 'fate'],
    help: { vi: 'Sự kiện đã nghe, theo kết cục: taken, known, hoặc lý do đỗ lại', en: 'Events heard by their fate: taken, known, or the reason to park' },
  },
  quanso_event_effect_seconds: {
    kind: 'histogram',
    labels: ['service', 'topic'],
    unit: 's',
    help: { vi: 'Từ lúc thay đổi được ghi tới lúc có tác dụng ở bên nghe', en: 'From the commit of a change to its effect where it is heard' },
  },
  quanso_events_resent_total: { kind: 'counter', labels: ['service', 'topic'], help: { vi: 'Sự kiện gửi lại', en: 'Events sent again' } },
  quanso_reconcile_differences_total: {
    kind: 'counter',
    labels: ['service', 'topic', 'kind'],
    help: { vi: 'Lần đối soát thấy lệch', en: 'Times that what was told and what was heard differed' },
  },
  quanso_outbox_unsent: { kind: 'gauge', labels: ['service'], help: { vi: 'Sự kiện chờ gửi', en: 'Events that wait to be sent' } },
  quanso_outbox_oldest_seconds: { kind: 'gauge', labels: ['service'], unit: 's', help: { vi: 'Sự kiện chờ gửi lâu nhất đã chờ', en: 'How long the oldest of them has waited' } },
  quanso_outbox_shards_unowned: { kind: 'gauge', labels: ['service'], help: { vi: 'Phần của chủ đề không tiến trình nào gửi', en: 'Shards that no process sends' } },
  quanso_consumer_waiting_seconds: {
    kind: 'gauge',
    labels: ['service'],
    unit: 's',
    help: { vi: 'Sự kiện đã đến mà chưa có tác dụng đã chờ (nhóm = dịch vụ)', en: 'How long the oldest event that came and has no effect yet has waited (group = service)' },
  },
  quanso_parked: { kind: 'gauge', labels: ['service', 'reason'], help: { vi: 'Thông điệp đang đỗ', en: 'Parked messages' } },
  quanso_parked_oldest_seconds: { kind: 'gauge', labels: ['service'], unit: 's', help: { vi: 'Tuổi thông điệp đỗ lâu nhất', en: 'Age of the oldest parked message' } },
  quanso_parked_oldest_working_seconds: {
    kind: 'gauge',
    labels: ['service'],
    unit: 's',
    help: { vi: 'Tuổi thông điệp đỗ lâu nhất, theo giờ làm việc', en: 'Age of the oldest parked message in working time' },
  },
  quanso_gaps_open: { kind: 'gauge', labels: ['service'], help: { vi: 'Chỗ hụt chưa vá', en: 'Gaps not mended yet' } },
  quanso_replays_running: { kind: 'gauge', labels: ['service'], help: { vi: 'Kế hoạch chạy lại đang chạy', en: 'Replays running' } },
  quanso_replica_age_seconds: { kind: 'gauge', labels: ['service'], unit: 's', help: { vi: 'Tuổi bản sao dữ liệu của dịch vụ khác', en: 'Age of the replicas of other services' } },
  quanso_health: { kind: 'gauge', labels: ['service', 'part'], help: { vi: '1: phần này làm việc được', en: '1: this part works' } },
  quanso_database_connections: { kind: 'gauge', labels: ['service', 'state'], help: { vi: 'Kết nối cơ sở dữ liệu: used, idle; waiting là người chờ', en: 'Database connections: used, idle; waiting are those who wait for one' } },
  quanso_database_connections_max: { kind: 'gauge', labels: ['service'], help: { vi: 'Kết nối nhiều nhất', en: 'Connections at most' } },
  quanso_migrations: { kind: 'gauge', labels: ['service', 'state'], help: { vi: 'Bước di trú: applied đã chạy, missing bản này cần mà chưa có', en: 'Migrations: applied, and missing ones that this version needs' } },
  quanso_build_info: { kind: 'gauge', labels: ['service', 'version'], help: { vi: 'Bản đang chạy; luôn là 1', en: 'The version that runs; always 1' } },
  quanso_event_loop_delay_seconds: { kind: 'gauge', labels: ['service'], unit: 's', help: { vi: 'Vòng lặp của tiến trình trễ (phân vị 99 từ lần đọc trước)', en: 'Delay of the event loop (99th percentile since the last reading)' } },
  quanso_process_memory_bytes: { kind: 'gauge', labels: ['service', 'kind'], unit: 'By', help: { vi: 'Bộ nhớ của tiến trình: rss, heap', en: 'Memory of the process: rss, heap' } },
} as const satisfies Readonly<Record<`quanso_${string}`, Metric>>;

export type MetricName = keyof typeof METRICS;
type OfKind<K extends Metric['kind']> = { [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never }[MetricName];
export type CounterName = OfKind<'counter'>;
export type HistogramName = OfKind<'histogram'>;
export type GaugeName = OfKind<'gauge'>;

/** All labels of a metric, each with a text. */
export type Labels<N extends MetricName> = { readonly [L in (typeof METRICS)[N]['labels'][number]]: string };

/** A gauge as it stands now. */
export interface Reading<N extends GaugeName = GaugeName> {
  readonly name: N;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Bounds of the buckets, seconds. 60 is a promise of ours (slo.ts), so it must be one of them. */
export const BOUNDS: Readonly<Record<HistogramName, readonly number[]>> = {
  quanso_http_request_duration_seconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  quanso_event_effect_seconds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200],
};
