import fc from 'fast-check';
import { Refusal, type Actor } from '@quan-so/contract';
import { DOSSIER_STATES, ReadDossier } from '@quan-so/contracts-applications';
import { RecordChanged } from '@quan-so/contracts-data';
import { take, type Step } from './dossier.commands.rules.js';
import { type DossierState } from './dossier.state.js';
import { possibleIn } from './dossier.transitions.js';
import { recordOf, viewOf } from './dossier.view.js';
import { rulesOf } from './procedure.rules.js';
import { countingOf, HOUSE, received, STAFF, type Scene } from './spec/given.fixture.js';
import { BUILDING, HOUSEHOLD } from './spec/reference.fixture.js';

/** Whatever order steps come in, by whomever and whenever, these things hold. One seed for everybody. */
const SAMPLE = { seed: 20261125, numRuns: 250 };

const papers = [{ name: 'Bản vẽ', originals: 1, copies: 0 }];
const steps: readonly Step[] = [
  { name: 'accept' },
  { name: 'refuse-intake', reason: 'x' },
  { name: 'withdraw', reason: 'x' },
  { name: 'stop', reason: 'x' },
  { name: 'assign', specialist: 'specialist' },
  { name: 'assign', specialist: 'everything' },
  { name: 'assign', specialist: 'working-head' },
  { name: 'request-supplement', missing: ['Bản vẽ'], reason: 'x' },
  { name: 'record-supplement', papers },
  { name: 'propose', outcome: 'granted', reason: 'x' },
  { name: 'propose', outcome: 'refused', reason: 'x' },
  { name: 'review', verdict: 'approved' },
  { name: 'review', verdict: 'sent-back' },
  { name: 'decide', verdict: 'granted' },
  { name: 'decide', verdict: 'notice' },
  { name: 'decide', verdict: 'sent-back' },
  { name: 'return', receivedBy: 'x' },
];

/** Three of four attempts are ones that the table has there, by somebody with the role; the rest is anything by anybody. */
const attempts = fc.array(fc.record({ guided: fc.integer({ min: 0, max: 3 }).map((n) => n > 0), pick: fc.nat(), who: fc.nat(), hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 900 })) }), { minLength: 20, maxLength: 40 });
const scenes = fc.constantFrom<Scene>(HOUSE, { ...HOUSE, channel: 'post' }, { procedure: BUILDING, case: 'works', channel: 'online' }, { procedure: HOUSEHOLD, case: 'one-person', channel: 'counter' });

type Attempt = { guided: boolean; pick: number; who: number; hours: number };

function chosen(state: DossierState, { guided, pick, who }: Attempt): { step: Step; actor: Actor } {
  const possible = possibleIn(state.state).filter(({ command }) => command !== 'withdraw' || pick % 20 === 0);
  const fitting = guided ? steps.filter(({ name }) => possible.some(({ command }) => command === name)) : steps;
  const step = of(fitting.length > 0 ? fitting : steps, pick);
  const roles = possible.find(({ command }) => command === step.name)?.roles ?? [];
  const staff = Object.values(STAFF).filter(({ positions, username }) => positions.some(({ role }) => roles.some((one) => one === role) && (role !== 'specialist' || username === state.assignee)));
  return { step, actor: of(guided && staff.length > 0 ? staff : Object.values(STAFF), who) };
}

/** Every state a walk comes through; a refused attempt changes nothing. */
function walked(scene: Scene, tries: readonly Attempt[]): readonly DossierState[] {
  const rules = rulesOf(scene.procedure, scene.case, scene.channel);
  const states = [received('05/10 09:00', scene)];
  let now = Date.parse('2026-10-05T09:00:00+07:00');
  for (const one of tries) {
    now += one.hours * 3_600_000;
    const before = of(states, states.length - 1);
    try {
      const { step, actor } = chosen(before, one);
      states.push(take(before, step, { actor, now: new Date(now), rules, counting: countingOf() }).next);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return states;
}

function of<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

const states = fc.sample(fc.tuple(scenes, attempts), SAMPLE).flatMap(([scene, tries]) => walked(scene, tries));
const breaking = (holds: (state: DossierState) => boolean): readonly DossierState[] => states.filter((state) => !holds(state)).slice(0, 1);

it('walks come everywhere', () => {
  expect([...new Set(states.map(({ state }) => state))].sort()).toEqual(Object.keys(DOSSIER_STATES).sort());
});

it('answers and records are what their contracts say', () => {
  const faults = states.flatMap((state) => [ReadDossier.answer.safeParse(viewOf(state)), RecordChanged.schema.safeParse(recordOf(state, viewOf(state), 'receive'))].flatMap(({ error }) => error?.issues ?? []));
  expect(faults.slice(0, 3)).toEqual([]);
  expect(states.length).toBeGreaterThan(1000);
});

it('a clock that was started always has a date, and stands exactly while papers are missing', () => {
  const openPauses = ({ pauses }: DossierState): number => pauses.filter(({ to }) => to === null).length;
  expect(breaking(({ deadline, acceptedAt }) => (deadline === null) === (acceptedAt === null))).toEqual([]);
  expect(breaking((state) => state.finishedAt !== null || openPauses(state) === (state.state === 'awaiting-supplement' ? 1 : 0))).toEqual([]);
  expect(breaking((state) => openPauses(state) <= 1)).toEqual([]);
});

it('is finished when it has ended, with an outcome unless it was never received', () => {
  const ended = ({ state }: DossierState): boolean => ['refused-at-intake', 'decided', 'returned', 'withdrawn', 'stopped'].includes(state);
  expect(breaking((state) => (state.finishedAt !== null) === ended(state))).toEqual([]);
  expect(breaking((state) => (state.outcome !== null) === (ended(state) && state.state !== 'refused-at-intake'))).toEqual([]);
  expect(breaking(({ state, returnedAt }) => (returnedAt !== null) === (state === 'returned'))).toEqual([]);
});

it('no more notices are given than the procedure allows', () => {
  expect(breaking(({ notices, procedure }) => notices.filter(({ atIntake }) => !atIntake).length <= (procedure.code === BUILDING.code ? 2 : 0))).toEqual([]);
});

it('no person drafts, reviews and signs two of the three', () => {
  const by = ({ acts }: DossierState, action: string): readonly string[] => acts.filter((act) => act.action === action).map(({ actor }) => actor);
  expect(
    breaking((state) => {
      const [drafted, reviewed, signed] = [by(state, 'dossier.propose'), by(state, 'dossier.review'), by(state, 'dossier.decide')];
      return !drafted.some((actor) => reviewed.includes(actor) || signed.includes(actor)) && !reviewed.some((actor) => signed.includes(actor));
    }),
  ).toEqual([]);
});
