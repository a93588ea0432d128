import { type RecordChangedData } from '@quan-so/contracts-data';
import { searchTokens } from '@quan-so/language';

/** One version of a record, as the warehouse keeps it. Instants are RFC 3339. */
export interface StoredVersion {
  readonly dataset: string;
  readonly key: string;
  readonly version: number;
  readonly code: string;
  readonly unit: string;
  readonly receivingUnit: string;
  readonly status: string;
  readonly title: string;
  readonly changedAt: string;
  readonly traceId: string | null;
  /** Null when its owner did not say it. */
  readonly command: string | null;
  /** JSON. */
  readonly body: string;
}

/** The version an event tells, with stray personal numbers masked. */
export function versionOf(data: RecordChangedData, traceparent: string | undefined): StoredVersion {
  const { dataset, key, version, code, unit, receivingUnit, status, changedAt } = data;
  return {
    dataset,
    key,
    version,
    code,
    unit,
    receivingUnit,
    status,
    title: masked(data.title),
    changedAt,
    traceId: traceOf(traceparent),
    command: data.command ?? null,
    body: maskedText(data.body),
  };
}

/** Of each record the highest version of a batch, in key order: two batches then lock rows in the same order. */
export function latestOf(versions: readonly StoredVersion[]): readonly StoredVersion[] {
  const latest = new Map<string, StoredVersion>();
  for (const version of versions) {
    const identity = `${version.dataset} ${version.key}`;
    const known = latest.get(identity);
    if (known === undefined || known.version < version.version) latest.set(identity, version);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, version]) => version);
}

/** How far the owner of a dataset has been heard: the latest time of its events and of its changes, RFC 3339 or ISO 8601 in UTC. */
export interface Heard {
  readonly dataset: string;
  readonly at: string;
  readonly changedAt: string;
}

/** Of each dataset the latest times of a batch, in the order of their codes. */
export function heardOf(events: readonly Heard[]): readonly Heard[] {
  const latest = new Map<string, { at: number; changedAt: number }>();
  for (const { dataset, at, changedAt } of events) {
    const known = latest.get(dataset) ?? { at: -Infinity, changedAt: -Infinity };
    latest.set(dataset, { at: Math.max(known.at, Date.parse(at)), changedAt: Math.max(known.changedAt, Date.parse(changedAt)) });
  }
  const iso = (ms: number): string => new Date(ms).toISOString();
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([dataset, { at, changedAt }]) => ({ dataset, at: iso(at), changedAt: iso(changedAt) }));
}

/** The units a record belongs to and every unit above them: `H99.05.01` gives H99, H99.05, H99.05.01. */
export function scopeOf(units: readonly string[]): readonly string[] {
  const trees = units.flatMap((unit) => {
    const groups = unit.split('.');
    return groups.map((_, index) => groups.slice(0, index + 1).join('.'));
  });
  return [...new Set(trees)].sort();
}

/** Words without tone marks and case, each once. A code is parted too: people type its tail (`261124-0001`). */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(searchTokens(text).flatMap((token) => token.split(/[.\-/]/)))];
}

/** What a record is found by: every word of code and title after a space, so that `% an%` means "a word begins with an". */
export function searchTextOf(version: Pick<StoredVersion, 'code' | 'title'>): string {
  return wordsOf(`${version.code} ${version.title}`).map((word) => ` ${word}`).join('');
}

/**
 * A run of exactly 12 digits in free text is taken for a personal number (NĐ 137/2015/NĐ-CP Điều 13) and masked: the
 * owner sends masked numbers, but people type numbers into summaries. The last group of a UUID is not such a run.
 */
const TWELVE_DIGITS = /(?<!\d)(?<![0-9a-f]{4}-)\d{12}(?!\d)/g;

/** JSON as text, masked. Nearly no body has such a run, and only one that has is copied for it. */
function maskedText(body: RecordChangedData['body']): string {
  const text = JSON.stringify(body);
  return /\d{12}/.test(text) ? JSON.stringify(masked(body)) : text;
}

/** The same JSON with personal numbers in its texts shown as 999*******10. */
export function masked<T>(value: T): T {
  return maskedJson(value) as T;
}

function maskedJson(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(TWELVE_DIGITS, (digits) => `${digits.slice(0, 3)}*******${digits.slice(-2)}`);
  if (Array.isArray(value)) return value.map(maskedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskedJson(inner)]));
}

/** Trace id of a W3C traceparent; null when there is none. */
function traceOf(traceparent: string | undefined): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1] ?? null;
}
