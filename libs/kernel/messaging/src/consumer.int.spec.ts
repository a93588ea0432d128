import { setTimeout as sleep } from 'node:timers/promises';
import { logTo } from '@quan-so/observability';
import { LocalBroker, type Messaging } from './index.js';
import { keepEffects, openWorld, takingOf, tellerOf, type Service, type Take, type World } from './spec/world.js';

let world: World;
let teller: Service;
let taker: Service;
let relay: Messaging;
const broker = new LocalBroker();
const transport = () => ({ kind: 'local', broker }) as const;
const lines: string[] = [];

beforeAll(async () => {
  logTo((line) => lines.push(line));
  world = await openWorld(['teller', 'taker']);
  [teller, taker] = await Promise.all([world.service('teller'), world.service('taker')]);
  relay = tellerOf(teller, transport);
  await relay.start();
});
afterAll(async () => {
  await relay.stop();
  await broker.close();
  await world.close();
  logTo();
});

async function take(does: Take): Promise<Messaging> {
  const taking = takingOf(taker, 'teller', does, transport);
  await taking.start();
  return taking;
}
const waits = (): number => lines.filter((line) => line.includes('taking events waits')).length;
const effectsOf = async (key: string): Promise<string[]> => (await taker.effects()).filter((effect) => effect.startsWith(key));

describe('the loop', () => {
  it('gives an event that comes twice in one batch one effect', async () => {
    await teller.tell(['twice', 1], ['twice', 2]);
    await relay.settled();
    await teller.database.sql(
      'test-twice',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at)
       SELECT event_id, kind, topic, shard, subject, type, envelope, now() FROM outbox WHERE subject = 'twice' ORDER BY id`,
    );
    await relay.settled();
    const batches: number[] = [];
    const taking = await take(async (batch, tx) => {
      batches.push(batch.length);
      await keepEffects(batch, tx);
    });
    await taking.settled();
    expect([await effectsOf('twice'), batches]).toEqual([['twice1', 'twice2'], [2]]);
    await taking.stop();
  });

  it('lets go of what waits when it is stopped, and takes it at the next start', async () => {
    const before = waits();
    const away = await take(async () => Promise.reject(Object.assign(new Error('lock not available'), { code: '55P03' })));
    await teller.tell(['stop', 1], ['stop', 2]);
    while (waits() < before + 2) await sleep(5);
    await away.stop();
    expect([await effectsOf('stop'), await taker.parked()]).toEqual([[], []]);
    const taking = await take(keepEffects);
    await taking.settled();
    expect(await effectsOf('stop')).toEqual(['stop1', 'stop2']);
    await taking.stop();
  });

  it('takes events one by one when together they take longer than a statement may', async () => {
    await teller.tell(...Array.from({ length: 6 }, (_, n) => ['many', n] as const));
    await relay.settled();
    const batches: number[] = [];
    const taking = await take(async (batch, tx) => {
      batches.push(batch.length);
      if (batch.length > 1) throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
      await keepEffects(batch, tx);
    });
    await taking.settled();
    expect(await effectsOf('many')).toEqual(['many0', 'many1', 'many2', 'many3', 'many4', 'many5']);
    expect(batches.filter((size) => size > 1)).toEqual([6, 6, 6, 6]);
    expect(await taker.parked()).toEqual([]);
    await taking.stop();
  });

  it('waits when an event cannot even be parked now, and loses nothing', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let lock: Promise<void> | undefined;
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const before = waits();
    const taking = await take(async (batch, tx) => {
      if (!batch.some(({ event }) => event.subject === 'poison')) return keepEffects(batch, tx);
      // From now on the table of parked events is somebody else's; the consumer gives up after lock_timeout and tries again.
      lock ??= taker.database.transaction(async (sql) => {
        await sql('test-lock', 'LOCK TABLE parked IN SHARE MODE');
        locked();
        await held;
      });
      await isLocked;
      throw new TypeError('poison');
    });
    await teller.tell(['poison', 1], ['poison', 2], ['beside', 1]);
    while (waits() === before) await sleep(20);
    expect(await taker.parked()).toEqual([]);
    release();
    await lock;
    await taking.settled();
    expect((await taker.parked()).map(({ key, n, reason }) => [key, n, reason])).toEqual([['poison', 1, 'HANDLER'], ['poison', 2, 'BEHIND']]);
    expect(await effectsOf('beside')).toEqual(['beside1']);
    await taking.stop();
  });
});
