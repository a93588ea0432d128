import { type ReplayView } from './operate.schema.js';

/** Acts of people on a replay; `finish` is its runner's. */
export type Act = 'apply' | 'pause' | 'resume' | 'cancel';
export type ReplayState = ReplayView['state'];

const NEXT: Readonly<Record<ReplayState, Partial<Record<Act, ReplayState>>>> = {
  planned: { apply: 'running', cancel: 'cancelled' },
  running: { pause: 'paused', cancel: 'cancelled' },
  paused: { resume: 'running', cancel: 'cancelled' },
  done: {},
  cancelled: {},
};

/** The state after an act; undefined when it cannot be done in this one. */
export function stateAfter(state: ReplayState, act: Act): ReplayState | undefined {
  return NEXT[state][act];
}

export function possibleIn(state: ReplayState): readonly Act[] {
  return Object.keys(NEXT[state]) as Act[];
}

/** A key with parked events, by the first of them. */
export interface Head {
  readonly id: string;
  readonly topic: string;
  readonly shard: number;
  readonly key: string;
  readonly eventId: string;
  readonly reason: string;
  readonly tries: number;
  /** Events of the key, the first included. */
  readonly messages: number;
  readonly oldest: Date;
}

export interface Chosen {
  readonly heads: readonly Head[];
  readonly messages: number;
  /** Events of the selection beyond the cap. */
  readonly left: number;
}

/** Whole keys in their order up to the cap; a first key that is larger than all of it is taken up to the cap. */
export function withinCap(heads: readonly Head[], cap: number): Chosen {
  const all = heads.reduce((sum, head) => sum + head.messages, 0);
  const chosen: Head[] = [];
  let messages = 0;
  for (const head of heads) {
    if (chosen.length > 0 && messages + head.messages > cap) break;
    chosen.push(head);
    messages = Math.min(cap, messages + head.messages);
  }
  return { heads: chosen, messages, left: all - messages };
}

/** What a plan was made of, in one line each: another head, another try, another reason is another world. */
export function worldOf(heads: readonly Head[]): string {
  return heads.map(({ topic, key, id, tries, reason }) => JSON.stringify([topic, key, id, tries, reason])).join('\n');
}

/** Ends with line and column: a word of an error that begins with "at" does not. */
const FRAME = /^\s*at (.+:\d+:\d+\)?)$/;
/** What a path begins with inside the house, on whatever machine it was built. */
const INSIDE = /(?:file:\/\/)?[^\s()]*?\/((?:apps|libs|node_modules)\/[^\s()]+)/;

/** The places of a stack: functions and files, without the words of the error, which may quote data. */
export function placesOf(stack: string | null): string[] {
  const frames = (stack ?? '').split('\n').flatMap((line) => FRAME.exec(line)?.[1] ?? []);
  return frames.slice(0, 20).map((frame) => frame.replace(INSIDE, '$1').slice(0, 300));
}
