import { formatInstant } from '@quan-so/language';
import { type Database, type Sql } from '@quan-so/persistence';
import { loadKind, readHeard, upsertHeard, upsertReplicas } from './replicas.queries.js';

/** One version of a fact of another service. Dates are local (`YYYY-MM-DD`), `validTo` is the last day in force. */
export interface ReplicaItem<B = unknown> {
  readonly kind: string;
  readonly code: string;
  readonly version: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** RFC 3339. */
  readonly publishedAt: string;
  readonly body: B;
}

/** How long what is held in memory is believed without asking: another process may have taken the change. */
const BELIEVED_MS = 1_000;

/** Those that live in this process, so that the loop can tell them of its commits. */
const living = new WeakMap<Database, Set<WeakRef<Replicas>>>();

/** To be called after each commit of a consumer's transaction. */
export function replicasChanged(database: Database): void {
  for (const one of living.get(database) ?? []) one.deref()?.changed();
}

interface Seen {
  readonly generation: string;
  readonly heardAt: Date | null;
  readonly until: number;
}

/**
 * Facts of other services, kept in the consumer's own database: nothing that a person waits for asks another service. Held
 * in memory by kind; a number in the database, which every change moves, says whether that is still true. It is asked after
 * every commit of this process and at most one second later otherwise.
 */
export class Replicas {
  readonly sources: readonly string[] | undefined;
  readonly #database: Database;
  readonly #kinds = new Map<string, { generation: string; items: Promise<readonly ReplicaItem[]> }>();
  #seen: Seen | undefined;
  /** Grows with `changed`, so that an answer asked for before is not believed after. */
  #epoch = 0;

  /** @param sources whose facts this service takes; one that it takes no more, or never heard yet, has an age too */
  constructor(database: Database, sources?: readonly string[]) {
    this.#database = database;
    this.sources = sources;
    const all = living.get(database) ?? new Set();
    living.set(database, all.add(new WeakRef(this)));
  }

  /** Keeps versions; a known version may only change in its end (and what was corrected with it). The last of a batch wins. */
  async take(tx: { readonly sql: Sql }, source: string, items: readonly ReplicaItem[]): Promise<void> {
    const last = new Map(items.map((item) => [`${item.kind} ${item.code} ${item.version}`, item]));
    await upsertReplicas(tx.sql, source, [...last.values()]);
  }

  /** Up to when everything of this source is known here (from its beat). */
  async heard(tx: { readonly sql: Sql }, source: string, at: string): Promise<void> {
    await upsertHeard(tx.sql, source, at);
  }

  /** The version in force on a local date; the highest when several are. */
  async findOn<B>(kind: string, code: string, on: string): Promise<ReplicaItem<B> | undefined> {
    const items = await this.#items<B>(kind);
    return items.findLast((item) => item.code === code && inForce(item, on));
  }

  /** A version by its number, in force or not: what a dossier was received under. */
  async findVersion<B>(kind: string, code: string, version: number): Promise<ReplicaItem<B> | undefined> {
    const items = await this.#items<B>(kind);
    return items.find((item) => item.code === code && item.version === version);
  }

  /** What is in force on a local date, by code, one version of each. */
  async listOn<B>(kind: string, on: string): Promise<readonly ReplicaItem<B>[]> {
    const items = await this.#items<B>(kind);
    return [...new Map(items.filter((item) => inForce(item, on)).map((item) => [item.code, item])).values()];
  }

  /** How old the oldest of the sources is known to be; nulls when a beat was never heard. Seconds are whole, never negative. */
  async age(now: Date): Promise<{ asOf: string | null; seconds: number | null }> {
    const { heardAt } = await this.#look();
    if (heardAt === null) return { asOf: null, seconds: null };
    return { asOf: formatInstant(heardAt.getTime()), seconds: Math.max(0, Math.floor((now.getTime() - heardAt.getTime()) / 1_000)) };
  }

  /** What is held is asked for anew; called after commit. */
  changed(): void {
    this.#epoch += 1;
    this.#seen = undefined;
  }

  async #items<B>(kind: string): Promise<readonly ReplicaItem<B>[]> {
    const { generation } = await this.#look();
    const held = this.#kinds.get(kind);
    if (held?.generation === generation) return held.items as Promise<readonly ReplicaItem<B>[]>;
    // Read after its generation, so it can only be newer than its label; then it is read once more.
    const items = loadKind(this.#database.sql, kind);
    this.#kinds.set(kind, { generation, items });
    // One failed reading must not be remembered.
    items.catch(() => this.#kinds.delete(kind));
    return items as Promise<readonly ReplicaItem<B>[]>;
  }

  async #look(): Promise<Seen> {
    if (this.#seen !== undefined && this.#seen.until > performance.now()) return this.#seen;
    const epoch = this.#epoch;
    const until = performance.now() + BELIEVED_MS;
    const seen = { ...(await readHeard(this.#database.sql, this.sources)), until };
    // "Never heard" is not believed: another process of this service may hear the first beat while it would be.
    if (epoch === this.#epoch && seen.heardAt !== null) this.#seen = seen;
    return seen;
  }
}

function inForce({ validFrom, validTo }: ReplicaItem, on: string): boolean {
  return validFrom <= on && (validTo === null || on <= validTo);
}
