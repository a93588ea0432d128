import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Module, type DynamicModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { configureGrants, createVerifier } from '@quan-so/auth';
import { createHttpApp, type Departing, type Health, type HttpApp, type HttpOptions } from '@quan-so/http';
import { createMessaging, meetFirst, Operators, Replicas, type LocalBroker, type Messaging, type MessagingOptions } from '@quan-so/messaging';
import { log, watch, type Telemetry } from '@quan-so/observability';
import { Database, Seal, Work } from '@quan-so/persistence';
import { Clock } from './clock.js';
import { ConfigError, type ServiceConfig } from './config.js';
import { sourcesOf, type ServiceDefinition } from './definition.js';
import { gaugesOf } from './gauges.js';
import { healthOf, isLive } from './health.js';
import { KernelModule } from './kernel.module.js';
import { EXIT } from './exit.js';
import { operatorsControllerOf } from './operators.controller.js';
import { DRAIN_MS, takeDown, type Step } from './shutdown.js';
import { openWaitingDoor } from './waiting-door.js';

/** What a service stands on beside its configuration. */
export interface Ground {
  /** Sent off on the way down of a service that listens by itself; of several in one process the owner does it. */
  readonly telemetry?: Telemetry;
  /** Hands events over in this process; without it the configuration names a broker. */
  readonly broker?: LocalBroker;
  /** Listen on the configured host and port; else only `handler` answers. */
  readonly listen: boolean;
  /** Where it says so while it must wait before it works; by default where it listens. */
  readonly waitAt?: { readonly host: string; readonly port: number };
  /** Ends that waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly version?: string;
}

export interface RunningService extends Departing {
  readonly definition: ServiceDefinition;
  readonly port: number | undefined;
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Not ready from the first moment of the way down. */
  health(): Promise<Health>;
  /** False when a loop of this service hangs and only a new process helps. */
  live(): boolean;
  /** Resolves when all that the service has told is sent and all it could take has its effect or is parked. */
  settled(): Promise<void>;
  /** The ordered way down, within 28 s or what is left of them; answers the names of the steps that failed. Asked again it waits with who asked first. */
  stop(ms?: number): Promise<readonly string[]>;
}

/**
 * Starts one service: database, injector, HTTP, then messages, so that nobody is told before everybody is there. With a
 * broker, a database that was put back is compared with it before all that.
 * What was started is taken down again when a later part fails.
 */
export async function runService(definition: ServiceDefinition, config: ServiceConfig, ground: Ground): Promise<RunningService> {
  configureGrants(definition.grants, definition.holders);
  // In the order of the way down; a part is put in front of those it stands on.
  const steps: Step[] = [];
  try {
    return await start(definition, config, ground, steps);
  } catch (error) {
    await takeDown(steps);
    throw error;
  }
}

async function start(definition: ServiceDefinition, config: ServiceConfig, ground: Ground, steps: Step[]): Promise<RunningService> {
  const transport = transportOf(definition, config, ground);
  const { name } = definition;
  // Of one machine databases and log are one folder.
  const onOtherTimeline = transport.kind === 'local' ? undefined : () => beginAnew(name);
  const database = await Database.open({ service: name, url: config.databaseUrl, ...(onOtherTimeline === undefined ? {} : { onOtherTimeline }) });
  steps.unshift({ name: 'database', run: () => database.close() });
  if (ground.listen && ground.telemetry !== undefined) steps.unshift({ name: 'telemetry', run: () => ground.telemetry?.shutdown() ?? Promise.resolve() });
  const work = new Work(database);
  const heardBy = config.heardBy ?? [];
  if (transport.kind === 'kafka') {
    const waitAt = ground.waitAt ?? (ground.listen ? config : undefined);
    const onWait = async () => (waitAt === undefined ? { close: async () => undefined } : openWaitingDoor(name, waitAt));
    await meetFirst({ service: name, database, work, definition, heardBy, kafka: transport.config, onWait, signal: ground.signal ?? new AbortController().signal });
  }
  const replicas = new Replicas(database, sourcesOf(definition));
  const clock = new Clock();
  const started: { messaging?: Messaging } = {};
  const operators = new Operators({ database, work, replicas, messaging: () => started.messaging });
  const kernel = KernelModule.with({ config, database, work, replicas, operators, seal: new Seal(config.keys), clock });
  const leaving = { yes: false };
  const health = async (): Promise<Health> => {
    const { ready, parts } = await healthOf(database, started.messaging);
    return { ready: ready && !leaving.yes, parts };
  };
  const live = (): boolean => isLive(started.messaging);
  const app = await openDoor(definition, config, ground, kernel, { health, live }, steps);
  const messaging = createMessaging({ service: name, database, work, definition, handlers: providersOf(app), transport, heardBy });
  const beforeHttpClosed = steps.findIndex(({ name }) => name === 'injector');
  steps.splice(beforeHttpClosed, 0, { name: 'messages', run: () => messaging.stop() });
  await messaging.start();
  started.messaging = messaging;
  const unwatch = watch(gaugesOf({ definition, version: ground.version ?? '0.0.0', database, operators, health, clock }));
  steps.unshift({ name: 'gauges', run: () => Promise.resolve(unwatch()) });
  const port = ground.listen ? await app.listen(config.host, config.port) : undefined;
  const leave = (): void => {
    leaving.yes = true;
    app.leave();
  };
  const stop = once((ms?: number) => {
    leaving.yes = true;
    return wayDown(definition, steps, ms);
  });
  log(definition.name).info('the service is ready', { port, version: ground.version });
  return { definition, port, handler: app.handler, health, live, settled: () => messaging.settled(), leave, drain: app.drain, stop };
}

