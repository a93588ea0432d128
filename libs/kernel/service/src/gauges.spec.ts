import { type Aside, type MessagingState } from '@quan-so/messaging';
import { type GaugeSource } from '@quan-so/observability';
import { gaugesOf, type Gauged } from './gauges.js';

const counts = { contract: 0, handler: 1, behind: 4, stale: 0, since: new Date('2026-11-27T09:30:00Z'), gaps: 2, running: 0 };
const state: MessagingState = { unsent: 3, oldestUnsentMs: 1_500, owned: 8, unowned: 0, waitingMs: 250, parked: 5, missing: 0 };
const aside: Aside = { counts, parkedMs: 64 * 3_600_000, parkedWorkingMs: 5_400_000 };
const operators: Gauged['operators'] = { aside: async () => aside, messages: async () => state, replicaSeconds: async () => undefined };
const away = (): Promise<never> => Promise.reject(new Error('away'));
const hanging = (): Promise<never> => new Promise(() => undefined);

function gaugedOf(change: Partial<Gauged> = {}): Gauged {
  return {
    definition: { name: 'notes', migrations: [] },
    version: '0.1.0',
    database: { sql: async () => [], connections: { used: 2, idle: 1, waiting: 0, most: 10 } },
    operators,
    health: async () => ({ ready: true, parts: { database: { ok: true } } }),
    clock: { now: () => new Date('2026-11-30T01:30:00Z') },
    ...change,
  };
}

async function linesOf(gauged: Gauged, longestMs?: number): Promise<string[]> {
  return linesFrom(gaugesOf(gauged, longestMs));
}

async function linesFrom(source: GaugeSource): Promise<string[]> {
  const readings = await source();
  return readings.map(({ name, labels: { service: _, ...labels }, value }) => [name.slice('quanso_'.length), ...Object.values(labels), value].join(' '));
}

describe('gauges of a service', () => {
  it('say seconds, and nothing of replicas where there are none', async () => {
    const lines = await linesOf(gaugedOf());
    expect(lines).toEqual(expect.arrayContaining(['parked_oldest_working_seconds 5400', 'parked_oldest_seconds 230400', 'parked BEHIND 4', 'outbox_oldest_seconds 1.5', 'consumer_waiting_seconds 0.25', 'gaps_open 2', 'health ready 1']));
    expect(lines.filter((line) => line.startsWith('replica'))).toEqual([]);
    expect(await linesOf(gaugedOf({ operators: { ...operators, replicaSeconds: async () => 31 } }))).toContain('replica_age_seconds 31');
  });

  it('say what needs no database when it is away, and that it is', async () => {
    const gauged = gaugedOf({ operators: { aside: away, messages: away, replicaSeconds: away }, database: { sql: away, connections: { used: 0, idle: 0, waiting: 3, most: 10 } }, health: away });
    expect(await linesOf(gauged)).toEqual(['build_info 0.1.0 1', 'database_connections_max 10', 'database_connections used 0', 'database_connections idle 0', 'database_connections waiting 3', 'health database 0', 'health ready 0']);
  });

  it('go on telling how long the outbox waits while what is parked cannot be counted, and the other way round', async () => {
    const counting = await linesOf(gaugedOf({ operators: { ...operators, aside: hanging } }), 20);
    expect(counting).toEqual(expect.arrayContaining(['outbox_oldest_seconds 1.5', 'migrations applied 0', 'health database 1']));
    expect(counting.filter((line) => line.startsWith('parked'))).toEqual([]);
    expect(await linesOf(gaugedOf({ operators: { ...operators, messages: away } }))).toEqual(expect.arrayContaining(['parked BEHIND 4', 'gaps_open 2']));
  });

  it('ask a slow database once, until it has answered', async () => {
    const answers: ((given: MessagingState) => void)[] = [];
    const slow = (): Promise<MessagingState> => new Promise((resolve) => answers.push(resolve));
    const source = gaugesOf(gaugedOf({ operators: { ...operators, messages: slow } }), 20);
    expect(await linesFrom(source)).not.toContain('outbox_unsent 3');
    const later = linesFrom(source);
    expect(answers).toHaveLength(1);
    answers[0]?.(state);
    expect(await later).toContain('outbox_unsent 3');
    await linesFrom(source);
    expect(answers).toHaveLength(2);
  });

  it('tell a missing migration', async () => {
    const lines = await linesOf(gaugedOf({ database: { ...gaugedOf().database, sql: async () => [{ name: '0001-note' }] as never } }));
    expect(lines).toContain('migrations applied 1');
    expect(lines).not.toContain('migrations missing 0');
  });
});
