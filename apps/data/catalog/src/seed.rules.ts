import { type AuthorityPack } from '@quan-so/contracts-data/pack';
import { type ReferenceKind } from '@quan-so/contracts-data';
import { type Body } from './reference.queries.js';
import { stamped, type VersionPeriod } from './reference.rules.js';

export interface SeedItem extends VersionPeriod {
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly body: Body;
}

type PackBody = { readonly code: string; readonly validFrom: string; readonly validTo: string | null };

/** Everything a pack says, as versions: those of one code are numbered by their first day. Units and calendars come before what names them. */
export function seedItems(pack: AuthorityPack): readonly SeedItem[] {
  return [
    ...versionsOf('calendar', pack.calendars),
    ...versionsOf('unit', pack.units),
    ...versionsOf('authority', [pack.authority]),
    ...versionsOf('code-list', pack.codeLists),
    ...versionsOf('procedure', pack.procedures),
  ];
}

function versionsOf(kind: ReferenceKind, bodies: readonly PackBody[]): readonly SeedItem[] {
  const sorted = [...bodies].sort((a, b) => (a.code === b.code ? compare(a.validFrom, b.validFrom) : compare(a.code, b.code)));
  return sorted.map((body, index) => {
    const earlier = sorted.slice(0, index).filter(({ code }) => code === body.code).length;
    const item = { version: earlier + 1, validFrom: body.validFrom, validTo: body.validTo };
    return { ...item, kind, code: body.code, body: stamped(kind, { ...body }, item) };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
