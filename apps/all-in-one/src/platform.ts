import { join } from 'node:path';
import { catalog } from '@quan-so/catalog';
import { readAuthorityPack, type AuthorityPack } from '@quan-so/contracts-data/pack';
import { dossiers } from '@quan-so/dossiers';
import { LocalBroker } from '@quan-so/messaging';
import { startTelemetry, TraceStore, tracesPage, type Telemetry } from '@quan-so/observability';
import { startEmbeddedPostgres, EmbeddedPostgresError, type EmbeddedPostgres } from '@quan-so/persistence/embedded';
import { migrateService, runService, type RunningService, type ServiceConfig, type ServiceDefinition } from '@quan-so/service';
import { warehouse } from '@quan-so/warehouse';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { prepareDatabases } from './databases.js';
import { openFront, type Front, type Handler, type Routes } from './front.js';
import { createIdentity, type Identity } from './identity/identity.js';
import { localKeys } from './keys.js';
import { StartError, type Options } from './options.js';
import { startPage } from './page.js';

/** Every service of the house, in the deck's order from the ground up. */
export const SERVICES: readonly ServiceDefinition[] = [catalog, warehouse, dossiers];

export interface Platform {
  readonly base: string;
  readonly pack: AuthorityPack;
  readonly services: readonly string[];
  readonly identity: Identity;
  readonly folder: DataFolder;
  stop(): Promise<void>;
}

/**
 * Starts every chosen service in this process: embedded database, events handed over in process, identity provider.
 * What was started is stopped again, in the other order, when a later part fails.
 */
export async function startPlatform(options: Options, root: string, version: string): Promise<Platform> {
  const started: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of started.splice(0).reverse()) await undo();
  };
  try {
    return await start(options, root, version, (undo) => started.push(undo), stop);
  } catch (error) {
    await stop();
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
  const front = await openFront(options.port);
  onStop(() => front.close());
  const base = `http://127.0.0.1:${front.port}`;
  const traces = new TraceStore();
  const telemetry = await startTelemetry({ service: 'quan-so', version, environment: 'local', memory: traces });
  onStop(() => telemetry.shutdown());
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres') });
  onStop(() => postgres.stop());
  const identity = await createIdentity({
    issuer: `${base}/realms/quan-so`,
    dataDir: folder.path,
    staff: pack.staff.people,
    systems: pack.staff.systems,
    profile: 'local',
  });
  onStop(() => identity.close());
  const chosen = SERVICES.filter((service) => options.services?.includes(service.name) ?? true);
  // Identity answers before the services ask it for keys.
  front.open(new Map([['/realms', identity.handle]]));
  const running = await startServices(chosen, { base, folder, postgres, telemetry, pack: packFolder(root, options.authority) }, onStop);
  front.open(routesOf({ front, identity, traces, running, pack, version }));
  return { base, pack, services: chosen.map((service) => service.name), identity, folder, stop };
}

interface Ground {
  readonly base: string;
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
      oidc: { issuer: `${ground.base}/realms/quan-so`, audience: 'quan-so-api' },
      keys: localKeys(ground.folder),
      pack: ground.pack,
      checkAnswers: process.env['QUANSO_CHECK_ANSWERS'] === '1',
    };
    await migrateService(service, config);
    const one = await runService(service, config, { telemetry: ground.telemetry, broker, listen: false });
    onStop(() => one.stop());
    running.push(one);
  }
  return running;
}
