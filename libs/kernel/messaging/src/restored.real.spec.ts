import { setTimeout as sleep } from 'node:timers/promises';
import { logTo } from '@quan-so/observability';
import { KafkaJsPort, PUT_BACK } from './kafka-client.js';
import { groupOf } from './kafka-group.js';
import { meetRestored, type Meeting } from './restored.js';
import { brokers, createTopics, kafkaOf } from './spec/broker.js';
import { beginOf, keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';

const admin = kafkaOf('test').admin();
const transport = () => ({ kind: 'kafka', config: { brokers } }) as const;
const lines: string[] = [];
let world: World;

beforeAll(async () => {
  logTo((line) => lines.push(line));
  await admin.connect();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap((letter) => [`giver-${letter}`, `keeper-${letter}`]);
  await createTopics(admin, names.flatMap((name) => [`records.${name}`, `audit.${name}`, `missing.${name}`]));
  world = await openWorld(names);
});
afterAll(async () => {
  await world.close();
  await admin.disconnect();
  logTo();
});

async function pair(letter: string): Promise<[Service, Service]> {
  return Promise.all([world.service(`giver-${letter}`), world.service(`keeper-${letter}`)]);
}

/** Tells these and has them taken and sent. */
async function told(giver: Service, keeper: Service, ...things: readonly (readonly [string, number])[]): Promise<void> {
  const relay = tellerOf(giver, transport);
  const taking = takingOf(keeper, giver.name, keepEffects, transport);
  try {
    await Promise.all([relay.start(), taking.start()]);
    await giver.tell(...things);
    await relay.settled();
    await taking.settled();
  } finally {
    // What runs on would end the process when the world closes, and hide why.
    await Promise.all([relay.stop(), taking.stop()]);
  }
}

/** The consumer's database as it was: what it took later, its effects and its places. */
async function snapshot({ database: { sql } }: Service): Promise<() => Promise<void>> {
  const places = await sql<{ topic: string; shard: number; position: string }>('keep-places', 'SELECT topic, shard, position FROM consumer_position');
  const [last] = await sql<{ id: string; at: Date }>('keep-last', 'SELECT coalesce(max(id), 0) AS id, clock_timestamp() AS at FROM effect');
  return async () => {
    await sql('back-effects', 'DELETE FROM effect WHERE id > $1', [last?.id]);
    await sql('back-inbox', 'DELETE FROM inbox WHERE taken_at > $1', [last?.at]);
    await sql('back-places', 'DELETE FROM consumer_position');
    for (const { topic, shard, position } of places) await sql('back-place', `INSERT INTO consumer_position VALUES ('kafka', $1, $2, $3, now())`, [topic, shard, position]);
  };
}

/** As `declare_restored` leaves it; the role that works may not call that. */
async function declare({ database: { sql } }: Service, incident: string, scope: string, to: Date): Promise<void> {
  await sql('declare', `INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES ($1, $2, $3, clock_timestamp())`, [incident, scope, to]);
}

/** The code with which the process of this service would end. */
async function codeOf(service: Service, from: string): Promise<number> {
  let gone: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => (gone = resolve));
  const port = new KafkaJsPort(service.name, { brokers }, gone);
  const meeting: Meeting = { service: service.name, database: service.database, work: service.work };
  const topics = [`records.${from}`];
  await port.consume(service.name, topics, async () => true, () => undefined, (group) => meetRestored(meeting, { heard: topics, told: [] }, group));
  const ended = await code;
  await port.close();
  return ended;
}

async function cut(topic: string): Promise<void> {
  const partitions = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => Number(high) > 0);
  await admin.deleteTopicRecords({ topic, partitions: partitions.map(({ partition, high }) => ({ partition, offset: high })) });
}

const settled = ({ database: { sql } }: Service) => sql('settled', 'SELECT incident FROM restored WHERE settled_at IS NOT NULL ORDER BY incident');

