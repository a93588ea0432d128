import { RECKONING_TYPE } from '@quan-so/contract';
import { count, errorType, measure } from '@quan-so/observability';
import { type ParkedEvent, type Taken } from './consumer.queries.js';
import { type Received } from './consumes.js';
import { type Processing } from './process-span.js';
import { type Entry, type Handler } from './routes.js';

export interface Step {
  readonly entry: Entry;
  readonly process: Processing;
}

/** What became of one event within a transaction. */
export type Fate = 'taken' | 'known' | ParkedEvent['reason'];

export interface Sorted {
  readonly fates: readonly (readonly [Step, Fate])[];
  readonly parked: readonly ParkedEvent[];
  readonly runs: readonly { readonly handler: Handler; readonly items: unknown[] }[];
}

/** Decides in order: known ones are dropped, broken and stale ones park, what follows a parked one of its key parks behind it. */
export function sort(steps: readonly Step[], { fresh, stale, blocked }: Taken): Sorted {
  const open = new Set([...fresh, ...stale]);
  const stuck = new Set(blocked);
  const fates: [Step, Fate][] = [];
  const parked: ParkedEvent[] = [];
  const runs: { handler: Handler; items: unknown[] }[] = [];
  for (const step of steps) {
    const { entry } = step;
    const { given } = entry;
    // The inbox knows it, or it came twice in this very batch.
    if (!open.delete(entry.id)) fates.push([step, 'known']);
    else if (stuck.has(entry.key) || 'broken' in given || stale.has(entry.id)) {
      const reason = stuck.has(entry.key) ? 'BEHIND' : 'broken' in given ? 'CONTRACT' : 'STALE';
      stuck.add(entry.key);
      parked.push(parkedOf(step, reason));
      fates.push([step, reason]);
    } else {
      // Arrays for whoever writes by the thousand; a run ends where the type changes, so order between types holds.
      const run = runs.at(-1);
      if (run?.handler === given.handler) run.items.push(given.item);
      else runs.push({ handler: given.handler, items: [given.item] });
      fates.push([step, 'taken']);
    }
  }
  return { fates, parked, runs };
}

export function parkedOf({ entry, process }: Step, reason: ParkedEvent['reason'], error?: unknown): ParkedEvent {
  const { message, id, key, type, given } = entry;
  const thrown = error instanceof Error ? error : undefined;
  return {
    position: message.position,
    key,
    id,
    type,
    reason,
    error: error === undefined ? undefined : errorType(error),
    detail: reason === 'CONTRACT' && 'broken' in given ? given.broken : (thrown?.message ?? (error === undefined ? undefined : String(error))),
    stack: thrown?.stack,
    traceparent: process.traceparent,
    message: message.value,
  };
}

/** Counters that stand at 1 from their first moment never grew, and nobody would see the first of what hardly ever happens. */
export function notYet(service: string, topics: readonly string[]): void {
  for (const topic of topics) {
    for (const fate of ['taken', 'CONTRACT', 'HANDLER', 'BEHIND', 'STALE']) count('quanso_events_heard_total', { service, topic, fate }, 0);
    for (const kind of ['COUNT', 'RECKONING', 'POSITIONS']) count('quanso_reconcile_differences_total', { service, topic, kind }, 0);
  }
}

/** Counts what became of an event and, when it has its effect, how long that took. */
export function counted(service: string, topic: string, entry: Entry, fate: Fate): void {
  if (!isCountedAs(entry.type, fate)) return;
  count('quanso_events_heard_total', { service, topic, fate });
  if (fate === 'taken') measure('quanso_event_effect_seconds', { service, topic }, (Date.now() - toldAt(entry)) / 1_000);
}

/** Our own reckonings are no changes that anybody waits for, and at night nearly all there is; unless one does not get through. */
export function isCountedAs(type: string | undefined, fate: Fate): boolean {
  return type !== RECKONING_TYPE || fate !== 'taken';
}

/** When its owner committed it; a broker only knows when it came there. Nest's handlers get another item. */
function toldAt({ given, message }: Entry): number {
  const at = Date.parse(('item' in given ? (given.item as Partial<Received>).event?.time : undefined) ?? '');
  return Number.isNaN(at) ? message.at : at;
}
