import { errorType, safeText, safeValue } from './attributes.js';
import { currentIds } from './spans.js';

/** The closed list of what a log line may say beside its message. */
export const LOG_FIELDS = [
  'operation',
  'dossierCode',
  'procedureCode',
  'unit',
  'dataset',
  'eventType',
  'eventId',
  'problem',
  'client',
  'requestId',
  'method',
  'route',
  'status',
  'ms',
  'count',
  'attempt',
  'shard',
  'topic',
  'partition',
  'offset',
  'group',
  'query',
  'migration',
  'database',
  'port',
  'version',
  'reason',
  'signal',
] as const;

export type LogField = (typeof LOG_FIELDS)[number];

/** Fields of a log line. Of `error` its kind and the places it came through are written, never its message. */
export type LogFields = { readonly [field in LogField]?: string | number | boolean | undefined } & {
  readonly error?: unknown;
};

export interface Logger {
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
}

type Sink = (line: string) => void;

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);
const toStderr: Sink = (line) => void process.stderr.write(line);
let sink: Sink = toStderr;

/** Sends the lines of this process elsewhere; without an argument back to stderr. */
export function logTo(other: Sink = toStderr): void {
  sink = other;
}

/** The log of one service: one JSON object per line, with the ids of the active span. `msg` is a constant sentence. */
export function log(service: string): Logger {
  const at = (level: string) => (msg: string, fields: LogFields = {}) => {
    const line = { time: new Date().toISOString(), level, service, msg: safeText(msg), ...currentIds(), ...safeFields(fields) };
    sink(`${JSON.stringify(line)}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function safeFields(fields: LogFields): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') safe['error'] = errorFields(value);
    else if (ALLOWED.has(name)) {
      const kept = safeValue(value);
      if (kept !== undefined) safe[name] = kept;
    }
  }
  return safe;
}

function errorFields(error: unknown): Record<string, unknown> {
  const stack = error instanceof Error ? error.stack : undefined;
  // Lines of a stack before the first `at` are the message, which may quote data.
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8) ?? [];
  return { type: errorType(error), ...(frames.length > 0 ? { at: frames.map((frame) => safeText(frame.trim())) } : {}) };
}
