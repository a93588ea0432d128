import { type Actor, type Answer, type Call, type DataOf, type EventDef, type OperationDef } from '@quan-so/contract';
import { currentTraceId, currentTraceparent, inSpan, log } from '@quan-so/observability';
import { AccessEntries } from './access.js';
import { type Database } from './database.js';
import { claimKey, forgetKeys, settleKey, type StoredAnswer } from './idempotency.js';
import { auditRows, insertOutbox, rowOf, type Deed, type OutboxRow, type Telling } from './outbox.js';
import { type Sql } from './sql.js';

export { type StoredAnswer } from './idempotency.js';

/** What a piece of work has in its hands. What it emits and audits is written right before COMMIT, in that order. */
export interface Tx {
  readonly sql: Sql;
  /** The transaction's time on the database's clock. */
  readonly now: Date;
  readonly actor: Actor;
  /** Tells a fact; `subject` is its ordering key and never personal. Throws TypeError when the data break the schema. */
  emit<E extends EventDef>(event: E, subject: string, data: DataOf<E>): void;
  /** States what was changed: things by code or id (`dossier:<uuid>`), fields by name, never a value. */
  audit(objects: readonly string[], fields: readonly string[]): void;
}

export interface Changed<B> {
  readonly id: string;
  /** The version after the change. */
  readonly version: number;
  readonly body: B;
  readonly status?: number;
  readonly location?: string;
}

export interface Change<B> {
  work(tx: Tx): Promise<Changed<B>>;
  /** Builds the answer of an earlier request again, as it was at its version. */
  recall(sql: Sql, stored: StoredAnswer): Promise<B>;
}

export type ReadCall = Pick<Call, 'actor' | 'operation' | 'requestId'> & { readonly purpose?: string | undefined };

export interface Reading<T> {
  readonly value: T;
  /** Things shown, none when nothing was found. */
  readonly objects: readonly string[];
  readonly fields: readonly string[];
}

export interface InternalOptions {
  readonly traceparent?: string;
  readonly traced?: boolean;
}

const FORGET_EVERY_MS = 3_600_000;

/** The unit of work: everything a service changes or shows goes through here. */
export class Work {
  readonly #database: Database;
  readonly #access: AccessEntries;
  readonly #listeners: (() => void)[] = [];
  #forgetAt = 0;

  constructor(database: Database, options: { readonly onCommit?: () => void } = {}) {
    this.#database = database;
    this.#access = new AccessEntries(database.service, (rows) => insertOutbox(database.sql, rows));
    if (options.onCommit !== undefined) this.onCommit(options.onCommit);
  }

  /** Called after each commit that told something; it must not throw. */
  onCommit(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * One command: key, state, history, outbox and audit entry in one transaction; a refusal leaves nothing behind. The same
   * key with the same request answers again, `replayed`. Throws Refusal IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS,
   * DATABASE_BUSY, and what the work throws.
   */
  async change<Op extends OperationDef, B>(call: Call<Op>, given: Change<B>): Promise<Answer<B>> {
    const telling = { service: this.#database.service, traceparent: currentTraceparent() };
    const deed = deedOf('change', call);
    const answer = await this.#database.transaction(async (sql, now, along): Promise<Answer<B>> => {
      const stored = await claimKey(sql, call);
      if (stored !== undefined) return recalled(stored, await given.recall(sql, stored));
      const told = new Told(deed, { ...telling, at: now });
      const changed = await given.work(told.tx(sql));
      if (!told.audited) throw new Error(`operation ${call.operation.id}: a change that audits nothing`);
      const { id, version, body, location } = changed;
      const status = changed.status ?? (call.operation.kind === 'create' ? 201 : 200);
      along(settleKey(sql, call, { id, version, status, location: location ?? null }, told.close()));
      return { body, version, ...(location === undefined ? {} : { location }) };
    });
    if (answer.replayed !== true) this.#committed();
    this.#forgetSometimes();
    return answer;
  }

