import { messagingMigrations, type Operators, type OperatorNumbers } from '@quan-so/messaging';
import { inSpan, reading, type GaugeSource, type Reading } from '@quan-so/observability';
import { persistenceMigrations, type Database } from '@quan-so/persistence';
import { type Health } from '@quan-so/http';
import { type Clock } from './clock.js';
import { type ServiceDefinition } from './definition.js';

export interface Gauged {
  readonly definition: Pick<ServiceDefinition, 'name' | 'migrations'>;
  readonly version: string;
  readonly database: Pick<Database, 'sql' | 'connections'>;
  readonly operators: Pick<Operators, 'numbers'>;
  readonly health: () => Promise<Health>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Less than whoever collects waits for a source. */
const LONGEST_MS = 3_000;

/** What a service says of itself when somebody collects: what it needs no database for, whatever has happened to that. */
export function gaugesOf(gauged: Gauged): GaugeSource {
  const { definition, database } = gauged;
  const service = definition.name;
  // Asked every minute and more often, it would push the traces of commands out of every store.
  return () => inSpan('gauges', { service, parent: 'untraced' }, async () => {
    const parts = await Promise.all([healthReadings(service, gauged.health), ...[messageReadings(gauged), migrationReadings(definition, database)].map((read) => inTime(read, []))]);
    return [reading('quanso_build_info', { service, version: gauged.version }, 1), ...poolReadings(service, database), ...parts.flat()];
  });
}

async function healthReadings(service: string, health: () => Promise<Health>): Promise<readonly Reading[]> {
  const { ready, parts } = await inTime(health(), { ready: false, parts: { database: { ok: false } } });
  const shown = { ...Object.fromEntries(Object.entries(parts).map(([part, { ok }]) => [part, ok])), ready };
  return Object.entries(shown).map(([part, ok]) => reading('quanso_health', { service, part }, ok ? 1 : 0));
}

/** What a database that hangs does not tell in time is not told; that it hangs is. */
async function inTime<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), LONGEST_MS)));
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

async function messageReadings({ definition: { name: service }, operators, clock }: Gauged): Promise<readonly Reading[]> {
  const numbers = await operators.numbers(clock.now());
  const { counts, age, parkedMs, parkedWorkingMs } = numbers;
  return [
    ...stateReadings(service, numbers),
    ...(['contract', 'handler', 'behind', 'stale'] as const).map((reason) => reading('quanso_parked', { service, reason: reason.toUpperCase() }, counts[reason])),
    reading('quanso_parked_oldest_seconds', { service }, parkedMs / 1_000),
    reading('quanso_parked_oldest_working_seconds', { service }, parkedWorkingMs / 1_000),
    reading('quanso_gaps_open', { service }, counts.gaps),
    reading('quanso_replays_running', { service }, counts.running),
    ...(age.seconds === null ? [] : [reading('quanso_replica_age_seconds', { service }, age.seconds)]),
  ];
}

function stateReadings(service: string, { state }: OperatorNumbers): readonly Reading[] {
  if (state === undefined) return [];
  return [
    reading('quanso_outbox_unsent', { service }, state.unsent),
    reading('quanso_outbox_oldest_seconds', { service }, state.oldestUnsentMs / 1_000),
    reading('quanso_outbox_shards_unowned', { service }, state.unowned),
    reading('quanso_consumer_waiting_seconds', { service }, state.waitingMs / 1_000),
  ];
}

async function migrationReadings({ name: service, migrations }: Gauged['definition'], { sql }: Pick<Database, 'sql'>): Promise<readonly Reading[]> {
  const rows = await sql<{ name: string }>('gauges-migrations', 'SELECT name FROM migration');
  const applied = new Set(rows.map(({ name }) => name));
  const needed = [...persistenceMigrations, ...messagingMigrations, ...migrations];
  return [
    reading('quanso_migrations', { service, state: 'applied' }, applied.size),
    reading('quanso_migrations', { service, state: 'missing' }, needed.filter(({ name }) => !applied.has(name)).length),
  ];
}
