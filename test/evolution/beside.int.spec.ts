import { defineEvent, type CloudEvent } from '@quan-so/contract';
import { ReadRecord, RecordChanged, recordProducers, ReferencePublished, type RecordChangedData, type ReferencePublishedData } from '@quan-so/contracts-data';
import { Consumes, Replicas, type ConsumerTx, type Received } from '@quan-so/messaging';
import { type Database } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { warehouse } from '@quan-so/warehouse';
import { z } from 'zod';
import { Ground, parkedIn, type Bare } from './ground.js';

/**
 * N beside N−1: while a release rolls, a service of the next version tells to one of this version and the other way round.
 * The next version is today's contract with one optional member more, under the same name.
 */
const priority = z.enum(['usual', 'urgent']).optional();
const NextRecord = defineEvent({ layer: 'data', name: 'record-changed', version: 1, kind: 'records', description: 'next', schema: RecordChanged.schema.extend({ priority }) });
const NextReference = defineEvent({ layer: 'data', name: 'reference-published', version: 1, kind: 'reference', description: 'next', schema: ReferencePublished.schema.extend({ priority }) });
type NextRecordData = RecordChangedData & { readonly priority?: 'usual' | 'urgent' };

const key = (n: number): string => `01999aa6-1d00-7a31-9c52-${n.toString(16).padStart(12, '0')}`;
const record = (n: number, more: object = {}): NextRecordData => ({
  ...{ dataset: 'dossiers', key: key(n), version: 1, code: `H99.05.01-261005-${String(n).padStart(4, '0')}`, unit: 'H99.05', receivingUnit: 'H99.05.01', status: '2' },
  ...{ title: 'Nguyễn Thị Đặng Thử – Xây nhà', changedAt: '2026-10-05T09:00:00.000+07:00', body: { state: 'received', urgency: { level: 'khẩn' } } },
  ...more,
});
const reference = (code: string, more: object = {}): ReferencePublishedData => ({
  ...{ kind: 'unit', code, version: 1, validFrom: '2026-01-01', validTo: null, publishedAt: '2026-01-01T00:00:00+07:00', body: { code, seal: 'số hoá từ phiên bản sau' } },
  ...more,
});

/** Takes what is told and keeps it, as a service does that knows the next version, or only this one. */
function takerOf(event: typeof RecordChanged | typeof NextRecord, taken: CloudEvent<NextRecordData>[]): object {
  class Taker {
    @Consumes(event as typeof RecordChanged, { from: recordProducers })
    async take(batch: readonly Received<RecordChangedData>[], _tx: ConsumerTx): Promise<void> {
      taken.push(...batch.map((one) => one.event));
    }
  }
  return new Taker();
}

function copyOf(replicas: Replicas): object {
  class Copy {
    @Consumes(ReferencePublished, { from: ['catalog'] })
    async take(batch: readonly Received<ReferencePublishedData>[], tx: ConsumerTx): Promise<void> {
      await replicas.take(tx, 'catalog', batch.map(({ event }) => event.data));
    }
  }
  return new Copy();
}

let ground: Ground;
let kept: Awaited<ReturnType<Ground['run']>>;
let [owner, ahead, behind, catalog]: (Bare | undefined)[] = [];
let replicas: Replicas;
const seen: { readonly ahead: CloudEvent<NextRecordData>[]; readonly behind: CloudEvent<NextRecordData>[] } = { ahead: [], behind: [] };

const consumes = (event: typeof RecordChanged | typeof NextRecord) => [{ event, from: recordProducers }];
const copied = { event: ReferencePublished, from: ['catalog'] };
const copying = (database: Database): object => copyOf((replicas = new Replicas(database)));

