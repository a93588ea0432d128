import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  ListProcedures,
  ListProposals,
  ListUnits,
  ProposeReference,
  PublishProposal,
  ReadAuthority,
  ReadCalendar,
  ReadProcedure,
  ReadProposal,
  RejectProposal,
  type CreateProposalBody,
  type Procedure,
} from '@quan-so/contracts-data';
import { type Client } from '@quan-so/http';
import { Work } from '@quan-so/persistence';
import { BeatService } from './beat.service.js';
import { AUTHORITIES, CatalogGround, pack, refusalOf, WARD } from './spec/ground.js';

let ground: CatalogGround;
beforeAll(async () => {
  ground = await CatalogGround.open();
});
afterAll(() => ground?.close());

const mai = (): Client => ground.as('catalog-admin');
const lan = (): Client => ground.as('catalog-admin-2');

describe('the seed', () => {
  it('needs a pack, and says so in one sentence', async () => {
    await expect(ground.start(undefined)).rejects.toThrow('QUANSO_PACK: danh mục còn trống, cần gói đơn vị để khởi tạo / the catalogue is empty and needs an authority pack.');
  });

  it('is not taken from a wrong pack', async () => {
    const wrong = ground.copyOf('units.json', (units) => ((units as { parent: string }[])[1]!.parent = 'H99.07'));
    await expect(ground.start(wrong)).rejects.toThrow(/units\.json \/1\/parent UNIT_UNKNOWN/);
    expect(await ground.count('reference_item')).toBe(0);
  });

  it('is everything the pack says, told and recorded in one transaction', async () => {
    await ground.start(WARD);
    const items = 1 + pack.units.length + pack.calendars.length + pack.codeLists.length + pack.procedures.length;
    expect(await ground.count('reference_item WHERE version = 1')).toBe(items);
    const told = await ground.toldSince('0');
    const seeded = told.filter(({ created_at }) => created_at.getTime() === told[0]!.created_at.getTime());
    expect(seeded.filter(({ kind }) => kind === 'reference')).toHaveLength(items + 1);
    // Last of all the beat: whoever has it has everything before it.
    expect(seeded.filter(({ kind }) => kind === 'reference').at(-1)?.subject).toBe('beat');
    expect(seeded.filter(({ kind }) => kind === 'audit').map(({ data }) => [data['action'], data['objects']])).toEqual([['reference.publish', ['authority:H99.06']]]);
  });

  it('is shown to everybody, by day', async () => {
    const units = async (on: string): Promise<string[]> => (await ground.anybody().call(ListUnits, { query: { on } })).body.items.map(({ code }) => code);
    expect(await units('2026-11-24')).toEqual(['H99.06', 'H99.06.01', 'H99.06.10', 'H99.06.12', 'H99.06.13']);
    // The last day of the three that were merged, and the first of the ward.
    expect(await units('2025-06-30')).toEqual(['H99.04.01', 'H99.04.02', 'H99.04.03']);
    expect(await units('2025-07-01')).toEqual(await units('2026-11-24'));
    // No year of any calendar here, but a date that may be asked for.
    expect(await units('0000-01-01')).toEqual([]);
    expect((await ground.anybody().call(ReadAuthority, {})).body.body.name.vi).toBe('Uỷ ban nhân dân phường Sao Mai');
    expect((await ground.anybody().call(ReadCalendar, { params: { code: 'hanh-chinh' } })).body.body.days).toEqual(pack.calendars[0]?.days);
    expect((await refusalOf(ground.anybody().call(ReadProcedure, { params: { code: '1.013225' }, query: { on: '2025-12-31' } }))).code).toBe('REFERENCE_NOT_FOUND');
  });

  it('comes in pages', async () => {
    const codes: string[] = [];
    for await (const { code } of ground.anybody().items(ListProcedures, { query: { limit: 5 } })) codes.push(code);
    expect(codes).toEqual(pack.procedures.map(({ code }) => code));
  });

  it('happens once: a second start, or a changed pack, changes nothing', async () => {
    const before = await ground.count("outbox WHERE kind = 'reference' AND subject <> 'beat'");
    await ground.stopService();
    await ground.start(ground.copyOf('authority.json', (authority) => ((authority as { name: { vi: string } }).name.vi = 'Phường khác')));
    expect((await ground.anybody().call(ReadAuthority, {})).body.body.name.vi).toBe('Uỷ ban nhân dân phường Sao Mai');
    await ground.stopService();
    await ground.start(WARD);
    expect(await ground.count("outbox WHERE kind = 'reference' AND subject <> 'beat'")).toBe(before);
    await ground.stopService();
    // What is seeded goes on without its pack.
    await ground.start(undefined);
  });

  it('of another authority is refused with a sentence', async () => {
    await ground.stopService();
    await expect(ground.start(join(AUTHORITIES, 'quan-sao-mai'))).rejects.toThrow(
      'Dữ liệu này của Uỷ ban nhân dân phường Sao Mai (H99.06), gói đơn vị là của H99.05 / this data belongs to H99.06, the authority pack to H99.05.',
    );
    await ground.start(WARD);
  });
});

