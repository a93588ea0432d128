import { messagingMigrations, type Operators } from '@quan-so/messaging';
import { inSpan, reading, type GaugeSource, type Reading } from '@quan-so/observability';
import { persistenceMigrations, type Database } from '@quan-so/persistence';
import { type Health } from '@quan-so/http';
import { type Clock } from './clock.js';
import { type ServiceDefinition } from './definition.js';

export interface Gauged {
  readonly definition: Pick<ServiceDefinition, 'name' | 'migrations'>;
  readonly version: string;
  readonly database: Pick<Database, 'sql' | 'connections'>;
  readonly operators: Pick<Operators, 'aside' | 'messages' | 'replicaSeconds'>;
  readonly health: () => Promise<Health>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Less than whoever collects waits for a source. */
const LONGEST_MS = 3_000;

/**
 * What a service says of itself when somebody collects: what it needs no database for, whatever has happened to that, and
 * each question by itself, so that what is slow because much has gone wrong does not take the rest with it.
 */
export function gaugesOf(gauged: Gauged, longestMs = LONGEST_MS): GaugeSource {
  const { definition: { name: service }, database } = gauged;
  const asked = [healthReadings, stateReadings, asideReadings, replicaReadings, migrationReadings].map((read) => oneAtATime(() => read(gauged)));
  // Asked every minute and more often, it would push the traces of commands out of every store.
  return () => inSpan('gauges', { service, parent: 'untraced' }, async () => {
    const otherwise = [healthOfNone(service), [], [], [], []];
    const parts = await Promise.all(asked.map((ask, n) => inTime(ask(), otherwise[n] ?? [], longestMs)));
    return [reading('quanso_build_info', { service, version: gauged.version }, 1), ...poolReadings(service, database), ...parts.flat()];
  });
}

/** Not while the one before still runs: whoever collects would fill the pool with what a slow database does not answer. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= ask().finally(() => (running = undefined));
    return running;
  };
}

async function healthReadings({ definition: { name: service }, health }: Gauged): Promise<readonly Reading[]> {
  const { ready, parts } = await health();
  const shown = { ...Object.fromEntries(Object.entries(parts).map(([part, { ok }]) => [part, ok])), ready };
  return Object.entries(shown).map(([part, ok]) => reading('quanso_health', { service, part }, ok ? 1 : 0));
}

function healthOfNone(service: string): readonly Reading[] {
  return ['database', 'ready'].map((part) => reading('quanso_health', { service, part }, 0));
}

/** What a database that hangs does not tell in time is not told; that it hangs is. */
async function inTime<T>(asked: Promise<T>, otherwise: T, longestMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), longestMs)));
  try {
    return await Promise.race([asked, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

function poolReadings(service: string, { connections }: Pick<Database, 'connections'>): readonly Reading[] {
  const { most, ...states } = connections;
  return [
    reading('quanso_database_connections_max', { service }, most),
    ...Object.entries(states).map(([state, value]) => reading('quanso_database_connections', { service, state }, value)),
  ];
}

async function asideReadings({ definition: { name: service }, operators, clock }: Gauged): Promise<readonly Reading[]> {
  const { counts, parkedMs, parkedWorkingMs } = await operators.aside(clock.now());
  return [
    ...(['contract', 'handler', 'behind', 'stale'] as const).map((reason) => reading('quanso_parked', { service, reason: reason.toUpperCase() }, counts[reason])),
    reading('quanso_parked_oldest_seconds', { service }, parkedMs / 1_000),
    reading('quanso_parked_oldest_working_seconds', { service }, parkedWorkingMs / 1_000),
    reading('quanso_gaps_open', { service }, counts.gaps),
    reading('quanso_replays_running', { service }, counts.running),
  ];
}

async function replicaReadings({ definition: { name: service }, operators, clock }: Gauged): Promise<readonly Reading[]> {
  const seconds = await operators.replicaSeconds(clock.now());
  return seconds === undefined ? [] : [reading('quanso_replica_age_seconds', { service }, seconds)];
}

async function stateReadings({ definition: { name: service }, operators }: Gauged): Promise<readonly Reading[]> {
  const state = await operators.messages();
  if (state === undefined) return [];
  return [
    reading('quanso_outbox_unsent', { service }, state.unsent),
    reading('quanso_outbox_oldest_seconds', { service }, state.oldestUnsentMs / 1_000),
    reading('quanso_outbox_shards_unowned', { service }, state.unowned),
    reading('quanso_consumer_waiting_seconds', { service }, state.waitingMs / 1_000),
  ];
}

async function migrationReadings({ definition: { name: service, migrations }, database: { sql } }: Gauged): Promise<readonly Reading[]> {
  const rows = await sql<{ name: string }>('gauges-migrations', 'SELECT name FROM migration');
  const applied = new Set(rows.map(({ name }) => name));
  const needed = [...persistenceMigrations, ...messagingMigrations, ...migrations];
  return [
    reading('quanso_migrations', { service, state: 'applied' }, applied.size),
    reading('quanso_migrations', { service, state: 'missing' }, needed.filter(({ name }) => !applied.has(name)).length),
  ];
}
