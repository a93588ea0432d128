import { setTimeout as sleep } from 'node:timers/promises';
import { errorType, log } from '@quan-so/observability';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ClockWatch } from './clock-watch.js';
import { isClash, isLost, isStalePlan, outward } from './errors.js';
import { databaseBusy } from './problems.js';
import { type Sql } from './sql.js';
import { rowsOf, statement, type Place } from './statement.js';
import { TIMELINE, TimelineWatch } from './timeline.js';
import { runTransaction, type TransactionWork } from './transaction.js';
import { Writes } from './writes.js';

export interface DatabaseOptions {
  readonly service: string;
  /** `postgres://role:password@host:port/database` of the role that works with rows. */
  readonly url: string;
  /** Connections at most (default 10); one transaction takes one. */
  readonly poolSize?: number;
  /**
   * A new connection has met another timeline than the first one: the database was put back, or another server took over.
   * Nothing is said on that connection. Without it nobody asks.
   */
  readonly onOtherTimeline?: () => void;
}

/**
 * A session of its own, outside the pool: what it locks is held until it closes or is lost. It is lost when it asks nothing
 * for ten seconds: a process that was stopped (SIGSTOP, a frozen machine) keeps its connection and would hold its locks.
 */
export interface Connection {
  readonly sql: Sql;
  onLost(listener: () => void): void;
  close(): Promise<void>;
}

/** Nothing waits without an end; the client's own limit is for a server that does not answer at all. */
const LIMITS = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 5_000,
  lock_timeout: 3_000,
  idle_in_transaction_session_timeout: 10_000,
  query_timeout: 8_000,
} as const;

/** More would not be served within the two seconds they wait; they are told at once instead of filling the memory. */
const WAITING_PER_CONNECTION = 20;
const SILENT_MS = 10_000;
const ATTEMPTS = 3;
const DATE = 1082;

/** A civil date is no instant: the driver would make midnight of the machine's zone of it. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === DATE ? (text: string) => text : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** The database of one service. TypeORM opens it; statements run by name on the driver's own pool. */
export class Database {
  readonly service: string;
  readonly dataSource: DataSource;
  readonly #url: string;
  readonly #pool: pg.Pool;
  readonly #place: Place;
  readonly #life: { over: boolean };
  readonly #writes = new Writes();
  readonly #clock = new ClockWatch();
  readonly #timelines: TimelineWatch | undefined;

  private constructor(options: DatabaseOptions, dataSource: DataSource, life: { over: boolean }, timelines: TimelineWatch | undefined) {
    this.service = options.service;
    this.dataSource = dataSource;
    this.#url = options.url;
    this.#pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
    this.#place = placeOf(options);
    this.#life = life;
    this.#timelines = timelines;
  }

  /** Opens the pool. Throws Refusal DATABASE_BUSY when the server cannot be reached. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const logger = log(options.service);
    const life = { over: false };
    // A server that stops right after us may still say goodbye to connections that are just closing: no news.
    const onError = (error: Error): void => {
      if (!life.over) logger.warn('a database connection was lost', { reason: errorType(error) });
    };
    const timelines = options.onOtherTimeline === undefined ? undefined : new TimelineWatch(options.onOtherTimeline);
    const onConnect = (client: pg.Client): Promise<void> | undefined => {
      client.on('error', () => undefined);
      return timelines?.demandSame(client);
    };
    const dataSource = new DataSource({
      type: 'postgres',
      driver: pg,
      url: options.url,
      applicationName: options.service,
      poolSize: options.poolSize ?? 10,
      // Without these two listeners a lost connection, idle or in use, ends the process.
      poolErrorHandler: onError,
      // What is started does not wait for the answer before it: a command ends with one round trip instead of three.
      extra: { ...LIMITS, types, keepAlive: true, pipeline: true, onConnect },
      installExtensions: false,
      logging: false,
    });
    try {
      return new Database(options, await dataSource.initialize(), life, timelines);
    } catch (error) {
      throw outward(error);
    }
  }

  /** One statement on a connection of the pool, a transaction by itself. Throws Refusal DATABASE_BUSY. */
  readonly sql: Sql = async <R>(name: string, text: string, values?: readonly unknown[]): Promise<R[]> => {
    try {
      return await statement(this.#place, name, () => this.#once<R>(name, text, values));
    } catch (error) {
      this.#writes.failed(error);
      throw outward(error);
    }
  };

  /**
   * One transaction (READ COMMITTED) on one connection; `now` is its time. `work` may run up to three times: what it does
   * outside the database must bear that. Throws Refusal DATABASE_BUSY, also when the clock of this process is wrong.
   */
  async transaction<T>(work: TransactionWork<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const done = await runTransaction(await this.#client(), this.#place, this.#clock, work);
        this.#writes.succeeded();
        return done;
      } catch (error) {
        this.#writes.failed(error);
        if (attempt === ATTEMPTS || !isClash(error)) throw outward(error);
        await sleep(Math.random() * 20 * attempt);
      }
    }
  }