/** Whatever runs here was met on the timeline of the start: the next process is compared before it works. */
function beginAnew(service: string): void {
  log(service).error('the database was put back, or another server took over, while this process ran: it ends and is to be started again');
  process.exit(EXIT.again);
}

async function openDoor(
  definition: ServiceDefinition,
  config: ServiceConfig,
  ground: Ground,
  kernel: DynamicModule,
  probes: Pick<HttpOptions, 'health' | 'live'>,
  steps: Step[],
): Promise<HttpApp> {
  const { name, title, operations, publishes, consumes } = definition;
  const verifier = createVerifier(config.oidc);
  const app = await createHttpApp({
    service: name,
    title,
    version: ground.version ?? '0.0.0',
    module: { module: Root, imports: [kernel, definition.module], controllers: [operatorsControllerOf(name)] },
    operations,
    events: { publishes, consumes },
    verifier,
    cursorKey: config.keys.cursor,
    checkAnswers: config.checkAnswers,
    ...probes,
    issuer: config.oidc.issuer,
  });
  // Of a group the requests have gone before its services are stopped.
  const drain = once((ms: number) => app.drain(ms));
  steps.unshift({ name: 'requests', run: () => drain(DRAIN_MS) }, { name: 'injector', run: () => app.close() }, { name: 'verifier', run: () => verifier.close() });
  return { ...app, drain };
}

/** The injector of one service: the kernel's parts and the service's module. */
@Module({})
class Root {}

function transportOf(definition: ServiceDefinition, config: ServiceConfig, ground: Ground): MessagingOptions['transport'] {
  if (ground.broker !== undefined) return { kind: 'local', broker: ground.broker };
  if (config.kafka === undefined) throw new ConfigError('QUANSO_KAFKA_BROKERS: thiếu nơi chuyển sự kiện / no broker is named.');
  return { kind: 'kafka', config: { clientId: definition.name, ...config.kafka } };
}

/** Every provider of the injector; messaging picks those whose methods carry @Consumes. */
function providersOf({ nest }: HttpApp): object[] {
  const instances = new Set<object>();
  for (const module of nest.get(ModulesContainer).values()) {
    for (const { instance } of module.providers.values()) {
      if (typeof instance === 'object' && instance !== null) instances.add(instance as object);
    }
  }
  return [...instances];
}

async function wayDown(definition: ServiceDefinition, steps: readonly Step[], ms: number | undefined): Promise<readonly string[]> {
  const failed = await takeDown(steps, ms);
  const logger = log(definition.name);
  if (failed.length === 0) logger.info('the service has stopped');
  else logger.error('the service has stopped, but not all of it well', { reason: failed.join(', ') });
  return failed;
}

function once<A extends unknown[], T>(work: (...given: A) => Promise<T>): (...given: A) => Promise<T> {
  let running: Promise<T> | undefined;
  return (...given) => (running ??= work(...given));
}
