import { randomBytes } from 'node:crypto';
import { createClient, type Client } from '@quan-so/http';
import { LocalBroker } from '@quan-so/messaging';
import { Database, uuidv7, Work } from '@quan-so/persistence';
import { startTestDatabases, startTestIssuer, type TestDatabases, type TestIssuer } from '@quan-so/testing';
import { migrateService, runService, type RunningService, type ServiceConfig, type ServiceDefinition } from '../index.js';
import { mirror, notes, NoteWritten, refused } from './notes.js';

/** `notes` tells, `mirror` hears, both as services on real databases; the hands of a test reach into both. */
export class OperatorsGround {
  private constructor(
    private readonly databases: TestDatabases,
    private readonly issuer: TestIssuer,
    private readonly broker: LocalBroker,
    readonly teller: RunningService,
    readonly taker: RunningService,
    readonly told: Database,
    readonly taken: Database,
  ) {}

  static async open(): Promise<OperatorsGround> {
    const [databases, issuer] = await Promise.all([startTestDatabases(['notes', 'mirror']), startTestIssuer()]);
    await Promise.all([notes, mirror].map((definition) => migrateService(definition, configOf(definition, databases, issuer))));
    const broker = new LocalBroker();
    const teller = await runService(notes, configOf(notes, databases, issuer), { broker, listen: true });
    const taker = await runService(mirror, configOf(mirror, databases, issuer), { broker, listen: true });
    const open = (service: string): Promise<Database> => Database.open({ service, url: databases.of(service).url, poolSize: 3 });
    return new OperatorsGround(databases, issuer, broker, teller, taker, await open('notes'), await open('mirror'));
  }

  async close(): Promise<void> {
    await this.taker.stop();
    await this.teller.stop();
    await Promise.all([this.told.close(), this.taken.close(), this.broker.close()]);
    await Promise.all([this.databases.stop(), this.issuer.stop()]);
  }

  /** Nothing is parked, mirrored, planned or refused. */
  async clear(): Promise<void> {
    refused.clear();
    for (const table of ['parked', 'mirrored', 'replay']) await this.taken.sql(`test-clear-${table}`, `DELETE FROM ${table}`);
  }

  token(role: string): string {
    return this.issuer.token({ username: role, positions: [`${role}@H99.05`] });
  }

  as(role: string): Client {
    return createClient({ base: `http://127.0.0.1:${this.taker.port}`, retries: 0, language: 'en', token: this.token(role) });
  }

  /** Tells texts under one key, each in a transaction of its own; resolves when all is sent and taken or parked. */
  async tell(key: string, ...texts: string[]): Promise<void> {
    const work = new Work(this.told);
    for (const text of texts) await work.internal('note.tell', async (tx) => tx.emit(NoteWritten, key, { id: uuidv7(), text }));
    await this.teller.settled();
    await this.taker.settled();
  }

  /** In the order of the transactions that wrote them. */
  async mirrored(): Promise<string[]> {
    return (await this.taken.sql<{ text: string }>('test-mirrored', 'SELECT text FROM mirrored ORDER BY xmin::text::bigint, id')).map(({ text }) => text);
  }

  /** Key, text, reason and tries. */
  async parked(): Promise<unknown[][]> {
    const text = `SELECT key, message::jsonb -> 'data' ->> 'text' AS text, reason, tries FROM parked ORDER BY id`;
    return (await this.taken.sql<{ key: string; text: string; reason: string; tries: number }>('test-parked', text)).map((row) => Object.values(row));
  }
}

function configOf({ name }: ServiceDefinition, databases: TestDatabases, issuer: TestIssuer): ServiceConfig {
  const { url, migratorUrl } = databases.of(name);
  const key = (): string => randomBytes(32).toString('base64');
  return {
    ...{ profile: 'local', host: '127.0.0.1', port: 0, databaseUrl: url, migratorUrl, kafka: undefined, pack: undefined, checkAnswers: true },
    ...{ oidc: { issuer: issuer.issuer, audience: 'quan-so-api' }, keys: { current: 'k', keys: { k: key() }, index: key(), cursor: key() } },
  };
}
