/**
 * The closed list of what may leave in a span. HTTP and database names are stable in OpenTelemetry's semantic
 * conventions 1.44; messaging names are still in development there, so they are pinned here and nowhere else.
 */
export const ATTRIBUTES = [
  'quanso.service',
  'quanso.operation',
  'quanso.dossier.code',
  'quanso.procedure.code',
  'quanso.unit',
  'quanso.dataset',
  'quanso.event.type',
  'quanso.problem',
  'quanso.client',
  'quanso.request.id',
  'quanso.replayed',
  'quanso.shard',
  'quanso.parked',
  'quanso.attempt',
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'http.request.body.size',
  'http.response.body.size',
  'network.protocol.version',
  'server.address',
  'server.port',
  'db.system.name',
  'db.namespace',
  'db.query.name',
  'db.operation.name',
  'db.response.returned_rows',
  'db.response.status_code',
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.destination.partition.id',
  'messaging.consumer.group.name',
  'messaging.message.id',
  'messaging.batch.message_count',
  'messaging.kafka.offset',
  'error.type',
] as const;

export type AttributeName = (typeof ATTRIBUTES)[number];
export type AttributeValue = string | number | boolean;

/** Attributes of a span; anything outside the list does not compile, and is dropped at run time all the same. */
export type Attrs = { readonly [name in AttributeName]?: AttributeValue | undefined };

const ALLOWED: ReadonlySet<string> = new Set(ATTRIBUTES);
const LONGEST = 200;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
// Personal numbers have exactly 12 digits (Luật Căn cước 26/2023/QH15, Điều 12); people also write them in groups.
const PERSONAL_NUMBER = /(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)/;
// Every JSON Web Token begins with the base64url of `{"`.
const TOKEN = /eyJ[A-Za-z0-9_-]{6,}/;
export const REMOVED = '[removed]';

/** The text, bounded; a text that holds what looks like a personal number or a token is withheld whole. */
export function safeText(text: string): string {
  const bare = text.replace(UUID, '');
  if (PERSONAL_NUMBER.test(bare) || TOKEN.test(bare)) return REMOVED;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** What of `given` may leave: listed names with plain values. Callers that went around the types are not trusted. */
export function allowedAttributes(given: Attrs): Record<string, AttributeValue> {
  const allowed: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!ALLOWED.has(name)) continue;
    const safe = safeValue(value);
    if (safe !== undefined) allowed[name] = safe;
  }
  return allowed;
}

/** Numbers are looked at as text too: a personal number may come as one. */
export function safeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return safeText(String(value)) === REMOVED ? REMOVED : value;
  return undefined;
}

const ERROR_TYPE = /^[A-Za-z_][A-Za-z0-9_]{0,59}$|^[0-9A-Z]{5}$/;

/**
 * The kind of an error, for `error.type`: the code of a refusal, an SQLSTATE, a Node code or the class name.
 * Never its message: messages quote data.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { problem, code, name } = error as { problem?: { code?: unknown }; code?: unknown; name?: unknown };
  for (const candidate of [problem?.code, code, name]) {
    if (typeof candidate === 'string' && ERROR_TYPE.test(candidate) && safeText(candidate) !== REMOVED) return candidate;
  }
  return 'Error';
}
