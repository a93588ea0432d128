import { type OperatorNumbers } from '@quan-so/messaging';
import { gaugesOf, type Gauged } from './gauges.js';

const state = { unsent: 0, oldestUnsentMs: 1_500, owned: 8, unowned: 0, waitingMs: 0, parked: 1, missing: 0 };
// Friday 27 November 2026, 16:30 in Vietnam.
const FRIDAY = Date.parse('2026-11-27T09:30:00Z');
// 30 November, 08:30: Friday 16:30–17:00 and Monday 07:30–08:30 by the usual week.
const MONDAY = { now: () => new Date('2026-11-30T01:30:00Z') };

function numbersOf(since: number | null): OperatorNumbers {
  return { counts: { contract: 0, handler: 1, behind: 0, stale: 0, since: since === null ? null : new Date(since), gaps: 0, running: 0 }, age: { asOf: null, seconds: null }, state };
}

function gaugedOf(change: Partial<Gauged> = {}): Gauged {
  return {
    definition: { name: 'notes', migrations: [] },
    version: '0.1.0',
    database: { sql: async () => [], connections: { used: 2, idle: 1, waiting: 0, most: 10 } },
    replicas: { listOn: async () => [] },
    operators: { numbers: async () => numbersOf(FRIDAY) },
    health: async () => ({ ready: true, parts: { database: { ok: true } } }),
    clock: { now: () => new Date(FRIDAY) },
    ...change,
  };
}

async function valuesOf(gauged: Gauged, name: string): Promise<unknown> {
  const readings = await gaugesOf(gauged)();
  return readings.filter((one) => one.name === name).map(({ value }) => value);
}

describe('gauges of a service', () => {
  it('count the age of what is parked in working time: over a weekend half an hour of Friday and one of Monday', async () => {
    const gauged = gaugedOf({ clock: MONDAY });
    expect(await valuesOf(gauged, 'quanso_parked_oldest_working_seconds')).toEqual([5_400]);
    expect(await valuesOf(gauged, 'quanso_parked_oldest_seconds')).toEqual([64 * 3_600]);
  });

  it('know the holidays of the authority when the catalogue has told them', async () => {
    const day = [{ opens: '08:00', closes: '17:00' }];
    const calendar = { code: 'x', days: [{ date: '2026-11-30', kind: 'holiday' as const, name: { vi: 'v', en: 'e' }, legalBasis: 'x', confirmed: true, validFrom: '2026-01-01' }], weeklyWindows: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, validFrom: '2026-01-01', validTo: null, coversUntil: '2026-12-31' };
    const replicas = { listOn: async () => [{ kind: 'calendar', code: 'x', version: 1, validFrom: '2026-01-01', validTo: null, publishedAt: '', body: calendar }] } as never;
    expect(await valuesOf(gaugedOf({ replicas, clock: MONDAY }), 'quanso_parked_oldest_working_seconds')).toEqual([1_800]);
  });

  it('are 0 when nothing is parked, and say nothing of replicas where there are none', async () => {
    const operators = { numbers: async () => numbersOf(null) };
    expect(await valuesOf(gaugedOf({ operators }), 'quanso_parked_oldest_working_seconds')).toEqual([0]);
    expect(await valuesOf(gaugedOf({ operators }), 'quanso_replica_age_seconds')).toEqual([]);
  });

  it('say what needs no database when it is away, and that it is', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const gauged = gaugedOf({ operators: { numbers: away }, database: { sql: away, connections: { used: 0, idle: 0, waiting: 3, most: 10 } }, health: away });
    const readings = await gaugesOf(gauged)();
    expect(readings.map(({ name, labels, value }) => `${name} ${labels['part'] ?? labels['state'] ?? ''} ${value}`)).toEqual([
      'quanso_build_info  1', 'quanso_database_connections_max  10', 'quanso_database_connections used 0', 'quanso_database_connections idle 0',
      'quanso_database_connections waiting 3', 'quanso_health database 0', 'quanso_health ready 0',
    ]);
  });

  it('tell a missing migration', async () => {
    const rows = await valuesOf(gaugedOf({ database: { ...gaugedOf().database, sql: async () => [{ name: '0001-note' }] as never } }), 'quanso_migrations');
    const [applied, missing] = rows as number[];
    expect([applied, (missing ?? 0) > 1]).toEqual([1, true]);
  });
});