beforeAll(async () => {
  ground = await Ground.open(['warehouse', 'dossiers', 'catalog', 'ahead', 'behind']);
  kept = await ground.run(warehouse);
  owner = await ground.bare('dossiers', { publishes: [RecordChanged] });
  catalog = await ground.bare('catalog', { publishes: [ReferencePublished] });
  ahead = await ground.bare('ahead', { publishes: [], consumes: consumes(NextRecord), handlers: () => [takerOf(NextRecord, seen.ahead)] });
  behind = await ground.bare('behind', { publishes: [], consumes: [...consumes(RecordChanged), copied], handlers: (database) => [takerOf(RecordChanged, seen.behind), copying(database)] });
  for (const one of [owner, catalog, ahead, behind]) await one.messaging.start();
});
afterAll(() => ground?.close());

/** Told by a producer of this version, or of the next. */
async function tell(event: typeof RecordChanged | typeof NextRecord, data: NextRecordData): Promise<void> {
  await owner?.work.internal('dossier.receive', async (tx) => tx.emit(event as typeof RecordChanged, data.key, data));
  await until(async () => seen.ahead.concat(seen.behind).filter(({ subject }) => subject === data.key).length === 2);
}
const told = (events: readonly CloudEvent<NextRecordData>[], n: number): NextRecordData | undefined => events.find(({ subject }) => subject === key(n))?.data;
const reader = () => kept.as({ username: 'service-account-statistics-department', client: 'statistics-department', positions: ['partner-system@H99'] });
const read = async (n: number) => (await reader().call(ReadRecord, { params: { dataset: 'dossiers', key: key(n) }, purpose: 'STATISTICS' })).body.record;

describe('a producer of the next version', () => {
  it('is read by this version, which does not see what it does not know', async () => {
    await tell(NextRecord, record(1, { priority: 'urgent' }));
    expect(told(seen.behind, 1)).toEqual(record(1));
    expect(told(seen.ahead, 1)).toEqual(record(1, { priority: 'urgent' }));
  });
  it('is kept by the warehouse of this version, with the whole body, also what nobody knows in it', async () => {
    await until(async () => (await read(1)) !== null);
    expect(await read(1)).toMatchObject({ code: 'H99.05.01-261005-0001', status: '2', title: 'Nguyễn Thị Đặng Thử – Xây nhà', body: { state: 'received', urgency: { level: 'khẩn' } } });
  });
  it('may leave the new member out', async () => {
    await tell(NextRecord, record(2));
    expect([told(seen.behind, 2), told(seen.ahead, 2)]).toEqual([record(2), record(2)]);
  });
  it('loses nothing when its event parks: the message waits whole for the version that knows it', async () => {
    await tell(NextRecord, record(3, { dataset: 'weather', priority: 'urgent' }));
    await until(async () => (await parkedIn(kept.database)).length > 0);
    const [parked] = await parkedIn(kept.database);
    expect(JSON.parse(parked?.message ?? '')).toMatchObject({ data: record(3, { dataset: 'weather', priority: 'urgent' }) });
  });
  it('publishes reference data that copies of this version hold, body and all', async () => {
    await catalog?.work.internal('reference.publish', async (tx) => tx.emit(NextReference as typeof ReferencePublished, 'unit:H99.05.07', reference('H99.05.07', { priority: 'urgent' })));
    await until(async () => (await replicas.findOn('unit', 'H99.05.07', '2026-10-05')) !== undefined);
    expect(await replicas.findOn('unit', 'H99.05.07', '2026-10-05')).toMatchObject({ version: 1, body: { code: 'H99.05.07', seal: 'số hoá từ phiên bản sau' } });
  });
});

describe('a producer of this version', () => {
  it('is read by the next version, for which the new member is absent', async () => {
    await tell(RecordChanged, record(4));
    expect(told(seen.ahead, 4)).toEqual(record(4));
    expect(told(seen.ahead, 4)).not.toHaveProperty('priority');
  });
});

it('in neither direction anything parks that both can read', async () => {
  expect(await parkedIn(kept.database)).toHaveLength(1);
  for (const one of [ahead, behind]) expect(one === undefined ? undefined : await parkedIn(one.database)).toEqual([]);
});

it('a member that is required anew is no next version: what was told before would be refused', () => {
  const demanding = RecordChanged.schema.extend({ priority: z.enum(['usual', 'urgent']) });
  expect(demanding.safeParse(record(5)).success).toBe(false);
});
