import { Refusal, type Actor, type Position, type Text } from '@quan-so/contract';
import {
  ANSWER_WINDOW_OPEN,
  OUTCOME_NOT_AS_DRAFTED,
  RESULT_NOT_OF_PROCEDURE,
  SUPPLEMENT_LIMIT_REACHED,
  SUPPLEMENT_WINDOW_CLOSED,
  type Channel,
} from '@quan-so/contracts-applications';
import { answerBy, deadlineFrom, isOver, recount, windowNow, type Counting } from './dossier.deadline.rules.js';
import { actOf, actsWith, stepFor } from './dossier.rules.js';
import { type Applicant, type DossierState, type Draft, type Paper } from './dossier.state.js';
import { local } from './dossier.text.js';
import { type Variant } from './dossier.transitions.js';
import { getTerm, type CaseRules } from './procedure.rules.js';

/** A command on a dossier that exists; what its body holds is the contract's. */
export type Step =
  | { readonly name: 'accept'; readonly note?: string | undefined }
  | { readonly name: 'refuse-intake' | 'withdraw' | 'stop'; readonly reason: string }
  | { readonly name: 'assign'; readonly specialist: string; readonly note?: string | undefined }
  | { readonly name: 'request-supplement'; readonly missing: readonly string[]; readonly reason: string }
  | { readonly name: 'record-supplement'; readonly papers: readonly Paper[]; readonly note?: string | undefined }
  | { readonly name: 'propose'; readonly outcome: 'granted' | 'refused'; readonly result?: string | undefined; readonly reason: string }
  | { readonly name: 'review'; readonly verdict: 'approved' | 'sent-back'; readonly note?: string | undefined }
  | {
      readonly name: 'decide';
      readonly verdict: 'granted' | 'refused' | 'notice' | 'sent-back';
      readonly documentNumber?: string | undefined;
      readonly note?: string | undefined;
    }
  | { readonly name: 'return'; readonly receivedBy: string; readonly note?: string | undefined };

/** What the rules know of the world: who, when, the procedure as it was at receipt, the calendar as it is now. */
export interface Facts {
  readonly actor: Actor;
  readonly now: Date;
  readonly rules: CaseRules;
  readonly counting: Counting;
}

export interface Taken {
  readonly next: DossierState;
  /** The position by which it was done. */
  readonly by: Position;
  readonly note: string | null;
}

/** What comes in before there is a dossier; the code and the sealed numbers are the service's to give. */
export interface Incoming {
  readonly id: string;
  readonly code: string;
  readonly procedure: { readonly code: string; readonly version: number; readonly name: Text };
  readonly case: string;
  readonly channel: Channel;
  readonly summary: string;
  readonly applicant: Applicant;
  readonly papers: readonly Paper[];
  readonly receivingUnit: string;
  readonly unit: string;
  readonly sender: DossierState['sender'];
  readonly supersedes: string | null;
}

/** A dossier that came in: at the counter its clock runs from now, online and by post it waits for the desk. */
export function begin(incoming: Incoming, facts: Omit<Facts, 'actor'>): DossierState {
  const now = facts.now.toISOString();
  const waiting: DossierState = {
    ...incoming,
    version: 1,
    state: 'registered',
    outcome: null,
    receivedAt: now,
    changedAt: now,
    acceptedAt: null,
    deadline: null,
    pauses: [],
    notices: [],
    window: null,
    assignee: null,
    draft: null,
    acts: [],
    finishedAt: null,
    returnedAt: null,
    receivedBy: null,
    unverified: facts.rules.unverified,
    reference: facts.counting.age,
  };
  return incoming.channel === 'counter' ? { ...waiting, ...accepted(facts) } : waiting;
}

/** (state, command, facts) → the next state, or a coded refusal. Nothing else changes a dossier. */
export function take(state: DossierState, step: Step, facts: Facts): Taken {
  const { row, by } = stepFor(state, step.name, variantOf(step, facts.rules), facts.actor);
  for (const guard of row.guards) GUARDS[guard]?.(state, step, facts);
  const changed: DossierState = {
    ...state,
    ...changesOf(state, step, facts),
    version: state.version + 1,
    state: row.to,
    changedAt: facts.now.toISOString(),
    acts: actsWith(state.acts, { action: actOf(row), actor: facts.actor.id }),
    reference: facts.counting.age,
  };
  return { next: { ...changed, window: windowNow(changed, facts.rules, facts.counting) }, by, note: noteOf(step) };
}

/** The dossier under a calendar that has changed: the law's date follows, the printed promise stays. */
export function recompute(state: DossierState, { now, rules, counting }: Omit<Facts, 'actor'>): DossierState {
  const changed = { ...state, version: state.version + 1, changedAt: now.toISOString(), deadline: recount(state, state.pauses, counting, false), reference: counting.age };
  return { ...changed, window: windowNow(changed, rules, counting) };
}

function variantOf(step: Step, rules: CaseRules): Variant {
  switch (step.name) {
    case 'request-supplement':
      return rules.supplement.mode;
    case 'review':
      return step.verdict;
    case 'decide':
      return step.verdict === 'sent-back' ? 'sent-back' : 'signed';
    default:
      return undefined;
  }
}

function noteOf(step: Step): string | null {
  return ('reason' in step ? step.reason : step.note) ?? null;
}

const UNLIMITED: Text = {
  vi: 'Thủ tục này chưa có thời hạn trả lời trong danh mục: chỉ người nộp rút được hồ sơ.',
  en: 'The catalogue sets no time to answer for this procedure: only the person may withdraw it.',
};

