import { type EventDef } from '@quan-so/contract';
import { createClient, type Client } from '@quan-so/http';
import { createMessaging, LocalBroker, messagingMigrations, type Messaging } from '@quan-so/messaging';
import { Database, migrate, persistenceMigrations, Work } from '@quan-so/persistence';
import { migrateService, runService, type RunningService, type ServiceConfig, type ServiceDefinition } from '@quan-so/service';
import { startTestDatabases, startTestIssuer, type TestDatabases, type TestIssuer, type TestPerson } from '@quan-so/testing';

/** A service of which only database and messages are there: what it tells and takes is the test's. */
export interface Bare {
  readonly database: Database;
  readonly work: Work;
  readonly messaging: Messaging;
}

export interface BareDefinition {
  readonly publishes: readonly EventDef[];
  readonly consumes?: readonly { readonly event: EventDef; readonly from: readonly string[] }[];
  readonly handlers?: (database: Database) => readonly object[];
}

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');

/** Real services and bare ones, each with its database, on one local broker. */
export class Ground {
  readonly #undo: (() => Promise<void>)[] = [];

  private constructor(
    private readonly issuer: TestIssuer,
    private readonly databases: TestDatabases,
    private readonly broker: LocalBroker,
  ) {}

  static async open(names: readonly string[]): Promise<Ground> {
    return new Ground(await startTestIssuer(), await startTestDatabases(names), new LocalBroker());
  }

  /** A service as it is; `database` is what it wrote. */
  async run(definition: ServiceDefinition): Promise<{ readonly service: RunningService; readonly database: Database; as(person: TestPerson): Client }> {
    const { url: databaseUrl, migratorUrl } = this.databases.of(definition.name);
    const config: ServiceConfig = {
      ...{ profile: 'local', host: '127.0.0.1', port: 0, kafka: undefined, pack: undefined, checkAnswers: true, databaseUrl, migratorUrl },
      ...{ oidc: { issuer: this.issuer.issuer, audience: 'quan-so-api' }, keys: { current: 'k', keys: { k: key(1) }, index: key(2), cursor: key(3) } },
    };
    await migrateService(definition, config);
    const service = await runService(definition, config, { broker: this.broker, listen: true });
    const database = await Database.open({ service: definition.name, url: databaseUrl, poolSize: 2 });
    this.#undo.push(
      async () => {
        await service.stop();
      },
      () => database.close(),
    );
    const base = `http://127.0.0.1:${service.port}`;
    return { service, database, as: (person) => createClient({ base, token: this.issuer.token(person), retries: 0 }) };
  }

  /** Its messages begin with `messaging.start()`. */
  async bare(name: string, { publishes, consumes = [], handlers = () => [] }: BareDefinition): Promise<Bare> {
    const { url, migratorUrl, appRole } = this.databases.of(name);
    await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
    const database = await Database.open({ service: name, url, poolSize: 4 });
    const work = new Work(database);
    const transport = { kind: 'local', broker: this.broker } as const;
    const messaging = createMessaging({ service: name, database, work, definition: { publishes, consumes }, handlers: handlers(database), transport });
    this.#undo.push(
      () => database.close(),
      () => messaging.stop(),
    );
    return { database, work, messaging };
  }

  async close(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
    await this.broker.close();
    await this.databases.stop();
    await this.issuer.stop();
  }
}

/** What could not be taken, with the whole message that waits. */
export function parkedIn({ sql }: Database): Promise<{ type: string; reason: string; message: string }[]> {
  return sql('test-parked', 'SELECT type, reason, message FROM parked ORDER BY id');
}
