import { type Text } from './text.js';

/** One action on one kind of resource, e.g. `dossier.receive`; granted to roles in `contracts/security`. */
export interface PermissionDef<A extends string = string> {
  readonly action: A;
  readonly title: Text;
}

const ACTION = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;

/** Declares a permission; the action is `<resource>.<verb>` in kebab case. */
export function definePermission<const A extends string>(action: A, title: Text): PermissionDef<A> {
  if (!ACTION.test(action)) throw new TypeError(`permission ${action}: write <resource>.<verb> in kebab case`);
  return Object.freeze({ action, title });
}

/**
 * How far a granted permission reaches from the holder's unit:
 * `authority` everything of the authority, `unit` the unit itself, `unit-and-below` its tree, `own` only what is assigned to the actor.
 */
export type Scope = 'authority' | 'unit' | 'unit-and-below' | 'own';
