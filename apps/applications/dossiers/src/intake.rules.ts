import { Refusal } from '@quan-so/contract';
import {
  PERSONAL_NUMBER_REFUSED,
  PROCEDURE_NOT_IN_FORCE,
  SUPERSEDED_UNFIT,
  UNIT_NOT_CHOSEN,
} from '@quan-so/contracts-applications';
import { type Procedure } from '@quan-so/contracts-data';
import { isWithin, LanguageError, parsePersonalNumber } from '@quan-so/language';
import { type DossierState } from './dossier.state.js';

/** Where a caller may receive, as `unitsInScope` answers it. */
export interface Reach {
  readonly all: boolean;
  readonly units: readonly string[];
  readonly exactUnits: readonly string[];
}

/**
 * The desk that is meant when none is named: the only one of the caller's that receives the procedure, their own unit
 * first, those in force before those dissolved. Throws UNIT_NOT_CHOSEN, PROCEDURE_NOT_IN_FORCE when there is none.
 */
export function chooseReceivingUnit({ receivingUnits }: Pick<Procedure, 'receivingUnits'>, reach: Reach, inForce: readonly { readonly code: string }[]): string {
  const own = (unit: string): boolean => reach.units.includes(unit) || reach.exactUnits.includes(unit);
  const reached = receivingUnits.filter((unit) => reach.all || own(unit) || reach.units.some((tree) => isWithin(tree, unit)));
  const open = reached.filter((unit) => inForce.some(({ code }) => code === unit));
  const candidates = open.length > 0 ? open : reached;
  const ofOwn = candidates.filter(own);
  const [only, ...others] = ofOwn.length === 1 ? ofOwn : candidates;
  if (only === undefined) throw notReceived(receivingUnits);
  if (others.length > 0) throw new Refusal(UNIT_NOT_CHOSEN, { extra: { units: [...candidates] } });
  return only;
}

/** The desk that is named, when it receives the procedure. Throws PROCEDURE_NOT_IN_FORCE. */
export function getReceivingUnit(asked: string, { receivingUnits }: Pick<Procedure, 'receivingUnits'>): string {
  if (!receivingUnits.includes(asked)) throw notReceived(receivingUnits);
  return asked;
}

function notReceived(receivingUnits: readonly string[]): Refusal {
  return new Refusal(PROCEDURE_NOT_IN_FORCE, {
    detail: {
      vi: `Thủ tục này tiếp nhận tại: ${receivingUnits.join(', ')}.`,
      en: `This procedure is received at: ${receivingUnits.join(', ')}.`,
    },
    extra: { receivingUnits: [...receivingUnits] },
  });
}

/**
 * People who do not exist have numbers with 999. Production takes no such number; everywhere else nothing but such numbers
 * is taken, so that no real person ends up in a trial. Throws PERSONAL_NUMBER_REFUSED, which never repeats the number.
 */
export function demandPersonalNumber(number: string, profile: 'local' | 'trial' | 'production'): void {
  if (isTest(number) === (profile !== 'production')) return;
  throw new Refusal(PERSONAL_NUMBER_REFUSED, {
    detail:
      profile === 'production'
        ? { vi: 'Số 999… là số thử, không dùng ở môi trường thật.', en: 'Numbers with 999 are for tests; this is production.' }
        : { vi: 'Môi trường thử chỉ nhận số bắt đầu bằng 999, không nhận số của người thật.', en: 'Here only numbers with 999 are taken, none of a real person.' },
    faults: [{ pointer: '/body/applicant/personalNumber', code: 'PERSONAL_NUMBER_REFUSED', detail: PERSONAL_NUMBER_REFUSED.title }],
  });
}

function isTest(number: string): boolean {
  try {
    return parsePersonalNumber(number, { prefixes: [], allowTest: true }).test;
  } catch (error) {
    // Twelve digits by its schema; anything else is refused in either profile.
    if (error instanceof LanguageError) throw new Refusal(PERSONAL_NUMBER_REFUSED, { detail: error.words });
    throw error;
  }
}

/** Filed anew is only what ended with a notice of corrections, under the same procedure. Throws SUPERSEDED_UNFIT. */
export function demandSuperseded(earlier: DossierState | undefined, procedure: string): void {
  const ended = earlier?.outcome === 'notice' && (earlier.state === 'decided' || earlier.state === 'returned');
  if (ended && earlier.procedure.code === procedure) return;
  throw new Refusal(SUPERSEDED_UNFIT);
}

/** One text for one content: names in order, whatever order they were sent in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
