import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@quan-so/observability';
import pg from 'pg';
import { findBinaries } from './embedded.binaries.js';
import { prepareCluster, runAs, SUPERUSER } from './embedded.cluster.js';
import { embeddedError } from './embedded.error.js';
import { settleLeftovers } from './embedded.leftovers.js';
import { launch, type Server } from './embedded.server.js';

export { EmbeddedPostgresError } from './embedded.error.js';

export interface EmbeddedOptions {
  /** Folder of the cluster; made at first start. The superuser's password is kept in `<dataDir>.secret`. */
  readonly dataDir: string;
  /** Without it a free one is taken at each start. */
  readonly port?: number;
  /** `false` for tests: faster, and a crash of the machine may lose everything. */
  readonly durable?: boolean;
}

/** A server that lived shorter than this has a fault that raising does not cure, perhaps. */
const SHORT_LIFE_MS = 10_000;
/** So often in a row it fails to start or ends at once before it is given up. */
const MOST_FAILURES = 3;
const PAUSE_MS = 500;
/** A segment of its log: with less room than that no server starts. */
const LEAST_BYTES = 16 * 2 ** 20;
const FULL_PAUSE_MS = 2_000;

/** How a server on its folder is started again, and whether it cannot be now because its disk is full. */
export interface Ways {
  again(port: number): Promise<Server>;
  full(): Promise<boolean>;
}

/**
 * PostgreSQL for one machine: on 127.0.0.1, every role with a password, gone within two seconds of its owner. One that is
 * killed (out of memory, by hand) comes back on its port, one whose disk is full as soon as there is room; those who use it
 * connect again by themselves.
 */
export class EmbeddedPostgres {
  readonly port: number;
  readonly #password: string;
  readonly #ways: Ways;
  #server: Server;
  #rising: Promise<void> | undefined;
  #raisedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  readonly #stopped = new AbortController();
  readonly #onGone: (() => void)[] = [];

  constructor(server: Server, password: string, ways: Ways) {
    this.port = server.port;
    this.#server = server;
    this.#password = password;
    this.#ways = ways;
    this.#watch();
  }

  /** Of the server that runs now. */
  get pid(): number {
    return this.#server.pid;
  }

  url(database: string, role: { readonly name: string; readonly password: string }): string {
    const [user, password, path] = [role.name, role.password, database].map(encodeURIComponent);
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${path}`;
  }

  /** A role that may log in and nothing else; its password becomes this one. */
  async ensureRole(name: string, password: string): Promise<void> {
    const [role, secret] = [pg.escapeIdentifier(name), pg.escapeLiteral(password)];
    await this.#asSuperuser(async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
      await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} LOGIN PASSWORD ${secret}`);
    });
  }

  /** A database that belongs to `owner`, which `apps` may enter and nobody else. */
  async ensureDatabase(name: string, owner: string, apps: readonly string[]): Promise<void> {
    const [database, role] = [pg.escapeIdentifier(name), pg.escapeIdentifier(owner)];
    await this.#asSuperuser(async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${database} OWNER ${role}`);
      await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
      for (const app of apps) await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${pg.escapeIdentifier(app)}`);
    });
  }

  /** Called when the server ended by itself and could not be raised: nothing will answer any more. */
  onGone(listener: () => void): void {
    this.#onGone.push(listener);
  }

  /** Ends sessions, writes everything and stops. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#rising;
    await this.#server.stop();
  }

  #watch(): void {
    void this.#server.ended.then(() => {
      if (!this.#stopped.signal.aborted) this.#rising = this.#raise();
    });
  }

  async #raise(): Promise<void> {
    const { signal } = this.#stopped;
    if (performance.now() - this.#raisedAt >= SHORT_LIFE_MS) this.#failures = 0;
    else await this.#failed();
    while (this.#failures < MOST_FAILURES && !signal.aborted) {
      try {
        this.#server = await this.#ways.again(this.port);
        this.#raisedAt = performance.now();
        log('postgres').info('the embedded PostgreSQL runs again');
        return this.#watch();
      } catch (error) {
        const full = await this.#failed();
        log('postgres').error('the embedded PostgreSQL does not start again', { attempt: this.#failures, error });
        await sleep(full ? FULL_PAUSE_MS : PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    if (this.#stopped.signal.aborted) return;
    log('postgres').error('the embedded PostgreSQL is gone for good', { attempt: this.#failures });
    for (const listener of this.#onGone) listener();
  }

  /** A full disk is no fault of the server and passes when somebody makes room: it does not count. Answers whether it is full. */
  async #failed(): Promise<boolean> {
    const full = await this.#ways.full();
    if (!full) this.#failures += 1;
    return full;
  }

  async #asSuperuser(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url(SUPERUSER, { name: SUPERUSER, password: this.#password }),
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/**
 * Starts PostgreSQL 18 of the npm packages on a folder of its own and waits until it is ready. Leftovers of a crash are put
 * right. Throws EmbeddedPostgresError with the sentence to tell: in use, not writable, full, of another version, damaged.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const durable = options.durable ?? true;
  try {
    const user = runAs(dataDir);
    const binaries = await findBinaries(user);
    const password = await prepareCluster(dataDir, binaries, user, durable);
    const begin = async (port: number | undefined): Promise<Server> => {
      await settleLeftovers(dataDir, binaries);
      return launch({ dataDir, binaries, user, port, durable });
    };
    const full = async (): Promise<boolean> => {
      // A folder that is gone is not full.
      const room = await statfs(dataDir).catch(() => undefined);
      return room !== undefined && room.bavail * room.bsize < LEAST_BYTES;
    };
    return new EmbeddedPostgres(await begin(options.port), password, { again: begin, full });
  } catch (error) {
    throw embeddedError(error, dataDir);
  }
}
