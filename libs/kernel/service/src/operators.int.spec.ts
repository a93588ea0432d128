import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, type Client, type ProblemDocument } from '@quan-so/http';
import { operatorOperations, type ReplayView } from '@quan-so/messaging';
import { logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { NoteWritten, refused } from './spec/notes.js';
import { OperatorsGround } from './spec/operators-ground.js';

const operations = operatorOperations('mirror');
const topic = 'records.notes';
const because = 'the cause is mended';
const traces = new TraceStore();

let telemetry: Telemetry;
let ground: OperatorsGround;
let operator: Client;

beforeAll(async () => {
  logTo(() => undefined);
  telemetry = await startTelemetry({ service: 'test', version: '0', environment: 'local', memory: traces });
  ground = await OperatorsGround.open();
  operator = ground.as('operator');
});
afterAll(async () => {
  await ground?.close();
  await telemetry?.shutdown();
  logTo();
});
beforeEach(() => ground.clear());

const tell = (key: string, ...texts: string[]): Promise<void> => ground.tell(key, ...texts);
const mirrored = (): Promise<string[]> => ground.mirrored();
const parked = (): Promise<unknown[][]> => ground.parked();

async function refusal(call: Promise<unknown>): Promise<ProblemDocument> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof ProblemError) return error.problem;
  throw new Error('not refused', { cause: error });
}

type Body = Omit<Parameters<typeof plan>[0], 'because'>;
async function plan(body: { eventId?: string; topic?: string; key?: string; reason?: 'CONTRACT' | 'HANDLER' | 'BEHIND' | 'STALE'; from?: string; to?: string; perSecond?: number }): Promise<ReplayView> {
  const reply = await operator.call(operations.planReplay, { body: { ...body, because } });
  expect([reply.status, reply.version, reply.location]).toEqual([201, 1, `/api/mirror/v1/operations/replays/${reply.body.replayId}`]);
  return reply.body;
}
type Verb = 'applyReplay' | 'pauseReplay' | 'resumeReplay' | 'cancelReplay';
const act = async (verb: Verb, { replayId, version }: ReplayView): Promise<ReplayView> =>
  (await operator.call(operations[verb], { params: { replayId }, ifMatch: version, body: { because } })).body;
const look = async ({ replayId }: ReplayView): Promise<ReplayView> => (await operator.call(operations.readReplay, { params: { replayId } })).body;

async function ended(planned: ReplayView): Promise<ReplayView> {
  for (;;) {
    const now = await look(planned);
    if (now.state === 'done') return now;
    await sleep(10);
  }
}
const run = async (body: Body): Promise<ReplayView> => ended(await act('applyReplay', await plan(body)));

