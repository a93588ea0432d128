import { type Access } from '@quan-so/auth';
import { type Actor, type Call, type Language, type OperationDef } from '@quan-so/contract';
import { type SpanHandle } from '@quan-so/observability';
import { type RawQuery } from './query.js';

/** What is known of a request so far. */
export interface Held {
  readonly language: Language;
  span?: SpanHandle;
  actor: Actor;
  /** For whom its place is counted; absent while it has none. */
  caller?: string;
  /** To be called when its work is done; absent while none is. */
  finish?: (() => void) | undefined;
  /** The query as sent, without `limit` and `cursor`. */
  filters: RawQuery;
  /** The call but its body, once the headers have been looked at. */
  asked?: Omit<Call, 'body' | 'requestHash'>;
  call?: Call;
  /** Code of the problem it was answered with. */
  problem?: string;
}

/** Caller of a public operation. */
export const ANONYMOUS: Actor = Object.freeze({ kind: 'person', id: 'anonymous', username: 'anonymous', name: '', client: 'anonymous', positions: [] });

/** What a request holds before it was looked at. */
export function held(language: Language): Held {
  return { language, actor: ANONYMOUS, filters: {} };
}

declare module 'fastify' {
  interface FastifyRequest {
    held: Held;
  }
  interface FastifyContextConfig {
    /** Who may call the route; without it the service does not start. */
    access?: Access;
    operation?: OperationDef;
    /** A route of the door itself that answers also while the service stops or is overloaded. */
    always?: boolean;
  }
}