  /** Throws Refusal DATABASE_BUSY. */
  async connection(): Promise<Connection> {
    const client = new pg.Client({ ...LIMITS, types, keepAlive: true, options: `-c idle_session_timeout=${SILENT_MS}`, connectionString: this.#url, application_name: `${this.service}-own` });
    const listeners: (() => void)[] = [];
    let over = false;
    const lost = (): void => {
      if (over) return;
      over = true;
      for (const listener of listeners) listener();
    };
    client.on('error', lost).on('end', lost);
    try {
      await client.connect();
      await this.#timelines?.demandSame(client);
    } catch (error) {
      over = true;
      await client.end().catch(() => undefined);
      throw outward(error);
    }
    return {
      sql: async <R>(name: string, text: string, values?: readonly unknown[]) => {
        try {
          return await statement(this.#place, name, () => rowsOf<R>(client, name, text, values));
        } catch (error) {
          throw outward(error);
        }
      },
      onLost: (listener) => void (over ? listener() : listeners.push(listener)),
      close: async () => {
        over = true;
        await client.end().catch(() => undefined);
      },
    };
  }

  /**
   * Whether it answers, and by how much at least its clock and ours are apart, ms: 0 when its time lies within the asking.
   * Throws Refusal DATABASE_BUSY.
   */
  async ping(): Promise<number> {
    const asked = Date.now();
    const [row] = await this.sql<{ now: Date }>('clock', 'SELECT clock_timestamp() AS now');
    return this.#clock.heard(asked, row?.now ?? new Date(asked));
  }

  /** Which server and which line of its log, as one word. Throws Refusal DATABASE_BUSY, also where only a copy answers. */
  async timeline(): Promise<string> {
    const [row] = await this.sql<{ timeline: string | null }>('timeline', TIMELINE);
    if (row === undefined || row.timeline === null) throw databaseBusy(new Error('the server is a copy of another one'));
    return row.timeline;
  }

  /** For what takes its time from this process outside a transaction. Throws Refusal DATABASE_BUSY when its clock is wrong. */
  async demandRightClock(): Promise<void> {
    if (this.#clock.wrong) await this.ping();
    this.#clock.demandRight();
  }

  /** Why nothing can be written, by the last transaction; undefined when nothing speaks against it. Reads may still work. */
  get writesRefused(): string | undefined {
    return this.#writes.refused;
  }

  /** Connections of the pool: at work, free, and how many wait for one. */
  get connections(): { readonly used: number; readonly idle: number; readonly waiting: number; readonly most: number } {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max };
  }

  /** Waits for what is running, then closes every connection of the pool. */
  async close(): Promise<void> {
    this.#life.over = true;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /** Waits for a free connection, two seconds at most and not behind more than can be served meanwhile. */
  async #client(): Promise<pg.PoolClient> {
    if (this.#pool.waitingCount >= WAITING_PER_CONNECTION * this.#pool.options.max) throw databaseBusy(new Error('too many are waiting for a connection'));
    return this.#pool.connect();
  }

  async #once<R>(name: string, text: string, values?: readonly unknown[]): Promise<R[]> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await this.#client();
      let broken = false;
      try {
        return await rowsOf<R>(client, name, text, values);
      } catch (error) {
        broken = isLost(error) || isStalePlan(error);
        if (attempt === ATTEMPTS || !isStalePlan(error)) throw error;
      } finally {
        client.release(broken);
      }
    }
  }
}

function placeOf({ service, url }: DatabaseOptions): Place {
  return { service, database: decodeURIComponent(new URL(url).pathname.slice(1)) };
}
