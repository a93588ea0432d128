import { createHash } from 'node:crypto';
import { Refusal, type Answer, type Call, type Json } from '@quan-so/contract';
import { formatInstant } from '@quan-so/language';
import { uuidv7, versionMismatch, type Changed, type Tx, type Work } from '@quan-so/persistence';
import { type OperatorOperations } from './operate.contract.js';
import { REPLAY_NOTHING_FOUND, REPLAY_NOT_FIRST, REPLAY_NOT_FOUND, REPLAY_NOT_TAKEN, REPLAY_PLAN_OUTDATED, REPLAY_STATE, WINDOW_TOO_LARGE } from './operate.problems.js';
import { possibleIn, stateAfter, withinCap, worldOf, type Act, type Head } from './operate.rules.js';
import { selectionOf, type ReplayView, type Selection } from './operate.schema.js';
import { answerOf, countProcessed, findHeads, findParkedEvent, insertAct, insertKeys, insertReplay, isTaken, lockReplay, updateState, type ReplayRow } from './replay.queries.js';
import { isMoreThan, windowOf } from './reconcile.queries.js';

/**
 * What one plan may do: parked events taken again, events of the outbox sent again, by an operator or because they were asked
 * for. One gap is one window: the pieces of it that a smaller cap would leave never say that the whole of it was heard.
 */
export const CAPS = { parked: 1_000, window: 200_000 } as const;

interface World {
  readonly heads: readonly Head[];
  readonly messages: number;
  readonly left: number;
  readonly oldest: Date | null;
  readonly processed: number;
  readonly digest: string;
}

/** Plans and what people do to them; each act is a command with its audit entry and its reason. */
export class Replays {
  readonly #work: Work;
  readonly #service: string;
  readonly #wake: () => void;
  readonly #isTaken: (topic: string) => boolean;

  /** @param isTaken whether handlers that can be run again take a topic here */
  constructor(work: Work, service: string, wake: () => void, isTaken: (topic: string) => boolean = () => true) {
    this.#work = work;
    this.#service = service;
    this.#wake = wake;
    this.#isTaken = isTaken;
  }

  /** Looks and counts; nothing runs. */
  plan(call: Call<OperatorOperations['planReplay']>): Promise<Answer<ReplayView>> {
    return this.#work.change(call, {
      work: async (tx) => {
        const selection = selectionOf(call.body);
        if (selection === undefined) throw new TypeError('a body that selects nothing');
        const world = await look(tx, selection);
        const topics = [...new Set(world.heads.map(({ topic }) => topic))].filter((topic) => !this.#isTaken(topic));
        if (topics.length > 0) throw new Refusal(REPLAY_NOT_TAKEN, { extra: { topics } });
        const { perSecond, because } = call.body;
        const row: ReplayRow = {
          ...{ id: uuidv7(), version: 1, state: 'planned', selection, digest: world.digest, messages: world.messages, keys: world.heads.length },
          ...{ oldest: world.oldest, processed: world.processed, left_over: world.left, cap: capOf(selection), per_second: perSecond },
          ...{ because, by_username: tx.actor.username, planned_at: tx.now, done: 0, failed: 0, ended_at: null },
        };
        await insertReplay(tx.sql, row);
        await insertKeys(tx.sql, row.id, world.heads);
        const location = `/api/${this.#service}/v1/operations/replays/${row.id}`;
        return { ...(await written(tx, row, 'plan')), location };
      },
      recall: (sql, { id, version }) => answerOf(sql, id, version),
    });
  }

  async act(act: Act, call: Call<OperatorOperations['applyReplay']>): Promise<Answer<ReplayView>> {
    const answer = await this.#work.change(call, {
      work: async (tx) => {
        const row = await lockReplay(tx.sql, call.params.replayId);
        if (row === undefined) throw new Refusal(REPLAY_NOT_FOUND);
        if (row.version !== call.ifMatch) throw versionMismatch(row.version);
        const state = stateAfter(row.state, act);
        if (state === undefined) throw new Refusal(REPLAY_STATE, { extra: { state: row.state, possible: [...possibleIn(row.state)] } });
        const next: ReplayRow = {
          ...{ ...row, state, version: row.version + 1, because: call.body.because, by_username: tx.actor.username },
          ended_at: state === 'cancelled' ? tx.now : null,
        };
        if (act === 'apply') await demandSameWorld(tx, next);
        await updateState(tx.sql, next);
        return written(tx, next, act);
      },
      recall: (sql, { id, version }) => answerOf(sql, id, version),
    });
    this.#wake();
    return answer;
  }
}

