import { topicOf, type EventDef } from '@quan-so/contract';
import { log } from '@quan-so/observability';
import { type Database, type Work } from '@quan-so/persistence';
import { type KafkaSettings } from './kafka-settings.js';
import { hearingOf, topicsOf } from './reconciler.js';
import { meetRestored, type Topics } from './restored.js';
import { noteTimeline, notedTimeline, unsettled } from './restored.queries.js';
import { type Consumption } from './routes.js';

export interface FirstMeeting {
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  readonly definition: Consumption & { readonly publishes: readonly EventDef[] };
  /** Services that hear this one, as messaging is told them. */
  readonly heardBy?: readonly string[];
  readonly kafka: KafkaSettings;
  /** Called when there is something to wait for; what it answers is closed when that is over. */
  readonly onWait: () => Promise<{ close(): Promise<void> }>;
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Before anything of a service works: a database that was put back, or whose server is another one than last time, is compared
 * with the broker first, however long that is away. Whoever must not go on is told here (MustNotBegin), and has answered
 * nobody and sent nothing. On the timeline of last time nothing waits for the broker.
 */
export async function meetFirst(first: FirstMeeting): Promise<void> {
  const { service, database, work, kafka, onWait, signal } = first;
  const { sql } = database;
  const [timeline, noted, declared] = [await database.timeline(), await notedTimeline(sql), await unsettled(sql)];
  if (timeline === noted && declared.length === 0) return;
  if (noted !== undefined || declared.length > 0) {
    log(service).warn('the database was put back or is on another server: compared with the broker before anything works', { reason: `${noted} → ${timeline}`, count: declared.length });
    const waiting = await onWait();
    const { KafkaJsPort } = await import('./kafka-client.js');
    const port = new KafkaJsPort(service, kafka);
    const topics = allTopicsOf(first);
    try {
      const meeting = { service, database, work, reckoned: topicsOf(hearingOf(service, first.definition)) };
      await Promise.race([port.meet(service, topics.heard, (group) => meetRestored(meeting, topics, group), signal), aborted(signal)]);
    } finally {
      await Promise.all([port.close(), waiting.close()]);
    }
  }
  await noteTimeline(sql, timeline);
}

/** A try at a broker that is away takes longer than anybody who was told to stop may wait. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}

/** As messaging takes and tells them. */
function allTopicsOf({ service, definition: { publishes, consumes }, heardBy = [] }: FirstMeeting): Topics {
  const back = consumes.length === 0 ? [] : (['missing'] as const);
  const kinds = new Set([...publishes.map(({ kind }) => kind), 'audit' as const, ...back]);
  const heard = [...consumes.flatMap(({ event, from }) => from.map((producer) => topicOf(event.kind, producer))), ...heardBy.map((hearer) => topicOf('missing', hearer))];
  return { heard: [...new Set(heard)], told: [...kinds].map((kind) => topicOf(kind, service)) };
}
