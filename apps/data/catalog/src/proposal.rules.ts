import { Refusal, type Actor, type Fault } from '@quan-so/contract';
import {
  PROPOSAL_OUTDATED,
  PROPOSAL_SAME_PERSON,
  PROPOSAL_STATE,
  REFERENCE_INVALID,
  type ReferenceFault,
  type ReferenceKind,
} from '@quan-so/contracts-data';
import { actsExcluded } from '@quan-so/contracts-security';

/** What the rules look at in a proposal. */
export interface ProposalFacts {
  readonly state: 'proposed' | 'published' | 'rejected';
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly based_on: number;
  readonly proposed_by: { readonly id: string };
}

/** Throws Refusal PROPOSAL_STATE when somebody has decided already. */
export function demandOpen(proposal: ProposalFacts): void {
  if (proposal.state !== 'proposed') throw new Refusal(PROPOSAL_STATE, { extra: { state: proposal.state } });
}

/** Throws Refusal PROPOSAL_SAME_PERSON when the publisher would publish what he proposed. */
export function demandOtherPerson(proposal: ProposalFacts, publisher: Actor): void {
  const acts = [{ action: 'reference.propose', actor: proposal.proposed_by.id }];
  const broken = actsExcluded(acts, { action: 'reference.publish', actor: publisher.id });
  if (broken !== undefined) throw new Refusal(PROPOSAL_SAME_PERSON, { detail: broken.why, extra: { separation: broken.code } });
}

/** Throws Refusal PROPOSAL_OUTDATED when the item has moved on: publishing would silently undo what came between. */
export function demandCurrent(proposal: ProposalFacts, latestVersion: number): void {
  if (latestVersion !== proposal.based_on) {
    throw new Refusal(PROPOSAL_OUTDATED, { extra: { basedOn: proposal.based_on, currentVersion: latestVersion } });
  }
}

/** Throws Refusal REFERENCE_INVALID with every fault that the change brings; faults that stood before are not its doing. */
export function demandFitting(before: readonly ReferenceFault[], after: readonly ReferenceFault[], changed: { kind: ReferenceKind; code: string }): void {
  const known = new Set(before.map(identityOf));
  const brought = after.filter((fault) => !known.has(identityOf(fault)));
  if (brought.length === 0) return;
  throw new Refusal(REFERENCE_INVALID, { faults: brought.slice(0, 50).map((fault) => faultOf(fault, changed)) });
}

function identityOf({ kind, code, pointer, fault, words }: ReferenceFault): string {
  return JSON.stringify([kind, code, pointer, fault, words.en]);
}

/** Faults of the proposed body point into the request; those of another item name it. */
function faultOf({ kind, code, pointer, fault, words }: ReferenceFault, changed: { kind: ReferenceKind; code: string }): Fault {
  const own = kind === changed.kind && code === changed.code;
  return { pointer: own ? `/body/body${pointer}` : `/catalogue/${kind}/${code}${pointer}`, code: fault, detail: words };
}
