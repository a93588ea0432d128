import { setTimeout as sleep } from 'node:timers/promises';
import { instantOfUuidv7 } from '@quan-so/language';
import { NO_TRACE, logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { type Actor, type Call, type EventDef, type OperationDef } from '@quan-so/contract';
import { createMessaging, operatorOperations, type Messaging, type ReplayView } from '../index.js';
import { findReplay, type ReplayRow } from '../replay.queries.js';
import { Replays, replayView } from '../replays.js';
import { Broken, Changed, Ignored, keepEffects, Noted, openWorld, takerOf, type Service, type Take, type TransportOf, type World } from './world.js';

/** Short windows; the time after each is as long as a transaction may take on a busy machine. */
const PACE = { everyMs: 300, afterMs: 2_500, silentMs: 3_600_000 } as const;

/** A pair of services for each test, named as services are: without digits. */
const LETTERS = 'abcde';
/** A minute and an hour, in short. */
const AGAIN = { everyMs: 200, againMs: 1_000 } as const;

export interface Dropper {
  prepare(topics: readonly string[]): Promise<void>;
  /** Loses everything on the topic that the taker, who is stopped, has not taken yet. */
  drop(teller: Service, taker: Service, topic: string): Promise<void>;
  /** Whether a jump over places shows in what comes next. */
  readonly leavesHoles: boolean;
}

interface GapRow {
  readonly kind: string;
  readonly from_at: Date | null;
  readonly to_at: Date;
  readonly told: string | null;
  readonly heard: string | null;
  readonly missing: string | null;
  readonly mended_at: Date | null;
}

/** What every transport must do about events that were dropped between relay and consumer. */
export function reconcileSuite(transport: TransportOf, { prepare, drop, leavesHoles }: Dropper): void {
  const traces = new TraceStore();
  const running: Messaging[] = [];
  let telemetry: Telemetry;
  let world: World;
  let teller: Service;
  let taker: Service;
  let number = -1;

  beforeAll(async () => {
    logTo(() => undefined);
    telemetry = await startTelemetry({ service: 'test', version: '0', environment: 'test', memory: traces });
    const names = LETTERS.split('').flatMap((letter) => [`sayer-${letter}`, `hearer-${letter}`]);
    await prepare(names.flatMap((name) => [`records.${name}`, `audit.${name}`, `missing.${name}`]));
    world = await openWorld(names);
  });
  afterAll(async () => {
    await world.close();
    await telemetry.shutdown();
    logTo();
  });
  beforeEach(async () => {
    const letter = LETTERS[(number += 1)];
    [teller, taker] = await Promise.all([world.service(`sayer-${letter}`), world.service(`hearer-${letter}`)]);
  });
  afterEach(async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
  });

  const topic = (): string => `records.${teller.name}`;
  const gaps = (): Promise<GapRow[]> => taker.database.sql<GapRow>('test-gaps', 'SELECT kind, from_at, to_at, told, heard, missing, mended_at FROM gap ORDER BY id');
  const open = async (kind: string): Promise<GapRow[]> => (await gaps()).filter((gap) => gap.kind === kind && gap.mended_at === null);

  /** With `heardBy` what those miss is sent again by itself; without, an operator does it. */
  async function startTelling(...heardBy: string[]): Promise<Messaging> {
    const { name: service, database, work } = teller;
    const definition = { publishes: [Changed, Noted, Ignored], consumes: [] };
    const messaging = createMessaging({ service, database, work, definition, handlers: [], transport: transport(), reckoning: PACE, heardBy });
    running.push(messaging);
    await messaging.start();
    return messaging;
  }

  function taking(does: Take = keepEffects): Messaging {
    const { name: service, database, work } = taker;
    const consumes = [Changed, Noted].map((event) => ({ event, from: [teller.name] }));
    return createMessaging({ service, database, work, definition: { publishes: [], consumes }, handlers: [takerOf(teller.name, does)], transport: transport(), asking: AGAIN });
  }

  /** When the last event was told, by its id: windows go by the ids. A window that begins later is silent. */
  async function lastTold(): Promise<Date> {
    const [row] = await teller.database.sql<{ id: string }>('test-last-told', `SELECT event_id::text AS id FROM outbox WHERE topic = $1 AND type NOT LIKE '%reckoning%' ORDER BY event_id DESC LIMIT 1`, [topic()]);
    return new Date(instantOfUuidv7(row?.id ?? ''));
  }

  /** Until what was told up to now has been compared. */
  async function compared(): Promise<void> {
    const last = await lastTold();
    await until(async () => (await taker.database.sql('test-compared', 'SELECT 1 FROM reckoned_up_to WHERE topic = $1 AND up_to > $2', [topic(), last])).length > 0);
  }

  /** A first window, so that the next ones are compared. */
  async function begun(relay: Messaging): Promise<void> {
    await until(async () => (await teller.database.sql('test-reckoned', 'SELECT 1 FROM reckoned WHERE topic = $1', [topic()])).length > 0);
    await sleep(PACE.afterMs);
    await teller.tell(['a', 1], ['b', 1]);
    await relay.settled();
    await until(async () => (await taker.database.sql('test-heard', 'SELECT 1 FROM reckoned_up_to WHERE topic = $1', [topic()])).length > 0);
  }

  /** As an operator at the service that told: plan, then apply what was planned. */
  async function sendAgain(from: Date, to: Date): Promise<ReplayView> {
    const replays = new Replays(teller.work, teller.name, () => undefined);
    const operations = operatorOperations(teller.name);
    const body = { topic: topic(), from: from.toISOString(), to: to.toISOString(), perSecond: 50, because: 'the broker lost it' };
    const planned = await replays.plan(callOf(operations.planReplay, { body }));
    expect(planned.body).toMatchObject({ state: 'planned', of: 'window', topic: topic() });
    const { replayId } = planned.body;
    const applied = await replays.act('apply', callOf(operations.applyReplay, { params: { replayId }, body: { because: 'yes' }, ifMatch: 1 }));
    expect(applied.body.state).toBe('running');
    await until(async () => (await findReplay(teller.database.sql, replayId))?.state === 'done');
    return replayView((await findReplay(teller.database.sql, replayId)) as ReplayRow);
  }

  /** Tells a first window, then these while nobody listens, and loses them. */
  async function lose(relay: Messaging, ...things: readonly (readonly [key: string, n: number, event?: EventDef])[]): Promise<void> {
    const first = taking();
    await first.start();
    await begun(relay);
    await first.stop();
    await teller.tell(...things);
    await relay.settled();
    await drop(teller, taker, topic());
  }

  async function listen(): Promise<void> {
    const taken = taking();
    running.push(taken);
    await taken.start();
  }

  const replaysOf = (): Promise<{ by_username: string; state: string; done: number; failed: number }[]> =>
    teller.database.sql('test-replays', 'SELECT by_username, state, done, failed FROM replay ORDER BY planned_at');

  it('finds nothing where nothing is lost: types nobody asked for, broken and parked events included', async () => {
    const relay = await startTelling();
    const taken = taking();
    running.push(taken);
    await taken.start();
    await begun(relay);
    await teller.tell(['a', 2], ['b', 2, Ignored], ['c', 1, Broken], ['c', 2], ['d', 1, Noted]);
    await compared();
    expect([await gaps(), (await taker.parked()).length]).toEqual([[], 2]);
    // A second of silence and its reckonings are no reason to go on reckoning.
    const told = await countReckonings();
    await sleep(4 * PACE.everyMs + PACE.afterMs);
    expect((await countReckonings()) - told).toBeLessThanOrEqual(4);
  });

  it('finds what was dropped, and repairs it from the outbox: the same ids, nothing twice, in a trace of its own', async () => {
    await lose(await startTelling(), ['a', 2], ['a', 3], ['b', 2], ['e', 1], ['e', 2, Ignored]);
    await listen();
    await until(async () => (await open('COUNT')).length > 0);
    const [gap] = await open('COUNT');
    expect(Number(gap?.told) - Number(gap?.heard)).toBe(4);
    if (leavesHoles) {
      const holes = await open('POSITIONS');
      expect(holes.reduce((sum, { missing }) => sum + Number(missing), 0)).toBeGreaterThanOrEqual(5);
    }
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'b1']);

    const sent = await sendAgain(gap?.from_at ?? new Date(), gap?.to_at ?? new Date());
    expect(sent).toMatchObject({ state: 'done', failed: 0 });
    await until(async () => (await open('COUNT')).length === 0);
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'e1']);
    expect((await taker.effects()).filter((effect) => effect.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    const audits = await teller.database.sql<{ n: number }>('test-audits', `SELECT count(*)::int AS n FROM outbox WHERE topic = $1 AND envelope LIKE $2`, [`audit.${teller.name}`, `%replay:${sent.replayId}%`]);
    expect(audits[0]?.n).toBe(2);
    await againTold();
    await teller.tell(['a', 4]);
    await compared();
    expect((await taker.effects()).filter((effect) => effect.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    // Jumps are closed by the first comparison that reaches beyond them.
    expect(await gaps()).toEqual(expect.not.arrayContaining([expect.objectContaining({ mended_at: null })]));
  });

  it('what was dropped is asked for by whoever misses it and sent again by whoever told it, with nobody’s help', async () => {
    await lose(await startTelling(taker.name), ['a', 2], ['a', 3], ['b', 2], ['e', 1], ['e', 2, Ignored]);
    await listen();
    await until(async () => (await gaps()).some(({ kind, mended_at }) => kind === 'COUNT' && mended_at !== null));
    // What was lost may lie in two windows, each asked for by itself.
    await until(async () => (await taker.effects()).length >= 6);
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'e1']);
    expect((await taker.effects()).filter((effect) => effect.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    await teller.tell(['a', 4]);
    await compared();
    await until(async () => (await gaps()).every(({ mended_at }) => mended_at !== null));
    expect((await taker.effects()).filter((effect) => effect.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    await until(async () => (await replaysOf()).every(({ state }) => state === 'done'));
    const sent = await replaysOf();
    expect(sent).toEqual(sent.map(() => ({ by_username: taker.name, state: 'done', done: expect.any(Number), failed: 0 })));
    const audits = await teller.database.sql<{ n: number }>('test-asked', `SELECT count(*)::int AS n FROM outbox WHERE topic = $1 AND envelope LIKE '%replay:%'`, [`audit.${teller.name}`]);
    expect(audits[0]?.n).toBe(sent.length);
  });

  it('what nobody answers is asked for again each cycle, and repaired in the cycle in which the teller hears it', async () => {
    const deaf = await startTelling();
    await lose(deaf, ['a', 2], ['b', 2]);
    await listen();
    await until(async () => (await taker.database.sql('test-asks', 'SELECT 1 FROM gap WHERE asks > 1')).length > 0);
    expect([await replaysOf(), (await taker.effects()).toSorted()]).toEqual([[], ['a1', 'b1']]);
    running.splice(running.indexOf(deaf), 1);
    await deaf.stop();
    await startTelling(taker.name);
    await until(async () => (await gaps()).length > 0 && (await gaps()).every(({ kind, mended_at }) => kind === 'POSITIONS' || mended_at !== null));
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('sees that a reckoning itself was dropped with what it counted', async () => {
    const relay = await startTelling();
    const first = taking();
    await first.start();
    await begun(relay);
    await first.stop();
    await teller.tell(['a', 2], ['b', 2]);
    const told = await lastTold();
    await until(async () => (await teller.database.sql('test-counted', 'SELECT 1 FROM reckoned WHERE topic = $1 AND up_to > $2', [topic(), told])).length > 0);
    await relay.settled();
    await drop(teller, taker, topic());
    await teller.tell(['a', 3]);
    const second = taking();
    running.push(second);
    await second.start();
    await until(async () => (await open('RECKONING')).length > 0);
    const [gap] = await open('RECKONING');
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'a3', 'b1']);
    await sendAgain(gap?.from_at ?? new Date(), gap?.to_at ?? new Date());
    await until(async () => (await open('RECKONING')).length === 0);
    // The dropped reckonings are events too, of the window after the one they count: sent again as well, then nothing is open.
    const [after] = await open('COUNT');
    await sendAgain(after?.from_at ?? new Date(), after?.to_at ?? new Date());
    await teller.tell(['a', 4]);
    await compared();
    await until(async () => (await gaps()).every(({ mended_at }) => mended_at !== null));
    // Late, but there: of a record the last version wins, and its history is filled.
    expect((await taker.effects()).toSorted()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2']);
  });

  async function countReckonings(): Promise<number> {
    const rows = await teller.database.sql<{ n: number }>('test-reckonings', `SELECT count(*)::int AS n FROM outbox WHERE topic = $1 AND type LIKE '%reckoning%'`, [topic()]);
    return rows[0]?.n ?? 0;
  }

  /** What was sent again stands in the outbox twice, with one id; its trace is not that of its command, which it names. */
  async function againTold(): Promise<void> {
    const twice = await teller.database.sql<{ event_id: string; trace: string }>(
      'test-twice',
      `SELECT event_id::text, min(split_part(envelope::jsonb ->> 'traceparent', '-', 2)) AS trace FROM outbox
        WHERE topic = $1 AND type NOT LIKE '%reckoning%' GROUP BY event_id HAVING count(*) = 2`,
      [topic()],
    );
    expect(twice.length).toBeGreaterThanOrEqual(5);
    const spans = traces.search({ limit: 1_000 }).flatMap(({ traceId }) => traces.get(traceId)?.items ?? []).filter(({ name }) => name === `send ${topic()}`);
    const linked = twice.filter(({ trace }) => trace !== NO_TRACE && spans.some((span) => span.links.includes(trace) && span.traceId !== trace));
    expect(linked.length).toBe(twice.length);
  }
}

const operator: Actor = { kind: 'person', id: 'operator', username: 'operator', name: 'Operator', client: 'test', positions: [] };

function callOf<Op extends OperationDef>(operation: Op, given: object): Call<Op> {
  const call = { actor: operator, operation, params: {}, query: {}, body: {}, ifMatch: undefined, idempotencyKey: uuidv7(), requestHash: 'x', purpose: undefined, language: 'en', requestId: 'r', ...given };
  return call as unknown as Call<Op>;
}
