import { jest } from '@jest/globals';
import { ReferenceBeat, ReferencePublished, type ReferenceKind } from '@quan-so/contracts-data';
import { createClient, ProblemError, type Client, type ProblemDocument } from '@quan-so/http';
import { createMessaging, LocalBroker, messagingMigrations, type Messaging } from '@quan-so/messaging';
import { logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { Database, migrate, persistenceMigrations, Work } from '@quan-so/persistence';
import { Clock, migrateService, runService, type RunningService, type ServiceConfig } from '@quan-so/service';
import { startTestDatabases, startTestIssuer, type TestDatabases, type TestIssuer, type TestPerson } from '@quan-so/testing';
import { dossiers } from '../dossiers.module.js';
import { AUTHORITY, BUILDING, calendarOf, HOUSEHOLD, UNITS } from './reference.fixture.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');

const PEOPLE = {
  clerk: { username: 'desk-clerk', name: 'Trần Văn Tiếp Nhận', positions: ['desk-clerk@H99.05.01'] },
  clerk2: { username: 'desk-clerk-2', positions: ['desk-clerk@H99.05.02'] },
  clerk3: { username: 'desk-clerk-of-old', positions: ['desk-clerk@H99.05.03'] },
  bothDesks: { username: 'desk-clerk-3', positions: ['desk-clerk@H99.05.01', 'desk-clerk@H99.05.02'] },
  specialist: { username: 'specialist', positions: ['specialist@H99.05'] },
  specialist2: { username: 'specialist-2', positions: ['specialist@H99.05', 'division-head@H99.05'] },
  head: { username: 'division-head', positions: ['division-head@H99.05'] },
  wardHead: { username: 'division-head-1', positions: ['division-head@H99.05.01'] },
  lead: { username: 'authority-lead', positions: ['authority-lead@H99.05'] },
  returns: { username: 'return-clerk', positions: ['return-clerk@H99.05.01'] },
  portal: { username: 'service-account-portal-connector', client: 'portal-connector', positions: ['filing-system@H99.05'] },
  ministry: { username: 'service-account-business-registry-connector', client: 'business-registry-connector', positions: ['filing-system@H99.05'] },
} as const satisfies Record<string, TestPerson>;
export type Who = keyof typeof PEOPLE;

const FIRST_BEAT = Date.parse('2026-10-05T08:59:56+07:00');

/** What a test publishes: the body and from which version on. */
export interface Published {
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly version: number;
  readonly body: object;
  readonly validFrom?: string;
  readonly validTo?: string | null;
}

export const SEED: readonly Published[] = [
  { kind: 'authority', code: AUTHORITY.code, version: 1, body: AUTHORITY, validFrom: AUTHORITY.validFrom },
  ...UNITS.map((body) => ({ kind: 'unit' as const, code: body.code, version: 1, body, validFrom: body.validFrom, validTo: body.validTo })),
  { kind: 'calendar', code: 'hanh-chinh', version: 1, body: calendarOf(1) },
  { kind: 'procedure', code: BUILDING.code, version: 1, body: BUILDING },
  { kind: 'procedure', code: HOUSEHOLD.code, version: 1, body: HOUSEHOLD },
];

/**
 * The service as it runs: its real door, its own PostgreSQL, events handed over by the local broker from a catalogue of
 * which only the events exist.
 */
export class House {
  readonly traces: TraceStore;
  /** What was logged; nothing of it reaches the screen. */
  readonly lines: string[] = [];
  private beats = 0;

  private constructor(
    private readonly parts: {
      readonly issuer: TestIssuer;
      readonly databases: TestDatabases;
      readonly catalog: { readonly database: Database; readonly work: Work; readonly messaging: Messaging };
      readonly service: RunningService;
      readonly telemetry: Telemetry;
      readonly traces: TraceStore;
    },
    /** As the service itself; and as the owner of its tables, for what a test must break. */
    readonly database: Database,
    readonly owner: Database,
  ) {
    this.traces = parts.traces;
    logTo((line) => void this.lines.push(line));
  }

