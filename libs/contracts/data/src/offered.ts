import { mostSpecific } from './reference.checks.js';
import { DECISIVE_FIELDS, rowsOn, type Procedure } from './reference.procedure.js';

export type OfferField = (typeof DECISIVE_FIELDS)[number] | 'cases' | 'channels';

export type Offer = { readonly offered: true } | { readonly offered: false; readonly because: readonly OfferField[] };

/**
 * Fields of a case and channel that nobody has verified; the most specific statement counts (case and channel, case,
 * channel, neither). A dossier that an outside master system hands in is taken all the same and shows them.
 */
export function unverifiedFields(procedure: Procedure, ofCase: string, ofChannel: string): readonly OfferField[] {
  return DECISIVE_FIELDS.filter((field) => {
    const said = mostSpecific(rowsOn(procedure.verification, field), ofCase, ofChannel);
    if (field === 'term' && mostSpecific(procedure.durations, ofCase, ofChannel) === undefined) return true;
    return said?.verified !== true;
  });
}

/**
 * Whether a case may be offered to people through a channel: it exists, and its term, windows, mode and basis are verified.
 * `because` names what stands against it. Law changes faster than catalogues: what is not verified is not promised.
 */
export function offeredTo(procedure: Procedure, ofCase: string, ofChannel: 'online' | 'post' | 'counter'): Offer {
  const because: OfferField[] = [
    ...(procedure.cases.some(({ code }) => code === ofCase) ? [] : (['cases'] as const)),
    ...(procedure.channels[ofChannel].available ? [] : (['channels'] as const)),
    ...unverifiedFields(procedure, ofCase, ofChannel),
  ];
  return because.length === 0 ? { offered: true } : { offered: false, because };
}
