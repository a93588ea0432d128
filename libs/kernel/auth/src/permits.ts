import { Refusal, type Actor, type PermissionDef, type Position, type Scope, type Text } from '@quan-so/contract';
import { FORBIDDEN } from './problems.js';

/** Role → what it may do and how far; the table itself belongs to `contracts/security`. */
export type Grants = Readonly<Record<string, readonly { readonly action: string; readonly scope: Scope }[]>>;

/** What an act is on. Without it `permits` answers whether the actor may do such a thing at all. */
export interface Resource {
  /** Units the thing belongs to (QĐ 20/2020 codes), e.g. where a dossier was received and who decides it: one in scope is enough. */
  readonly unit?: string | readonly string[];
  /** Id of the actor the thing is assigned to. */
  readonly assignee?: string | undefined;
}

export type Decision =
  | { readonly allowed: true; readonly scope: Scope; readonly by: Position }
  | { readonly allowed: false; readonly because: Text };

/** What an actor may see of many things, for a WHERE clause. `units` are trees: a code and everything below it. */
export type UnitScope =
  | { readonly all: true }
  | {
      readonly all: false;
      readonly units: readonly string[];
      readonly exactUnits: readonly string[];
      readonly own: boolean;
    };

/** Role → who may hold it: a person, or a system by itself. */
export type Holders = Readonly<Record<string, Actor['kind']>>;

let table: { readonly grants: Grants; readonly holders: Holders } | undefined;

/** Gives this process its grants, at start. Until then every question is an error, never a yes. */
export function configureGrants(grants: Grants, holders: Holders): void {
  table = { grants, holders };
}

/** Whether the actor may do this, and by which position. The widest grant that fits answers. */
export function permits(actor: Actor, permission: PermissionDef, resource?: Resource): Decision {
  const held = heldGrants(actor, permission);
  if (held.length === 0) return { allowed: false, because: withoutGrant(actor, permission) };
  const fitting = held.find(({ scope, by }) => resource === undefined || reaches(scope, by, actor, resource));
  return fitting === undefined ? { allowed: false, because: outOfScope(held, permission) } : { allowed: true, ...fitting };
}

/** Throws Refusal FORBIDDEN unless `permits`; says which right is missing and who holds it. */
export function demand(actor: Actor, permission: PermissionDef, resource?: Resource): void {
  const decision = permits(actor, permission, resource);
  if (decision.allowed) return;
  throw new Refusal(FORBIDDEN, {
    detail: decision.because,
    extra: { action: permission.action, heldBy: rolesWith(permission) },
  });
}

/** Roles that are granted the action. */
export function rolesWith(permission: PermissionDef): readonly string[] {
  return Object.entries(granted().grants).flatMap(([role, grants]) =>
    grants.some((grant) => grant.action === permission.action) ? [role] : [],
  );
}

/** The part of the authority in which the actor may do this; nothing at all is `units: []` with `own: false`. */
export function unitsInScope(actor: Actor, permission: PermissionDef): UnitScope {
  const held = heldGrants(actor, permission);
  if (held.some(({ scope }) => scope === 'authority')) return { all: true };
  const unitsOf = (wanted: Scope): string[] => [...new Set(held.filter(({ scope }) => scope === wanted).map(({ by }) => by.unit))];
  return {
    all: false,
    units: unitsOf('unit-and-below'),
    exactUnits: unitsOf('unit'),
    own: held.some(({ scope }) => scope === 'own'),
  };
}

/** `H99.05` contains itself and `H99.05.01`, not `H99.051`. */
export function contains(tree: string, unit: string): boolean {
  return unit === tree || unit.startsWith(`${tree}.`);
}

const WIDEST_FIRST: readonly Scope[] = ['authority', 'unit-and-below', 'unit', 'own'];

function heldGrants(actor: Actor, permission: PermissionDef): { scope: Scope; by: Position }[] {
  const { grants, holders } = granted();
  return actor.positions
    // A role of people in the token of a system gives nothing, nor the other way: the realm may be wrong about it.
    .filter(({ role }) => Object.hasOwn(holders, role) && holders[role] === actor.kind)
    .flatMap((by) =>
      (Object.hasOwn(grants, by.role) ? (grants[by.role] ?? []) : [])
        .filter((grant) => grant.action === permission.action)
        .map(({ scope }) => ({ scope, by })),
    )
    .sort((a, b) => WIDEST_FIRST.indexOf(a.scope) - WIDEST_FIRST.indexOf(b.scope));
}

function reaches(scope: Scope, by: Position, actor: Actor, resource: Resource): boolean {
  const units = [resource.unit ?? []].flat();
  switch (scope) {
    case 'authority':
      return true;
    case 'unit-and-below':
      return units.some((unit) => contains(by.unit, unit));
    case 'unit':
      return units.includes(by.unit);
    case 'own':
      return resource.assignee !== undefined && resource.assignee === actor.id;
  }
}

function granted(): NonNullable<typeof table> {
  if (table === undefined) throw new Error('configureGrants has not been called');
  return table;
}

function withoutGrant(actor: Actor, permission: PermissionDef): Text {
  const held = actor.positions.map((position) => `${position.role}@${position.unit}`).join(', ') || '–';
  return {
    vi: `Cần quyền ${permission.action} (${permission.title.vi}); tài khoản đang giữ: ${held}.`,
    en: `${permission.action} (${permission.title.en}) is needed; the account holds: ${held}.`,
  };
}

function outOfScope(held: readonly { by: Position }[], permission: PermissionDef): Text {
  const positions = held.map(({ by }) => `${by.role}@${by.unit}`).join(', ');
  return {
    vi: `Quyền ${permission.action} của ${positions} không tới việc này.`,
    en: `${permission.action} of ${positions} does not reach this.`,
  };
}
