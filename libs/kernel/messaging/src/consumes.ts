import { type CloudEvent, type DataOf, type EventDef } from '@quan-so/contract';
import { type Tx } from '@quan-so/persistence';

/** An event as it reaches a handler: envelope and data are checked, `producer` is the one writer of its topic. */
export interface Received<D = unknown> {
  readonly event: CloudEvent<D>;
  readonly producer: string;
}

/** The transaction of a batch: inbox, position, effects and what the handler itself tells are committed together. */
export type ConsumerTx = Tx;

export type TakeBatch<D> = (batch: readonly Received<D>[], tx: ConsumerTx) => Promise<void>;

/** What one method was declared to take. */
export interface Consumed {
  readonly event: EventDef;
  readonly from: readonly string[];
  readonly method: string | symbol;
}

const declared = new WeakMap<object, Consumed[]>();

/**
 * Marks the method that takes an event of these services. It gets arrays: every event that follows another of the same
 * type, in the order they were told, and must leave its effect through `tx` alone. What it throws decides: an error that
 * passes by itself (connection, lock, deadlock) is waited out, anything else parks the event with its key.
 */
export function Consumes<E extends EventDef>(
  event: E,
  { from }: { readonly from: readonly string[] },
): (target: object, method: string | symbol, descriptor: TypedPropertyDescriptor<TakeBatch<DataOf<E>>>) => void {
  return (target, method) => {
    const known = declared.get(target);
    if (known === undefined) declared.set(target, [{ event, from, method }]);
    else known.push({ event, from, method });
  };
}

/** What an instance takes, methods of its base classes included. */
export function consumedBy(instance: object): (Consumed & { take: TakeBatch<unknown> })[] {
  const found: (Consumed & { take: TakeBatch<unknown> })[] = [];
  for (let proto: unknown = Object.getPrototypeOf(instance); typeof proto === 'object' && proto !== null; proto = Object.getPrototypeOf(proto)) {
    for (const one of declared.get(proto) ?? []) {
      const method = (instance as Record<string | symbol, TakeBatch<unknown>>)[one.method];
      if (method !== undefined) found.push({ ...one, take: (batch, tx) => method.call(instance, batch, tx) });
    }
  }
  return found;
}