const GUARDS: Partial<Record<string, (state: DossierState, step: Step, facts: Facts) => void>> = {
  'notices-left': (state, _step, { rules }) => {
    const given = state.notices.filter((notice) => !notice.atIntake).length;
    if (given < rules.supplement.maxNotices) return;
    throw new Refusal(SUPPLEMENT_LIMIT_REACHED, {
      detail: {
        vi: `Thủ tục cho yêu cầu bổ sung tối đa ${rules.supplement.maxNotices} lần; đã yêu cầu ${given} lần.`,
        en: `The procedure allows ${rules.supplement.maxNotices} requests; ${given} were made.`,
      },
      extra: { allowed: rules.supplement.maxNotices, given },
    });
  },
  'window-open': ({ window }, _step, { now, rules }) => {
    if (window === null || !isOver(window.dueAt, rules.supplement.windows[window.kind], now)) return;
    throw new Refusal(SUPPLEMENT_WINDOW_CLOSED, { extra: { kind: window.kind, dueAt: local(window.dueAt), basis: window.basis } });
  },
  'answer-window-over': ({ notices }, _step, { now, rules }) => {
    const last = notices.at(-1)?.answerBy ?? null;
    if (last !== null && isOver(last, rules.supplement.windows['person-answers'], now)) return;
    throw new Refusal(ANSWER_WINDOW_OPEN, { ...(last === null ? { detail: UNLIMITED } : {}), extra: { answerBy: last === null ? null : local(last) } });
  },
  'as-drafted': ({ draft }, step) => {
    if (step.name !== 'decide' || draft === null || step.verdict === draft.outcome) return;
    throw new Refusal(OUTCOME_NOT_AS_DRAFTED, { extra: { drafted: draft.outcome, asked: step.verdict } });
  },
};

function changesOf(state: DossierState, step: Step, facts: Facts): Partial<DossierState> {
  const now = facts.now.toISOString();
  switch (step.name) {
    case 'accept':
      return accepted(facts);
    case 'refuse-intake':
      return { finishedAt: now };
    case 'withdraw':
      return { finishedAt: now, outcome: 'withdrawn' };
    case 'stop':
      return { finishedAt: now, outcome: 'stopped' };
    case 'assign':
      return { assignee: step.specialist };
    case 'request-supplement':
      return facts.rules.supplement.mode === 'result' && state.state === 'processing' ? noticeDrafted(step, facts.rules) : asked(state, step, facts);
    case 'record-supplement':
      return answered(state, step.papers, facts);
    case 'propose':
      return { draft: drafted(step, facts.rules) };
    case 'review':
      return step.verdict === 'sent-back' ? { draft: null } : {};
    case 'decide':
      return decided(state, step, now);
    case 'return':
      return { returnedAt: now, receivedBy: step.receivedBy };
  }
}

function accepted({ now, rules, counting }: Omit<Facts, 'actor'>): Partial<DossierState> {
  const acceptedAt = now.toISOString();
  const deadline = deadlineFrom(getTerm(rules), acceptedAt, counting);
  const state = 'received' as const;
  return { state, acceptedAt, deadline, window: windowNow({ state, acceptedAt, notices: [] }, rules, counting) };
}

function asked(state: DossierState, step: Extract<Step, { name: 'request-supplement' }>, { now, rules, counting }: Facts): Partial<DossierState> {
  const at = now.toISOString();
  const atIntake = state.acceptedAt === null;
  const notice = {
    number: state.notices.length + 1,
    at,
    missing: step.missing,
    reason: step.reason,
    answerBy: answerBy(rules, at, counting),
    answeredAt: null,
    atIntake,
  };
  const pauses = atIntake ? [] : [...state.pauses, { from: at, to: null, effect: rules.supplement.pauseEffect }];
  return { notices: [...state.notices, notice], pauses };
}

function answered(state: DossierState, papers: readonly Paper[], { now, counting }: Facts): Partial<DossierState> {
  const at = now.toISOString();
  const pauses = state.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
  return {
    papers: [...state.papers, ...papers],
    notices: state.notices.map((notice) => (notice.answeredAt === null ? { ...notice, answeredAt: at } : notice)),
    pauses,
    // The receipt for the papers prints a new appointment.
    deadline: recount(state, pauses, counting, true),
  };
}

function noticeDrafted(step: Extract<Step, { name: 'request-supplement' }>, rules: CaseRules): Partial<DossierState> {
  const result = rules.results.find((one) => one.outcome === 'notice')?.code ?? null;
  return { draft: { outcome: 'notice', result, reason: [step.reason, ...step.missing.map((paper) => `– ${paper}`)].join('\n'), documentNumber: null } };
}

function drafted(step: Extract<Step, { name: 'propose' }>, rules: CaseRules): Draft {
  const fitting = rules.results.filter((one) => one.outcome === step.outcome);
  const result = step.result ?? (fitting.length === 1 ? fitting[0]?.code : undefined) ?? null;
  if (step.result !== undefined && !fitting.some((one) => one.code === step.result)) {
    throw new Refusal(RESULT_NOT_OF_PROCEDURE, { extra: { outcome: step.outcome, results: fitting.map((one) => one.code) } });
  }
  return { outcome: step.outcome, result, reason: step.reason, documentNumber: null };
}

function decided(state: DossierState, step: Extract<Step, { name: 'decide' }>, now: string): Partial<DossierState> {
  if (step.verdict === 'sent-back' || state.draft === null) return { draft: null };
  return { outcome: step.verdict, finishedAt: now, draft: { ...state.draft, documentNumber: step.documentNumber ?? null } };
}

