import { Refusal } from '@quan-so/contract';
import { overlap, VALIDITY_OVERLAP, type ReferenceKind } from '@quan-so/contracts-data';
import { addDays, parseLocalDate } from '@quan-so/language';

/** Days inclusive. */
export interface Period {
  readonly validFrom: string;
  readonly validTo: string | null;
}

export interface VersionPeriod extends Period {
  readonly version: number;
}

/** What publishing does to the versions before: at most one ends on the day before the new one begins. */
export interface Placement {
  readonly version: number;
  readonly closes: { readonly version: number; readonly validTo: string } | undefined;
}

/**
 * Where a new version goes among those of its code. It may follow the others, fill a gap, take the tail of the one version
 * it overlaps, or replace a version from its first day on (that is how validity is ended). Throws Refusal
 * VALIDITY_OVERLAP for anything that would cut a version in two or cover more than one.
 */
export function place(existing: readonly VersionPeriod[], next: Period): Placement {
  const version = Math.max(0, ...existing.map((one) => one.version)) + 1;
  const overlapped = existing.filter((one) => overlap(one, next));
  const [first, ...others] = overlapped.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  if (first === undefined) return { version, closes: undefined };
  const wrong = others[0] ?? (takesTail(first, next) ? undefined : first);
  if (wrong !== undefined) {
    throw new Refusal(VALIDITY_OVERLAP, { extra: { version: wrong.version, validFrom: wrong.validFrom, validTo: wrong.validTo } });
  }
  return { version, closes: { version: first.version, validTo: addDays(parseLocalDate(next.validFrom), -1) } };
}

function takesTail(before: Period, next: Period): boolean {
  if (before.validFrom === next.validFrom) return true;
  const outlives = next.validTo === null || (before.validTo !== null && before.validTo <= next.validTo);
  return before.validFrom < next.validFrom && outlives;
}

/** The body as it is published: version and validity are the item's, wherever the body repeats them. */
export function stamped(kind: ReferenceKind, body: Readonly<Record<string, unknown>>, item: VersionPeriod): Record<string, unknown> {
  const { version, validFrom, validTo } = item;
  return { ...body, ...(kind === 'calendar' ? { version } : {}), validFrom, validTo };
}
