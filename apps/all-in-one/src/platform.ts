import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PackError, readAuthorityPack, type AuthorityPack } from '@quan-so/contracts-data/pack';
import { LocalBroker } from '@quan-so/messaging';
import { logTo, startTelemetry, TraceStore, type Telemetry } from '@quan-so/observability';
import { startEmbeddedPostgres, EmbeddedPostgresError, type EmbeddedPostgres } from '@quan-so/persistence/embedded';
import { migrateService, runService, type RunningService, type ServiceConfig, type ServiceDefinition } from '@quan-so/service';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { prepareDatabases } from './databases.js';
import { openFront } from './front.js';
import { createIdentity, type Identity } from './identity/identity.js';
import { localKeys } from './keys.js';
import { openLogFile } from './log-file.js';
import { StartError, type Options } from './options.js';
import { routesOf } from './routes.js';
import { SERVICES } from './services.js';

/** Where a running platform says how it is reached; other commands read it. */
export const RUNNING = 'running.json';

export interface Platform {
  readonly base: string;
  readonly pack: AuthorityPack;
  readonly services: readonly string[];
  readonly identity: Identity;
  readonly folder: DataFolder;
  /** The database ended by itself and does not start again (it is tried three times): nothing can be answered any more. */
  onDatabaseGone(listener: () => void): void;
  stop(): Promise<void>;
}

/**
 * Starts every chosen service in this process: embedded database, events handed over in process, identity provider.
 * What was started is stopped again, in the other order, when a later part fails.
 */
export async function startPlatform(options: Options, root: string, version: string): Promise<Platform> {
  const started: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    const failed: unknown[] = [];
    // One part that will not stop must not keep the others running.
    for (const undo of started.splice(0).reverse()) await Promise.resolve().then(undo).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };
  try {
    return await start(options, root, version, (undo) => started.push(undo), stop);
  } catch (error) {
    await stop().catch(() => undefined);
    if (error instanceof EmbeddedPostgresError) throw new StartError(error.sentence.vi, error.sentence.en);
    throw error;
  }
}

async function start(
  options: Options,
  root: string,
  version: string,
  onStop: (undo: () => Promise<void> | void) => void,
  stop: () => Promise<void>,
): Promise<Platform> {
  const pack = packOf(root, options.authority);
  const folder = openDataFolder(options.dataDir, options.authority);
  onStop(() => folder.release());
  // Left over from a crash.
  folder.remove(RUNNING);
  const logFile = openLogFile(folder.path, (line) => process.stderr.write(line));
  logTo(logFile.write);
  onStop(() => {
    logTo();
    logFile.close();
  });
  const front = await openFront(options.port);
  onStop(() => front.close());
  const base = `http://127.0.0.1:${front.port}`;
  const traces = new TraceStore();
  const telemetry = await startTelemetry({ service: 'quan-so', version, environment: 'local', memory: traces });
  onStop(() => telemetry.shutdown());
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres') });
  onStop(() => postgres.stop());
  const issuer = `${base}/realms/quan-so`;
  const clientsFile = join(root, 'deploy', 'keycloak', 'clients.json');
  const identity = await createIdentity({ issuer, folder, staff: pack.staff, clientsFile, profile: 'local' });
  onStop(() => identity.close());
  const chosen = SERVICES.filter((service) => options.services?.includes(service.name) ?? true);
  // Identity answers before the services ask it for keys.
  front.open(new Map([['/realms', identity.handle]]));
  const running = await startServices(chosen, { issuer, version, folder, postgres, telemetry, pack: packFolder(root, options.authority) }, onStop);
  const absent = SERVICES.filter((service) => !chosen.includes(service));
  front.open(routesOf({ issuer, identity, traces, running, absent, pack, version }));
  onStop(() => folder.remove(RUNNING));
  folder.write(RUNNING, JSON.stringify({ base, pid: process.pid, authority: options.authority, issuer }));
  return { base, pack, services: chosen.map((service) => service.name), identity, folder, onDatabaseGone: (listener) => postgres.onGone(listener), stop };
}

interface Ground {
  readonly issuer: string;
  readonly version: string;
  readonly folder: DataFolder;
  readonly postgres: EmbeddedPostgres;
  readonly telemetry: Telemetry;
  readonly pack: string;
}

async function startServices(
  chosen: readonly ServiceDefinition[],
  ground: Ground,
  onStop: (undo: () => Promise<void>) => void,
): Promise<RunningService[]> {
  const databases = await prepareDatabases(ground.postgres, ground.folder, chosen.map((service) => service.name));
  const broker = new LocalBroker();
  onStop(() => broker.close());
  const running: RunningService[] = [];
  // Together: each may take its whole time to finish what is in flight.
  onStop(async () => {
    const failed = (await Promise.all(running.map((service) => service.stop()))).flat();
    if (failed.length > 0) throw new Error(`steps of the way down failed: ${failed.join(', ')}`);
  });
  for (const service of chosen) {
    const database = databases.get(service.name);
    if (database === undefined) throw new Error(`no database for ${service.name}`);
    const config: ServiceConfig = {
      profile: 'local',
      host: '127.0.0.1',
      port: 0,
      databaseUrl: database.url,
      migratorUrl: database.migratorUrl,
      kafka: undefined,
      heardBy: chosen.filter(({ consumes }) => consumes.some(({ from }) => from.includes(service.name))).map(({ name }) => name),
      oidc: { issuer: ground.issuer, audience: 'quan-so-api' },
      keys: localKeys(ground.folder),
      pack: ground.pack,
      checkAnswers: process.env['QUANSO_CHECK_ANSWERS'] === '1',
    };
    await migrateService(service, config);
    running.push(await runService(service, config, { telemetry: ground.telemetry, broker, listen: false, version: ground.version }));
  }
  return running;
}

function packFolder(root: string, authority: string): string {
  return join(root, 'deploy', 'authorities', authority);
}

/** The pack of an authority. Throws StartError: there is none, or it is wrong (with every fault and its place). */
function packOf(root: string, authority: string): AuthorityPack {
  const folder = packFolder(root, authority);
  if (!existsSync(folder)) {
    const there = readdirSync(join(root, 'deploy', 'authorities'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    throw new StartError(`Không có gói đơn vị "${authority}"; có: ${there.join(', ')}.`, `there is no authority pack "${authority}"; there are: ${there.join(', ')}.`);
  }
  try {
    return readAuthorityPack(folder);
  } catch (error) {
    if (error instanceof PackError) throw new StartError(error.message, 'correct the pack, then start again.');
    throw error;
  }
}
