import { isCounted, RECKONING_TYPE, RECKONINGS, SHARDS, topicOf, type CountedKind, type Reckoning } from '@quan-so/contract';
import { count as counted, log } from '@quan-so/observability';
import { askAgain } from './asker.js';
import { Consumes, type ConsumerTx, type Received, type TakeBatch } from './consumes.js';
import { hearShard, heardOf, keepGap, mendGaps, moveUpTo, type Window } from './reconcile.queries.js';
import { type Consumption } from './routes.js';

/** What a service hears beside what its own handlers take, and who takes it. */
export interface Hearing {
  readonly consumes: Consumption['consumes'];
  readonly handlers: readonly object[];
}

/**
 * Compares what others say they told with what came here, in the transaction that takes the reckoning: whatever stood before
 * it in its shard has been taken or parked by then. What the broker dropped, or was jumped over, shows as another count.
 */
export function hearingOf(service: string, { consumes }: Consumption): Hearing {
  const kinds = new Map<CountedKind, Map<string, Set<string>>>();
  for (const { event, from } of consumes) {
    if (!isCounted(event.kind)) continue;
    const producers = kinds.get(event.kind) ?? new Map<string, Set<string>>();
    kinds.set(event.kind, producers);
    for (const producer of from) producers.set(producer, (producers.get(producer) ?? new Set([RECKONING_TYPE])).add(event.type));
  }
  const heard = [...kinds].map(([kind, producers]) => ({ kind, from: [...producers.keys()], handler: handlerOf(service, kind, producers) }));
  return {
    consumes: heard.map(({ kind, from }) => ({ event: RECKONINGS[kind], from })),
    handlers: heard.map(({ handler }) => handler),
  };
}

function handlerOf(service: string, kind: CountedKind, producers: ReadonlyMap<string, ReadonlySet<string>>): object {
  class Reconciler {
    @Consumes(RECKONINGS[kind], { from: [...producers.keys()] })
    async hear(batch: readonly Received<Reckoning>[], tx: ConsumerTx): Promise<void> {
      for (const { event, producer } of batch) await hear(service, kind, producer, producers.get(producer) ?? new Set(), event.data, tx);
    }
  }
  return new Reconciler() satisfies { hear: TakeBatch<Reckoning> };
}

async function hear(service: string, kind: CountedKind, producer: string, types: ReadonlySet<string>, said: Reckoning, tx: ConsumerTx): Promise<void> {
  const { sql } = tx;
  const window: Window = { topic: topicOf(kind, producer), from: new Date(said.from), to: new Date(said.to) };
  // Types nobody asked for here pass by and are not in the inbox.
  const told = said.told.filter(({ type }) => types.has(type));
  const count = told.reduce((sum, one) => sum + one.count, 0);
  const digest = String(told.reduce((all, one) => all ^ BigInt(one.digest), 0n));
  const whole = await hearShard(sql, window, { shard: said.shard, count, digest }, SHARDS[kind]);
  if (whole === undefined) return;
  const before = await moveUpTo(sql, window);
  // The first one heard is where comparing begins: what was told before this service listened is not its loss.
  if (before === undefined) return;
  const logger = log(service);
  let unheard = window.from > before;
  if (unheard) {
    counted('quanso_reconcile_differences_total', { service, topic: window.topic, kind: 'RECKONING' });
    await keepGap(sql, { kind: 'RECKONING', topic: window.topic, from: before, to: window.from });
    logger.error('a reckoning was not heard: what it counted may be lost too', { topic: window.topic });
  }
  const heard = await heardOf(sql, window);
  if (heard.count === whole.count && heard.digest === whole.digest) {
    if ((await mendGaps(sql, window)) > 0) logger.info('a gap is mended', { topic: window.topic });
  } else {
    counted('quanso_reconcile_differences_total', { service, topic: window.topic, kind: 'COUNT' });
    await keepGap(sql, { kind: 'COUNT', topic: window.topic, from: window.from, to: window.to, told: whole.count, heard: heard.count });
    logger.error('what was told and what was heard differ: its owner is asked to send it again', { topic: window.topic, count: Number(whole.count) - Number(heard.count) });
    unheard = true;
  }
  if (unheard) await askAgain(tx);
}

/** Topics whose counts are compared here. */
export function topicsOf({ consumes }: Hearing): ReadonlySet<string> {
  return new Set(consumes.flatMap(({ event, from }) => from.map((producer) => topicOf(event.kind, producer))));
}
