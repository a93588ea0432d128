import { type OperatorNumbers } from '@quan-so/messaging';
import { gaugesOf, type Gauged } from './gauges.js';

const counts = { contract: 0, handler: 1, behind: 4, stale: 0, since: new Date('2026-11-27T09:30:00Z'), gaps: 2, running: 0 };
const state = { unsent: 3, oldestUnsentMs: 1_500, owned: 8, unowned: 0, waitingMs: 250, parked: 5, missing: 0 };
const numbers = { counts, age: { asOf: null, seconds: null }, state, parkedMs: 64 * 3_600_000, parkedWorkingMs: 5_400_000 } as OperatorNumbers;

function gaugedOf(change: Partial<Gauged> = {}): Gauged {
  return {
    definition: { name: 'notes', migrations: [] },
    version: '0.1.0',
    database: { sql: async () => [], connections: { used: 2, idle: 1, waiting: 0, most: 10 } },
    operators: { numbers: async () => numbers },
    health: async () => ({ ready: true, parts: { database: { ok: true } } }),
    clock: { now: () => new Date('2026-11-30T01:30:00Z') },
    ...change,
  };
}

async function linesOf(gauged: Gauged): Promise<string[]> {
  const readings = await gaugesOf(gauged)();
  return readings.map(({ name, labels: { service: _, ...labels }, value }) => [name.slice('quanso_'.length), ...Object.values(labels), value].join(' '));
}

describe('gauges of a service', () => {
  it('say seconds, and nothing of replicas where there are none', async () => {
    const lines = await linesOf(gaugedOf());
    expect(lines).toEqual(expect.arrayContaining(['parked_oldest_working_seconds 5400', 'parked_oldest_seconds 230400', 'parked BEHIND 4', 'outbox_oldest_seconds 1.5', 'consumer_waiting_seconds 0.25', 'gaps_open 2', 'health ready 1']));
    expect(lines.filter((line) => line.startsWith('replica'))).toEqual([]);
    const aged = { ...numbers, age: { asOf: 'x', seconds: 31 } };
    expect(await linesOf(gaugedOf({ operators: { numbers: async () => aged } }))).toContain('replica_age_seconds 31');
  });

  it('say what needs no database when it is away, and that it is', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const gauged = gaugedOf({ operators: { numbers: away }, database: { sql: away, connections: { used: 0, idle: 0, waiting: 3, most: 10 } }, health: away });
    expect(await linesOf(gauged)).toEqual(['build_info 0.1.0 1', 'database_connections_max 10', 'database_connections used 0', 'database_connections idle 0', 'database_connections waiting 3', 'health database 0', 'health ready 0']);
  });

  it('tell a missing migration', async () => {
    const lines = await linesOf(gaugedOf({ database: { ...gaugedOf().database, sql: async () => [{ name: '0001-note' }] as never } }));
    expect(lines).toContain('migrations applied 1');
    expect(lines).not.toContain('migrations missing 0');
  });
});
