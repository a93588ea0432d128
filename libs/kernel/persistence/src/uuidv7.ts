import { randomBytes } from 'node:crypto';
import { uuidv7From } from '@quan-so/language';

const COUNTER_END = 0x1000;

let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7. Within a process each is greater than the one before, also within a millisecond and when the clock steps
 * back: the twelve bits after the time are a counter (RFC 9562, 6.2, method 1).
 */
export function uuidv7(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Half of the counter is left free for growing.
    counter = randomBytes(2).readUInt16BE() & 0x7ff;
  } else if (++counter === COUNTER_END) {
    lastMs += 1;
    counter = 0;
  }
  const random = randomBytes(10);
  random[0] = counter >> 4;
  random[1] = (counter & 0xf) << 4;
  return uuidv7From(lastMs, random);
}