async function written(tx: Tx, row: ReplayRow, act: Act | 'plan'): Promise<Changed<ReplayView>> {
  const body = replayView(row);
  await insertAct(tx.sql, { replay: row.id, version: row.version, act, by: row.by_username, because: row.because, answer: body });
  tx.audit([`replay:${row.id}`], ['state', 'because']);
  return { id: row.id, version: row.version, body };
}

/** The plan runs only in the world it was made for. What parked behind since is of the same keys and follows. */
async function demandSameWorld(tx: Tx, { selection, digest }: ReplayRow): Promise<void> {
  const world = await look(tx, selection).catch((error: unknown) => {
    if (error instanceof Refusal) throw new Refusal(REPLAY_PLAN_OUTDATED, { extra: { now: error.problem.code } });
    throw error;
  });
  if (world.digest !== digest) throw new Refusal(REPLAY_PLAN_OUTDATED, { extra: { messages: world.messages, keys: world.heads.length } });
}

function look(tx: Tx, selection: Selection): Promise<World> {
  return selection.of === 'window' ? lookAtWindow(tx, selection) : lookAtParked(tx, selection);
}

async function lookAtParked(tx: Tx, selection: Exclude<Selection, { of: 'window' }>): Promise<World> {
  const found = await headsOf(tx, selection);
  if (found.length === 0) {
    const processed = selection.of === 'key' ? await countProcessed(tx.sql, [selection]) : 0;
    throw nothing({ processed });
  }
  const { heads, messages, left } = withinCap(found, CAPS.parked);
  const oldest = heads.reduce<Date | null>((first, head) => (first === null || head.oldest < first ? head.oldest : first), null);
  const processed = await countProcessed(tx.sql, heads);
  return { heads, messages, left, oldest, processed, digest: createHash('sha256').update(worldOf(heads)).digest('hex') };
}

async function headsOf(tx: Tx, selection: Exclude<Selection, { of: 'window' }>): Promise<readonly Head[]> {
  switch (selection.of) {
    case 'key':
      return findHeads(tx.sql, selection.topic, selection.key, undefined);
    case 'reason':
      return findHeads(tx.sql, selection.topic, undefined, selection.reason);
    case 'event': {
      const parked = await findParkedEvent(tx.sql, selection.eventId);
      if (parked === undefined) throw nothing({ processed: (await isTaken(tx.sql, selection.eventId)) ? 1 : 0 });
      const heads = await findHeads(tx.sql, parked.topic, parked.key, undefined);
      const first = heads[0]?.eventId ?? null;
      if (first !== selection.eventId) throw new Refusal(REPLAY_NOT_FIRST, { extra: { first } });
      return heads;
    }
  }
}

async function lookAtWindow(tx: Tx, { topic, from, to }: Extract<Selection, { of: 'window' }>): Promise<World> {
  const window = { topic, from: new Date(from), to: new Date(to) };
  // A count of all of it would not end within the time of a statement.
  if (await isMoreThan(tx.sql, window, CAPS.window)) throw new Refusal(WINDOW_TOO_LARGE, { extra: { cap: CAPS.window } });
  const { count, digest, oldest } = await windowOf(tx.sql, window);
  if (count === 0) throw nothing({ processed: 0 });
  return { heads: [], messages: count, left: 0, oldest, processed: 0, digest };
}

function nothing(extra: Record<string, Json>): Refusal {
  return new Refusal(REPLAY_NOTHING_FOUND, { extra });
}

function capOf(selection: Selection): number {
  return selection.of === 'window' ? CAPS.window : CAPS.parked;
}

export function replayView(row: ReplayRow): ReplayView {
  const { selection } = row;
  const at = (instant: Date | null): string | null => (instant === null ? null : formatInstant(instant.getTime()));
  return {
    ...{ replayId: row.id, version: row.version, state: row.state, of: selection.of, topic: 'topic' in selection ? (selection.topic ?? null) : null },
    ...{ messages: row.messages, keys: row.keys, oldest: at(row.oldest), processed: row.processed, left: row.left_over, cap: row.cap, perSecond: row.per_second },
    ...{ done: row.done, failed: row.failed, because: row.because, by: row.by_username, plannedAt: formatInstant(row.planned_at.getTime()), endedAt: at(row.ended_at) },
  };
}
