import { DOSSIER_COMMANDS, DOSSIER_STATES, nationalStatusOf, type DossierCommandName, type DossierStateName } from '@quan-so/contracts-applications';
import { grants } from '@quan-so/contracts-security';
import { findTransition, possibleIn, TRANSITIONS } from './dossier.transitions.js';

/*
 * Written by hand from the life of a dossier: what each state may be left by, and where to. A state × command that is not
 * here must be refused; the last test counts them all.
 */
const LIFE: Readonly<Record<DossierStateName, Partial<Record<DossierCommandName, readonly DossierStateName[]>>>> = {
  registered: { accept: ['received'], 'refuse-intake': ['refused-at-intake'], 'request-supplement': ['incomplete-at-intake'], withdraw: ['withdrawn'] },
  'incomplete-at-intake': { 'record-supplement': ['registered'], stop: ['stopped'], withdraw: ['withdrawn'] },
  'refused-at-intake': {},
  received: { assign: ['processing'], withdraw: ['withdrawn'] },
  processing: { assign: ['processing'], 'request-supplement': ['awaiting-supplement', 'proposed'], propose: ['proposed'], withdraw: ['withdrawn'] },
  'awaiting-supplement': { 'record-supplement': ['processing'], stop: ['stopped'], withdraw: ['withdrawn'] },
  proposed: { review: ['reviewed', 'processing'], withdraw: ['withdrawn'] },
  reviewed: { decide: ['decided', 'processing'], withdraw: ['withdrawn'] },
  decided: { return: ['returned'] },
  returned: {},
  withdrawn: {},
  stopped: {},
};

/** From which national status to which: TT 22/2019 asks that each step shows its status; the matrix is the house's. */
const NATIONAL: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 6, 7, 8, 9],
  3: [],
  4: [5, 6, 7, 8, 9],
  5: [1, 4, 7, 8],
  6: [4, 7, 8, 9],
  7: [],
  8: [],
  9: [10, 6],
  10: [],
};

const states = Object.keys(DOSSIER_STATES) as DossierStateName[];
const commands = Object.keys(DOSSIER_COMMANDS) as DossierCommandName[];

describe('every state × command', () => {
  it.each(states.flatMap((from) => commands.map((command) => [from, command] as const)))('%s × %s', (from, command) => {
    const to = TRANSITIONS.filter((row) => row.from === from && row.command === command).map((row) => row.to);
    expect(to).toEqual(LIFE[from][command] ?? []);
  });
  it('is refused but for the rows of the table', () => {
    const legal = Object.values(LIFE).flatMap((row) => Object.keys(row)).length;
    const found = states.flatMap((from) => commands.filter((command) => (['counter', 'post', 'pause', 'result', 'approved', 'signed', 'sent-back', undefined] as const).some((variant) => findTransition(from, command, variant) !== undefined)));
    expect(found).toHaveLength(legal);
  });
});

describe('the table', () => {
  it('never moves between national statuses in a way that is not foreseen', () => {
    const moves = TRANSITIONS.flatMap(({ from, to }) => (from === null ? [] : [[nationalStatusOf(from), nationalStatusOf(to)] as const]));
    expect(moves.filter(([before, after]) => before !== after && !NATIONAL[before]?.includes(after))).toEqual([]);
  });
  it('begins received at the counter, registered by post and from other systems', () => {
    expect(TRANSITIONS.filter(({ from }) => from === null).map(({ command, variant, to, roles }) => [command, variant, to, roles])).toEqual([
      ['receive', 'counter', 'received', ['desk-clerk']],
      ['receive', 'post', 'registered', ['desk-clerk']],
      ['hand-in', undefined, 'registered', ['filing-system']],
    ]);
  });
  it('names only roles that are granted what the row asks', () => {
    for (const { command, permission, roles } of TRANSITIONS) {
      for (const role of roles) expect([command, role, grants[role].some(({ action }) => action === permission.action)]).toEqual([command, role, true]);
    }
  });
  it('lets nobody decide but the lead, nobody hand over but the return clerk', () => {
    const rolesOf = (command: DossierCommandName) => [...new Set(TRANSITIONS.filter((row) => row.command === command).flatMap(({ roles }) => roles))];
    expect([rolesOf('decide'), rolesOf('return'), rolesOf('propose'), rolesOf('review')]).toEqual([['authority-lead'], ['return-clerk'], ['specialist'], ['division-head']]);
  });
  it('tells what is possible with every role, once per command', () => {
    expect(possibleIn('registered')).toEqual([
      { command: 'accept', roles: ['desk-clerk'] },
      { command: 'refuse-intake', roles: ['desk-clerk', 'desk-head'] },
      { command: 'request-supplement', roles: ['desk-clerk'] },
      { command: 'withdraw', roles: ['desk-clerk'] },
    ]);
    expect(possibleIn('returned')).toEqual([]);
  });
});
