export { ATTRIBUTES, errorType, type AttributeName, type AttributeValue, type Attrs } from './attributes.js';
export { NO_TRACE, currentTraceId, currentTraceparent, inSpan, isSampled, openSpan, setOnRequestSpan, type OpenSpan, type SpanHandle, type SpanOptions } from './spans.js';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.js';
export { count, measure, reading, watch, type GaugeSource } from './metrics.js';
export { METRICS, type MetricName, type Reading } from './metric-names.js';
export { LOG_FIELDS, log, logTo, type LogField, type LogFields, type Logger } from './log.js';
export { TraceStore, type StoredSpan, type StoredTrace, type TraceQuery, type TraceSummary } from './trace-store.js';
export { tracesPage, type PageAnswer } from './traces-page.js';
