import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Text } from '@quan-so/contract';
import { createClient, ProblemError, type Client, type Given } from '@quan-so/http';
import { type OperationDef } from '@quan-so/contract';
import { signIn, signInSystem } from '@quan-so/testing/sign-in';
import { same } from './same.js';
import { type Traces } from './traces.js';

/** A running platform: the addresses of its services, the realm, the accounts and the traces. */
export interface World {
  /** Address of a service, by name. */
  readonly bases: Readonly<Record<string, string>>;
  readonly issuer: string;
  readonly traces: Traces;
  /** Password of a person, secret of a system. */
  readonly secretOf: (account: string) => string;
  /** Address of one trace for people. */
  readonly traceAddress: (traceId: string) => string;
}

/** Told after each step: what happened, how long it took, where to look. */
export interface Told {
  readonly title: Text;
  readonly ms: number;
  readonly look: string | undefined;
}

/** Systems of every pack; everybody else is a person. */
const SYSTEMS: ReadonlySet<string> = new Set(['portal-connector', 'business-registry-connector', 'statistics-department', 'tax-office']);
const CLIENT = 'quan-so-cli';
/** Nobody listens there: the code is read from the address. */
const CALLBACK = 'http://127.0.0.1/callback';
/** Tokens live ten minutes. */
const TOKEN_MS = 8 * 60_000;
/** Facts travel in well under a second; a loaded build machine gets this long. */
const PATIENCE_MS = 30_000;
const LETTERS = 'bcdghklmnpqrstvx';

/** One telling of the story: who is logged in, what was told so far, and a name that nothing else on earth holds. */
export class Story {
  readonly world: World;
  /** A word without meaning in the names of this telling: found in the warehouse, looked for in traces and logs. */
  readonly mark = Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join('');
  readonly #tell: (told: Told) => void;
  readonly #tokens = new Map<string, { token: Promise<string>; until: number }>();

  constructor(world: World, tell: (told: Told) => void) {
    this.world = world;
    this.#tell = tell;
  }

  /** One step: does the work, tells it. A failure names the step. */
  async step<T>(vi: string, en: string, work: () => Promise<T>, look?: (done: T) => string | undefined): Promise<T> {
    const began = performance.now();
    let done: T;
    try {
      done = await work();
    } catch (error) {
      throw new StepFailed({ vi, en }, error);
    }
    this.#tell({ title: { vi, en }, ms: performance.now() - began, look: look?.(done) });
    return done;
  }

  /** A client of its own for an account, logged in as a browser or a system does; '' asks without a login. */
  as(account: string): Pick<Client, 'call'> {
    return {
      call: <Op extends OperationDef>(operation: Op, given: Given<Op>) => {
        const base = this.world.bases[operation.service];
        assert.ok(base !== undefined, `no service ${operation.service} runs here`);
        const client = createClient({ base, language: 'vi', ...(account === '' ? {} : { token: () => this.token(account) }) });
        return client.call(operation, given);
      },
    };
  }

  token(account: string): Promise<string> {
    const known = this.#tokens.get(account);
    if (known !== undefined && known.until > Date.now()) return known.token;
    const token = this.#signIn(account);
    this.#tokens.set(account, { token, until: Date.now() + TOKEN_MS });
    return token;
  }

  async #signIn(account: string): Promise<string> {
    const { issuer } = this.world;
    const secret = this.world.secretOf(account);
    const { access_token } = SYSTEMS.has(account)
      ? await signInSystem(issuer, account, secret)
      : await signIn({ issuer, clientId: CLIENT, redirectUri: CALLBACK, username: account, password: secret });
    return access_token;
  }
}

/** A step that was not as promised; `cause` says what was seen. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly title: Text;
  constructor(title: Text, cause: unknown) {
    super(`${title.vi} / ${title.en}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.title = title;
  }
}

/** The call must be refused with this status and code; answers the problem. */
export async function refused(call: Promise<unknown>, status: number, code: string): Promise<ProblemError['problem']> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  assert.ok(outcome !== undefined, `expected a refusal ${status} ${code}, but it was done`);
  if (!(outcome instanceof ProblemError)) throw outcome;
  same({ status: outcome.status, code: outcome.code }, { status, code }, `expected ${status} ${code}, got: ${outcome.message}`);
  return outcome.problem;
}

/** Looks again until it is there: facts reach other services after the commit, not with it. Fails with `what` in the end. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const ends = Date.now() + PATIENCE_MS;
  for (let waitMs = 25; ; waitMs = Math.min(500, waitMs * 2)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    assert.ok(Date.now() < ends, `${what}: not seen within ${PATIENCE_MS / 1_000} s`);
    await sleep(waitMs);
  }
}
