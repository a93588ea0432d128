import { type Scope } from '@quan-so/contract';
import { type RoleCode } from './roles.js';

export interface Grant {
  readonly action: string;
  readonly scope: Scope;
}

const BELOW = 'unit-and-below';

/** What everybody who works here may: look up reference data and ask for a deadline. */
const EVERYBODY: readonly Grant[] = [grant('reference.read', 'authority'), grant('deadline.preview', 'authority')];

/**
 * Role → what it may, and how far from the unit of the position. Actions are declared in the layers' contracts;
 * a role that is not granted an action does not have it. Deny is not a word of this table.
 */
export const grants: Readonly<Record<RoleCode, readonly Grant[]>> = {
  'desk-clerk': [
    ...EVERYBODY,
    grant('dossier.receive', BELOW),
    grant('dossier.refuse-intake', BELOW),
    grant('dossier.read', BELOW),
    grant('dossier.request-supplement', BELOW),
    grant('dossier.record-supplement', BELOW),
    grant('dossier.withdraw', BELOW),
  ],
  'return-clerk': [...EVERYBODY, grant('dossier.read', BELOW), grant('dossier.return', BELOW)],
  'fee-collector': [...EVERYBODY, grant('dossier.read', BELOW)],
  'desk-head': [...EVERYBODY, grant('dossier.read', BELOW), grant('dossier.refuse-intake', BELOW)],
  specialist: [
    ...EVERYBODY,
    grant('dossier.read', 'own'),
    grant('dossier.request-supplement', 'own'),
    grant('dossier.propose', 'own'),
  ],
  'division-head': [
    ...EVERYBODY,
    grant('dossier.read', BELOW),
    grant('dossier.assign', BELOW),
    grant('dossier.review', BELOW),
    grant('dossier.stop', BELOW),
    grant('dataset.read', BELOW),
  ],
  'office-lead': [...EVERYBODY, grant('dossier.read', BELOW), grant('dataset.read', BELOW)],
  'authority-lead': [
    ...EVERYBODY,
    grant('dossier.read', BELOW),
    grant('dossier.assign', BELOW),
    grant('dossier.decide', BELOW),
    grant('dataset.read', BELOW),
  ],
  'records-clerk': EVERYBODY,
  consultee: EVERYBODY,
  inspector: [...EVERYBODY, grant('dossier.read', BELOW), grant('dataset.read', BELOW)],
  auditor: EVERYBODY,
  dpo: EVERYBODY,
  'catalog-admin': [...EVERYBODY, grant('reference.propose', 'authority'), grant('reference.publish', 'authority')],
  // Where messages wait and why, never what is in them.
  'it-admin': [...EVERYBODY, grant('message.read', 'authority'), grant('message.replay', 'authority')],
  'partner-system': [...EVERYBODY, grant('dataset.read', BELOW)],
  'filing-system': [...EVERYBODY, grant('dossier.hand-in', BELOW)],
};

function grant(action: string, scope: Scope): Grant {
  return { action, scope };
}
