import { Injectable } from '@nestjs/common';
import { type AuthorityInfo, type Calendar, type Procedure, type Unit } from '@quan-so/contracts-data';
import { localDateOf } from '@quan-so/language';
import { Replicas } from '@quan-so/messaging';
import { type DossierState } from './dossier.state.js';
import { type Known, type ProcedureVersion } from './reference.rules.js';

/** About two megabytes. */
const MOST_MET = 10_000;

/**
 * The catalogue as this service has it, with its age; never a call to another service. It is asked before a transaction
 * begins: inside one, a second connection would be needed, and a full pool would wait for itself.
 */
@Injectable()
export class ReferenceService {
  /** Procedures of the dossiers that were met last, by their ids. */
  private readonly met = new Map<string, DossierState['procedure']>();

  constructor(private readonly replicas: Replicas) {}

  /** Under which procedure a dossier was received never changes: who has met it need not ask for it again. */
  meet({ id, procedure }: Pick<DossierState, 'id' | 'procedure'>): void {
    if (this.met.has(id)) return;
    const [oldest] = this.met.keys();
    if (this.met.size >= MOST_MET && oldest !== undefined) this.met.delete(oldest);
    this.met.set(id, procedure);
  }

  /** Undefined for a dossier that was never met, or long ago. */
  procedureOf(id: string): Pick<DossierState, 'procedure'> | undefined {
    const procedure = this.met.get(id);
    return procedure && { procedure };
  }

  /** For a dossier that comes in now: the procedure in force on the local date. */
  async at(now: Date, procedure: string | undefined): Promise<Known> {
    // Before what it speaks of: a copy that is filled in between is then too young, never without the procedure.
    const age = await this.replicas.age(now);
    const on = localDateOf(now.getTime());
    const item = procedure === undefined ? undefined : await this.replicas.findOn<Procedure>('procedure', procedure, on);
    return this.known(now, item, age);
  }

  /** For a dossier that is here: the procedure as it was when it was received, units and calendars as they are now. */
  async of(dossier: Pick<DossierState, 'procedure'> | undefined, now: Date): Promise<Known> {
    const age = await this.replicas.age(now);
    return this.known(now, dossier === undefined ? undefined : await this.version(dossier.procedure), age);
  }

  async version({ code, version }: { readonly code: string; readonly version: number }): Promise<ProcedureVersion | undefined> {
    return this.replicas.findVersion<Procedure>('procedure', code, version);
  }

  async calendars(now: Date): Promise<readonly Calendar[]> {
    return this.bodies<Calendar>('calendar', localDateOf(now.getTime()));
  }

  async age(now: Date): Promise<Known['age']> {
    return this.replicas.age(now);
  }

  private async known(now: Date, procedure: ProcedureVersion | undefined, age: Known['age']): Promise<Known> {
    const on = localDateOf(now.getTime());
    const [authorities, units, calendars] = await Promise.all([
      this.bodies<AuthorityInfo>('authority', on),
      this.bodies<Unit>('unit', on),
      this.bodies<Calendar>('calendar', on),
    ]);
    return { authority: authorities[0], units, calendars, procedure, age };
  }

  private async bodies<B>(kind: string, on: string): Promise<readonly B[]> {
    return (await this.replicas.listOn<B>(kind, on)).map(({ body }) => body);
  }
}
