import { randomBytes } from 'node:crypto';
import { RecordChanged, type RecordChangedData } from '@quan-so/contracts-data';
import { createClient, ProblemError, type Client, type ProblemDocument } from '@quan-so/http';
import { createMessaging, LocalBroker, messagingMigrations, type Messaging } from '@quan-so/messaging';
import { Database, migrate, persistenceMigrations, Work } from '@quan-so/persistence';
import { migrateService, runService, type RunningService, type ServiceConfig } from '@quan-so/service';
import { startTestDatabases, startTestIssuer, until, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { warehouse } from '../warehouse.module.js';

/** UUIDv7 in the order of their numbers. */
export const key = (n: number): string => `01997e3c-8f00-7000-8000-${n.toString(16).padStart(12, '0')}`;

export type Change = Partial<RecordChangedData> & { readonly n: number; readonly version: number };

export function data({ n, ...change }: Change): RecordChangedData {
  return {
    ...{ dataset: 'dossiers', key: key(n), code: `H99.05.01-261124-${String(n).padStart(4, '0')}`, unit: 'H99.05.12', receivingUnit: 'H99.05.01', status: '2' },
    ...{ title: 'Cấp giấy phép xây dựng – Nguyễn Văn An', changedAt: `2026-11-24T09:${String(change.version).padStart(2, '0')}:00.000+07:00`, body: { version: change.version } },
    ...change,
  };
}

/** The owner of the records: a service of which only database and relay are real. */
interface Owner {
  readonly database: Database;
  readonly work: Work;
  readonly messaging: Messaging;
}

/** The warehouse as a service on real PostgreSQL, fed through the local broker by the owner of its records. */
export class WarehouseGround {
  private constructor(
    private readonly issuer: TestIssuer,
    private readonly databases: TestDatabases,
    private readonly broker: LocalBroker,
    private readonly service: RunningService,
    readonly owner: Owner,
    /** What the warehouse wrote, and the hand that may rename its tables. */
    readonly written: Database,
    readonly migrator: Database,
  ) {}

  static async open(): Promise<WarehouseGround> {
    const [issuer, databases, broker] = [await startTestIssuer(), await startTestDatabases(['warehouse', 'dossiers']), new LocalBroker()];
    const { url, migratorUrl } = databases.of('warehouse');
    const config = configOf(issuer, url, migratorUrl);
    const owner = await startOwner(databases, broker);
    await migrateService(warehouse, config);
    const service = await runService(warehouse, config, { broker, listen: true });
    const written = await Database.open({ service: 'test', url, poolSize: 2 });
    return new WarehouseGround(issuer, databases, broker, service, owner, written, await Database.open({ service: 'test', url: migratorUrl, poolSize: 1 }));
  }

  get base(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  /** A system with its own client, or a person in the browser. */
  as(position: `${string}@${string}`, system: boolean): Client {
    return createClient({ base: this.base, retries: 0, language: 'en', token: this.token(position, system) });
  }

  token(position: `${string}@${string}`, system: boolean): string {
    const client = system ? 'statistics-department' : 'quan-so-web';
    const username = system ? `service-account-${client}` : position.replace('@', '.').toLowerCase();
    return this.issuer.token({ username, positions: [position], client });
  }

  /** The owner tells changes, each in a transaction of its own; resolves when the warehouse has a history row of each. */
  async tell(...changes: readonly Change[]): Promise<void> {
    for (const change of changes) await this.owner.work.internal('dossier.receive', async (tx) => tx.emit(RecordChanged, key(change.n), data(change)));
    for (const { n, version } of changes) {
      await until(async () => (await this.written.sql('test-history', 'SELECT 1 FROM record_history WHERE key = $1 AND version = $2', [key(n), version])).length > 0);
    }
  }

  async close(): Promise<void> {
    await this.owner.messaging.stop();
    await this.service.stop();
    await this.broker.close();
    for (const database of [this.owner.database, this.written, this.migrator]) await database.close();
    await this.databases.stop();
    await this.issuer.stop();
  }
}

async function startOwner(databases: TestDatabases, broker: LocalBroker): Promise<Owner> {
  const { url, migratorUrl, appRole } = databases.of('dossiers');
  await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
  const database = await Database.open({ service: 'dossiers', url });
  const work = new Work(database);
  const definition = { publishes: [RecordChanged], consumes: [] };
  const messaging = createMessaging({ service: 'dossiers', database, work, definition, handlers: [], transport: { kind: 'local', broker } });
  await messaging.start();
  return { database, work, messaging };
}

function configOf(issuer: TestIssuer, databaseUrl: string, migratorUrl: string): ServiceConfig {
  const key32 = (): string => randomBytes(32).toString('base64');
  return {
    ...{ profile: 'local', host: '127.0.0.1', port: 0, kafka: undefined, checkAnswers: true, pack: undefined, databaseUrl, migratorUrl },
    oidc: { issuer: issuer.issuer, audience: 'quan-so-api' },
    keys: { current: 'k', keys: { k: key32() }, index: key32(), cursor: key32() },
  };
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
