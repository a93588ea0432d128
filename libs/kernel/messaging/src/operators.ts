import { Refusal, type Answer, type Call, type Page } from '@quan-so/contract';
import { formatInstant } from '@quan-so/language';
import { type Database, type Work } from '@quan-so/persistence';
import { type Messaging, type MessagingState } from './messaging.js';
import { type OperatorOperations } from './operate.contract.js';
import { REPLAY_NOT_FOUND } from './operate.problems.js';
import { countForState, listGaps, listParked, type Counts, type GapRow, type ParkedRow } from './operate.queries.js';
import { placesOf, type Act } from './operate.rules.js';
import { type GapView, type ParkedView, type ReplayView, type StateView } from './operate.schema.js';
import { workingAgeMs } from './parked-age.js';
import { findReplay, listReplays } from './replay.queries.js';
import { Replays, replayView } from './replays.js';
import { type Replicas } from './replicas.js';

export interface OperatorsOptions {
  readonly database: Database;
  readonly work: Work;
  readonly replicas: Replicas;
  /** Undefined until messages are taken. */
  readonly messaging: () => Messaging | undefined;
}

/** What was put aside, what is missing and what runs. */
export interface Aside {
  readonly counts: Counts;
  /** How long the oldest parked message has been there, in all and in working time. */
  readonly parkedMs: number;
  readonly parkedWorkingMs: number;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * What people who run the platform see of a service's messages and may do with them. They see where, why and since when;
 * what an event says stays closed to them.
 */
export class Operators {
  readonly #o: OperatorsOptions;
  readonly #replays: Replays;
  readonly #since = Date.now();

  constructor(options: OperatorsOptions) {
    this.#o = options;
    this.#replays = new Replays(options.work, options.database.service, () => options.messaging()?.wakeReplays(), (topic) => options.messaging()?.takes(topic) ?? true);
  }

  async state(): Promise<Answer<StateView>> {
    const now = new Date();
    const [counts, age, state] = await Promise.all([countForState(this.#o.database.sql), this.#o.replicas.age(now), this.messages()]);
    const body: StateView = {
      at: formatInstant(now.getTime()),
      unsent: state?.unsent ?? 0,
      oldestUnsentSeconds: Math.floor((state?.oldestUnsentMs ?? 0) / 1_000),
      oldestUnreadSeconds: Math.floor((state?.waitingMs ?? 0) / 1_000),
      parked: { CONTRACT: counts.contract, HANDLER: counts.handler, BEHIND: counts.behind, STALE: counts.stale, since: instant(counts.since) },
      gaps: counts.gaps,
      replicaAsOf: age.asOf,
      replicaSeconds: age.seconds,
      replaysRunning: counts.running,
    };
    return { body };
  }

  async aside(now: Date): Promise<Aside> {
    const counts = await countForState(this.#o.database.sql);
    const parkedMs = counts.since === null ? 0 : Math.max(0, now.getTime() - counts.since.getTime());
    return { counts, parkedMs, parkedWorkingMs: await workingAgeMs(this.#o.replicas, counts.since, now) };
  }

  /** Age of the replicas; undefined where there are none. Of an owner that was never heard it is ours. */
  async replicaSeconds(now: Date): Promise<number | undefined> {
    const { seconds } = await this.#o.replicas.age(now);
    if (seconds !== null) return seconds;
    return (this.#o.replicas.sources ?? []).length === 0 ? undefined : (now.getTime() - this.#since) / 1_000;
  }

  /** Undefined until messages are taken. */
  async messages(): Promise<MessagingState | undefined> {
    return this.#o.messaging()?.state();
  }

  async parked({ query }: Call<OperatorOperations['listParked']>): Promise<Answer<Page<ParkedView>>> {
    const rows = await listParked(this.#o.database.sql, query, String(query.after?.[0] ?? 0), query.limit + 1);
    return { body: pageOf(rows, query.limit, parkedView) };
  }

  async gaps({ query }: Call<OperatorOperations['listGaps']>): Promise<Answer<Page<GapView>>> {
    const rows = await listGaps(this.#o.database.sql, String(query.after?.[0] ?? FIRST_ID), query.limit + 1);
    return { body: pageOf(rows, query.limit, gapView) };
  }

  async replays({ query }: Call<OperatorOperations['listReplays']>): Promise<Answer<Page<ReplayView>>> {
    const rows = await listReplays(this.#o.database.sql, String(query.after?.[0] ?? LAST_ID), query.limit + 1);
    return { body: pageOf(rows, query.limit, replayView) };
  }

  async replay({ params }: Call<OperatorOperations['readReplay']>): Promise<Answer<ReplayView>> {
    const row = await findReplay(this.#o.database.sql, params.replayId);
    if (row === undefined) throw new Refusal(REPLAY_NOT_FOUND);
    return { body: replayView(row), version: row.version };
  }

  plan(call: Call<OperatorOperations['planReplay']>): Promise<Answer<ReplayView>> {
    return this.#replays.plan(call);
  }

  act(act: Act, call: Call<OperatorOperations['applyReplay']>): Promise<Answer<ReplayView>> {
    return this.#replays.act(act, call);
  }
}

function pageOf<R extends { readonly id: string }, V>(rows: readonly R[], limit: number, view: (row: R) => V): Page<V> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(view), ...(last === undefined ? {} : { after: [last.id] }) };
}

function parkedView(row: ParkedRow): ParkedView {
  return {
    ...{ eventId: row.event_id, topic: row.topic, shard: row.shard, position: Number(row.position), key: row.key, type: row.type },
    ...{ reason: row.reason, error: row.error, faults: row.faults, places: placesOf(row.stack), tries: row.tries, behind: row.behind },
    since: formatInstant(row.parked_at.getTime()),
    traceId: row.traceparent?.split('-')[1] ?? null,
  };
}

function gapView(row: GapRow): GapView {
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  return {
    ...{ gapId: row.id, kind: row.kind, topic: row.topic, from: instant(row.from_at), to: formatInstant(row.to_at.getTime()) },
    ...{ told: number(row.told), heard: number(row.heard), missing: number(row.missing), foundAt: formatInstant(row.found_at.getTime()) },
    ...{ asks: row.asks, askedAt: instant(row.asked_at), givenUpAt: instant(row.given_up_at) },
  };
}

function instant(at: Date | null): string | null {
  return at === null ? null : formatInstant(at.getTime());
}
