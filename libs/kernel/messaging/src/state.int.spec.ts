import { logTo } from '@quan-so/observability';
import { until } from '@quan-so/testing';
import { LocalBroker } from './index.js';
import { unsent } from './relay.queries.js';
import { keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';

let world: World;
let teller: Service;
let taker: Service;
const broker = new LocalBroker();
const transport = () => ({ kind: 'local', broker }) as const;

beforeAll(async () => {
  logTo(() => undefined);
  world = await openWorld(['teller', 'taker']);
  [teller, taker] = await Promise.all([world.service('teller'), world.service('taker')]);
});
afterAll(async () => {
  await broker.close();
  await world.close();
  logTo();
});
beforeEach(() => teller.database.sql('test-none', 'DELETE FROM outbox'));

describe('what waits to be sent', () => {
  it('is as old as the first of all shards, also of a topic that is told no more, and counted no further than asked', async () => {
    const { sql } = teller.database;
    await teller.tell(...Array.from({ length: 8 }, (_, n) => [`k${n}`, n] as const));
    await sql(
      'test-old',
      `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at)
       SELECT gen_random_uuid(), kind, 'records.retired', 3, subject, type, envelope, now() - interval '1 hour' FROM outbox ORDER BY id LIMIT 1`,
    );
    const [all, some] = [await unsent(sql), await unsent(sql, 2)];
    expect([all.count, some.count]).toEqual([9, 2]);
    expect(Math.floor(all.oldestMs / 3_600_000)).toBe(1);
  });

  it('is looked at once, however many ask while the database is slow', async () => {
    const idle = tellerOf(teller, transport);
    const [one, two] = [idle.state(), idle.state()];
    expect(two).toBe(one);
    await one;
    const three = idle.state();
    expect(three).not.toBe(one);
    await three;
  });
});

describe('what came and has no effect yet', () => {
  it('is nothing once a backlog has ended with a full batch', async () => {
    const [relay, taking] = [tellerOf(teller, transport), takingOf(taker, 'teller', keepEffects, transport)];
    await teller.tell(...Array.from({ length: 500 }, (_, n) => ['full', n] as const));
    await relay.start();
    await relay.settled();
    await taking.start();
    await taking.settled();
    await until(async () => (await taking.state()).waitingMs === 0);
    expect(await taker.effects()).toHaveLength(500);
    await taking.stop();
    await relay.stop();
  });
});
