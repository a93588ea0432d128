import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal, type Actor, type OperationDef } from '@quan-so/contract';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';
import { CURSOR_LENGTH } from './page-body.js';
import { CURSOR_INVALID } from './problems.js';

const LIFE_MS = 24 * 60 * 60_000;

/** What a cursor serves: this list, with these filters, for this caller. */
export interface Bound {
  readonly operation: OperationDef;
  readonly actor: Actor;
  readonly params: unknown;
  /** The query as sent, without `limit` and `cursor`. */
  readonly filters: unknown;
}

const content = z.strictObject({ until: z.int(), after: z.array(z.union([z.string(), z.number()])).min(1).max(10) });

/** Signs where a page ended, and reads it back for the same caller and filters within 24 hours. */
export class Cursors {
  readonly #key: Buffer;

  /** @param key base64 of 32 bytes */
  constructor(
    key: string,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = Buffer.from(key, 'base64');
    if (this.#key.length !== 32) throw new TypeError('the cursor key has 32 bytes');
  }

  seal(after: readonly (string | number)[], bound: Bound): string {
    const text = Buffer.from(JSON.stringify({ until: this.now() + LIFE_MS, after })).toString('base64url');
    const cursor = `${text}.${this.#sign(text, bound).toString('base64url')}`;
    if (cursor.length > CURSOR_LENGTH) throw new TypeError(`${bound.operation.id}: its sort key is too long for a cursor`);
    return cursor;
  }

  /** The sort key; throws Refusal CURSOR_INVALID for anything this method has not sealed for the same use. */
  open(cursor: string, bound: Bound): readonly (string | number)[] {
    const [text = '', signature = '', more] = cursor.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = this.#sign(text, bound);
    // A base64url text has other spellings of the same bytes; only ours is taken.
    const same = given.length === right.length && timingSafeEqual(given, right) && right.toString('base64url') === signature;
    if (!same || more !== undefined || cursor.length > CURSOR_LENGTH) throw new Refusal(CURSOR_INVALID);
    const { until, after } = content.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (until <= this.now()) throw new Refusal(CURSOR_INVALID);
    return after;
  }

  #sign(text: string, bound: Bound): Buffer {
    const use = canonicalJson([bound.operation.id, bound.actor.id, bound.actor.client, bound.params, bound.filters]);
    return createHmac('sha256', this.#key).update(`${text}\n${use}`).digest();
  }
}
