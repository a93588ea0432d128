import { ReceiveDossier } from '@quan-so/contracts-applications';
import { house, House, SEED, setClock } from './spec/house.fixture.js';

let h: House;
beforeAll(async () => {
  h = await House.open();
  setClock('05/10 09:00');
  await h.publish(SEED);
});
afterAll(() => h.close());

/** Names of the statements of the last request of this name, in order; BEGIN is none, COMMIT is one. */
function statementsOf(name: string): string[] {
  const [last] = h.traces.search({ limit: 1_000 }).filter((trace) => trace.name === name).sort((a, b) => b.start - a.start);
  const spans = h.traces.get(last?.traceId ?? '')?.items ?? [];
  const parent = spans.find((span) => span.name === name)?.spanId;
  return spans.filter((span) => span.parentId === parent && span.name.startsWith('sql ')).sort((a, b) => a.start - b.start).map((span) => span.name.slice(4));
}

describe('what a command costs', () => {
  it('receiving a dossier is this many round trips and no more', async () => {
    // The first one reads the replicas into memory.
    await h.as('clerk').call(ReceiveDossier, { body: house });
    await h.as('clerk').call(ReceiveDossier, { body: house });
    // Whether replicas changed is asked once a second, whatever comes in meanwhile.
    expect(statementsOf('POST /api/dossiers/v1/dossiers').filter((name) => name !== 'replica-read-heard')).toEqual([
      'idempotency-take',
      'code-counter-next',
      'dossier-insert',
      'command-end',
      'commit',
    ]);
  });
});
