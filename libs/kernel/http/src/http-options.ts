import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type DynamicModule, type Type } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type TokenVerifier } from '@quan-so/auth';
import { type EventDef, type OperationDef, type Text } from '@quan-so/contract';
import { type TrafficLimits } from './traffic.js';

/** Whether a service can do its work; `parts` says which of what it stands on cannot be reached. */
export interface Health {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** So many requests at once, then one per `seconds / requests`: a token bucket. */
export interface Quota {
  readonly requests: number;
  readonly seconds: number;
}

export interface RateLimit {
  /** Of one actor through one client. */
  readonly perActor: Quota;
  /** Of one address, for callers that have not shown who they are. */
  readonly perAddress: Quota;
}

export interface HttpLimits extends TrafficLimits {
  /** Time for a request's body to arrive, ms. */
  readonly bodyMs: number;
}

export interface HttpOptions {
  readonly service: string;
  readonly title: Text;
  readonly version: string;
  readonly module: Type | DynamicModule;
  readonly operations: readonly OperationDef[];
  readonly events?: {
    readonly publishes: readonly EventDef[];
    readonly consumes: readonly { readonly event: EventDef; readonly from: readonly string[] }[];
  };
  readonly verifier: TokenVerifier;
  /** Signs cursors; base64 of 32 bytes. */
  readonly cursorKey: string;
  /** Hold every answer against the operation's declaration (tests, proofs). */
  readonly checkAnswers: boolean;
  readonly health: () => Promise<Health>;
  /** Whether the process should go on; false when only a new one helps. Waits for nothing, so that no probe runs out of time. */
  readonly live?: () => boolean;
  /** The realm, for the page where one can try the API. */
  readonly issuer: string;
  /** Public client of the realm that signs people in on that page. */
  readonly loginClient?: string;
  readonly rateLimit?: RateLimit;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpApp {
  readonly nest: NestFastifyApplication;
  /** For a front that listens for several services. */
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Answers the port. */
  listen(host: string, port: number): Promise<number>;
  /** For a front that listens for several services: its listener has gone, every answer is the last one on its connection. */
  leave(): void;
  /** Readiness off, no new connections, the last answers on those that are there; resolves when nothing is left, or after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}
