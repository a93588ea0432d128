import { type Actor, type Position } from '@quan-so/contract';
import { nationalStatusOf, type DossierCommandName, type DossierView } from '@quan-so/contracts-applications';
import { RecordChanged } from '@quan-so/contracts-data';
import { currentTraceId, setOnRequestSpan } from '@quan-so/observability';
import { type Tx } from '@quan-so/persistence';
import { type DossierState } from './dossier.state.js';
import { recordOf, type HistoryRow } from './dossier.view.js';
import { type NewStep } from './dossiers.queries.js';

export interface Step {
  readonly command: DossierCommandName;
  /** The dossier before; undefined when it has just come in. */
  readonly before: DossierState | undefined;
  /** The position by which it was done; a service acts by none. */
  readonly by: Position | undefined;
  readonly note: string | null;
}

/** The step as its history row keeps it, with the trace it was made in. */
export function stepOf({ actor }: Pick<Tx, 'actor'>, state: DossierState, { command, before, by, note }: Step): NewStep {
  return { at: new Date(state.changedAt), command, from: before?.state ?? null, actor: stepActor(actor, by), note, traceId: currentTraceId() };
}

/** What every change leaves besides the dossier and its history: the fact for the data layer, and who did it. */
export function tell(tx: Tx, state: DossierState, { command, before }: Pick<Step, 'command' | 'before'>, view: DossierView): void {
  nameOnSpan(state);
  tx.emit(RecordChanged, state.id, recordOf(state, view, command));
  tx.audit([objectOf(state)], fieldsChanged(before, state));
}

/** By the code a trace is found again; it is never personal. */
export function nameOnSpan({ code, procedure, unit }: Pick<DossierState, 'code' | 'procedure' | 'unit'>): void {
  setOnRequestSpan({ 'quanso.dossier.code': code, 'quanso.procedure.code': procedure.code, 'quanso.unit': unit });
}

export function objectOf({ id }: Pick<DossierState, 'id'>): string {
  return `dossier:${id}`;
}

export function statusOf({ state }: Pick<DossierState, 'state'>): number {
  return nationalStatusOf(state);
}

function stepActor({ kind, name, username }: Actor, by: Position | undefined): HistoryRow['actor'] {
  return { kind, name, username, role: by?.role ?? null, unit: by?.unit ?? null };
}

/** Names of the fields that are not what they were; their values are nobody's business here. */
export function fieldsChanged(before: DossierState | undefined, after: DossierState): readonly string[] {
  return (Object.keys(after) as (keyof DossierState)[]).filter((name) => after[name] !== before?.[name] && JSON.stringify(after[name]) !== JSON.stringify(before?.[name]));
}
