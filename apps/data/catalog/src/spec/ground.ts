import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAuthorityPack } from '@quan-so/contracts-data/pack';
import { createClient, ProblemError, type Client, type ProblemDocument } from '@quan-so/http';
import { LocalBroker } from '@quan-so/messaging';
import { Database } from '@quan-so/persistence';
import { migrateService, runService, type RunningService, type ServiceConfig } from '@quan-so/service';
import { startTestDatabases, startTestIssuer, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { catalog } from '../catalog.module.js';

export const AUTHORITIES = resolve(import.meta.dirname, '..', '..', '..', '..', '..', 'deploy', 'authorities');
export const WARD = join(AUTHORITIES, 'phuong-sao-mai');
export const pack = readAuthorityPack(WARD);

/** One event as it stands in the outbox, with its data. */
export interface Told {
  readonly kind: string;
  readonly subject: string;
  readonly created_at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

const key = (): string => randomBytes(32).toString('base64');

/** The catalogue as a service on real PostgreSQL, to be started and stopped; and a look into its database. */
export class CatalogGround {
  #service: RunningService | undefined;
  #statements = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'quan so catalog '));

  private constructor(
    private readonly issuer: TestIssuer,
    private readonly databases: TestDatabases,
    readonly database: Database,
    /** As another process of the same service has it. */
    readonly asService: Database,
  ) {}

  static async open(): Promise<CatalogGround> {
    const [issuer, databases] = [await startTestIssuer(), await startTestDatabases(['catalog'])];
    const { url } = databases.of('catalog');
    const ground = new CatalogGround(issuer, databases, await Database.open({ service: 'test', url, poolSize: 2 }), await Database.open({ service: 'catalog', url, poolSize: 1 }));
    await migrateService(catalog, ground.#config(undefined));
    return ground;
  }

  /** With the pack in this folder, or without one. Rejects as the program would refuse to start. */
  async start(packFolder: string | undefined): Promise<void> {
    this.#service = await runService(catalog, this.#config(packFolder), { broker: new LocalBroker(), listen: true });
  }

  async stopService(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  as(username: string, role = 'catalog-admin'): Client {
    return this.#client(this.issuer.token({ username, positions: [`${role}@H99.06`] }));
  }

  anybody(): Client {
    return this.#client(undefined);
  }

  /** Rows of `from …`. */
  async count(from: string): Promise<number> {
    const [row] = await this.database.sql<{ n: number }>(`test-count-${(this.#statements += 1)}`, `SELECT count(*)::int AS n FROM ${from}`);
    return row?.n ?? 0;
  }

  async lastTold(): Promise<string> {
    const [row] = await this.database.sql<{ id: string }>('test-last', 'SELECT coalesce(max(id), 0)::text AS id FROM outbox');
    return row?.id ?? '0';
  }

  /** What was told after this row of the outbox. */
  async toldSince(id: string): Promise<readonly Told[]> {
    return this.database.sql<Told>('test-told', "SELECT kind, subject, created_at, envelope::jsonb -> 'data' AS data FROM outbox WHERE id > $1::bigint ORDER BY id", [id]);
  }

  /** The ward's pack with one file changed. */
  copyOf(file: string, change: (json: unknown) => unknown): string {
    const copy = mkdtempSync(join(this.#folder, 'pack-'));
    cpSync(WARD, copy, { recursive: true });
    const json: unknown = JSON.parse(readFileSync(join(copy, file), 'utf8'));
    change(json);
    writeFileSync(join(copy, file), JSON.stringify(json));
    return copy;
  }

  async close(): Promise<void> {
    await this.stopService();
    await this.database.close();
    await this.asService.close();
    await this.databases.stop();
    await this.issuer.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #client(token: string | undefined): Client {
    return createClient({ base: `http://127.0.0.1:${this.#service?.port}`, retries: 0, language: 'en', ...(token === undefined ? {} : { token }) });
  }

  #config(packFolder: string | undefined): ServiceConfig {
    const { url, migratorUrl } = this.databases.of('catalog');
    return {
      ...{ profile: 'local', host: '127.0.0.1', port: 0, kafka: undefined, checkAnswers: true, pack: packFolder },
      ...{ databaseUrl: url, migratorUrl },
      oidc: { issuer: this.issuer.issuer, audience: 'quan-so-api' },
      keys: { current: 'k', keys: { k: key() }, index: key(), cursor: key() },
    };
  }
}

/** The problem a call was refused with. */
export async function refusalOf(asked: Promise<unknown>): Promise<ProblemDocument> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}
