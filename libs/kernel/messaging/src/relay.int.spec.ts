import { setTimeout as sleep } from 'node:timers/promises';
import { shardOf } from '@quan-so/contract';
import { uuidv7From } from '@quan-so/language';
import { logTo } from '@quan-so/observability';
import { type Sql } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { LocalBroker, type Messaging } from './index.js';
import { Progress } from './progress.js';
import { markSent } from './relay.queries.js';
import { Relay } from './relay.js';
import { Changed, keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';
import { type Shipment, type Transport } from './transport.js';

/** Four shards of records, four of audit entries. */
const SHARDS_OF_A_TELLER = 8;

let world: World;
let teller: Service;
let taker: Service;
const broker = new LocalBroker();
const transport = () => ({ kind: 'local', broker }) as const;
const lines: string[] = [];
const unused = {} as Transport;

beforeAll(async () => {
  logTo((line) => lines.push(line));
  world = await openWorld(['relay', 'taker']);
  [teller, taker] = await Promise.all([world.service('relay'), world.service('taker')]);
});
afterAll(async () => {
  await broker.close();
  await world.close();
  logTo();
});

const owned = async (one: Messaging): Promise<number> => (await one.state()).owned;

interface Sent {
  readonly shard: number;
  readonly position: string | null;
  readonly n: number;
}
const sent = (): Promise<Sent[]> =>
  teller.database.sql('test-sent', `SELECT shard, position, (envelope::jsonb -> 'data' ->> 'n')::int AS n FROM outbox ORDER BY shard, position`);

describe('the relay', () => {
  it('gives every shard one owner; another process takes over when the owner goes', async () => {
    const [one, two] = [tellerOf(teller, transport), tellerOf(teller, transport)];
    await one.start();
    await until(async () => (await owned(one)) === SHARDS_OF_A_TELLER);
    await two.start();
    await teller.tell(['a', 1], ['b', 2]);
    await one.settled();
    expect([await owned(one), await owned(two)]).toEqual([SHARDS_OF_A_TELLER, 0]);
    // The other one's are no fault.
    expect((await two.state()).unowned).toBe(0);
    await one.stop();
    await teller.tell(['a', 3]);
    await two.settled();
    expect(await owned(two)).toBe(SHARDS_OF_A_TELLER);
    await two.stop();
  });

  it('tells of shards that nobody sends', async () => {
    const { database } = teller;
    const held = await database.connection();
    const relay = new Relay({ service: teller.name, database, publishes: [Changed], transport: unused, progress: new Progress() });
    expect(await relay.unowned(database.sql)).toBe(SHARDS_OF_A_TELLER);
    await held.sql('test-hold', `SELECT pg_advisory_lock(hashtext('quan-so relay records.' || $1), 2)`, [teller.name]);
    expect(await relay.unowned(database.sql)).toBe(SHARDS_OF_A_TELLER - 1);
    await held.close();
  });

  it('goes on after the connection that holds its locks was lost', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    await until(async () => (await owned(relay)) === SHARDS_OF_A_TELLER);
    await teller.database.sql('test-cut', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay-own'`);
    await teller.tell(['a', 4]);
    await relay.settled();
    await until(async () => (await owned(relay)) === SHARDS_OF_A_TELLER);
    expect((await relay.state()).unsent).toBe(0);
    await relay.stop();
  });

  it('sends what another process committed, without being woken', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    await relay.settled();
    // Another process's commit, seen from here: a row appears and nobody calls.
    await teller.database.sql(
      'test-copy',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at)
       SELECT gen_random_uuid(), kind, topic, shard, subject, type, envelope, now() FROM outbox ORDER BY id LIMIT 1`,
    );
    await relay.settled();
    expect((await relay.state()).unsent).toBe(0);
    await relay.stop();
  });

  it('numbers each shard without gaps, on and on when old rows were dropped', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    await relay.settled();
    const before = await sent();
    for (const shard of [0, 1, 2, 3]) {
      const positions = before.filter((row) => row.shard === shard).map(({ position }) => Number(position));
      expect(positions).toEqual(positions.map((_, index) => index + 1));
    }
    const count = before.filter(({ shard }) => shard === before[0]?.shard).length;
    await teller.database.sql('test-drop', 'DELETE FROM outbox');
    await teller.tell(...Array.from({ length: 8 }, (_, n) => [`k${n}`, n] as const));
    await relay.settled();
    const first = (await sent()).find(({ shard }) => shard === before[0]?.shard);
    expect(Number(first?.position)).toBe(count + 1);
    await relay.stop();
  });

  it('tells how much waits and for how long', async () => {
    await teller.tell(['a', 1], ['b', 1], ['c', 1]);
    await sleep(30);
    const idle = tellerOf(teller, transport);
    const { unsent, oldestUnsentMs, owned: shards } = await idle.state();
    expect([unsent, shards]).toEqual([3, 0]);
    expect(oldestUnsentMs).toBeGreaterThanOrEqual(30);
    await idle.start();
    await idle.settled();
    expect(await idle.state()).toMatchObject({ unsent: 0, oldestUnsentMs: 0 });
    await idle.stop();
  });
});

describe('a consumer without a broker', () => {
  it('takes nothing twice when its place is lost: the kept outbox is read again and the inbox knows it', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    await relay.settled();
    const first = takingOf(taker, 'relay', keepEffects, transport);
    await first.start();
    await first.settled();
    await first.stop();
    const effects = await taker.effects();
    expect(effects.length).toBeGreaterThan(8);
    await taker.database.sql('test-forget', 'DELETE FROM consumer_position');
    await teller.tell(['again', 1]);
    await relay.settled();
    const second = takingOf(taker, 'relay', keepEffects, transport);
    await second.start();
    await second.settled();
    expect(await taker.effects()).toEqual([...effects, 'again1']);
    await second.stop();
    await relay.stop();
  });

  it('takes the parked events of a key again, in order, when they are put back by hand', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    let isMended = false;
    const run = async (...told: readonly (readonly [string, number])[]): Promise<void> => {
      const taking = takingOf(
        taker,
        'relay',
        async (batch, tx) => {
          if (!isMended && batch.some(({ event }) => event.subject === 'p' && event.data.n === 2)) throw new RangeError('not yet');
          await keepEffects(batch, tx);
        },
        transport,
      );
      await taking.start();
      if (told.length > 0) await teller.tell(...told);
      await relay.settled();
      await taking.settled();
      await taking.stop();
    };
    await run(['p', 1], ['p', 2], ['p', 3], ['q', 1]);
    const ofP = async () => (await taker.effects()).filter((effect) => /^[pq]/.test(effect));
    expect((await ofP()).sort()).toEqual(['p1', 'q1']);
    isMended = true;
    await taker.database.sql(
      'test-mend',
      `WITH again AS (DELETE FROM parked WHERE key = 'p' RETURNING topic, shard, position, event_id),
         unknown AS (DELETE FROM inbox i USING again a WHERE i.event_id = a.event_id AND i.topic = a.topic)
       UPDATE consumer_position c SET position = (SELECT min(position) - 1 FROM again)
         FROM (SELECT DISTINCT topic, shard FROM again) a WHERE c.topic = a.topic AND c.shard = a.shard`,
    );
    await run(['p', 4]);
    expect((await ofP()).filter((effect) => effect.startsWith('p'))).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect((await ofP()).filter((effect) => effect.startsWith('q'))).toEqual(['q1']);
    expect(await taker.parked()).toEqual([]);
    await relay.stop();
  });

  it('parks what is older than its inbox remembers, once, and its key behind it', async () => {
    const relay = tellerOf(teller, transport);
    await teller.tell(['old', 1], ['old', 2], ['young', 1]);
    const id = uuidv7From(Date.now() - 30 * 86_400_000, new Uint8Array(10));
    const age = `UPDATE outbox SET event_id = $1::uuid, envelope = replace(envelope, event_id::text, $1::text) WHERE subject = 'old' AND envelope LIKE '%"n":1%'`;
    await teller.database.sql('test-age', age, [id]);
    await relay.start();
    await relay.settled();
    const taking = takingOf(taker, 'relay', keepEffects, transport);
    await taking.start();
    await taking.settled();
    await teller.database.sql('test-copy-old', `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at) SELECT event_id, kind, topic, shard, subject, type, envelope, now() FROM outbox WHERE event_id = $1`, [id]);
    await relay.settled();
    await taking.settled();
    const ofKey = (await taker.parked()).filter(({ key }) => key === 'old');
    expect(ofKey.map(({ n, reason }) => [n, reason])).toEqual([[1, 'STALE'], [2, 'BEHIND']]);
    expect((await taker.effects()).filter((effect) => /^(old|young)/.test(effect))).toEqual(['young1']);
    await taking.stop();
    await relay.stop();
  });

  it('shows that a handler hangs, and that it goes on', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    let release: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (release = resolve));
    const taking = takingOf(
      taker,
      'relay',
      async (batch, tx) => {
        await hanging;
        await keepEffects(batch, tx);
      },
      transport,
    );
    await taking.start();
    await relay.settled();
    await teller.tell(['hangs', 1]);
    // Every loop that is well moves once a second.
    await until(async () => (taking.slowest()?.ms ?? 0) > 1_500);
    expect(taking.slowest()?.what).toMatch(/^take records\.relay\/\d$/);
    release();
    await taking.settled();
    // Whichever loop moved last but all: none is behind by more than its second any more.
    await until(async () => (taking.slowest()?.ms ?? Infinity) < 1_500);
    await taking.stop();
    await relay.stop();
    expect([taking.slowest(), relay.slowest()]).toEqual([undefined, undefined]);
  });

  it('sounds the alarm when the owner dropped rows that it had not taken', async () => {
    const relay = tellerOf(teller, transport);
    await relay.start();
    await teller.tell(['gap', 1], ['gap', 2], ['gap', 3]);
    await relay.settled();
    await teller.database.sql('test-drop-two', `DELETE FROM outbox WHERE subject = 'gap' AND (envelope::jsonb -> 'data' ->> 'n')::int < 3`);
    const taking = takingOf(taker, 'relay', keepEffects, transport);
    await taking.start();
    await taking.settled();
    expect((await taker.effects()).filter((effect) => effect.startsWith('gap'))).toEqual(['gap3']);
    expect(await taking.state()).toMatchObject({ missing: 2 });
    expect(lines.some((line) => line.includes('events were gone'))).toBe(true);
    await taking.stop();
    await relay.stop();
  });

  it('goes on with a shard that was sent together with one that cannot be sent', async () => {
    const { database } = teller;
    const stuck = shardOf('records', 'stuck');
    expect(shardOf('records', 'well')).not.toBe(stuck);
    let isAway = true;
    const send = async (lock: Sql, shipments: readonly Shipment[]): Promise<void> => {
      if (isAway && shipments.some(({ topic, shard }) => topic === 'records.relay' && shard === stuck)) throw new Error('no leader');
      await markSent(lock, shipments.flatMap(({ rows }) => rows));
    };
    const progress = new Progress();
    const relay = new Relay({ service: teller.name, database, publishes: [Changed], transport: { ...unused, name: 'kafka', send }, progress });
    const unsent = async (): Promise<string[]> => {
      const rows = await database.sql<{ told: string }>('test-unsent', `SELECT subject || (envelope::jsonb -> 'data' ->> 'n') AS told FROM outbox WHERE published_at IS NULL ORDER BY id`);
      return rows.map(({ told }) => told);
    };
    await teller.tell(['stuck', 1], ['well', 1]);
    relay.start();
    await until(async () => (await unsent()).join() === 'stuck1');
    await teller.tell(['well', 2]);
    await until(async () => (await unsent()).join() === 'stuck1');
    isAway = false;
    await until(async () => (await unsent()).length === 0);
    await relay.stop();
  });
});
