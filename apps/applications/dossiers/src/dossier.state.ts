import { type Act } from '@quan-so/contracts-security';
import { type Term } from '@quan-so/language';
import { type Channel, type DossierStateName, type Outcome } from '@quan-so/contracts-applications';
import { type Text } from '@quan-so/contract';

/** Instants are ISO 8601 in UTC: the state is kept as JSON, one snapshot per version. */
export type Instant = string;

export interface Applicant {
  readonly kind: 'citizen' | 'organisation' | 'state-agency' | 'other';
  readonly name: string;
  /** Sealed (AES-256-GCM); the open number exists only in the request. */
  readonly personalNumber: string | null;
  readonly personalNumberMasked: string | null;
  readonly organisationCode: string | null;
  readonly phone: string | null;
  readonly phoneMasked: string | null;
  readonly address: string | null;
}

export interface Paper {
  readonly name: string;
  readonly originals: number;
  readonly copies: number;
}

export interface Pause {
  readonly from: Instant;
  readonly to: Instant | null;
  readonly effect: 'shift' | 'restart';
}

export interface Notice {
  readonly number: number;
  readonly at: Instant;
  readonly missing: readonly string[];
  readonly reason: string;
  readonly answerBy: Instant | null;
  readonly answeredAt: Instant | null;
  /** Asked before intake: no clock ran, and it does not count against the notices of the procedure. */
  readonly atIntake: boolean;
}

export interface Deadline {
  readonly term: Term;
  readonly dueAt: Instant;
  /** The date printed on the receipt (Mẫu 01); a calendar that changes later never takes it away. */
  readonly promisedAt: Instant;
  readonly calendar: { readonly code: string; readonly version: number };
}

export interface Draft {
  readonly outcome: 'granted' | 'refused' | 'notice';
  readonly result: string | null;
  readonly reason: string;
  readonly documentNumber: string | null;
}

/** A dossier at one version: what the rules look at, what history keeps, what answers are made from. */
export interface DossierState {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly state: DossierStateName;
  readonly outcome: Outcome | null;
  readonly procedure: { readonly code: string; readonly version: number; readonly name: Text };
  readonly case: string;
  readonly channel: Channel;
  readonly summary: string;
  readonly applicant: Applicant;
  readonly papers: readonly Paper[];
  readonly receivingUnit: string;
  readonly unit: string;
  readonly sender: { readonly system: string; readonly submittedAt: Instant } | null;
  readonly supersedes: string | null;
  readonly receivedAt: Instant;
  /** When this version came to be. */
  readonly changedAt: Instant;
  readonly acceptedAt: Instant | null;
  readonly deadline: Deadline | null;
  readonly pauses: readonly Pause[];
  readonly notices: readonly Notice[];
  readonly window: { readonly kind: 'first-notice' | 'second-notice' | 'refuse-after-second'; readonly dueAt: Instant; readonly basis: string } | null;
  /** Username of the specialist. */
  readonly assignee: string | null;
  readonly draft: Draft | null;
  /** Acts that must be kept apart (separation of duties), with who did them. */
  readonly acts: readonly Act[];
  readonly finishedAt: Instant | null;
  readonly returnedAt: Instant | null;
  readonly receivedBy: string | null;
  readonly unverified: readonly string[];
  readonly reference: { readonly asOf: Instant | null; readonly seconds: number | null };
}
