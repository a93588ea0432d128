import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}
type Prototype = Pick<RequestQueue, 'scheduleCheckPendingRequests'> & { [GUARDED]?: true };

const GUARDED = Symbol('quan-so: quiet when idle');

/** kafkajs's queue of requests to one broker; it has no other door. */
export function requestQueuePrototype(): Prototype {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: Prototype };
  return queue.prototype;
}

/**
 * kafkajs 2.2.4 looks at its queue of pending requests every millisecond, also when it is empty: 4 % of a core in every
 * idle process, and a negative timeout that Node warns of. What is empty needs no look: `push` schedules by itself.
 */
export function quietWhenIdle(): void {
  const prototype = requestQueuePrototype();
  if (prototype[GUARDED] === true) return;
  const { scheduleCheckPendingRequests } = prototype;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
  prototype[GUARDED] = true;
}
