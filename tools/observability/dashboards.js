/** The dashboards of Grafana as code: what people who run the platform look at, from promises down to the ground. */

/** @typedef {import('@quan-so/observability').Objective} Objective */
/** @typedef {{ title: string, help?: string, unit?: string, kind?: 'timeseries' | 'stat', max?: number, targets: readonly (readonly [expr: string, legend: string])[] }} Panel */
/** @typedef {{ name: string, title: string, panels: readonly Panel[] }} Dashboard */

const SOURCE = { type: 'prometheus', uid: '${source}' };
const OF = 'service=~"$service"';
const rate = (/** @type {string} */ metric, /** @type {string} */ more = '') => `rate(${metric}{${OF}${more}}[$__rate_interval])`;
const by = (/** @type {string} */ labels, /** @type {string} */ expr) => `sum by (${labels}) (${expr})`;
const most = (/** @type {string} */ metric, /** @type {string} */ more = '', labels = 'service') => `max by (${labels}) (${metric}{${OF}${more}})`;
const quantile = (/** @type {number} */ q, /** @type {string} */ metric, /** @type {string} */ labels, /** @type {string} */ more = '') => `histogram_quantile(${q}, sum by (${labels}, le) (${rate(`${metric}_bucket`, more)}))`;

/** @param {readonly Objective[]} objectives @returns {readonly Dashboard[]} */
export function dashboardsOf(objectives) {
  return [promises(objectives), requests(), events(), ground()];
}

/** @param {readonly Objective[]} objectives @returns {Dashboard} */
function promises(objectives) {
  return {
    name: 'promises',
    title: 'Quận Số · Lời hứa / Promises',
    panels: objectives.flatMap(({ name, promise, target }) => [
      {
        title: `Đang hết nhanh bao nhiêu lần / Burn rate: ${name}`,
        help: `${promise.vi} / ${promise.en}. 1 = vừa hết trong 30 ngày / 1 = just used up in 30 days.`,
        targets: ['1h', '6h', '3d'].map((window) => /** @type {const} */ ([`quanso:slo_errors:ratio_${window}{slo="${name}",${OF}} / ${Number((1 - target).toFixed(6))}`, `{{service}} ${window}`])),
      },
      { title: `Ba ngày qua giữ được / Kept in three days: ${name}`, help: `${promise.vi} / ${promise.en}`, unit: 'percentunit', kind: 'stat', max: 1, targets: [[`1 - quanso:slo_errors:ratio_3d{slo="${name}",${OF}}`, '{{service}}']] },
    ]),
  };
}

/** @returns {Dashboard} */
function requests() {
  const http = 'quanso_http_requests_total';
  const duration = 'quanso_http_request_duration_seconds';
  return {
    name: 'requests',
    title: 'Quận Số · Yêu cầu / Requests',
    panels: [
      { title: 'Yêu cầu mỗi giây / Requests a second', unit: 'reqps', targets: [[by('service, status', rate(http)), '{{service}} {{status}}']] },
      { title: 'Lệnh mỗi giây / Commands a second', unit: 'reqps', targets: [[by('service, operation', rate(http, ',kind=~"create|command"')), '{{service}} {{operation}}']] },
      { title: 'Lỗi của hệ thống / Our faults (5xx)', unit: 'reqps', targets: [[by('service, operation', rate(http, ',status="5xx"')), '{{service}} {{operation}}']] },
      { title: 'Từ chối vì quá tải, hạn mức, đang dừng / Turned away', unit: 'reqps', targets: [[by('service, reason', rate('quanso_http_shed_total')), '{{service}} {{reason}}']] },
      { title: 'Thời gian trả lời / Time to answer', unit: 's', targets: [[quantile(0.5, duration, 'service', ',kind!="none"'), '{{service}} p50'], [quantile(0.95, duration, 'service', ',kind!="none"'), '{{service}} p95']] },
      { title: 'Thao tác chậm nhất / Slowest operations (p95)', unit: 's', targets: [[`topk(10, ${quantile(0.95, duration, 'service, operation', ',kind!="none"')})`, '{{service}} {{operation}}']] },
      { title: 'Đang làm / In work', unit: 'short', targets: [[by('service', `quanso_http_in_flight{${OF}} >= 0`), '{{service}}']] },
    ],
  };
}

