import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { quietWhenIdle, requestQueuePrototype } from './kafka-idle.js';

interface Queue {
  readonly pending: unknown[];
  throttledUntil: number;
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

const require = createRequire(import.meta.url);
const original = requestQueuePrototype().scheduleCheckPendingRequests;
const queue = (): Queue => {
  const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
  return new RequestQueue({ maxInFlightRequests: null, requestTimeout: 1_000, enforceRequestTimeout: false, clientId: 't', broker: 'b', logger: console });
};

describe('quietWhenIdle', () => {
  // When one of these fails kafkajs has changed: look whether the guard is still needed and still right.
  it('stands on kafkajs 2.2.4, whose queue looks for work even when it is empty', () => {
    expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
    const text = original.toString().replaceAll(/\s+/g, ' ');
    expect(createHash('sha256').update(text).digest('hex')).toBe('7d92229d975481c50c33830972775551ab7615722e68b4f520c45587f847ee49');
    const idle = queue();
    // A queue that was never throttled would ask Node for a timer of less than nothing, which Node warns of.
    idle.throttledUntil = Date.now() + 60_000;
    original.call(idle);
    expect(idle.throttleCheckTimeoutId).not.toBeNull();
    idle.destroy();
  });

  it('sets no timer for an empty queue, and the usual one for what is pending', () => {
    quietWhenIdle();
    quietWhenIdle();
    const one = queue();
    one.scheduleCheckPendingRequests();
    expect(one.throttleCheckTimeoutId).toBeNull();
    one.throttledUntil = Date.now() + 60_000;
    one.pending.push({});
    one.scheduleCheckPendingRequests();
    expect(one.throttleCheckTimeoutId).not.toBeNull();
    one.destroy();
  });
});
