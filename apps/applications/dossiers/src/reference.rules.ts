import { Refusal } from '@quan-so/contract';
import { PROCEDURE_NOT_IN_FORCE, REFERENCE_NOT_YET_HERE, UNIT_NOT_IN_FORCE } from '@quan-so/contracts-applications';
import { type AuthorityInfo, type Calendar, type Procedure, type Unit } from '@quan-so/contracts-data';
import { type Counting } from './dossier.deadline.rules.js';

export interface ProcedureVersion {
  readonly version: number;
  readonly body: Procedure;
}

/** What our copy of the catalogue says of one local date, gathered before a transaction begins. */
export interface Known {
  readonly authority: AuthorityInfo | undefined;
  readonly units: readonly Unit[];
  readonly calendars: readonly Calendar[];
  /** The procedure asked for: in force that day, or the version a dossier was received under. */
  readonly procedure: ProcedureVersion | undefined;
  readonly age: Counting['age'];
}

/** Throws REFERENCE_NOT_YET_HERE before the catalogue has told everything for the first time, PROCEDURE_NOT_IN_FORCE after. */
export function getProcedure(known: Known): ProcedureVersion {
  // The first beat comes after everything: without it the procedure, or a later calendar, may still be on its way.
  if (known.age.asOf === null) throw new Refusal(REFERENCE_NOT_YET_HERE);
  getAuthority(known);
  if (known.procedure === undefined) throw new Refusal(PROCEDURE_NOT_IN_FORCE);
  return known.procedure;
}

export function getAuthority({ authority }: Known): AuthorityInfo {
  if (authority === undefined) throw new Refusal(REFERENCE_NOT_YET_HERE);
  return authority;
}

export function demandUnit({ units }: Known, code: string): void {
  if (units.some((unit) => unit.code === code)) return;
  throw new Refusal(UNIT_NOT_IN_FORCE, { detail: { vi: `Đơn vị ${code} không có hiệu lực ngày này.`, en: `Unit ${code} is not in force on this day.` }, extra: { unit: code } });
}

/**
 * The calendar by which a unit counts. A unit that has been dissolved leaves its dossiers the calendar they have, else that
 * of the authority: a clock never loses its calendar. Throws REFERENCE_NOT_YET_HERE.
 */
export function countingFor(known: Known, unit: string, used?: string): Counting {
  const calendarCodeOf = (code: string | undefined): string | undefined => known.units.find((one) => one.code === code)?.calendar;
  const code = calendarCodeOf(unit) ?? used ?? calendarCodeOf(known.authority?.code);
  const calendar = known.calendars.find((one) => one.code === code);
  if (calendar === undefined) throw new Refusal(REFERENCE_NOT_YET_HERE);
  return { calendar, age: known.age };
}
