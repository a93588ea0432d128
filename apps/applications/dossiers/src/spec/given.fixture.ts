import { Refusal, type Actor } from '@quan-so/contract';
import { type Procedure } from '@quan-so/contracts-data';
import { begin, take, type Facts, type Incoming, type Step } from '../dossier.commands.rules.js';
import { type DossierState } from '../dossier.state.js';
import { rulesOf } from '../procedure.rules.js';
import { BUILDING, calendarOf } from './reference.fixture.js';

/** `05/10 09:00` of 2026, Vietnam. */
export const at = (text: string): Date => new Date(`2026-${text.slice(3, 5)}-${text.slice(0, 2)}T${text.slice(6)}:00+07:00`);

const person = (username: string, ...positions: `${string}@${string}`[]): Actor => ({
  ...{ kind: 'person', id: `id-${username}`, username, name: username, client: 'quan-so-web' },
  positions: positions.map((position) => ({ role: position.split('@')[0] ?? '', unit: position.split('@')[1] ?? '' })),
});

export const STAFF = {
  clerk: person('clerk', 'desk-clerk@H99.05.01'),
  specialist: person('specialist', 'specialist@H99.05'),
  head: person('head', 'division-head@H99.05'),
  lead: person('lead', 'authority-lead@H99.05'),
  returns: person('returns', 'return-clerk@H99.05.01'),
  otherSpecialist: person('other', 'specialist@H99.05'),
  otherHead: person('other-head', 'division-head@H99.06'),
  wardHead: person('ward-head', 'division-head@H99.05.01'),
  wardLead: person('ward-lead', 'authority-lead@H99.05.01'),
  otherClerk: person('other-clerk', 'desk-clerk@H99.05.02'),
  /** Three hats, as in a small ward. */
  everything: person('everything', 'specialist@H99.05', 'division-head@H99.05', 'authority-lead@H99.05'),
  workingHead: person('working-head', 'specialist@H99.05', 'division-head@H99.05'),
} as const;

const applicant = { kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: 'sealed', personalNumberMasked: '*********010', organisationCode: null, phone: null, phoneMasked: null, address: null } as const;

export interface Scene {
  readonly procedure: Procedure;
  readonly case: string;
  readonly channel: Incoming['channel'];
}

export const HOUSE: Scene = { procedure: BUILDING, case: 'separate-house', channel: 'counter' };

export const countingOf = (calendar = calendarOf(1)): Facts['counting'] => ({ calendar, age: { asOf: null, seconds: null } });

export function received(when: string, scene: Scene = HOUSE): DossierState {
  const incoming: Incoming = {
    ...{ id: '01997e3c-8f00-7000-8000-000000000001', code: 'H99.05.01-261005-0001' },
    procedure: { code: scene.procedure.code, version: 1, name: scene.procedure.name },
    ...{ case: scene.case, channel: scene.channel, summary: 'Xây nhà ở riêng lẻ', applicant, papers: [] },
    ...{ receivingUnit: 'H99.05.01', unit: 'H99.05', sender: null, supersedes: null },
  };
  return begin(incoming, { now: at(when), rules: rulesOf(scene.procedure, scene.case, scene.channel), counting: countingOf() });
}

export type Told = readonly [who: keyof typeof STAFF, when: string, step: Step];

/** The dossier after each step in order. */
export function after(state: DossierState, told: readonly Told[], scene: Scene = HOUSE, counting = countingOf()): DossierState {
  const rules = rulesOf(scene.procedure, scene.case, scene.channel);
  return told.reduce((now, [who, when, step]) => take(now, step, { actor: STAFF[who], now: at(when), rules, counting }).next, state);
}

/** The refusal itself; what throws anything else, or nothing, fails. */
export function thrownRefusal(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The refusal of the last step: its code and what it says besides. */
export function refusalOf(act: () => unknown): { readonly code: string; readonly extra: Readonly<Record<string, unknown>>; readonly vi: string } {
  const { problem, extra, detail } = thrownRefusal(act);
  return { code: problem.code, extra, vi: detail?.vi ?? '' };
}
