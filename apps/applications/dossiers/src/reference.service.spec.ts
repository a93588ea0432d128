import { type Replicas } from '@quan-so/messaging';
import { getProcedure } from './reference.rules.js';
import { ReferenceService } from './reference.service.js';

/** A copy that is filled while it is being asked: whatever is asked second finds everything. */
class Arriving {
  readonly #asked: string[] = [];
  async #after<T>(what: string, before: T, then: T): Promise<T> {
    this.#asked.push(what);
    return this.#asked.length === 1 ? before : then;
  }
  findOn = () => this.#after('item', undefined, { code: '1.013225', version: 1, body: {} });
  listOn = () => this.#after('list', [], [{ body: {} }]);
  age = () => this.#after('age', { asOf: null, seconds: null }, { asOf: '2026-11-25T09:00:00+07:00', seconds: 1 });
}

it('never takes a copy that is being filled for one that lacks the procedure', async () => {
  const reference = new ReferenceService(new Arriving() as unknown as Replicas);
  const known = await reference.at(new Date('2026-11-25T02:00:00Z'), '1.013225');
  // Found, or not yet here: never "not in force", which nobody would ask again.
  expect(() => getProcedure(known)).not.toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'PROCEDURE_NOT_IN_FORCE' }) }));
});

it('remembers under which procedure the dossiers met last were received, and no more than ten thousand', () => {
  const reference = new ReferenceService(new Arriving() as unknown as Replicas);
  const procedure = { code: '1.013225', version: 2, name: { vi: 'Cấp giấy phép', en: 'Permit' } };
  for (let n = 0; n <= 10_000; n += 1) reference.meet({ id: `dossier-${n}`, procedure });
  expect(['dossier-0', 'dossier-1', 'dossier-10000', 'never'].map((id) => reference.procedureOf(id)?.procedure)).toEqual([undefined, procedure, procedure, undefined]);
});
