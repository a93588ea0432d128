import { Refusal, type Actor } from '@quan-so/contract';
import { type ReferenceFault } from '@quan-so/contracts-data';
import { demandCurrent, demandFitting, demandOpen, demandOtherPerson, type ProposalFacts } from './proposal.rules.js';

const proposal: ProposalFacts = { state: 'proposed', kind: 'procedure', code: '1.013225', based_on: 3, proposed_by: { id: 'mai' } };
const person = (id: string): Actor => ({ kind: 'person', id, username: id, name: id, client: 'quan-so-web', positions: [{ role: 'catalog-admin', unit: 'H99.05' }] });

function refusalOf(ask: () => void): Refusal | undefined {
  try {
    ask();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return undefined;
}

it.each([
  ['proposed', undefined],
  ['published', 'PROPOSAL_STATE'],
  ['rejected', 'PROPOSAL_STATE'],
] as const)('a proposal that is %s may be decided: %s', (state, refused) => {
  const refusal = refusalOf(() => demandOpen({ ...proposal, state }));
  expect(refusal?.problem.code).toBe(refused);
  if (refused !== undefined) expect(refusal?.extra).toEqual({ state });
});

it('is published by somebody else, and says why', () => {
  expect(refusalOf(() => demandOtherPerson(proposal, person('lan')))).toBeUndefined();
  const refusal = refusalOf(() => demandOtherPerson(proposal, person('mai')));
  expect([refusal?.problem.code, refusal?.problem.status, refusal?.extra]).toEqual(['PROPOSAL_SAME_PERSON', 403, { separation: 'OWN_PROPOSAL_PUBLISHED' }]);
});

it('is published against the version it was written against', () => {
  expect(refusalOf(() => demandCurrent(proposal, 3))).toBeUndefined();
  const refusal = refusalOf(() => demandCurrent(proposal, 4));
  expect([refusal?.problem.code, refusal?.extra]).toEqual(['PROPOSAL_OUTDATED', { basedOn: 3, currentVersion: 4 }]);
});

describe('faults', () => {
  const changed = { kind: 'procedure', code: '1.013225' } as const;
  const words = { vi: 'Không có đơn vị H99.09.', en: 'There is no unit H99.09.' };
  const own: ReferenceFault = { ...changed, validFrom: '2026-12-01', pointer: '/receivingUnits/0', fault: 'UNIT_UNKNOWN', words };
  const other: ReferenceFault = { ...own, kind: 'unit', code: 'H99.05.01', pointer: '/parent' };

  it('that the change brings point into the request, those of others name the item', () => {
    expect(refusalOf(() => demandFitting([], [own, other], changed))?.faults).toEqual([
      { pointer: '/body/body/receivingUnits/0', code: 'UNIT_UNKNOWN', detail: words },
      { pointer: '/catalogue/unit/H99.05.01/parent', code: 'UNIT_UNKNOWN', detail: words },
    ]);
  });
  it('that stood before are not its doing, whatever day their version begins on', () => {
    expect(refusalOf(() => demandFitting([own, other], [{ ...own, validFrom: '2027-01-01' }, other], changed))).toBeUndefined();
  });
  it('are at most fifty in one answer', () => {
    const many = Array.from({ length: 70 }, (_, at) => ({ ...own, pointer: `/receivingUnits/${at}` }));
    expect(refusalOf(() => demandFitting([], many, changed))?.faults).toHaveLength(50);
  });
});
