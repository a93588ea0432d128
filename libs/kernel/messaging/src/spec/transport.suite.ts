import { setTimeout as sleep } from 'node:timers/promises';
import { inSpan, logTo, startTelemetry, TraceStore, type StoredTrace, type Telemetry } from '@quan-so/observability';
import { treeOf } from '@quan-so/testing';
import { type Messaging } from '../index.js';
import { randomOf, writeThings } from './writers.js';
import {
  Broken,
  Ignored,
  keepEffects,
  Noted,
  openWorld,
  takingOf,
  tellerOf,
  type Service,
  type Take,
  type TransportOf,
  type World,
} from './world.js';

/** What every transport must do; each of them calls this once. */
export function transportSuite(transport: TransportOf, prepare: (topics: readonly string[]) => Promise<void>): void {
  const tests = 13;
  const traces = new TraceStore();
  let telemetry: Telemetry;
  let world: World;
  let number = 0;
  let teller: Service;
  let taker: Service;
  let running: Messaging[];

  const lines: string[] = [];

  beforeAll(async () => {
    logTo((line) => lines.push(line));
    telemetry = await startTelemetry({ service: 'test', version: '0', environment: 'test', memory: traces });
    const numbers = Array.from({ length: tests }, (_, index) => index + 1);
    await prepare(numbers.flatMap((n) => [`records.teller${n}`, `audit.teller${n}`, `records.taker${n}`, `audit.taker${n}`]));
    world = await openWorld(numbers.flatMap((n) => [`teller${n}`, `taker${n}`]));
  });
  afterAll(async () => {
    await world.close();
    await telemetry.shutdown();
    logTo();
  });
  // Each test has its own two services, so nothing of one is seen by another.
  beforeEach(async () => {
    number += 1;
    running = [];
    [teller, taker] = await Promise.all([world.service(`teller${number}`), world.service(`taker${number}`)]);
  });
  afterEach(async () => {
    for (const one of running.reverse()) await one.stop();
    // Thirteen worlds of two pools would be more connections than the server has.
    await Promise.all([teller.close(), taker.close()]);
  });

  async function start(one: Messaging): Promise<Messaging> {
    running.push(one);
    await one.start();
    return one;
  }
  const startTelling = (): Promise<Messaging> => start(tellerOf(teller, transport));
  const startTaking = (does: Take = keepEffects): Promise<Messaging> => start(takingOf(taker, teller.name, does, transport));

  /** Until all that was told has its effect or is parked. */
  async function settled(): Promise<void> {
    for (const one of running) await one.settled();
  }

  it('keeps the order of each key and loses nothing, with concurrent writers, late commits and rollbacks', async () => {
    await startTelling();
    await startTaking();
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}-`);
    await teller.database.sql('test-things', 'INSERT INTO thing SELECT key, 0 FROM unnest($1::text[]) AS key', [keys]);
    const random = randomOf(7);
    await Promise.all(Array.from({ length: 8 }, () => writeThings(teller, keys, random)));
    await settled();
    const last = await teller.database.sql<{ key: string; n: number }>('test-last', 'SELECT key, n FROM thing WHERE n > 0');
    const effects = await taker.effects();
    for (const { key, n } of last) {
      expect(effects.filter((effect) => effect.startsWith(key))).toEqual(Array.from({ length: n }, (_, index) => `${key}${index + 1}`));
    }
    expect(effects.length).toBe(last.reduce((sum, { n }) => sum + n, 0));
    expect(effects.length).toBeGreaterThan(200);
  });

  it('gives an event that comes twice one effect', async () => {
    const relay = await startTelling();
    await startTaking();
    await teller.tell(['a', 1], ['a', 2], ['b', 1]);
    await settled();
    await teller.database.sql('test-again', 'UPDATE outbox SET published_at = NULL');
    await relay.settled();
    await teller.tell(['a', 3]);
    await settled();
    expect((await taker.effects()).sort()).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('loses and doubles nothing when the connection breaks between the effect and the position', async () => {
    await startTelling();
    let broken = 0;
    await startTaking(async (batch, tx) => {
      await keepEffects(batch, tx);
      broken += 1;
      if (broken <= 2) await tx.sql('test-die', 'SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await teller.tell(['a', 1], ['a', 2]);
    await settled();
    await teller.tell(['a', 3]);
    await settled();
    expect(await taker.effects()).toEqual(['a1', 'a2', 'a3']);
    expect(broken).toBeGreaterThan(2);
  });

  it('parks poison with its key; what follows of the key waits behind it and other keys go on', async () => {
    await startTelling();
    const taking = await startTaking(async (batch, tx) => {
      for (const { event } of batch) if (event.subject === 'a' && event.data.n === 2) (undefined as unknown as { x: () => void }).x();
      await keepEffects(batch, tx);
    });
    await teller.tell(['a', 1], ['b', 1], ['a', 2], ['a', 3], ['b', 2], ['c', 1]);
    await settled();
    await teller.tell(['a', 4], ['b', 3]);
    await settled();
    expect((await taker.effects()).sort()).toEqual(['a1', 'b1', 'b2', 'b3', 'c1']);
    const parked = await taker.parked();
    expect(parked.map(({ key, n, reason, error }) => [key, n, reason, error])).toEqual([
      ['a', 2, 'HANDLER', 'TypeError'],
      ['a', 3, 'BEHIND', null],
      ['a', 4, 'BEHIND', null],
    ]);
    expect(parked[0]?.stack).toContain('transport.suite');
    expect(await taking.state()).toMatchObject({ parked: 3, missing: 0 });
  });

  it('waits for what passes by itself, and then goes on in order', async () => {
    await startTelling();
    let failures = 0;
    let waited = 0;
    const taking = await startTaking(async (batch, tx) => {
      if (failures < 3) {
        failures += 1;
        await sleep(5);
        waited = Math.max(waited, (await taking.state()).waitingMs);
        throw Object.assign(new Error('lock not available'), { code: '55P03' });
      }
      await keepEffects(batch, tx);
    });
    await teller.tell(['a', 1], ['a', 2]);
    await settled();
    expect(await taker.effects()).toEqual(['a1', 'a2']);
    expect([failures, await taker.parked()]).toEqual([3, []]);
    expect(waited).toBeGreaterThan(0);
    expect((await taking.state()).waitingMs).toBe(0);
  });

  it('passes over types that nobody asked for', async () => {
    await startTelling();
    await startTaking();
    await teller.tell(['a', 1], ['a', 2, Ignored], ['a', 3], ['a', 4, Ignored]);
    await settled();
    expect([await taker.effects(), await taker.parked()]).toEqual([['a1', 'a3'], []]);
  });

  it('calls handlers with runs of one type, so that order between types holds', async () => {
    await startTelling();
    await teller.tell(['a', 1], ['a', 2], ['a', 3, Noted], ['a', 4]);
    const runs: string[] = [];
    await startTaking(async (batch, tx) => {
      runs.push(batch.map(({ event, producer }) => `${producer}:${event.type.split('.')[3]}${event.data.n}`).join(' '));
      await keepEffects(batch, tx);
    });
    await settled();
    const by = teller.name;
    expect(runs.join(' ')).toBe(`${by}:thing-changed1 ${by}:thing-changed2 ${by}:thing-noted3 ${by}:thing-changed4`);
    expect(runs.every((run) => new Set(run.match(/thing-[a-z]+/g)).size === 1)).toBe(true);
  });

  it('parks an event that breaks its schema, saying where and not what', async () => {
    await startTelling();
    await startTaking();
    await teller.tell(['a', 1], ['a', 2, Broken], ['a', 3], ['b', 1]);
    await settled();
    expect((await taker.effects()).sort()).toEqual(['a1', 'b1']);
    const parked = await taker.parked();
    expect(parked.map(({ key, reason, detail }) => [key, reason, detail])).toEqual([
      ['a', 'CONTRACT', '/code: invalid_type; /n: invalid_type'],
      ['a', 'BEHIND', null],
    ]);
    expect(JSON.stringify(parked)).not.toContain('hush');
    const alarms = lines.filter((line) => line.includes('an event is parked') && line.includes(taker.name));
    expect(alarms.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(['CONTRACT', 'BEHIND']);
    expect(lines.join('')).not.toContain('hush');
  });

  it('lets a consumer that comes later catch up', async () => {
    const relay = await startTelling();
    await teller.tell(['a', 1], ['b', 1]);
    await teller.tell(['a', 2]);
    await relay.settled();
    await startTaking();
    await settled();
    expect((await taker.effects()).sort()).toEqual(['a1', 'a2', 'b1']);
  });

  it('waits for a producer that comes later, and for one that comes again', async () => {
    const taking = await startTaking();
    const relay = tellerOf(teller, transport);
    await relay.start();
    await teller.tell(['a', 1]);
    await relay.settled();
    await relay.stop();
    await teller.tell(['a', 2]);
    // What its producer has not sent yet cannot be waited for by a consumer, hence first the one, then the other.
    await (await startTelling()).settled();
    await taking.settled();
    expect(await taker.effects()).toEqual(['a1', 'a2']);
  });

  it('leads the trace of each command through its event to its effects, inside a batch too', async () => {
    await Promise.all([command('POST /first', ['a', 1]), command('POST /second', ['b', 1])]);
    await startTelling();
    await startTaking(async (batch, tx) => {
      await keepEffects(batch, tx);
      if (batch[0]?.event.subject === 'c') tx.emit(Noted, 'c', { dataset: 'dossiers', code: 'C', n: 9 });
    });
    await settled();
    await command('POST /third', ['c', 1]);
    await settled();
    await settled();
    const [first, second, third] = await Promise.all(['POST /first', 'POST /second', 'POST /third'].map((name) => traceOf(traces, name)));
    const branch = [`  ${teller.name}: send records.${teller.name}`, `    ${taker.name}: process records.${teller.name}`];
    expect(withoutSql(first)).toEqual([`${teller.name}: POST /first`, ...branch]);
    expect(withoutSql(second)).toEqual([`${teller.name}: POST /second`, ...branch]);
    expect(withoutSql(third)).toEqual([`${teller.name}: POST /third`, ...branch, `      ${taker.name}: send records.${taker.name}`]);
    for (const [trace, code] of [[first, 'A'], [second, 'B'], [third, 'C']] as const) expect(trace?.dossierCodes).toEqual([code]);
    const receive = await traceOf(traces, `receive records.${teller.name}`);
    // The statements of the batch stand under its own span, whose trace is nobody's command.
    expect(receive?.items.map(({ name }) => name)).toEqual(expect.arrayContaining(['sql consumer-take', 'sql keep-effects', 'sql commit']));
    const links = new Set(traces.search({ limit: 1_000 }).flatMap(({ traceId }) => traces.get(traceId)?.items.flatMap((span) => span.links) ?? []));
    expect([first, second, third].every((trace) => links.has(trace?.traceId ?? ''))).toBe(true);
  });

  it('keeps no trace of a beat, from the row to its effect, and still traces the commands beside it', async () => {
    await startTelling();
    await startTaking();
    const before = traces.search({ limit: 1_000 }).length;
    const beat = (n: number) => teller.work.internal('thing.beat', async (tx) => tx.emit(Noted, 'beat', { dataset: 'things', code: 'x', n }), { traced: false });
    await beat(1);
    await beat(2);
    await settled();
    expect(await taker.effects()).toEqual(['beat1', 'beat2']);
    expect(traces.search({ limit: 1_000 }).length).toBe(before);
    await command('POST /beside', ['beat', 3]);
    await settled();
    expect((await traceOf(traces, 'POST /beside'))?.items.map(({ name }) => name)).toContain(`process records.${teller.name}`);
  });

  it('ends what runs when it is stopped, and goes on where it was', async () => {
    await startTelling();
    let started: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (started = resolve));
    const taking = takingOf(
      taker,
      teller.name,
      async (batch, tx) => {
        started();
        await sleep(50);
        await keepEffects(batch, tx);
      },
      transport,
    );
    await taking.start();
    await teller.tell(['a', 1], ['a', 2]);
    await first;
    await taking.stop();
    expect(await taker.effects()).toEqual(['a1', 'a2']);
    await teller.tell(['a', 3]);
    await startTaking();
    await settled();
    expect(await taker.effects()).toEqual(['a1', 'a2', 'a3']);
  });

  function command(name: string, [key, n]: readonly [string, number]): Promise<void> {
    return inSpan(name, { kind: 'server', service: teller.name, parent: 'root' }, () => teller.tell([key, n]));
  }
}

async function traceOf(traces: TraceStore, name: string): Promise<StoredTrace | undefined> {
  const found = traces.search({ limit: 1_000 }).find((trace) => trace.name === name);
  return found === undefined ? undefined : traces.get(found.traceId);
}

function withoutSql(trace: StoredTrace | undefined): string[] {
  const spans = trace?.items.map((span) => ({ ...span, parentSpanId: span.parentId })) ?? [];
  return treeOf(spans.filter(({ name }) => !name.startsWith('sql '))).split('\n');
}