describe('a service whose database was put back', () => {
  it('does not go on when nobody said so', async () => {
    const [giver, keeper] = await pair('a');
    await told(giver, keeper, ['a', 1], ['b', 1]);
    const back = await snapshot(keeper);
    await told(giver, keeper, ['a', 2], ['b', 2]);
    await back();
    expect(await codeOf(keeper, giver.name)).toBe(PUT_BACK);
    expect((await keeper.effects()).toSorted()).toEqual(['a1', 'b1']);
    expect(lines.some((line) => line.includes('nobody said so'))).toBe(true);
  });

  it('takes what came since again when it went back alone, each event once', async () => {
    const [giver, keeper] = await pair('b');
    await told(giver, keeper, ['a', 1], ['b', 1]);
    const back = await snapshot(keeper);
    const to = new Date();
    await told(giver, keeper, ['a', 2], ['b', 2], ['c', 1]);
    await back();
    await declare(keeper, 'alone-again', 'alone', to);
    await told(giver, keeper, ['a', 3]);
    expect((await keeper.effects()).toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
    expect((await keeper.effects()).filter((effect) => effect.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect([await settled(keeper), await keeper.parked()]).toEqual([[{ incident: 'alone-again' }], []]);
    const audits = await keeper.database.sql<{ n: number }>('audits', `SELECT count(*)::int AS n FROM outbox WHERE envelope LIKE '%restored:alone-again%'`);
    expect(audits[0]?.n).toBe(1);
  });

  it('does not take what came after the instant all went back to, and goes on once the log is cut', async () => {
    const [giver, keeper] = await pair('c');
    await told(giver, keeper, ['a', 1]);
    const back = await snapshot(keeper);
    const to = new Date();
    await sleep(50);
    await told(giver, keeper, ['a', 2], ['z', 1]);
    await back();
    await giver.database.sql('giver-back', 'DELETE FROM outbox WHERE created_at > $1', [to]);
    await declare(keeper, 'all-of-them', 'all', to);
    await keeper.database.sql('no-places', 'DELETE FROM consumer_position');
    expect([await codeOf(keeper, giver.name), await keeper.effects(), await settled(keeper)]).toEqual([PUT_BACK, ['a1'], []]);
    await cut(`records.${giver.name}`);
    // What was told before is sent again and known; what is told now is another second version.
    await giver.database.sql('again', 'UPDATE outbox SET published_at = NULL');
    await told(giver, keeper, ['a', 2]);
    expect([await keeper.effects(), await settled(keeper), await keeper.parked()]).toEqual([['a1', 'a2'], [{ incident: 'all-of-them' }], []]);
  });
});

describe('a service on another server than last time', () => {
  const OTHER = 'another server';
  const unsent = ({ database: { sql } }: Service) => sql('unsent', 'SELECT subject FROM outbox WHERE published_at IS NULL ORDER BY id');

  it('is compared once and goes on when nothing is amiss, also while another process of it tells', async () => {
    const [giver, keeper] = await pair('f');
    await told(giver, keeper, ['a', 1], ['b', 1]);
    const relay = tellerOf(giver, transport);
    await relay.start();
    let over = false;
    const telling = (async () => {
      for (let n = 2; !over; n += 1) await giver.tell(['a', n]);
    })();
    const [begins, takes] = [beginOf(giver, { brokers }), beginOf(keeper, { brokers }, [giver.name])];
    try {
      for (const _ of [1, 2, 3, 4, 5]) expect(await begins(OTHER)).toBe('compared');
    } finally {
      over = true;
      await telling;
      await relay.stop();
    }
    expect([await begins(), await takes(OTHER), await takes()]).toEqual(['at once', 'compared', 'at once']);
  });

  it('has sent nothing when it only tells, was put back and nobody said so', async () => {
    const [giver, keeper] = await pair('g');
    await told(giver, keeper, ['a', 1]);
    const to = new Date();
    await sleep(50);
    await told(giver, keeper, ['a', 2]);
    await giver.database.sql('giver-back', 'DELETE FROM outbox WHERE created_at > $1', [to]);
    await giver.database.sql('unsent-then', 'UPDATE outbox SET published_at = NULL');
    const begins = beginOf(giver, { brokers });
    expect([await begins(OTHER), await begins()]).toEqual([PUT_BACK, PUT_BACK]);
    expect(await unsent(giver)).not.toEqual([]);
    expect(lines.some((line) => line.includes(`.${giver.name} tells what this database has never told`))).toBe(true);
  });

  it('has sent nothing while the log was not cut, and begins once it is, also when it only tells', async () => {
    const [giver, keeper] = await pair('h');
    await told(giver, keeper, ['a', 1]);
    const to = new Date();
    await sleep(50);
    await told(giver, keeper, ['a', 2]);
    await giver.database.sql('giver-back', 'DELETE FROM outbox WHERE created_at > $1', [to]);
    await giver.database.sql('again', 'UPDATE outbox SET published_at = NULL');
    await declare(giver, 'all-of-them', 'all', to);
    const begins = beginOf(giver, { brokers });
    expect([await begins(), await settled(giver)]).toEqual([PUT_BACK, []]);
    await cut(`records.${giver.name}`);
    expect([await begins(), await settled(giver), await begins()]).toEqual(['compared', [{ incident: 'all-of-them' }], 'at once']);
    expect(await unsent(giver)).not.toEqual([]);
  });
});

describe('a broker that lost its log', () => {
  it('is met once when only the end is gone: later starts go on, also beside a group that remembers more', async () => {
    const [giver, keeper] = await pair('e');
    await told(giver, keeper, ['a', 1], ['a', 2], ['a', 3]);
    const topic = `records.${giver.name}`;
    const { sql } = keeper.database;
    // As after the loss of two records that were taken: our place, and that of the group, are behind the end.
    const [place] = await sql<{ shard: number; position: string }>('lost', 'UPDATE consumer_position SET position = position + 2 WHERE topic = $1 AND position = 2 RETURNING shard, position', [topic]);
    await admin.setOffsets({ groupId: keeper.name, topic, partitions: [{ partition: place?.shard ?? -1, offset: '5' }] });
    const meeting: Meeting = { service: keeper.name, database: keeper.database, work: keeper.work, reckoned: new Set([topic]) };
    for (const _ of ['the loss', 'a restart', 'another']) await meetRestored(meeting, { heard: [topic], told: [] }, groupOf(admin, keeper.name, [topic]));
    expect(await sql('places', 'SELECT position FROM consumer_position WHERE topic = $1', [topic])).toEqual([{ position: '2' }]);
    expect(await sql('gaps', 'SELECT kind, missing FROM gap')).toEqual([{ kind: 'POSITIONS', missing: '2' }]);
    await told(giver, keeper, ['a', 4]);
    expect([await keeper.effects(), await keeper.parked()]).toEqual([['a1', 'a2', 'a3', 'a4'], []]);
  });

  it('is an alarm, and what it tells from now on is taken', async () => {
    const [giver, keeper] = await pair('d');
    await told(giver, keeper, ['a', 1], ['a', 2], ['a', 3]);
    await admin.deleteTopics({ topics: [`records.${giver.name}`] });
    await sleep(1_000);
    await createTopics(admin, [`records.${giver.name}`]);
    const relay = tellerOf(giver, transport);
    const taking = takingOf(keeper, giver.name, keepEffects, transport);
    await Promise.all([relay.start(), taking.start()]);
    await giver.tell(['a', 4]);
    // Places of the log that is gone would look settled.
    while ((await keeper.effects()).length < 4) await sleep(50);
    await Promise.all([relay.stop(), taking.stop()]);
    expect(await keeper.effects()).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(lines.some((line) => line.includes('"level":"error"') && line.includes('the broker has lost it'))).toBe(true);
    expect(await keeper.database.sql('gaps', 'SELECT kind, missing FROM gap')).toEqual([{ kind: 'POSITIONS', missing: expect.anything() }]);
  });
});