  static async open(): Promise<House> {
    const traces = new TraceStore();
    const telemetry = await startTelemetry({ service: 'dossiers', version: '0', environment: 'test', memory: traces });
    const issuer = await startTestIssuer();
    const databases = await startTestDatabases(['catalog', 'dossiers']);
    const broker = new LocalBroker();
    const catalog = await openCatalog(databases, broker);
    const { url, migratorUrl } = databases.of('dossiers');
    const config: ServiceConfig = {
      ...{ profile: 'local', host: '127.0.0.1', port: 0, kafka: undefined, pack: undefined, checkAnswers: true },
      ...{ databaseUrl: url, migratorUrl, oidc: { issuer: issuer.issuer, audience: 'quan-so-api' } },
      keys: { current: 'k1', keys: { k1: key(1) }, index: key(2), cursor: key(3) },
    };
    await migrateService(dossiers, config);
    const service = await runService(dossiers, config, { broker, listen: true });
    const [database, owner] = await Promise.all([url, migratorUrl].map((one) => Database.open({ service: 'test', url: one, poolSize: 2 })));
    if (database === undefined || owner === undefined) throw new Error('two databases were opened');
    return new House({ issuer, databases, catalog, service, telemetry, traces }, database, owner);
  }

  get base(): string {
    return `http://127.0.0.1:${this.parts.service.port}`;
  }

  token(who: Who): string {
    return this.parts.issuer.token(PEOPLE[who]);
  }

  /** With `retries` a busy database is asked again, as programs do; stories that look at refusals have none. */
  as(who: Who, retries = 0): Client {
    return createClient({ base: this.base, token: this.token(who), retries });
  }

  /** Publishes, then beats; resolves when the service has taken both. */
  async publish(items: readonly Published[]): Promise<void> {
    const { work, messaging } = this.parts.catalog;
    await work.internal('reference.publish', async (tx) => {
      for (const { kind, code, version, body, validFrom, validTo } of items) {
        tx.emit(ReferencePublished, `${kind}:${code}`, {
          ...{ kind, code, version, validFrom: validFrom ?? '2026-01-01', validTo: validTo ?? null, publishedAt: '2026-01-01T00:00:00+07:00' },
          body: JSON.parse(JSON.stringify(body)) as Record<string, never>,
        });
      }
    });
    // Each beat a millisecond later, so that it is known when this one was heard.
    await this.beat(new Date(FIRST_BEAT + this.beats).toISOString());
    this.beats += 1;
    await messaging.settled();
  }

  async beat(at: string): Promise<void> {
    await this.parts.catalog.work.internal('reference.publish', async (tx) => tx.emit(ReferenceBeat, 'beat', { at, seconds: 30 }));
    await this.until(async () => {
      const [row] = await this.database.sql<{ heard: Date | null }>('test-heard', 'SELECT heard_at AS heard FROM replica_heard');
      return row?.heard?.getTime() === Date.parse(at);
    });
  }

  async stopCatalog(): Promise<void> {
    await this.parts.catalog.messaging.stop();
  }

  /** Waits for what follows from events; a test that waits for ever fails by Jest's own limit. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async close(): Promise<void> {
    const { service, catalog, databases, issuer, telemetry } = this.parts;
    await service.stop();
    await catalog.messaging.stop();
    await Promise.all([catalog.database.close(), this.database.close(), this.owner.close()]);
    await databases.stop();
    await issuer.stop();
    await telemetry.shutdown();
    jest.restoreAllMocks();
    logTo();
  }
}

async function openCatalog(databases: TestDatabases, broker: LocalBroker): Promise<{ database: Database; work: Work; messaging: Messaging }> {
  const { url, migratorUrl, appRole } = databases.of('catalog');
  await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations] });
  const database = await Database.open({ service: 'catalog', url, poolSize: 4 });
  const work = new Work(database);
  const definition = { publishes: [ReferencePublished, ReferenceBeat], consumes: [] };
  const messaging = createMessaging({ service: 'catalog', database, work, definition, handlers: [], transport: { kind: 'local', broker } });
  await messaging.start();
  return { database, work, messaging };
}

/** What the clock of the service shows from now on: `05/10 09:00` of 2026, Vietnam. */
export function setClock(text: string): void {
  const now = new Date(`2026-${text.slice(3, 5)}-${text.slice(0, 2)}T${text.slice(6)}+07:00`);
  jest.spyOn(Clock.prototype, 'now').mockReturnValue(now);
}

/** The problem a call is refused with. */
export async function problemOf(call: Promise<unknown>): Promise<ProblemDocument> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}

export const PURPOSE = 'DOSSIER_HANDLING';
export const NUMBER = '999190000010';
export const applicant = { kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: NUMBER, phone: '0900000000', address: 'Tổ 3, phường Sao Mai 1' } as const;
export const house = { procedure: BUILDING.code, case: 'separate-house', channel: 'counter', summary: 'Xây nhà ở riêng lẻ tại thửa 12, tờ 3', applicant } as const;
export const household = { procedure: HOUSEHOLD.code, case: 'one-person', channel: 'counter', summary: 'Tạp hoá Hoà Bình', applicant } as const;
