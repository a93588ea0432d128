import { type Quota } from './http-options.js';

/** Buckets kept at most; the one untouched for longest goes first, which is a full one or soon would be. */
const MOST_BUCKETS = 20_000;

interface Bucket {
  tokens: number;
  at: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** Whole requests left now. */
  readonly left: number;
  /** Seconds until one more is there (when none is left), or until the bucket is full. */
  readonly reset: number;
}

/** Token buckets by key: `requests` at once, refilled evenly over `seconds`. In this process alone. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    readonly quota: Quota,
    private readonly now: () => number = () => performance.now(),
  ) {}

  take(key: string): Taken {
    const { requests, seconds } = this.quota;
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { tokens: requests, at: now };
    const perMs = requests / (seconds * 1_000);
    bucket.tokens = Math.min(requests, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.#keep(key, bucket);
    const missing = bucket.tokens < 1 ? 1 - bucket.tokens : requests - bucket.tokens;
    return { allowed, left: Math.floor(bucket.tokens), reset: Math.max(allowed ? 0 : 1, Math.ceil(Math.round(missing / perMs) / 1_000)) };
  }

  /** Puts the bucket last, so that the first is the one untouched for longest. */
  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    if (this.#buckets.size >= MOST_BUCKETS) {
      const oldest = this.#buckets.keys().next();
      if (oldest.done !== true) this.#buckets.delete(oldest.value);
    }
    this.#buckets.set(key, bucket);
  }
}

/** draft-ietf-httpapi-ratelimit-headers-11. */
export function policyHeader(name: string, { requests, seconds }: Quota): string {
  return `"${name}";q=${requests};w=${seconds}`;
}

export function limitHeader(name: string, { left, reset }: Taken): string {
  return `"${name}";r=${left};t=${reset}`;
}