  /**
   * Reads, commits the access entry, then answers: nothing personal leaves unrecorded, also when nothing was found.
   * Throws Refusal DATABASE_BUSY when the entry cannot be written.
   */
  async read<T>(call: ReadCall, work: (sql: Sql) => Promise<Reading<T>>): Promise<T> {
    const { value, objects, fields } = await work(this.#database.sql);
    await this.#database.demandRightClock();
    const telling = { service: this.#database.service, traceparent: currentTraceparent(), at: new Date() };
    await Promise.all(auditRows(deedOf('access', call), objects, fields, telling).map((row) => this.#access.write(row)));
    this.#committed();
    return value;
  }

  /**
   * A transaction of the service itself: seed, beat, consumer. `action` is the permission it acts under. What it tells
   * carries `traceparent`, else the active span's; when there is no span it gets one. `traced: false` is for what comes
   * round by the clock: neither it nor what it tells is kept as a trace, wherever that goes.
   */
  async internal<T>(action: string, work: (tx: Tx) => Promise<T>, options: InternalOptions = {}): Promise<T> {
    const { service } = this.#database;
    const run = async (): Promise<T> => {
      const traceparent = options.traceparent ?? currentTraceparent();
      const deed: Deed = { kind: 'change', action, actor: actorOf(service), purpose: undefined, requestId: '', traceId: traceIdOf(traceparent) };
      let told = 0;
      const value = await this.#database.transaction(async (sql, now, along) => {
        const telling = new Told(deed, { service, at: now, traceparent });
        const done = await work(telling.tx(sql));
        const rows = telling.close();
        told = rows.length;
        along(insertOutbox(sql, rows));
        return done;
      });
      if (told > 0) this.#committed();
      return value;
    };
    const { traced = true } = options;
    if (traced && currentTraceparent() !== undefined) return run();
    return inSpan(`work ${action}`, { service, parent: traced ? (options.traceparent ?? 'root') : 'untraced' }, run);
  }

  #committed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Housekeeping of keys rides on commands, at most once an hour, and never fails one. */
  #forgetSometimes(): void {
    const now = Date.now();
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + FORGET_EVERY_MS;
    forgetKeys(this.#database.sql).catch((error: unknown) => log(this.#database.service).warn('old idempotency keys stay for now', { error }));
  }
}

/** Collects what one run of a work tells; a run that is repeated begins with nothing. */
class Told {
  readonly #rows: OutboxRow[] = [];
  readonly #audits: OutboxRow[] = [];
  #closed = false;

  constructor(
    private readonly deed: Deed,
    private readonly telling: Telling,
  ) {}

  get audited(): boolean {
    return this.#audits.length > 0;
  }

  tx(sql: Sql): Tx {
    return {
      sql,
      now: this.telling.at,
      actor: this.deed.actor,
      emit: (event, subject, data) => void this.#open(this.#rows).push(rowOf(event, subject, data, this.telling)),
      audit: (objects, fields) => void this.#open(this.#audits).push(...auditRows(this.deed, objects, fields, this.telling)),
    };
  }

  close(): readonly OutboxRow[] {
    this.#closed = true;
    return [...this.#rows, ...this.#audits];
  }

  /** What is told later than COMMIT would be lost without a word. */
  #open(rows: OutboxRow[]): OutboxRow[] {
    if (this.#closed) throw new Error('told after the end of its transaction');
    return rows;
  }
}

function recalled<B>({ version, location }: StoredAnswer, body: B): Answer<B> {
  return { body, version, replayed: true, ...(location === null ? {} : { location }) };
}

function deedOf(kind: Deed['kind'], { actor, operation, purpose, requestId }: ReadCall): Deed {
  const action = 'permission' in operation.access ? operation.access.permission.action : operation.id;
  return { kind, action, actor, purpose, requestId, traceId: currentTraceId() };
}

/** The service acting for itself. */
function actorOf(service: string): Actor {
  return { kind: 'system', id: `service:${service}`, username: service, name: service, client: service, positions: [] };
}

function traceIdOf(traceparent: string | undefined): string {
  return traceparent?.split('-')[1] ?? currentTraceId();
}
