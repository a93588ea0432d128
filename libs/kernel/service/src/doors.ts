import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal } from '@quan-so/contract';
import { answerRefusal, documentRoutes, METHOD_NOT_ALLOWED, NOT_FOUND, type Health } from '@quan-so/http';
import { type ServiceDefinition } from './definition.js';
import { type RunningService } from './run-service.js';

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** Path prefix → who answers; the longest prefix wins, `/` is the last resort. */
export type Routes = ReadonlyMap<string, Handler>;

/** Several services behind one address. */
export interface Doors {
  readonly running: readonly RunningService[];
  /** Services of the house that do not run here: documented all the same, since a problem's page is looked for at this address. */
  readonly absent: readonly ServiceDefinition[];
  readonly issuer: string;
  readonly version: string;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Client of the realm that signs people in on the page where the API is tried. */
const LOGIN_CLIENT = 'quan-so-web';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Picks the handler of an address: `/api/dossiers` serves `/api/dossiers` and below, not `/api/dossiers-old`. */
export function pick(routes: Routes, url: string): Handler | undefined {
  const path = url.split('?', 1)[0] ?? '';
  let end = path.length;
  while (end > 0) {
    const handler = routes.get(path.slice(0, end));
    if (handler !== undefined) return handler;
    end = path.lastIndexOf('/', end - 1);
  }
  return routes.get('/');
}

/** Who answers what when several services stand behind one address: each service, the documents of all, how all are. */
export function routesOfServices(doors: Doors): Routes {
  const { running, absent, issuer, version } = doors;
  const house = [...running.map(({ definition }) => definition), ...absent];
  const services = house.map(({ name, title, operations, publishes, consumes }) => ({ service: name, title, version, operations, publishes, consumes }));
  const documents = documentRoutes({ services, issuer, client: LOGIN_CLIENT });
  const document = pages((url) => documents.find(url));
  return new Map<string, Handler>([
    ...running.map(({ definition, handler }): [string, Handler] => [`/api/${definition.name}`, handler]),
    ...absent.map(({ name }): [string, Handler] => [`/api/${name}`, notStarted(name)]),
    ...['/openapi', '/asyncapi', '/docs', '/problems', '/runbooks'].map((path): [string, Handler] => [path, document]),
    ['/health/live', pages(() => liveness(running))],
    ['/health/ready', pages(() => readiness(running))],
  ]);
}

/** A handler of pages that are only read: nothing is there before how it was asked for matters. */
export function pages(find: (url: string) => Page | undefined | Promise<Page | undefined>, headers: Readonly<Record<string, string>> = {}): Handler {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const page = await find(req.url ?? '/');
    if (page === undefined) return answerRefusal(req, res, new Refusal(NOT_FOUND));
    if (page.status !== 404 && req.method !== 'GET' && req.method !== 'HEAD') return answerRefusal(req, res, new Refusal(METHOD_NOT_ALLOWED, { extra: { allow: ['GET', 'HEAD'] } }));
    res.writeHead(page.status, { 'content-type': page.type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache', ...headers, ...page.headers });
    res.end(req.method === 'HEAD' ? undefined : page.body);
  };
  return (req, res) => {
    answer(req, res).catch(() => res.destroy());
  };
}

/** A service that exists, but not here: sending again will not help, another start does. */
function notStarted(name: string): Handler {
  const detail = {
    vi: `Dịch vụ ${name} không được chọn khi khởi động (SERVICES); khởi động lại có nó thì mới gọi được.`,
    en: `The service ${name} was not chosen at the start (SERVICES); start again with it.`,
  };
  return (req, res) => answerRefusal(req, res, new Refusal(NOT_FOUND, { detail, extra: { service: name } }));
}

function liveness(running: readonly RunningService[]): Page {
  const live = running.every((service) => service.live());
  return { status: live ? 200 : 503, type: JSON_TYPE, body: JSON.stringify({ live }) };
}

/** Ready when every service is; the part that is not is named with its service. */
async function readiness(running: readonly RunningService[]): Promise<Page> {
  const healths = await Promise.all(running.map(async (service): Promise<[string, Health]> => [service.definition.name, await service.health()]));
  const ready = healths.every(([, health]) => health.ready);
  const parts = Object.fromEntries(healths.flatMap(([name, health]) => Object.entries(health.parts).map(([part, state]) => [`${name}/${part}`, state])));
  return { status: ready ? 200 : 503, type: JSON_TYPE, body: JSON.stringify({ ready, parts }) };
}
