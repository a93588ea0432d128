import { ACT_SEPARATIONS, ROLES, actsExcluded, grants, positionsExcluded, type RoleCode } from './index.js';

const may = (role: RoleCode, action: string): boolean => grants[role].some((grant) => grant.action === action);
const held = (...roles: string[]): { role: string; unit: string }[] => roles.map((role, i) => ({ role, unit: `H99.0${i + 1}` }));

describe('roles', () => {
  it('are the seventeen of the authority and the system that hands in, each with two languages', () => {
    expect(ROLES.map((role) => role.code)).toEqual([
      'desk-clerk', 'return-clerk', 'fee-collector', 'desk-head', 'specialist', 'division-head', 'office-lead',
      'authority-lead', 'records-clerk', 'consultee', 'inspector', 'auditor', 'dpo', 'catalog-admin', 'it-admin',
      'partner-system', 'filing-system',
    ]);
    for (const role of ROLES) expect([role.name.vi, role.name.en, role.does.vi, role.does.en].every((word) => word !== '')).toBe(true);
  });
  it('name no level of government', () => {
    for (const { code } of ROLES) expect(code).not.toMatch(/district|ward|commune|province/);
  });
});

describe('grants', () => {
  it.each([
    ['desk-clerk', 'dossier.decide'],
    ['desk-clerk', 'dossier.review'],
    ['desk-head', 'dossier.decide'],
    ['specialist', 'dossier.decide'],
    ['specialist', 'dossier.review'],
    ['return-clerk', 'dossier.decide'],
    ['inspector', 'dossier.receive'],
    ['auditor', 'dossier.read'],
    ['auditor', 'dataset.read'],
    ['catalog-admin', 'dossier.read'],
    ['it-admin', 'dossier.read'],
    ['it-admin', 'dataset.read'],
    ['partner-system', 'dossier.hand-in'],
    ['filing-system', 'dataset.read'],
  ] as const)('%s must not %s', (role, action) => expect(may(role, action)).toBe(false));

  it('let the system administrator alone see where messages wait and replay them', () => {
    const holders = Object.entries(grants).flatMap(([role, list]) => (list.some(({ action }) => action.startsWith('message.')) ? [role] : []));
    expect([holders, may('it-admin', 'message.read'), may('it-admin', 'message.replay')]).toEqual([['it-admin'], true, true]);
  });
  it('let the specialist touch only what is assigned', () => {
    expect(grants.specialist.filter(({ action }) => action.startsWith('dossier.')).map(({ scope }) => scope)).toEqual(['own', 'own', 'own']);
  });
  it('give an action once per role', () => {
    for (const list of Object.values(grants)) expect(new Set(list.map(({ action }) => action)).size).toBe(list.length);
  });
  it('give both halves of every separated pair to somebody', () => {
    for (const { acts } of ACT_SEPARATIONS) for (const act of acts) expect(Object.values(grants).flat().map((g) => g.action)).toContain(act);
  });
});

describe('actsExcluded', () => {
  const by = (actor: string, action: string) => ({ actor, action });
  it.each([
    ['dossier.propose', 'dossier.review', 'OWN_DRAFT_REVIEWED'],
    ['dossier.propose', 'dossier.decide', 'SPECIALIST_SIGNED'],
    ['dossier.review', 'dossier.decide', 'REVIEWER_SIGNED'],
    ['dossier.review', 'dossier.propose', 'OWN_DRAFT_REVIEWED'],
    ['reference.propose', 'reference.publish', 'OWN_PROPOSAL_PUBLISHED'],
  ])('one person may not %s and %s', (first, second, code) => {
    expect(actsExcluded([by('a', first)], by('a', second))?.code).toBe(code);
    expect(actsExcluded([by('a', first)], by('b', second))).toBeUndefined();
  });
  it('looks at everything done before, not only the last act', () => {
    const earlier = [by('a', 'dossier.propose'), by('b', 'dossier.review'), by('c', 'dossier.read')];
    expect(actsExcluded(earlier, by('a', 'dossier.decide'))?.code).toBe('SPECIALIST_SIGNED');
    expect(actsExcluded(earlier, by('c', 'dossier.decide'))).toBeUndefined();
  });
  it('lets one person do the same act twice', () => {
    expect(actsExcluded([by('a', 'dossier.propose')], by('a', 'dossier.propose'))).toBeUndefined();
  });
});

describe('positionsExcluded', () => {
  it.each([
    [['desk-clerk', 'auditor'], ['DESK_CLERK_AUDITS', 'AUDITOR_HANDLES_DOSSIERS']],
    [['it-admin', 'specialist'], ['IT_ADMIN_HANDLES_DOSSIERS']],
    [['it-admin', 'inspector'], ['IT_ADMIN_HANDLES_DOSSIERS', 'IT_ADMIN_READS_DATASETS']],
    [['catalog-admin', 'desk-clerk'], ['CATALOG_ADMIN_HANDLES_DOSSIERS']],
    [['desk-clerk', 'partner-system'], ['MACHINE_AND_PERSON']],
    [['desk-clerk', 'return-clerk', 'fee-collector'], []],
    [['specialist', 'division-head'], []],
    [['it-admin', 'it-admin'], []],
  ])('%j breaks %j', (roles, codes) => {
    expect(positionsExcluded(held(...roles)).map(({ code }) => code)).toEqual(codes);
  });
});
