import { type PermissionDef } from '@quan-so/contract';
import {
  DOSSIER_ASSIGN,
  DOSSIER_DECIDE,
  DOSSIER_HAND_IN,
  DOSSIER_PROPOSE,
  DOSSIER_RECEIVE,
  DOSSIER_RECORD_SUPPLEMENT,
  DOSSIER_REFUSE_INTAKE,
  DOSSIER_REQUEST_SUPPLEMENT,
  DOSSIER_RETURN,
  DOSSIER_REVIEW,
  DOSSIER_STOP,
  DOSSIER_WITHDRAW,
  type DossierCommandName,
  type DossierStateName,
} from '@quan-so/contracts-applications';
import { type RoleCode } from '@quan-so/contracts-security';

/** Which row is meant when one command leads to several states. */
export type Variant =
  | 'counter'
  | 'post'
  | 'pause'
  | 'result'
  | 'approved'
  | 'signed'
  | 'sent-back'
  | undefined;

/** Facts that must hold besides the state; the rules know each by name. */
export type Guard = 'offered' | 'notices-left' | 'window-open' | 'answer-window-over' | 'as-drafted';

export interface Transition {
  readonly from: DossierStateName | null;
  readonly command: DossierCommandName;
  readonly variant?: Variant;
  readonly to: DossierStateName;
  readonly permission: PermissionDef;
  readonly roles: readonly RoleCode[];
  readonly guards: readonly Guard[];
}

const OPEN: readonly DossierStateName[] = [
  'registered',
  'incomplete-at-intake',
  'received',
  'processing',
  'awaiting-supplement',
  'proposed',
  'reviewed',
];

/**
 * The one table of a dossier's life: legality, refusals, journey and the diagram in the README come from it.
 * Withdrawal is the person's right while no decision exists (NĐ 118/2025/NĐ-CP Điều 21), hence from every open state.
 * The desk asks for papers before intake, the specialist after it; a head who sends back gives the work to the same hand.
 */
export const TRANSITIONS: readonly Transition[] = [
  row(null, 'receive', 'received', DOSSIER_RECEIVE, ['desk-clerk'], { variant: 'counter', guards: ['offered'] }),
  row(null, 'receive', 'registered', DOSSIER_RECEIVE, ['desk-clerk'], { variant: 'post', guards: ['offered'] }),
  row(null, 'hand-in', 'registered', DOSSIER_HAND_IN, ['filing-system']),
  row('registered', 'accept', 'received', DOSSIER_RECEIVE, ['desk-clerk']),
  row('registered', 'refuse-intake', 'refused-at-intake', DOSSIER_REFUSE_INTAKE, ['desk-clerk', 'desk-head']),
  row('registered', 'request-supplement', 'incomplete-at-intake', DOSSIER_REQUEST_SUPPLEMENT, ['desk-clerk']),
  row('incomplete-at-intake', 'record-supplement', 'registered', DOSSIER_RECORD_SUPPLEMENT, ['desk-clerk']),
  row('incomplete-at-intake', 'stop', 'stopped', DOSSIER_STOP, ['division-head'], { guards: ['answer-window-over'] }),
  row('received', 'assign', 'processing', DOSSIER_ASSIGN, ['division-head', 'authority-lead']),
  row('processing', 'assign', 'processing', DOSSIER_ASSIGN, ['division-head', 'authority-lead']),
  row('processing', 'request-supplement', 'awaiting-supplement', DOSSIER_REQUEST_SUPPLEMENT, ['specialist'], {
    variant: 'pause',
    guards: ['notices-left', 'window-open'],
  }),
  row('processing', 'request-supplement', 'proposed', DOSSIER_REQUEST_SUPPLEMENT, ['specialist'], { variant: 'result' }),
  row('awaiting-supplement', 'record-supplement', 'processing', DOSSIER_RECORD_SUPPLEMENT, ['desk-clerk']),
  row('awaiting-supplement', 'stop', 'stopped', DOSSIER_STOP, ['division-head'], { guards: ['answer-window-over'] }),
  row('processing', 'propose', 'proposed', DOSSIER_PROPOSE, ['specialist']),
  row('proposed', 'review', 'reviewed', DOSSIER_REVIEW, ['division-head'], { variant: 'approved' }),
  row('proposed', 'review', 'processing', DOSSIER_REVIEW, ['division-head'], { variant: 'sent-back' }),
  row('reviewed', 'decide', 'decided', DOSSIER_DECIDE, ['authority-lead'], { variant: 'signed', guards: ['as-drafted'] }),
  row('reviewed', 'decide', 'processing', DOSSIER_DECIDE, ['authority-lead'], { variant: 'sent-back' }),
  row('decided', 'return', 'returned', DOSSIER_RETURN, ['return-clerk']),
  ...OPEN.map((from) => row(from, 'withdraw', 'withdrawn', DOSSIER_WITHDRAW, ['desk-clerk'])),
];

function row(
  from: DossierStateName | null,
  command: DossierCommandName,
  to: DossierStateName,
  permission: PermissionDef,
  roles: readonly RoleCode[],
  more: { variant?: Variant; guards?: readonly Guard[] } = {},
): Transition {
  return {
    from,
    command,
    to,
    permission,
    roles,
    guards: more.guards ?? [],
    ...(more.variant === undefined ? {} : { variant: more.variant }),
  };
}

/** The row for a command in a state, or undefined: then the command is not possible there. */
export function findTransition(
  from: DossierStateName | null,
  command: DossierCommandName,
  variant: Variant,
): Transition | undefined {
  return TRANSITIONS.find((row) => row.from === from && row.command === command && (row.variant === undefined || row.variant === variant));
}

/** What can be done in a state, one entry per command with all its roles, in the table's order. */
export function possibleIn(from: DossierStateName): readonly { command: DossierCommandName; roles: readonly RoleCode[] }[] {
  const rows = TRANSITIONS.filter((row) => row.from === from);
  return [...new Set(rows.map((row) => row.command))].map((command) => ({
    command,
    roles: [...new Set(rows.filter((row) => row.command === command).flatMap((row) => row.roles))],
  }));
}
