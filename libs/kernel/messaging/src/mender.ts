import { EventsMissed, type EventsMissedData } from '@quan-so/contract';
import { log } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { Consumes, type ConsumerTx, type Received, type TakeBatch } from './consumes.js';
import { isMoreThan, windowOf, type Window } from './reconcile.queries.js';
import { type Hearing } from './reconciler.js';
import { insertAct, insertReplay, isSentAgain, type ReplayRow } from './replay.queries.js';
import { CAPS, replayView } from './replays.js';

/** Events a second of what is sent again by itself: a whole cap within ten minutes, and room for what is new. */
const PER_SECOND = 500;

/**
 * Takes what others say they miss of these topics as a replay that is applied already: it stands in the list of operators,
 * who may pause it, and `resender.ts` runs it. Who asks is known by the topic, whose one writer it is.
 */
export function mendingOf(service: string, topics: ReadonlySet<string>, heardBy: readonly string[], onAsked: () => void): Hearing {
  if (heardBy.length === 0) return { consumes: [], handlers: [] };
  class Mender {
    @Consumes(EventsMissed, { from: heardBy })
    async mend(batch: readonly Received<EventsMissedData>[], tx: ConsumerTx): Promise<void> {
      for (const { event, producer } of batch) await mend(service, topics, producer, event.data, tx);
      onAsked();
    }
  }
  return { consumes: [{ event: EventsMissed, from: heardBy }], handlers: [new Mender() satisfies { mend: TakeBatch<EventsMissedData> }] };
}

async function mend(service: string, topics: ReadonlySet<string>, asker: string, said: EventsMissedData, tx: ConsumerTx): Promise<void> {
  const logger = log(service);
  const window: Window = { topic: said.topic, from: new Date(said.from), to: new Date(said.to) };
  const about = { topic: said.topic, group: asker };
  if (!topics.has(said.topic)) return logger.error('events are asked for that are not told here', about);
  // Whoever asks for the same hears the same; and what an operator paused stays paused.
  if (await isSentAgain(tx.sql, window)) return;
  // Before it is counted: a count that runs into the time of a statement would be tried for ever, and no later ask be heard.
  if (await isMoreThan(tx.sql, window, CAPS.window)) return logger.error('more events are asked for than are sent again by themselves: plan a replay', about);
  const { count, digest, oldest } = await windowOf(tx.sql, window);
  if (count === 0 || count < (said.told ?? 0)) return logger.error('events are asked for that are not kept whole any more', { ...about, count });
  const row: ReplayRow = {
    ...{ id: uuidv7(), version: 1, state: 'running', selection: { of: 'window', topic: said.topic, from: window.from.toISOString(), to: window.to.toISOString() }, digest },
    ...{ messages: count, keys: 0, oldest, processed: 0, left_over: 0, cap: CAPS.window, per_second: PER_SECOND, because: becauseOf(said) },
    ...{ by_username: asker, planned_at: tx.now, done: 0, failed: 0, ended_at: null },
  };
  await insertReplay(tx.sql, row);
  await insertAct(tx.sql, { replay: row.id, version: 1, act: 'ask', by: asker, because: row.because, answer: replayView(row) });
  tx.audit([`replay:${row.id}`], ['state', 'because']);
  logger.warn('events are missing elsewhere and are sent again', { ...about, count, attempt: said.tries });
}

function becauseOf({ told, heard, tries }: EventsMissedData): string {
  const [vi, en] = told === null ? ['mất bản đối soát', 'a reckoning was lost'] : [`đã nói ${told}, chỉ nghe ${heard ?? 0}`, `told ${told}, heard ${heard ?? 0}`];
  return `Tự hỏi lại lần ${tries}: ${vi} / asked for by itself, time ${tries}: ${en}`;
}
