import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Refusal } from '@quan-so/contract';
import { answerClientError, answerRefusal, drain, NOT_FOUND, SERVER_OPTIONS } from '@quan-so/http';
import { log, startTelemetry, type Telemetry } from '@quan-so/observability';
import { pick, routesOfServices } from './doors.js';
import { type ServiceDefinition } from './definition.js';
import { membersOf, type Member } from './group.js';
import { migrateService } from './migrate-service.js';
import { runProgram } from './program.js';
import { runService, type RunningService } from './run-service.js';
import { DRAIN_MS, SHUTDOWN_MS, takeDown } from './shutdown.js';

/** Of the 28 s, after the services, for connections that still read. */
const CLOSE_MS = 1_000;

/** Several services in one process and behind one port; events go through the broker as if each were alone. */
export interface RunningGroup {
  readonly port: number;
  /** Answers the names of the steps that failed. */
  stop(): Promise<readonly string[]>;
}

/**
 * The whole of a group's `main.ts`: SERVICES names those of `house` that run here, in a ward where a process for each
 * would cost more memory than there is. `migrate` prepares the database of each.
 */
export function startGroup(house: readonly ServiceDefinition[]): Promise<void> {
  const name = 'quan-so';
  return runProgram({
    name,
    migrate: async () => {
      for (const { definition, config } of membersOf(house, process.env)) await migrateService(definition, config);
    },
    serve: async (version, signal) => {
      const members = membersOf(house, process.env);
      // Alone in its pod it is called as it is called elsewhere.
      const [only, ...others] = members;
      const called = only !== undefined && others.length === 0 ? only.definition.name : name;
      const telemetry = await startTelemetry({ service: called, version, environment: only?.config.profile ?? '' });
      const absent = house.filter((one) => !members.some(({ definition }) => definition === one));
      return { starting: runGroup(members, { telemetry, version, absent, signal }), telemetry };
    },
  });
}

/** Starts the services one after the other, then the port. What was started is taken down when a later one fails. */
export async function runGroup(members: readonly Member[], ground: { telemetry: Telemetry; version: string; absent: readonly ServiceDefinition[]; signal?: AbortSignal }): Promise<RunningGroup> {
  const running: RunningService[] = [];
  const { telemetry, version, signal } = ground;
  const waitAt = members[0]?.config;
  const common = { telemetry, version, listen: false, ...(waitAt === undefined ? {} : { waitAt }), ...(signal === undefined ? {} : { signal }) };
  try {
    for (const { definition, config } of members) running.push(await runService(definition, config, common));
    return await open(members, running, ground);
  } catch (error) {
    await stopAll(running);
    throw error;
  }
}

async function open(members: readonly Member[], running: readonly RunningService[], ground: Parameters<typeof runGroup>[1]): Promise<RunningGroup> {
  const [first] = members;
  if (first === undefined) throw new TypeError('a group without a service');
  const { host, port, oidc } = first.config;
  const routes = routesOfServices({ running, absent: ground.absent, issuer: oidc.issuer, version: ground.version });
  const leaving = { yes: false };
  const server = createServer(SERVER_OPTIONS, (req, res) => {
    // What none of the services answers ends its connection too.
    if (leaving.yes) res.setHeader('Connection', 'close');
    const handler = pick(routes, req.url ?? '/');
    if (handler === undefined) answerRefusal(req, res, new Refusal(NOT_FOUND));
    else handler(req, res);
  });
  server.on('clientError', answerClientError);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const opened = (server.address() as AddressInfo).port;
  log('quan-so').info('the group is ready', { port: opened, version: ground.version });
  return { port: opened, stop: () => wayDown(running, server, ground.telemetry, () => (leaving.yes = true)) };
}

/**
 * The one port as of a service alone (`drain`): nobody new, then what is in work, of all services. Then each of them for
 * itself, all at once. Then what still reads, and what was measured.
 */
async function wayDown(running: readonly RunningService[], server: Server, telemetry: Telemetry, leave: () => void): Promise<readonly string[]> {
  const ends = Date.now() + SHUTDOWN_MS;
  const failed: string[] = [];
  const group = { leave, drain: () => Promise.resolve() };
  const steps = [
    { name: 'requests', run: () => drain(server, [group, ...running], DRAIN_MS) },
    { name: 'services', run: async () => void failed.push(...(await stopAll(running, ends - Date.now() - 2 * CLOSE_MS))) },
    { name: 'port', run: () => close(server) },
    { name: 'telemetry', run: () => telemetry.shutdown() },
  ];
  return [...(await takeDown(steps)), ...failed];
}

async function stopAll(running: readonly RunningService[], ms?: number): Promise<readonly string[]> {
  const failed = await Promise.all(running.map(async (service) => (await service.stop(ms)).map((step) => `${service.definition.name}/${step}`)));
  return failed.flat();
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref();
  });
}
