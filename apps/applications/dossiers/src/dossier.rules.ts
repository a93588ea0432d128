import { Refusal, type Actor, type Position, type Text } from '@quan-so/contract';
import {
  DOSSIER_COMMANDS,
  DOSSIER_PROPOSE,
  DOSSIER_STATES,
  SEPARATION_OF_DUTIES,
  TRANSITION_NOT_POSSIBLE,
  type DossierCommandName,
  type DossierStateName,
} from '@quan-so/contracts-applications';
import { actsExcluded, ROLES, type Act, type RoleCode } from '@quan-so/contracts-security';
import { isWithin } from '@quan-so/language';
import { type DossierState } from './dossier.state.js';
import { findTransition, possibleIn, type Transition, type Variant } from './dossier.transitions.js';

/** Every rule that looks at who acts and where the dossier stands; what each command does is in `dossier.commands.rules.ts`. */

/** The row by which this actor may do this now, and the position used; throws a coded refusal otherwise. */
export function stepFor(
  state: DossierState,
  command: DossierCommandName,
  variant: Variant,
  actor: Actor,
): { readonly row: Transition; readonly by: Position } {
  const row = findTransition(state.state, command, variant);
  if (row === undefined) throw notPossible(state, command);
  const by = positionFor(row, state, actor);
  if (by === undefined) throw notPossible(state, command);
  const broken = actsExcluded(state.acts, { action: actOf(row), actor: actor.id });
  if (broken !== undefined) throw separated(broken);
  return { row, by };
}

/** Roles of the desk act where the dossier was received, all others where it is decided. */
const DESK_ROLES: readonly string[] = ['desk-clerk', 'desk-head', 'return-clerk'] satisfies readonly RoleCode[];

/** The actor's position whose role the row names, over the unit in which that role acts; a specialist only when assigned. */
function positionFor(row: Transition, state: DossierState, actor: Actor): Position | undefined {
  return actor.positions.find(
    ({ role, unit }) =>
      row.roles.includes(role as RoleCode) &&
      isWithin(unit, DESK_ROLES.includes(role) ? state.receivingUnit : state.unit) &&
      (role !== 'specialist' || state.assignee === actor.username),
  );
}

/** The act of a row. Where a notice is the result, who asks for papers drafts the result: that hand neither reviews nor signs. */
export function actOf(row: Transition): string {
  return row.command === 'request-supplement' && row.variant === 'result' ? DOSSIER_PROPOSE.action : row.permission.action;
}

/** Acts kept for the separation of duties: one entry per person and action. */
export function actsWith(acts: readonly Act[], act: Act): readonly Act[] {
  return acts.some((done) => done.action === act.action && done.actor === act.actor) ? acts : [...acts, act];
}

/** The words of a role, or its code when an authority invents one. */
export function roleWords(code: string): Text {
  return ROLES.find((role) => role.code === code)?.name ?? { vi: code, en: code };
}

/** What is possible in a state and by whom, as people read it. */
export function possibleWords(state: DossierStateName): {
  command: DossierCommandName;
  name: Text;
  roles: { code: string; name: Text }[];
}[] {
  return possibleIn(state).map(({ command, roles }) => ({
    command,
    name: DOSSIER_COMMANDS[command],
    roles: roles.map((code) => ({ code, name: roleWords(code) })),
  }));
}

function notPossible({ state, unit, receivingUnit }: DossierState, command: DossierCommandName): Refusal {
  const possible = possibleWords(state);
  const list = (language: 'vi' | 'en'): string =>
    possible.map((p) => `${p.name[language]} (${p.roles.map((role) => role.name[language]).join(', ')})`).join('; ');
  const none = possible.length === 0;
  const { name } = DOSSIER_STATES[state];
  return new Refusal(TRANSITION_NOT_POSSIBLE, {
    detail: {
      vi: `Hồ sơ đang ở bước "${name.vi}": người gọi không thể ${DOSSIER_COMMANDS[command].vi}. ${none ? 'Hồ sơ đã kết thúc.' : `Lúc này làm được: ${list('vi')}.`}`,
      en: `The dossier is at "${name.en}": the caller cannot ${DOSSIER_COMMANDS[command].en}. ${none ? 'It has ended.' : `Possible now: ${list('en')}.`}`,
    },
    // Whose desk and whose division: a role of another unit may not.
    extra: { state, command, unit, receivingUnit, possible: possible.map((p) => ({ ...p, name: { ...p.name }, roles: p.roles.map((r) => ({ code: r.code, name: { ...r.name } })) })) },
  });
}

function separated(broken: { readonly code: string; readonly acts: readonly [string, string]; readonly why: Text }): Refusal {
  return new Refusal(SEPARATION_OF_DUTIES, { detail: broken.why, extra: { separation: broken.code, acts: [...broken.acts] } });
}
