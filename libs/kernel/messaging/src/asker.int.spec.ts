import { setTimeout as sleep } from 'node:timers/promises';
import { EventsMissed } from '@quan-so/contract';
import { logTo } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { createMessaging, LocalBroker, Operators, Replicas, type GapView, type Messaging } from './index.js';
import { keepGap } from './reconcile.queries.js';
import { openWorld, type Service, type World } from './spec/world.js';

/** A minute and an hour, in short. */
const PACE = { everyMs: 10, againMs: 40 };
const TOPIC = 'records.teller';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GIVEN_UP = 'what was asked for does not come: it is not asked for any more, and somebody has to look';

let world: World;
let asker: Service;
let messaging: Messaging;
const lines: string[] = [];

beforeAll(async () => {
  logTo((line) => lines.push(line));
  world = await openWorld(['asker']);
  asker = await world.service('asker');
  const { name: service, database, work } = asker;
  messaging = createMessaging({ service, database, work, definition: { publishes: [EventsMissed], consumes: [] }, handlers: [], transport: { kind: 'local', broker: new LocalBroker() }, asking: PACE });
  await messaging.start();
});
afterAll(async () => {
  await messaging?.stop();
  await world?.close();
  logTo();
});
beforeEach(async () => {
  await asker.database.sql('test-clear', 'DELETE FROM gap');
  await asker.database.sql('test-clear-told', 'DELETE FROM outbox');
  lines.length = 0;
});

/** A window of which three events were told and `heard` came; the same one when its beginning is the same. */
async function differ(heard: number, from = new Date(Date.now() - MINUTE)): Promise<Date> {
  await keepGap(asker.database.sql, { kind: 'COUNT', topic: TOPIC, from, to: new Date(from.getTime() + MINUTE), told: '3', heard: String(heard) });
  return from;
}

/** As an operator sees it. */
async function seen(): Promise<GapView | undefined> {
  const { database, work } = asker;
  const operators = new Operators({ database, work, replicas: new Replicas(database), messaging: () => messaging });
  const { body } = await operators.gaps({ query: { limit: 10 } } as unknown as Parameters<Operators['gaps']>[0]);
  return body.items[0];
}

const givenUp = (): Promise<void> => until(async () => ((await seen())?.givenUpAt ?? null) !== null);
const said = (): string[] => lines.map((line) => JSON.parse(line) as { level: string; msg: string }).filter(({ level, msg }) => level === 'error' && msg === GIVEN_UP).map(({ msg }) => msg);

async function asked(): Promise<number> {
  const [row] = await asker.database.sql<{ n: number }>('test-asked', `SELECT count(*)::int AS n FROM outbox WHERE topic = 'missing.asker'`);
  return row?.n ?? 0;
}

it('stops asking for what does not come, says so once, and shows it to operators', async () => {
  await differ(1);
  await givenUp();
  await sleep(5 * PACE.againMs);
  expect([await asked(), said()]).toEqual([5, [GIVEN_UP]]);
  expect(await seen()).toMatchObject({ topic: TOPIC, told: 3, heard: 1, asks: 5, givenUpAt: expect.stringMatching(/^20\d\d-/) });
});

it('asks again, as often, for what came in part; not for what only differs in another way', async () => {
  const from = await differ(1);
  await givenUp();
  await differ(5, from);
  await sleep(5 * PACE.againMs);
  expect([await asked(), said().length]).toEqual([5, 1]);
  await differ(4, from);
  await until(async () => (await asked()) === 10);
  await givenUp();
  expect(await seen()).toMatchObject({ heard: 4, asks: 10 });
});

it('does not ask for what no outbox keeps any more, and says so', async () => {
  await asker.database.sql('test-old', `INSERT INTO gap (id, kind, topic, from_at, to_at, found_at) VALUES ($1, 'RECKONING', $2, $3, $4, now())`, [uuidv7(), TOPIC, new Date(Date.now() - 15 * DAY), new Date()]);
  await givenUp();
  expect([await asked(), said()]).toEqual([0, [GIVEN_UP]]);
});

it('leaves the jumps over places to the comparison that closes them', async () => {
  await asker.database.sql('test-jump', `INSERT INTO gap (id, kind, topic, to_at, missing, found_at) VALUES ($1, 'POSITIONS', $2, now(), 3, now())`, [uuidv7(), TOPIC]);
  await sleep(5 * PACE.againMs);
  expect([await seen(), await asked(), said()]).toEqual([expect.objectContaining({ kind: 'POSITIONS', givenUpAt: null }), 0, []]);
});
