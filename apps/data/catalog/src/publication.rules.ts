import { Refusal } from '@quan-so/contract';
import { REFERENCE_INVALID, referenceFaults, type ReferenceKind, type ReferencePublishedData, type ReferenceSet } from '@quan-so/contracts-data';
import { formatInstant, LanguageError, parseLocalDate } from '@quan-so/language';
import { demandFitting } from './proposal.rules.js';
import { type Body, type ItemRow } from './reference.queries.js';
import { place, type Period, type Placement } from './reference.rules.js';

interface Entry {
  readonly kind: ReferenceKind;
  readonly body: Body;
}

/**
 * Where a body would go among everything published, checked as a pack is checked at load. Throws Refusal
 * VALIDITY_OVERLAP or REFERENCE_INVALID with every fault the change would bring.
 */
export function fit(rows: readonly ItemRow[], kind: ReferenceKind, body: Body): Placement {
  const period = periodOf(body);
  demandDays(period);
  const code = String(body['code']);
  const ofCode = rows.filter((row) => row.kind === kind && row.code === code);
  const placement = place(ofCode.map((row) => ({ version: row.version, validFrom: row.valid_from, validTo: row.valid_to })), period);
  const before = rows.map(entryOf);
  const closed = rows.map((row) => (ofCode.includes(row) && row.version === placement.closes?.version ? closedEntry(row, placement.closes.validTo) : entryOf(row)));
  const after = [...closed, { kind, body }];
  demandFitting(referenceFaults(setOf(before)), referenceFaults(setOf(after)), { kind, code });
  return placement;
}

/** The event that tells one version, new or closed. */
export function publishedOf(row: Omit<ItemRow, 'revision'>): ReferencePublishedData {
  return {
    kind: row.kind,
    code: row.code,
    version: row.version,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    publishedAt: formatInstant(row.published_at.getTime()),
    body: row.body as ReferencePublishedData['body'],
  };
}

/** Throws Refusal REFERENCE_INVALID for a day that exists but is none of our time: what is counted from it would fail. */
function demandDays(period: Period): void {
  const faults = Object.entries(period).flatMap(([name, day]: [string, string | null]) => {
    try {
      if (day !== null) parseLocalDate(day);
      return [];
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      return [{ pointer: `/body/body/${name}`, code: error.code, detail: error.words }];
    }
  });
  if (faults.length > 0) throw new Refusal(REFERENCE_INVALID, { faults });
}

function periodOf(body: Body): Period {
  return { validFrom: String(body['validFrom']), validTo: (body['validTo'] as string | null | undefined) ?? null };
}

function entryOf({ kind, body }: ItemRow): Entry {
  return { kind, body };
}

function closedEntry({ kind, body }: ItemRow, validTo: string): Entry {
  return { kind, body: { ...body, validTo } };
}

/** Versions that were replaced from their first day on are never in force: nothing can be wrong with them any more. */
function setOf(entries: readonly Entry[]): ReferenceSet {
  const live = entries.filter(({ body }, index) => index === entries.length - 1 || isLive(periodOf(body)));
  const of = (kind: ReferenceKind): never => live.filter((entry) => entry.kind === kind).map((entry) => entry.body) as never;
  return { authority: of('authority'), unit: of('unit'), procedure: of('procedure'), calendar: of('calendar'), 'code-list': of('code-list') };
}

function isLive({ validFrom, validTo }: Period): boolean {
  return validTo === null || validTo >= validFrom;
}