/** @returns {Dashboard} */
function events() {
  return {
    name: 'events',
    title: 'Quận Số · Sự kiện / Events',
    panels: [
      { title: 'Chờ gửi lâu nhất / Oldest unsent', unit: 's', targets: [[most('quanso_outbox_oldest_seconds'), '{{service}}']] },
      { title: 'Chờ có tác dụng lâu nhất / Longest waiting for effect', unit: 's', targets: [[most('quanso_consumer_waiting_seconds'), '{{service}}']] },
      { title: 'Từ lúc ghi tới lúc có tác dụng / From commit to effect', unit: 's', targets: [[quantile(0.5, 'quanso_event_effect_seconds', 'service, topic'), '{{service}} ← {{topic}} p50'], [quantile(0.95, 'quanso_event_effect_seconds', 'service, topic'), '{{service}} ← {{topic}} p95']] },
      { title: 'Gửi, nghe mỗi giây / Sent and heard a second', unit: 'ops', targets: [[by('service, topic', rate('quanso_events_sent_total')), '→ {{topic}}'], [by('service, topic, fate', rate('quanso_events_heard_total')), '{{service}} ← {{topic}} {{fate}}']] },
      { title: 'Chờ gửi / Unsent', unit: 'short', targets: [[most('quanso_outbox_unsent'), '{{service}}'], [most('quanso_outbox_shards_unowned'), '{{service}} không ai gửi / nobody sends']] },
      { title: 'Đang đỗ / Parked', unit: 'short', targets: [[most('quanso_parked', '', 'service, reason'), '{{service}} {{reason}}']] },
      { title: 'Đỗ lâu nhất / Oldest parked', unit: 's', targets: [[most('quanso_parked_oldest_working_seconds'), '{{service}} giờ làm việc / working time'], [most('quanso_parked_oldest_seconds'), '{{service}}']] },
      { title: 'Hụt, lệch, gửi lại / Gaps, differences, sent again', unit: 'short', targets: [[most('quanso_gaps_open'), '{{service}} hụt / gaps'], [by('service, topic', `increase(quanso_reconcile_differences_total{${OF}}[1h])`), '{{service}} {{topic}} lệch / differences'], [by('service, topic', `increase(quanso_events_resent_total{${OF}}[1h])`), '{{topic}} gửi lại / sent again'], [most('quanso_replays_running'), '{{service}} chạy lại / replays']] },
      { title: 'Tuổi bản sao / Age of replicas', unit: 's', targets: [[most('quanso_replica_age_seconds'), '{{service}}']] },
    ],
  };
}

/** @returns {Dashboard} */
function ground() {
  return {
    name: 'ground',
    title: 'Quận Số · Nền / Ground',
    panels: [
      { title: 'Làm việc được / Works', unit: 'short', max: 1, targets: [[`min by (service, part) (quanso_health{${OF}})`, '{{service}} {{part}}']] },
      { title: 'Bản đang chạy / Versions', unit: 'short', targets: [[`count by (service, version) (quanso_build_info{${OF}} == 1)`, '{{service}} {{version}}']] },
      { title: 'Kết nối cơ sở dữ liệu / Database connections', unit: 'short', targets: [[most('quanso_database_connections', '', 'service, state'), '{{service}} {{state}}'], [most('quanso_database_connections_max'), '{{service}} nhiều nhất / at most']] },
      { title: 'Vòng lặp trễ / Event loop delay', unit: 's', targets: [[most('quanso_event_loop_delay_seconds'), '{{service}}']] },
      { title: 'Bộ nhớ / Memory', unit: 'bytes', targets: [[most('quanso_process_memory_bytes', '', 'service, kind'), '{{service}} {{kind}}']] },
      { title: 'Bước di trú / Migrations', unit: 'short', targets: [[most('quanso_migrations', '', 'service, state'), '{{service}} {{state}}']] },
    ],
  };
}

/** What Grafana reads. @param {Dashboard} dashboard @returns {object} */
export function grafanaOf({ name, title, panels }) {
  return {
    uid: `quan-so-${name}`,
    title,
    tags: ['quan-so'],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    schemaVersion: 41,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: VARIABLES },
    annotations: { list: [] },
    panels: panels.map((panel, index) => panelOf(panel, index)),
  };
}

/** `process` of several services is seen under the name of the process, so "all" takes everything. */
const VARIABLES = [
  { name: 'source', type: 'datasource', label: 'Prometheus', query: 'prometheus', hide: 0, refresh: 1 },
  { name: 'service', type: 'query', label: 'Dịch vụ / Service', datasource: SOURCE, query: 'label_values({__name__=~"quanso_process_memory_bytes|quanso_build_info"}, service)', includeAll: true, multi: true, allValue: '.*', current: { text: ['All'], value: ['$__all'], selected: true }, refresh: 2, sort: 1, hide: 0 },
];

/** @param {Panel} panel @param {number} index */
function panelOf({ title, help, unit = 'short', kind = 'timeseries', max, targets }, index) {
  const options = kind === 'stat'
    ? { graphMode: 'none', colorMode: 'value', justifyMode: 'auto', textMode: 'value_and_name', wideLayout: true, showPercentChange: false, percentChangeColorMode: 'standard', orientation: 'auto', reduceOptions: { calcs: ['lastNotNull'], values: false } }
    : { legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }, tooltip: { mode: 'multi', sort: 'desc' } };
  return {
    id: index + 1,
    type: kind,
    title,
    ...(help === undefined ? {} : { description: help }),
    datasource: SOURCE,
    gridPos: { h: 8, w: 12, x: (index % 2) * 12, y: Math.floor(index / 2) * 8 },
    fieldConfig: { defaults: { unit, min: 0, ...(max === undefined ? {} : { max }) }, overrides: [] },
    options,
    targets: targets.map(([expr, legendFormat], at) => ({ refId: String.fromCharCode(65 + at), datasource: SOURCE, expr, legendFormat, range: kind === 'timeseries', instant: kind === 'stat' })),
  };
}
