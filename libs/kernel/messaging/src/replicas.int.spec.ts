import { Replicas, type ReplicaItem } from './index.js';
import { keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';
import { LocalBroker } from './local.js';

let world: World;
let service: Service;
let replicas: Replicas;

const item = (code: string, version: number, validFrom: string, validTo: string | null, body: unknown = { version }): ReplicaItem => ({
  kind: 'procedure',
  code,
  version,
  validFrom,
  validTo,
  publishedAt: '2026-01-01T08:00:00+07:00',
  body,
});

beforeAll(async () => {
  world = await openWorld(['owner', 'replicas']);
  service = await world.service('replicas');
});
afterAll(() => world.close());
beforeEach(async () => {
  replicas = new Replicas(service.database);
  await service.database.sql('test-empty', 'WITH all_of_it AS (DELETE FROM replica) DELETE FROM replica_heard');
});

/** As a consumer's transaction does it, with what the loop calls after its commit. */
async function take(items: readonly ReplicaItem[], of: Replicas = replicas): Promise<void> {
  await service.work.internal('replica.take', (tx) => of.take(tx, 'catalog', items));
  of.changed();
}

describe('Replicas', () => {
  it('finds the version in force on a local date, first and last day included', async () => {
    await take([item('1.013225', 1, '2026-01-01', '2026-06-30'), item('1.013225', 2, '2026-07-01', null)]);
    const on = async (date: string) => (await replicas.findOn('procedure', '1.013225', date))?.version;
    expect([await on('2025-12-31'), await on('2026-01-01'), await on('2026-06-30'), await on('2026-07-01'), await on('2030-01-01')]).toEqual([
      undefined,
      1,
      1,
      2,
      2,
    ]);
    expect(await replicas.findOn('procedure', 'other', '2026-07-01')).toBeUndefined();
    expect(await replicas.findOn('unit', '1.013225', '2026-07-01')).toBeUndefined();
  });

  it('keeps every version as it was told', async () => {
    const told = item('a', 1, '2026-01-01', null, { title: 'Cấp giấy phép', steps: [1, { days: 2.5 }] });
    await take([told]);
    expect(await replicas.findVersion('procedure', 'a', 1)).toEqual(told);
    expect(await replicas.findVersion('procedure', 'a', 2)).toBeUndefined();
  });

  it('takes a later end of a known version, also within one batch', async () => {
    await take([item('a', 1, '2026-01-01', null), item('a', 1, '2026-01-01', '2026-03-31'), item('a', 2, '2026-04-01', null)]);
    expect((await replicas.findVersion('procedure', 'a', 1))?.validTo).toBe('2026-03-31');
    await take([item('a', 2, '2026-04-01', '2026-04-30')]);
    expect(await replicas.findOn('procedure', 'a', '2026-05-01')).toBeUndefined();
  });

  it('lists what is in force, by code', async () => {
    await take([item('b', 1, '2026-01-01', null), item('a', 1, '2026-01-01', '2026-01-31'), item('a', 2, '2026-02-01', null), item('c', 1, '2027-01-01', null)]);
    const listed = await replicas.listOn('procedure', '2026-02-10');
    expect(listed.map(({ code, version }) => `${code}${version}`)).toEqual(['a2', 'b1']);
  });

  it('does not show what was rolled back', async () => {
    await take([item('a', 1, '2026-01-01', null)]);
    expect(await replicas.findVersion('procedure', 'a', 1)).toBeDefined();
    const failing = service.work.internal('replica.take', async (tx) => {
      await replicas.take(tx, 'catalog', [item('a', 2, '2026-02-01', null)]);
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await replicas.findVersion('procedure', 'a', 2)).toBeUndefined();
  });

  it('knows its age from the beats, which never go back', async () => {
    expect(await replicas.age(new Date())).toEqual({ asOf: null, seconds: null });
    const heard = (at: string) => service.work.internal('replica.heard', (tx) => replicas.heard(tx, 'catalog', at));
    await heard('2026-11-25T09:00:30+07:00');
    await heard('2026-11-25T09:00:00+07:00');
    replicas.changed();
    expect(await replicas.age(new Date('2026-11-25T02:01:00.900Z'))).toEqual({ asOf: '2026-11-25T09:00:30+07:00', seconds: 30 });
    expect((await replicas.age(new Date('2026-11-25T02:00:00Z'))).seconds).toBe(0);
  });

  it('is as old as the oldest of those it takes from: one never heard has no age, one it takes from no more does not count', async () => {
    const [ours, both] = [new Replicas(service.database, ['catalog']), new Replicas(service.database, ['catalog', 'policy'])];
    await service.work.internal('replica.heard', async (tx) => {
      await replicas.heard(tx, 'catalog', '2026-11-25T09:00:00+07:00');
      await replicas.heard(tx, 'gone', '2026-01-01T09:00:00+07:00');
    });
    const now = new Date('2026-11-25T02:00:31Z');
    expect([(await ours.age(now)).seconds, (await both.age(now)).seconds]).toEqual([31, null]);
  });

  it('sees at once the first beat that another process heard', async () => {
    expect((await replicas.age(new Date())).asOf).toBeNull();
    const elsewhere = new Replicas(service.database);
    await service.work.internal('replica.heard', (tx) => elsewhere.heard(tx, 'catalog', '2026-11-25T09:00:00+07:00'));
    expect((await replicas.age(new Date())).asOf).toBe('2026-11-25T09:00:00+07:00');
  });

  it('asks the database once for a kind, until somebody changes it', async () => {
    await take([item('a', 1, '2026-01-01', null)]);
    const [first, second] = await Promise.all([replicas.findVersion('procedure', 'a', 1), replicas.listOn('procedure', '2026-01-01')]);
    expect(second[0]).toBe(first);
    await service.work.internal('replica.heard', (tx) => replicas.heard(tx, 'catalog', '2026-11-25T09:00:00+07:00'));
    replicas.changed();
    // A beat changes the age and no fact.
    expect(await replicas.findVersion('procedure', 'a', 1)).toBe(first);
    await take([item('a', 1, '2026-01-01', '2026-12-31')]);
    expect((await replicas.findVersion('procedure', 'a', 1))?.validTo).toBe('2026-12-31');
  });

  it('sees what another process took, a second later at most', async () => {
    await take([item('a', 1, '2026-01-01', null)]);
    expect(await replicas.findVersion('procedure', 'a', 2)).toBeUndefined();
    const elsewhere = new Replicas(service.database);
    await service.work.internal('replica.take', (tx) => elsewhere.take(tx, 'catalog', [item('a', 2, '2026-02-01', null)]));
    while ((await replicas.findVersion('procedure', 'a', 2)) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('shows what a consumer took as soon as its transaction is committed', async () => {
    const owner = await world.service('owner');
    const broker = new LocalBroker();
    const transport = () => ({ kind: 'local', broker }) as const;
    const relay = tellerOf(owner, transport);
    const taking = takingOf(
      service,
      'owner',
      async (batch, tx) => {
        await keepEffects(batch, tx);
        await replicas.take(tx, 'owner', batch.map(({ event }) => item(event.subject, event.data.n, '2026-01-01', null)));
      },
      transport,
    );
    await Promise.all([relay.start(), taking.start()]);
    expect(await replicas.findVersion('procedure', 'x', 1)).toBeUndefined();
    await owner.tell(['x', 1]);
    await relay.settled();
    await taking.settled();
    expect(await replicas.findVersion('procedure', 'x', 1)).toBeDefined();
    await taking.stop();
    await relay.stop();
    await broker.close();
  });
});
