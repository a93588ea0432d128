import { setTimeout as sleep } from 'node:timers/promises';
import { EventsMissed, topicOf, type EventsMissedData } from '@quan-so/contract';
import { logTo } from '@quan-so/observability';
import { LocalBroker, type Messaging } from './index.js';
import { createMessaging } from './messaging.js';
import { isMoreThan } from './reconcile.queries.js';
import { Changed, openWorld, type Service, type World } from './spec/world.js';

let world: World;
let teller: Service;
let asker: Service;
let said: Messaging;
let asking: Messaging;
const lines: string[] = [];

beforeAll(async () => {
  logTo((line) => lines.push(line));
  world = await openWorld(['teller', 'asker']);
  [teller, asker] = await Promise.all([world.service('teller'), world.service('asker')]);
  const transport = { kind: 'local', broker: new LocalBroker() } as const;
  const { name: service, database, work } = teller;
  said = createMessaging({ service, database, work, definition: { publishes: [Changed], consumes: [] }, handlers: [], transport, heardBy: ['asker'] });
  asking = createMessaging({ service: 'asker', database: asker.database, work: asker.work, definition: { publishes: [EventsMissed], consumes: [] }, handlers: [], transport });
  await said.start();
  await asking.start();
});
afterAll(async () => {
  await said?.stop();
  await asking?.stop();
  await world?.close();
  logTo();
});
beforeEach(async () => {
  lines.length = 0;
  await teller.database.sql('test-clear', 'DELETE FROM replay');
});

const topic = topicOf('records', 'teller');
const MINUTE = 60_000;

/** Asks as a service that misses something does; resolves when the teller has heard it. */
async function ask(given: Partial<EventsMissedData>): Promise<void> {
  const now = Date.now();
  const data = { topic, from: new Date(now - MINUTE).toISOString(), to: new Date(now + MINUTE).toISOString(), told: null, heard: null, tries: 1, ...given };
  await asker.work.internal('test.ask', async (tx) => tx.emit(EventsMissed, data.topic, data));
  await asking.settled();
  await said.settled();
}

const replays = (): Promise<{ state: string; done: number; messages: number }[]> => teller.database.sql('test-replays', 'SELECT state, done, messages FROM replay ORDER BY planned_at');
const refusals = (): string[] => lines.map((line) => JSON.parse(line) as { level: string; msg: string }).filter(({ level }) => level === 'error').map(({ msg }) => msg);

async function ended(): Promise<void> {
  while ((await replays()).some(({ state }) => state === 'running')) await sleep(20);
}

it('a window of many minutes goes out slice by slice, each event once more with its id, and its count behind it', async () => {
  await teller.tell(['a', 1], ['a', 2], ['b', 1]);
  const since = new Date();
  await ask({ from: new Date(Date.now() - 5 * MINUTE).toISOString(), told: 3, heard: 0 });
  await ended();
  expect(await replays()).toEqual([{ state: 'done', done: 3, messages: 3 }]);
  const again = await teller.database.sql<{ type: string; n: number; copies: number }>(
    'test-again',
    `SELECT split_part(type, '.', 4) AS type, count(*)::int AS n, count(*) FILTER (WHERE event_id IN (SELECT event_id FROM outbox WHERE created_at < $2))::int AS copies
       FROM outbox WHERE topic = $1 AND created_at >= $2 GROUP BY 1 ORDER BY min(id)`,
    [topic, since],
  );
  // A reckoning for each of the four shards of the topic.
  expect(again).toEqual([{ type: 'thing-changed', n: 3, copies: 3 }, { type: 'reckoning', n: 4, copies: 0 }]);
});

it('is not sent twice at once for two who ask, nor while an operator holds it', async () => {
  await teller.tell(['c', 1]);
  await ask({});
  await ended();
  await teller.database.sql('test-hold', `UPDATE replay SET state = 'paused', sent_up_to = NULL`);
  await ask({ from: new Date(Date.now() - MINUTE / 2).toISOString(), to: new Date(Date.now() + MINUTE / 2).toISOString(), tries: 2 });
  expect((await replays()).map(({ state }) => state)).toEqual(['paused']);
});

it('looks no further into a window than up to the cap', async () => {
  await teller.database.sql('test-empty', 'DELETE FROM outbox');
  await teller.tell(['e', 1], ['e', 2], ['f', 1]);
  const window = { topic, from: new Date(Date.now() - MINUTE), to: new Date(Date.now() + MINUTE) };
  const { sql } = teller.database;
  expect([await isMoreThan(sql, window, 2), await isMoreThan(sql, window, 3), await isMoreThan(sql, { ...window, topic: 'audit.teller' }, 0)]).toEqual([true, false, false]);
});

it.each<[string, Partial<EventsMissedData>, string]>([
  ['of a topic that is not its own', { topic: 'records.somebody' }, 'events are asked for that are not told here'],
  ['of a kind it does not tell', { topic: 'reference.teller' }, 'events are asked for that are not told here'],
  ['when more were told than are kept', { told: 1_000_000, heard: 1 }, 'events are asked for that are not kept whole any more'],
  ['of days that are gone', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }, 'events are asked for that are not kept whole any more'],
])('sends nothing %s, and calls for somebody', async (_what, given, sentence) => {
  await teller.tell(['d', 1]);
  await ask(given);
  expect([await replays(), refusals()]).toEqual([[], [sentence]]);
});
