import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal } from '@quan-so/contract';
import { type AuthorityPack } from '@quan-so/contracts-data/pack';
import { answerRefusal, documentRoutes, METHOD_NOT_ALLOWED, NOT_FOUND, type Health } from '@quan-so/http';
import { tracesPage, type TraceStore } from '@quan-so/observability';
import { type RunningService } from '@quan-so/service';
import { type Handler, type Routes } from './front.js';
import { type Identity } from './identity/identity.js';
import { startPage } from './page.js';

export interface Parts {
  readonly issuer: string;
  readonly identity: Identity;
  readonly traces: TraceStore;
  readonly running: readonly RunningService[];
  /** Services of the house that were not chosen for this start. */
  readonly absent: readonly string[];
  readonly pack: AuthorityPack;
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
/** Pages of our own run nothing and load nothing; the documents' page brings its own rule. */
const PLAIN = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" };
const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Who answers what, once every service stands; an unknown path is a problem like everywhere else. */
export function routesOf(parts: Parts): Routes {
  const { issuer, identity, running, absent, version } = parts;
  const services = running.map(({ definition: { name, title, operations, publishes, consumes } }) => ({ service: name, title, version, operations, publishes, consumes }));
  const documents = documentRoutes({ services, issuer, client: LOGIN_CLIENT });
  const document = pages((url) => documents.find(url.split('?', 1)[0] ?? '/'));
  const traces = pages(tracesPage(parts.traces), PLAIN);
  return new Map<string, Handler>([
    ...running.map(({ definition, handler }): [string, Handler] => [`/api/${definition.name}`, handler]),
    ...absent.map((name): [string, Handler] => [`/api/${name}`, notStarted(name)]),
    ['/realms', identity.handle],
    ['/traces', traces],
    ['/traces.json', traces],
    ...['/openapi', '/asyncapi', '/docs', '/problems'].map((path): [string, Handler] => [path, document]),
    ['/health/live', pages(() => liveness(running))],
    ['/health/ready', pages(() => readiness(running))],
    // Browsers ask for it by themselves; nothing is answered, without a line in their console.
    ['/favicon.ico', pages(() => ({ status: 204, type: 'image/x-icon', body: '', headers: { 'cache-control': 'max-age=86400' } }))],
    ['/', pages((url) => (/^\/(\?|$)/.test(url) ? { status: 200, type: HTML, body: startPage(startOf(parts)) } : undefined), PLAIN)],
  ]);
}

/** A handler of pages that are only read: nothing is there before how it was asked for matters. */
function pages(find: (url: string) => Page | undefined | Promise<Page | undefined>, headers: Readonly<Record<string, string>> = {}): Handler {
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

function startOf({ pack, version, running }: Parts): Parameters<typeof startPage>[0] {
  return {
    authority: pack.authority.name,
    branding: pack.authority.branding,
    version,
    services: running.map(({ definition }) => definition.name),
    units: pack.units.map(({ code, name }) => ({ code, name: name.vi })),
  };
}