const procedure = (code: string, change: Partial<Procedure> = {}): CreateProposalBody => {
  const found = pack.procedures.find((one) => one.code === code);
  if (found === undefined) throw new Error(`no ${code}`);
  return { kind: 'procedure', body: { ...found, ...change }, reason: 'Quyết định công bố thử' };
};
const supplement = (code: string, pauseEffect: 'shift' | 'restart'): Procedure['supplement'] => ({ ...(procedure(code).body as Procedure).supplement, pauseEffect });
const propose = (client: Client, body: CreateProposalBody) => client.call(ProposeReference, { body });
const publish = (client: Client, proposalId: string, ifMatch = 1) => client.call(PublishProposal, { params: { proposalId }, ifMatch, body: {} });

describe('two persons', () => {
  it('one proposes, the same is refused, the other publishes; all of it told in one transaction', async () => {
    const given = procedure('1.013225', { validFrom: '2026-12-01', supplement: supplement('1.013225', 'shift') });
    const proposed = await propose(mai(), given);
    expect([proposed.status, proposed.version, proposed.location]).toEqual([201, 1, `/api/catalog/v1/proposals/${proposed.body.id}`]);
    expect(proposed.body).toMatchObject({ state: 'proposed', basedOn: 1, proposedBy: { username: 'catalog-admin', unit: 'H99.06' }, decidedBy: null, publishedVersion: null });
    const { id } = proposed.body;

    const refused = await refusalOf(publish(mai(), id));
    expect([refused.status, refused.code, refused['separation']]).toEqual([403, 'PROPOSAL_SAME_PERSON', 'OWN_PROPOSAL_PUBLISHED']);

    const before = await ground.lastTold();
    const published = await publish(lan(), id);
    expect([published.status, published.version]).toEqual([200, 2]);
    expect(published.body).toMatchObject({ state: 'published', publishedVersion: 2, decidedBy: { username: 'catalog-admin-2' } });

    const told = (await ground.toldSince(before)).filter(({ created_at }, _, all) => created_at.getTime() === all[0]!.created_at.getTime());
    expect(told.map(({ kind, subject, data }) => [kind, subject, data['version'], data['validFrom'], data['validTo']])).toEqual([
      ['reference', 'procedure:1.013225', 1, '2026-01-01', '2026-11-30'],
      ['reference', 'procedure:1.013225', 2, '2026-12-01', null],
      ['reference', 'beat', undefined, undefined, undefined],
      ['audit', `proposal:${id}`, undefined, undefined, undefined],
    ]);
    expect(told[3]?.data).toMatchObject({ action: 'reference.publish', actor: { username: 'catalog-admin-2' }, objects: [`proposal:${id}`, 'procedure:1.013225'] });

    const on = async (day: string) => (await ground.anybody().call(ReadProcedure, { params: { code: '1.013225' }, query: { on: day } })).body;
    expect([(await on('2026-11-30')).version, (await on('2026-11-30')).validTo, (await on('2026-11-30')).body.supplement.pauseEffect]).toEqual([1, '2026-11-30', 'restart']);
    expect([(await on('2026-12-01')).version, (await on('2026-12-01')).body.supplement.pauseEffect]).toEqual([2, 'shift']);
  });

  it('rejected, withdrawn, decided twice', async () => {
    const { id } = (await propose(mai(), procedure('1.001612', { validFrom: '2026-12-01' }))).body;
    const reject = (client: Client, ifMatch: number) => client.call(RejectProposal, { params: { proposalId: id }, ifMatch, body: { note: 'Chưa có quyết định công bố' } });
    // Whoever proposed may take it back.
    expect((await reject(mai(), 1)).body).toMatchObject({ state: 'rejected', version: 2, note: 'Chưa có quyết định công bố', publishedVersion: null });
    expect(await refusalOf(publish(lan(), id, 2))).toMatchObject({ status: 409, code: 'PROPOSAL_STATE', state: 'rejected' });
    const listed = (await lan().call(ListProposals, { query: { code: '1.001612', state: 'rejected' } })).body.items;
    expect(listed.map((one) => one.id)).toEqual([id]);
  });

  it('an outdated proposal is refused: it would undo what came between', async () => {
    const later = (await propose(mai(), procedure('1.013274', { validFrom: '2027-02-01' }))).body.id;
    const first = (await propose(mai(), procedure('1.013274', { validFrom: '2027-01-01' }))).body.id;
    await publish(lan(), first);
    expect(await refusalOf(publish(lan(), later))).toMatchObject({ status: 409, code: 'PROPOSAL_OUTDATED', basedOn: 1, currentVersion: 2 });
  });

  it('of two who publish at once one wins, and no version is left half told', async () => {
    const { id } = (await propose(mai(), procedure('1.008004', { validFrom: '2027-01-01' }))).body;
    const outcomes = await Promise.allSettled([publish(lan(), id), publish(ground.as('catalog-admin-3'), id)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [lost] = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'VERSION_MISMATCH' });
    expect(await ground.count("reference_item WHERE code = '1.008004'")).toBe(2);
  });

  it('only who may: others are refused before anything is looked at', async () => {
    const body = procedure('1.013225', { validFrom: '2027-06-01' });
    expect(await refusalOf(propose(ground.as('desk-clerk', 'desk-clerk'), body))).toMatchObject({ status: 403, code: 'FORBIDDEN', action: 'reference.propose', heldBy: ['catalog-admin'] });
    expect(await refusalOf(propose(ground.anybody(), body))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    // A clerk may look what is going to change.
    expect((await ground.as('desk-clerk', 'desk-clerk').call(ListProposals, {})).status).toBe(200);
  });
});

describe('what does not fit', () => {
  it('by shape: 400 with a pointer for each fault', async () => {
    const body = procedure('1.013225', { validFrom: '2026-02-30', durations: [{ term: { value: 3 } as never, basis: 'x' }], colour: 'red' } as never);
    const { status, code, errors } = await refusalOf(propose(mai(), body));
    expect([status, code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(errors?.map(({ pointer, code: fault }) => `${pointer} ${fault}`).sort()).toEqual(['/body/body/colour UNKNOWN_FIELD', '/body/body/durations/0/term/unit REQUIRED', '/body/body/validFrom WRONG_FORM']);
  });

  it('by sense: 409 with a pointer for each fault, at proposal already', async () => {
    const body = procedure('1.013225', { validFrom: '2027-01-01', receivingUnits: ['H99.06.01', 'H99.09'], durations: [{ case: 'castle', term: { unit: 'months', value: 1 }, basis: 'x' }] });
    const { status, code, errors } = await refusalOf(propose(mai(), body));
    expect([status, code]).toEqual([409, 'REFERENCE_INVALID']);
    const places = errors?.map(({ pointer, code: fault }) => `${pointer} ${fault}`) ?? [];
    expect(places).toEqual(expect.arrayContaining(['/body/body/receivingUnits/1 UNIT_UNKNOWN', '/body/body/durations/0/case CASE_UNKNOWN', '/body/body/cases/0 TERM_MISSING']));
    expect(errors?.find(({ code: fault }) => fault === 'UNIT_UNKNOWN')?.detail).toBe('There is no unit H99.09.');
  });

  it('by day: what would cut a version in two', async () => {
    const body = procedure('2.000815', { validFrom: '2026-12-01', validTo: '2026-12-31' });
    expect(await refusalOf(propose(mai(), body))).toMatchObject({ status: 409, code: 'VALIDITY_OVERLAP', version: 1, validFrom: '2026-01-01', validTo: null });
  });

  it('by version: If-Match is asked for and held', async () => {
    const { id } = (await propose(mai(), procedure('9.000001', { validFrom: '2027-01-01' }))).body;
    expect((await mai().call(ReadProposal, { params: { proposalId: id } })).version).toBe(1);
    expect(await refusalOf(publish(lan(), id, 7))).toMatchObject({ status: 412, code: 'VERSION_MISMATCH', currentVersion: 1 });
    const unconditional = lan().call(PublishProposal, { params: { proposalId: id }, body: {} });
    expect((await refusalOf(unconditional)).status).toBe(428);
    expect((await refusalOf(publish(lan(), randomUUID()))).code).toBe('PROPOSAL_NOT_FOUND');
  });
});

describe('a repeated request', () => {
  it('is answered as the first time, whatever has happened since; another under its key is refused', async () => {
    const idempotencyKey = randomUUID();
    const given = procedure('9.000002', { validFrom: '2027-01-01' });
    const first = await mai().call(ProposeReference, { body: given, idempotencyKey });
    const publication = randomUUID();
    const asked = { params: { proposalId: first.body.id }, ifMatch: 1, body: {}, idempotencyKey: publication };
    const published = await lan().call(PublishProposal, asked);
    const before = await ground.lastTold();

    const again = await mai().call(ProposeReference, { body: given, idempotencyKey });
    expect([again.status, again.replayed, again.version, again.location, again.body]).toEqual([201, true, 1, first.location, first.body]);
    const publishedAgain = await lan().call(PublishProposal, asked);
    expect([publishedAgain.replayed, publishedAgain.body]).toEqual([true, published.body]);
    expect((await ground.toldSince(before)).filter(({ subject }) => subject !== 'beat')).toEqual([]);
    expect(await ground.count("reference_item WHERE code = '9.000002'")).toBe(2);

    const other = procedure('9.000002', { validFrom: '2027-02-01' });
    expect(await refusalOf(mai().call(ProposeReference, { body: other, idempotencyKey }))).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('the ETag', () => {
  it('counts publications: ending a version changes what it shows', async () => {
    const params = { code: '9.000003' };
    const read = (on: string) => ground.anybody().call(ReadProcedure, { params, query: { on } });
    const before = (await read('2026-11-24')).version;
    const { id } = (await propose(mai(), procedure('9.000003', { validFrom: '2027-01-01' }))).body;
    expect((await read('2026-11-24')).version).toBe(before);
    await publish(lan(), id);
    const after = await read('2026-11-24');
    expect([after.body.version, after.body.validTo]).toEqual([1, '2026-12-31']);
    expect(after.version).toBeGreaterThan(before!);
  });
});

describe('the beat', () => {
  it('follows the start and is told by one of several processes', async () => {
    const beats = () => ground.count("outbox WHERE subject = 'beat'");
    const other = new BeatService(new Work(ground.asService));
    const before = await beats();
    await ground.database.sql('test-older', "UPDATE beat SET at = at - interval '20 seconds'");
    expect([await other.beat(), await other.beat()]).toEqual([true, false]);
    expect(await beats()).toBe(before + 1);
  });
});