describe('what operators see', () => {
  it('is where, why and since when, with the number behind it, and never what an event says', async () => {
    refused.add('Nguyễn Văn An');
    await tell('k', 'Nguyễn Văn An', 'second', 'third');
    await tell('other', 'fine');
    const { body } = await operator.call(operations.listParked, {});
    expect(body.items).toMatchObject([{ topic, key: 'k', type: NoteWritten.type, reason: 'HANDLER', error: 'RangeError', faults: null, tries: 1, behind: 2 }]);
    expect(body.items[0]?.places[0]).toMatch(/^MirrorConsumer\.take \(libs\/kernel\/service\/src\/spec\/notes\.ts:\d+:\d+\)$/);
    expect(body.items[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    const all = (await operator.call(operations.listParked, { query: { topic, key: 'k' } })).body.items;
    expect(all.map(({ reason, behind }) => [reason, behind])).toEqual([['HANDLER', 2], ['BEHIND', 1], ['BEHIND', 0]]);
    expect((await operator.call(operations.listParked, { query: { reason: 'BEHIND' } })).body.items).toHaveLength(2);
    expect(JSON.stringify([body, all])).not.toMatch(/Nguyễn|second|cannot mirror/);
    const state = (await operator.call(operations.readState, {})).body;
    expect(state).toMatchObject({ unsent: 0, oldestUnsentSeconds: 0, oldestUnreadSeconds: 0, parked: { CONTRACT: 0, HANDLER: 1, BEHIND: 2, STALE: 0 }, gaps: 0, replicaAsOf: null, replaysRunning: 0 });
    expect(state.parked.since).toBe(all[0]?.since);
  });

  it('comes page by page', async () => {
    refused.add('x');
    for (const key of ['a', 'b', 'c']) await tell(key, 'x');
    const keys: string[] = [];
    for await (const { key } of operator.items(operations.listParked, { query: { limit: 2 } as never })) keys.push(key);
    expect(keys).toEqual(['a', 'b', 'c']);
  });

  it('is for those who are granted it; acting on it is more', async () => {
    expect(await refusal(ground.as('writer').call(operations.listParked, {}))).toMatchObject({ status: 403, action: 'message.read' });
    expect((await ground.as('looker').call(operations.listParked, {})).status).toBe(200);
    expect(await refusal(ground.as('looker').call(operations.planReplay, { body: { reason: 'HANDLER', because } }))).toMatchObject({ status: 403, action: 'message.replay' });
  });
});

describe('a plan', () => {
  it('says how many, of how many keys and how old, and runs nothing', async () => {
    refused.add('x');
    await tell('k', 'x', 'after x');
    await tell('l', 'x');
    refused.clear();
    const planned = await plan({ reason: 'HANDLER', topic });
    const oldest = (await operator.call(operations.listParked, {})).body.items[0]?.since;
    expect(planned).toMatchObject({ state: 'planned', of: 'reason', messages: 3, keys: 2, oldest, processed: 0, left: 0, cap: 1_000, done: 0, failed: 0, because, by: 'operator' });
    expect([await mirrored(), (await parked()).length]).toEqual([[], 3]);
  });

  it('says what has its effect already', async () => {
    refused.add('x');
    await tell('k', 'x', 'after x');
    const first = (await operator.call(operations.listParked, {})).body.items[0]?.eventId ?? '';
    refused.clear();
    await run({ eventId: first });
    expect(await refusal(plan({ eventId: first }))).toMatchObject({ status: 404, code: 'REPLAY_NOTHING_FOUND', processed: 1 });
    expect(await refusal(plan({ topic, key: 'k' }))).toMatchObject({ code: 'REPLAY_NOTHING_FOUND', processed: 2 });
    refused.add('y');
    await tell('k', 'y');
    expect(await plan({ topic, key: 'k' })).toMatchObject({ messages: 1, processed: 2 });
  });

  it('does not begin in the middle of a key', async () => {
    refused.add('x');
    await tell('k', 'x', 'behind');
    const [first, second] = (await operator.call(operations.listParked, { query: { topic, key: 'k' } })).body.items;
    expect(await refusal(plan({ eventId: second?.eventId ?? '' }))).toMatchObject({ status: 409, code: 'REPLAY_NOT_FIRST', first: first?.eventId });
  });

  it('is refused for a topic that no handler takes in our transaction: one of @EventPattern, or of nobody any more', async () => {
    await ground.taken.sql(
      'test-park-foreign',
      `INSERT INTO parked (topic, shard, position, key, event_id, reason, message, parked_at) VALUES ('records.foreign', 0, 1, 'k', $1, 'HANDLER', '{}', now())`,
      [uuidv7()],
    );
    expect(await refusal(plan({ reason: 'HANDLER' }))).toMatchObject({ status: 409, code: 'REPLAY_NOT_TAKEN', topics: ['records.foreign'] });
    refused.add('x');
    await tell('k', 'x');
    expect(await plan({ reason: 'HANDLER', topic })).toMatchObject({ messages: 1 });
  });

  it('selects exactly one thing', async () => {
    expect(await refusal(plan({ eventId: uuidv7(), topic }))).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });

  it('is refused when the world has changed', async () => {
    refused.add('x');
    await tell('k', 'x');
    const planned = await plan({ reason: 'HANDLER' });
    await tell('l', 'x');
    expect(await refusal(act('applyReplay', planned))).toMatchObject({ status: 409, code: 'REPLAY_PLAN_OUTDATED', messages: 2, keys: 2 });
    expect(await refusal(act('applyReplay', { ...planned, version: 7 }))).toMatchObject({ status: 412, currentVersion: 1 });
    refused.clear();
    await run({ reason: 'HANDLER' });
    expect(await refusal(act('applyReplay', planned))).toMatchObject({ code: 'REPLAY_PLAN_OUTDATED', now: 'REPLAY_NOTHING_FOUND' });
  });
});

describe('a replay', () => {
  it('takes a key in its order with its ids, once, in a new trace that is linked to the old one', async () => {
    refused.add('1');
    await tell('k', '1', '2', '3');
    const before = (await operator.call(operations.listParked, { query: { topic, key: 'k' } })).body.items;
    refused.clear();
    const done = await run({ topic, key: 'k' });
    expect(done).toMatchObject({ state: 'done', done: 3, failed: 0 });
    expect(done.endedAt).not.toBeNull();
    expect([await mirrored(), await parked()]).toEqual([['1', '2', '3'], []]);
    const known = await ground.taken.sql<{ event_id: string }>('test-inbox', 'SELECT event_id FROM inbox WHERE event_id = ANY($1::uuid[])', [before.map(({ eventId }) => eventId)]);
    expect(known).toHaveLength(3);
    const replayed = traces.search({ limit: 1_000 }).filter(({ name }) => name === `replay ${topic}`).map(({ traceId }) => traces.get(traceId)?.items.find(({ name }) => name === `replay ${topic}`));
    expect(replayed.some((span) => span?.links.includes(before[0]?.traceId ?? '') && span.traceId !== before[0]?.traceId)).toBe(true);
    await tell('k', '4');
    expect(await mirrored()).toEqual(['1', '2', '3', '4']);
  });

  it('that fails again parks at its place, and what is behind stays behind', async () => {
    refused.add('2');
    await tell('k', '1', '2', '3');
    refused.add('3');
    expect(await run({ topic, key: 'k' })).toMatchObject({ done: 0, failed: 1 });
    expect(await parked()).toEqual([['k', '2', 'HANDLER', 2], ['k', '3', 'BEHIND', 1]]);
    refused.delete('2');
    expect(await run({ topic, key: 'k' })).toMatchObject({ done: 1, failed: 1, processed: 0 });
    await tell('k', '4');
    expect(await parked()).toEqual([['k', '3', 'HANDLER', 2], ['k', '4', 'BEHIND', 1]]);
    refused.clear();
    expect(await run({ reason: 'HANDLER' })).toMatchObject({ done: 2, processed: 1 });
    expect([await mirrored(), await parked()]).toEqual([['1', '2', '3', '4'], []]);
  });

  it('of one key does not touch another', async () => {
    refused.add('x');
    await tell('k', 'x');
    await tell('l', 'x');
    refused.clear();
    await run({ topic, key: 'l' });
    expect((await parked()).map(([key]) => key)).toEqual(['k']);
  });

  it('takes what comes while it runs behind what it takes', async () => {
    refused.add('1');
    await tell('k', ...Array.from({ length: 30 }, (_, n) => String(n + 1)));
    refused.clear();
    const running = await act('applyReplay', await plan({ topic, key: 'k', perSecond: 200 }));
    await tell('k', ...Array.from({ length: 20 }, (_, n) => String(n + 31)));
    await ended(running);
    expect([await mirrored(), await parked()]).toEqual([Array.from({ length: 50 }, (_, n) => String(n + 1)), []]);
  });

  it('can be paused, resumed and cancelled between two events', async () => {
    refused.add('x');
    await tell('k', 'x', ...Array.from({ length: 9 }, (_, n) => String(n)));
    refused.clear();
    const slow = await act('applyReplay', await plan({ topic, key: 'k', perSecond: 20 }));
    const paused = await act('pauseReplay', slow);
    const { done } = await look(paused);
    expect(paused.state).toBe('paused');
    expect(done).toBeLessThan(10);
    await sleep(120);
    expect((await look(paused)).done).toBe(done);
    expect(await refusal(act('pauseReplay', paused))).toMatchObject({ status: 409, code: 'REPLAY_STATE', state: 'paused', possible: ['resume', 'cancel'] });
    const resumed = await act('resumeReplay', paused);
    const cancelled = await act('cancelReplay', resumed);
    expect([cancelled.state, cancelled.version]).toEqual(['cancelled', 5]);
    const left = (await parked()).length;
    await sleep(120);
    expect((await parked()).length).toBe(left);
    expect(left).toBeGreaterThan(0);
    // What is first of its key now is seen without a filter, and a later plan goes on with it.
    expect((await operator.call(operations.listParked, {})).body.items).toMatchObject([{ key: 'k', reason: 'BEHIND' }]);
    await run({ topic, key: 'k' });
    expect((await mirrored()).toSorted()).toEqual([...Array.from({ length: 9 }, (_, n) => String(n)), 'x']);
  });

  it('is audited at every act, with its reason; a repeated request answers the same and does nothing', async () => {
    refused.add('x');
    await tell('k', 'x');
    refused.clear();
    const idempotencyKey = uuidv7();
    const asked = { body: { topic, key: 'k', because }, idempotencyKey };
    const [first, again] = [await operator.call(operations.planReplay, asked), await operator.call(operations.planReplay, asked)];
    expect([again.replayed, again.body]).toEqual([true, first.body]);
    await ended(await act('applyReplay', first.body));
    const entries = await ground.taken.sql<{ data: { action: string; objects: string[]; actor: { username: string } } }>('test-audit', `SELECT envelope::jsonb -> 'data' AS data FROM outbox WHERE topic = 'audit.mirror' AND envelope LIKE $1 ORDER BY id`, [`%${first.body.replayId}%`]);
    expect(entries.map(({ data }) => [data.action, data.objects, data.actor.username])).toEqual(Array.from({ length: 2 }, () => ['message.replay', [`replay:${first.body.replayId}`], 'operator']));
    const acts = await ground.taken.sql('test-acts', 'SELECT act, by_username, because FROM replay_act WHERE replay = $1 ORDER BY version', [first.body.replayId]);
    expect(acts).toEqual(['plan', 'apply'].map((verb) => ({ act: verb, by_username: 'operator', because })));
    expect((await operator.call(operations.listReplays, {})).body.items.map(({ replayId }) => replayId)).toContain(first.body.replayId);
    expect(await refusal(operator.call(operations.readReplay, { params: { replayId: uuidv7() } }))).toMatchObject({ status: 404, code: 'REPLAY_NOT_FOUND' });
  });
});
