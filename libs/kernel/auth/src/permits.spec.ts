import { definePermission, Refusal, type Actor, type Scope } from '@quan-so/contract';
import { accessOf, configureGrants, contains, demand, permits, Public, Requires, rolesWith, unitsInScope, type Resource } from './index.js';

const read = definePermission('dossier.read', { vi: 'Đọc hồ sơ', en: 'Read dossiers' });
const decide = definePermission('dossier.decide', { vi: 'Quyết định', en: 'Decide' });

const actor = (...held: string[]): Actor => ({ ...system(...held), kind: 'person' });
const system = (...held: string[]): Actor => ({
  kind: 'system', id: 'me', username: 'u', name: 'n', client: 'quan-so-web',
  positions: held.map((text) => ({ role: text.split('@')[0] ?? '', unit: text.split('@')[1] ?? '' })),
});
const grant = (action: string, scope: Scope) => ({ action, scope });

it('answers no question before it has grants', () => {
  expect(() => permits(actor('clerk@H99'), read)).toThrow(/configureGrants/);
});

describe('with grants', () => {
  beforeAll(() =>
    configureGrants({
      clerk: [grant('dossier.read', 'unit')],
      head: [grant('dossier.read', 'unit-and-below')],
      specialist: [grant('dossier.read', 'own')],
      lead: [grant('dossier.read', 'authority'), grant('dossier.decide', 'authority')],
      partner: [grant('dossier.read', 'unit-and-below')],
      unheld: [grant('dossier.read', 'authority')],
    }, { clerk: 'person', head: 'person', specialist: 'person', lead: 'person', partner: 'system' }),
  );

  // Hand-made: rows are positions and a thing, the last column what §2.12 of the role's scope says.
  it.each([
    ['clerk@H99.05', { unit: 'H99.05' }, true],
    ['clerk@H99.05', { unit: 'H99.05.01' }, false],
    ['clerk@H99.05', { unit: ['H99.06', 'H99.05'] }, true],
    ['clerk@H99.05', { unit: [] }, false],
    ['clerk@H99.05', {}, false],
    ['head@H99.05', { unit: 'H99.05.01' }, true],
    ['head@H99.05', { unit: 'H99.05' }, true],
    ['head@H99.05', { unit: 'H99.051' }, false],
    ['head@H99.05', { unit: 'H99' }, false],
    ['head@H99.05', {}, false],
    ['specialist@H99.05', { unit: 'H99.05' }, false],
    ['specialist@H99.05', { unit: 'H99.05', assignee: 'you' }, false],
    ['specialist@H99.05', { unit: 'H99.77', assignee: 'me' }, true],
    ['specialist@H99.05', { assignee: undefined }, false],
    ['lead@H99.05', { unit: 'H99.77' }, true],
    ['lead@H99.05', {}, true],
    ['cleaner@H99', { unit: 'H99' }, false],
    ['constructor@H99', { unit: 'H99' }, false],
  ] as [string, Resource, boolean][])('%s on %j: %s', (held, resource, allowed) => {
    expect(permits(actor(held), read, resource).allowed).toBe(allowed);
  });

  it('answers by the widest of several positions', () => {
    const both = actor('specialist@H99.05', 'clerk@H99.06', 'head@H99.07');
    expect(permits(both, read)).toEqual({ allowed: true, scope: 'unit-and-below', by: { role: 'head', unit: 'H99.07' } });
    expect(permits(both, read, { unit: 'H99.06' })).toMatchObject({ by: { role: 'clerk' } });
    expect(unitsInScope(both, read)).toEqual({ all: false, units: ['H99.07'], exactUnits: ['H99.06'], own: true });
  });

  it.each([
    ['a person', actor('partner@H99')],
    ['a system', system('lead@H99')],
    ['a role that nobody is said to hold', actor('unheld@H99')],
    ['a system in it', system('unheld@H99', 'constructor@H99')],
  ])('gives nothing by a role of the other kind of holder: %s', (_, who) => {
    expect(permits(who, read).allowed).toBe(false);
    expect(unitsInScope(who, read)).toEqual({ all: false, units: [], exactUnits: [], own: false });
    expect(() => demand(who, read)).toThrow(Refusal);
  });

  it('gives a system what its own role may, and no more for the other one', () => {
    expect(permits(system('partner@H99', 'lead@H99'), read)).toEqual({ allowed: true, scope: 'unit-and-below', by: { role: 'partner', unit: 'H99' } });
    expect(permits(system('partner@H99', 'lead@H99'), decide).allowed).toBe(false);
  });

  it('says the part of the authority in scope', () => {
    expect(unitsInScope(actor('lead@H99.05', 'clerk@H99.06'), read)).toEqual({ all: true });
    expect(unitsInScope(actor('clerk@H99'), decide)).toEqual({ all: false, units: [], exactUnits: [], own: false });
    expect(unitsInScope(actor(), read)).toEqual({ all: false, units: [], exactUnits: [], own: false });
  });

  it('says in both languages which right is missing, what is held and who has it', () => {
    const refused = ((): unknown => {
      try {
        demand(actor('clerk@H99.05'), decide);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({
      problem: { code: 'FORBIDDEN', status: 403 },
      detail: { vi: 'Cần quyền dossier.decide (Quyết định); tài khoản đang giữ: clerk@H99.05.' },
      extra: { action: 'dossier.decide', heldBy: ['lead'] },
    });
    expect(() => demand(actor('head@H99.05'), read, { unit: 'H99.06' })).toThrow(Refusal);
    expect(rolesWith(read)).toEqual(['clerk', 'head', 'specialist', 'lead', 'partner', 'unheld']);
    demand(actor('lead@H99'), decide);
  });
});

describe('contains', () => {
  it.each([
    ['H99', 'H99', true],
    ['H99', 'H99.05.01', true],
    ['H99.05', 'H99.050', false],
    ['H99.05', 'H99', false],
  ])('%s contains %s: %s', (tree, unit, expected) => expect(contains(tree, unit)).toBe(expected));
});

describe('access of routes', () => {
  @Public('a health check tells nothing about people')
  class Open {
    plain(): void {}
    @Requires(read)
    closed(): void {}
  }
  class Bare {
    plain(): void {}
  }
  it('is the handler’s own, else its class’s, else missing', () => {
    expect(accessOf(Open.prototype.closed, Open)).toEqual({ permission: read });
    expect(accessOf(Open.prototype.plain, Open)).toEqual({ public: 'a health check tells nothing about people' });
    expect(accessOf(Bare.prototype.plain, Bare)).toBeUndefined();
  });
  it('cannot be public without a reason', () => {
    expect(() => Public(' ')).toThrow(/reason/);
  });
});
