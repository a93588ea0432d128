import { Injectable } from '@nestjs/common';
import { demand, permits } from '@quan-so/auth';
import { Refusal, type Actor, type Answer, type Call, type OperationDef, type PermissionDef } from '@quan-so/contract';
import { DOSSIER_NOT_FOUND, DOSSIER_READ, REFERENCE_NOT_YET_HERE, type DossierView } from '@quan-so/contracts-applications';
import { Database, versionMismatch, Work, type Sql, type StoredAnswer, type Tx } from '@quan-so/persistence';
import { Clock } from '@quan-so/service';
import { take, type Step } from './dossier.commands.rules.js';
import { type DossierState } from './dossier.state.js';
import { nameOnSpan, statusOf, stepOf, tell, type Step as StepTaken } from './dossier.telling.js';
import { viewOf } from './dossier.view.js';
import { findDossier, getDossierAt, updateDossier } from './dossiers.queries.js';
import { rulesOf } from './procedure.rules.js';
import { countingFor, type Known } from './reference.rules.js';
import { ReferenceService } from './reference.service.js';

type StepCall<Op extends OperationDef> = Call<Op> & { readonly params: { readonly dossierId: string } };

/** Every step of a dossier that exists: who may, at which version, by the table, told in one transaction. */
@Injectable()
export class DossiersService {
  constructor(
    private readonly work: Work,
    private readonly database: Database,
    private readonly reference: ReferenceService,
    private readonly clock: Clock,
  ) {}

  async take<Op extends OperationDef>(call: StepCall<Op>, step: Step): Promise<Answer<DossierView>> {
    const now = this.clock.now();
    const { dossierId } = call.params;
    // Which procedure it was received under never changes, so it may be looked up before the transaction.
    const known = await this.reference.of(this.reference.procedureOf(dossierId) ?? (await findDossier(this.database.sql, dossierId)), now);
    return this.work.change<Op, DossierView>(call, {
      work: async (tx) => {
        const state = await getDossierFor(tx.sql, dossierId, call.actor, permissionOf(call.operation));
        if (state.version !== call.ifMatch) throw versionMismatch(state.version);
        const { next, by, note } = take(state, step, { actor: call.actor, now: notBefore(state, now), ...factsOf(state, known) });
        await this.keep(tx, next, { command: step.name, before: state, by, note });
        const body = viewOf(next);
        this.reference.meet(next);
        tell(tx, next, { command: step.name, before: state }, body);
        return { id: next.id, version: next.version, body };
      },
      recall: async (sql: Sql, stored: StoredAnswer) => viewOf(await getDossierAt(sql, stored.id, stored.version)),
    });
  }

  private async keep(tx: Tx, next: DossierState, step: StepTaken): Promise<void> {
    if (await updateDossier(tx.sql, next, statusOf(next), stepOf(tx, next, step))) return;
    throw versionMismatch((await findDossier(tx.sql, next.id))?.version ?? next.version);
  }
}

/** A clock that was set back (or that of another process is ahead) must not end a pause before it began. */
function notBefore({ changedAt }: DossierState, now: Date): Date {
  return new Date(Math.max(now.getTime(), Date.parse(changedAt)));
}

/** What the rules need to know of the catalogue for this dossier. */
function factsOf(state: DossierState, known: Known): { rules: ReturnType<typeof rulesOf>; counting: ReturnType<typeof countingFor> } {
  // A version that was published is never taken back: where it is missing our copy is still filling.
  if (known.procedure === undefined) throw new Refusal(REFERENCE_NOT_YET_HERE);
  const { body } = known.procedure;
  return { rules: rulesOf(body, state.case, state.channel), counting: countingFor(known, state.unit, state.deadline?.calendar.code) };
}

/**
 * The dossier, when the actor may act on it. Outside the units in which they may see dossiers it is absent, whether it
 * exists or not; inside them a right that does not reach is refused as such.
 */
async function getDossierFor(sql: Sql, id: string, actor: Actor, permission: PermissionDef): Promise<DossierState> {
  const state = await findDossier(sql, id);
  if (state === undefined || !(reaches(actor, permission, state) || reaches(actor, DOSSIER_READ, state))) throw new Refusal(DOSSIER_NOT_FOUND);
  nameOnSpan(state);
  demand(actor, permission, resourceOf(actor, state));
  return state;
}

export function reaches(actor: Actor, permission: PermissionDef, state: DossierState): boolean {
  return permits(actor, permission, resourceOf(actor, state)).allowed;
}

/** A dossier belongs to whoever received it and to whoever decides it; it is assigned by account name. */
function resourceOf(actor: Actor, { unit, receivingUnit, assignee }: DossierState): { unit: readonly string[]; assignee: string | undefined } {
  return { unit: [unit, receivingUnit], assignee: assignee !== null && assignee === actor.username ? actor.id : undefined };
}

function permissionOf({ id, access }: OperationDef): PermissionDef {
  if ('permission' in access) return access.permission;
  throw new Error(`operation ${id} asks for no permission`);
}
