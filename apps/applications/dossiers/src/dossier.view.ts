import { DOSSIER_COMMANDS, DOSSIER_STATES, NATIONAL_STATUSES, nationalStatusOf, type DossierCommandName, type DossierStateName, type DossierView, type JourneyView } from '@quan-so/contracts-applications';
import { type RecordChangedData } from '@quan-so/contracts-data';
import { possibleWords, roleWords } from './dossier.rules.js';
import { type Applicant, type Deadline, type DossierState, type Draft, type Instant, type Notice, type Pause } from './dossier.state.js';
import { cut, local, withoutNumbers } from './dossier.text.js';

const localOrNull = (instant: Instant | null): string | null => (instant === null ? null : local(instant));

/** What is possible follows from the state alone, so its words are made once. */
const POSSIBLE = Object.fromEntries((Object.keys(DOSSIER_STATES) as DossierStateName[]).map((state) => [state, possibleWords(state)])) as Record<DossierStateName, DossierView['possible']>;

/**
 * A dossier as answers show it: made from the snapshot alone, so that a repeated request gets the same bytes. Texts that
 * people typed lose personal numbers here, the one way out of this service.
 */
export function viewOf(state: DossierState): DossierView {
  return {
    id: state.id,
    code: state.code,
    version: state.version,
    state: state.state,
    status: statusOf(state.state),
    outcome: state.outcome,
    procedure: { ...state.procedure, name: { ...state.procedure.name } },
    case: state.case,
    channel: state.channel,
    summary: withoutNumbers(state.summary),
    applicant: applicantOf(state.applicant),
    papers: state.papers.map((paper) => ({ ...paper, name: withoutNumbers(paper.name) })),
    receivingUnit: state.receivingUnit,
    unit: state.unit,
    sender: state.sender === null ? null : { system: state.sender.system, submittedAt: local(state.sender.submittedAt) },
    supersedes: state.supersedes,
    receivedAt: local(state.receivedAt),
    acceptedAt: localOrNull(state.acceptedAt),
    deadline: state.deadline === null ? null : deadlineOf(state.deadline, state.pauses),
    notices: state.notices.map(noticeOf),
    window: state.window === null ? null : { ...state.window, dueAt: local(state.window.dueAt) },
    assignee: state.assignee,
    result: state.draft === null ? null : draftOf(state.draft),
    finishedAt: localOrNull(state.finishedAt),
    returnedAt: localOrNull(state.returnedAt),
    unverified: [...state.unverified],
    referenceAge: { asOf: localOrNull(state.reference.asOf), seconds: state.reference.seconds },
    possible: POSSIBLE[state.state],
  };
}

/** As it leaves the authority: a draft is nobody's result until it is signed. */
export function outwardViewOf(state: DossierState, view: DossierView = viewOf(state)): DossierView {
  const signed = state.state === 'decided' || state.state === 'returned';
  return signed ? view : { ...view, result: null };
}

function statusOf(name: DossierStateName): DossierView['status'] {
  const code = nationalStatusOf(name);
  return { code, name: NATIONAL_STATUSES[code] };
}

function applicantOf(applicant: Applicant): DossierView['applicant'] {
  const { kind, name, organisationCode, address } = applicant;
  return {
    kind,
    name: withoutNumbers(name),
    personalNumber: applicant.personalNumberMasked,
    organisationCode,
    phone: applicant.phoneMasked,
    address: address === null ? null : withoutNumbers(address),
  };
}

function noticeOf({ number, at, missing, reason, answerBy, answeredAt }: Notice): DossierView['notices'][number] {
  return {
    number,
    at: local(at),
    missing: missing.map(withoutNumbers),
    reason: withoutNumbers(reason),
    answerBy: localOrNull(answerBy),
    answeredAt: localOrNull(answeredAt),
  };
}

function draftOf(draft: Draft): DossierView['result'] {
  const { documentNumber, reason } = draft;
  return { ...draft, reason: withoutNumbers(reason), documentNumber: documentNumber === null ? null : withoutNumbers(documentNumber) };
}

function deadlineOf({ term, dueAt, promisedAt, calendar }: Deadline, pauses: readonly Pause[]): DossierView['deadline'] {
  return {
    term,
    dueAt: local(dueAt),
    appointmentAt: local(promisedAt < dueAt ? promisedAt : dueAt),
    pausedSince: localOrNull(pauses.find((pause) => pause.to === null)?.from ?? null),
    calendar: { ...calendar },
  };
}

/** What the data layer is told: the dossier without what depends on the moment or on who asks, and by which command it became so. `view` is `viewOf(state)`. */
export function recordOf(state: DossierState, view: DossierView, command: DossierCommandName): RecordChangedData {
  const { possible: _possible, referenceAge: _age, ...body } = outwardViewOf(state, view);
  return {
    dataset: 'dossiers',
    key: state.id,
    version: state.version,
    code: state.code,
    unit: state.unit,
    receivingUnit: state.receivingUnit,
    status: String(body.status.code),
    title: titleOf(state),
    changedAt: local(state.changedAt),
    command,
    // As it will be written: JSON has no undefined.
    body: JSON.parse(JSON.stringify(body)) as RecordChangedData['body'],
  };
}

/** Words by which a dossier is found: whose, which procedure, what about. */
export function titleOf(state: Pick<DossierState, 'applicant' | 'procedure' | 'summary'>): string {
  return cut(withoutNumbers(`${state.applicant.name} – ${state.procedure.name.vi} – ${state.summary}`), 2000);
}

/** One row of the history, as it was written with its step. */
export interface HistoryRow {
  readonly version: number;
  readonly at: Date;
  readonly command: keyof typeof DOSSIER_COMMANDS;
  readonly from_state: DossierStateName | null;
  readonly to_state: DossierStateName;
  readonly actor: { kind: 'person' | 'system'; name: string; username: string; role: string | null; unit: string | null };
  readonly note: string | null;
  readonly trace_id: string;
  readonly due_at: string | null;
}

/** The journey of a dossier from its history. */
export function journeyOf(code: string, rows: readonly HistoryRow[]): JourneyView {
  return {
    code,
    steps: rows.map((row) => ({
      number: row.version,
      at: local(row.at.toISOString()),
      command: row.command,
      name: DOSSIER_COMMANDS[row.command],
      from: row.from_state,
      to: row.to_state,
      statusBefore: row.from_state === null ? null : statusOf(row.from_state),
      statusAfter: statusOf(row.to_state),
      by: { ...row.actor, role: row.actor.role === null ? null : { code: row.actor.role, name: roleWords(row.actor.role) } },
      note: row.note === null ? null : withoutNumbers(row.note),
      dueAt: localOrNull(row.due_at),
      traceId: row.trace_id,
    })),
  };
}

