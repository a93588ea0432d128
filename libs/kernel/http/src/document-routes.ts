import { type EventDef, type OperationDef, type Text } from '@quan-so/contract';
import { asyncApiOf, type AsyncApiInput } from './asyncapi.js';
import { docsAsset, docsPage, docsPolicy } from './docs-page.js';
import { problemsOf } from './openapi-problems.js';
import { openApiOf } from './openapi.js';
import { problemPage, problemsIndexPage, unknownProblemPage } from './problem-pages.js';
import { runbookPage, runbooksIndexPage, unknownRunbookPage } from './runbook-pages.js';

/** What a service says of itself in documents. */
export interface DocumentedService {
  readonly service: string;
  readonly title: Text;
  readonly version: string;
  readonly operations: readonly OperationDef[];
  readonly publishes: readonly EventDef[];
  readonly consumes: AsyncApiInput['consumes'];
}

export interface DocumentAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DocumentRoutes {
  /** The answer of a GET; undefined for every address that is not a document's. A query is ignored. */
  find(path: string): DocumentAnswer | undefined;
}

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
export const PLAIN_PAGE = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Everything a service (or a front before several) answers about itself: `/openapi/index.json`, `/openapi/<service>.json`,
 * `/asyncapi/<service>.json`, `/docs` and below, `/problems` and `/problems/<CODE>`, `/runbooks` and `/runbooks/<Alert>`. Documents are made when first asked
 * for, then kept.
 */
export function documentRoutes(given: { services: readonly DocumentedService[]; issuer: string; client: string }): DocumentRoutes {
  const { services, issuer } = given;
  const problems = problemsOf(services.flatMap(({ operations }) => operations));
  const made = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const text = made.get(key) ?? make();
    made.set(key, text);
    return text;
  };
  const document = (path: string): string | undefined => {
    const [, kind, name] = /^\/(openapi|asyncapi)\/([a-z-]+)\.json$/.exec(path) ?? [];
    const service = services.find((one) => one.service === name);
    if (service === undefined) return undefined;
    return once(path, () => JSON.stringify(kind === 'openapi' ? openApiOf({ ...service, issuer }) : asyncApiOf(service)));
  };
  return {
    find(address) {
      const path = address.split('?', 1)[0] ?? '';
      if (path === '/openapi/index.json') return json(JSON.stringify(indexOf(services)));
      if (path === '/docs' || path === '/docs/') return html(200, docsPage(given), docsPolicy(issuer));
      if (path.startsWith('/docs/')) return asset(path.slice('/docs/'.length), issuer);
      if (path === '/problems' || path === '/problems/') return html(200, once('/problems', () => problemsIndexPage(problems)));
      if (path.startsWith('/problems/')) {
        const problem = problems.find(({ code }) => path === `/problems/${code}`);
        return problem === undefined ? html(404, unknownProblemPage()) : html(200, problemPage(problem));
      }
      if (path === '/runbooks' || path === '/runbooks/') return html(200, once('/runbooks', runbooksIndexPage));
      if (path.startsWith('/runbooks/')) {
        const runbook = runbookPage(path.slice('/runbooks/'.length));
        return runbook === undefined ? html(404, unknownRunbookPage()) : html(200, runbook);
      }
      const text = document(path);
      return text === undefined ? undefined : json(text);
    },
  };
}

function indexOf(services: readonly DocumentedService[]): unknown {
  return {
    services: services.map(({ service, title, version }) => ({ service, title, version, openapi: `/openapi/${service}.json`, asyncapi: `/asyncapi/${service}.json` })),
  };
}

function json(body: string): DocumentAnswer {
  return { status: 200, type: JSON_TYPE, body, headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' } };
}

function html(status: number, body: string, policy?: string): DocumentAnswer {
  return { status, type: HTML, body, headers: policy === undefined ? PLAIN_PAGE : { ...PLAIN_PAGE, 'content-security-policy': policy } };
}

function asset(name: string, issuer: string): DocumentAnswer | undefined {
  const found = docsAsset(name);
  if (found === undefined) return undefined;
  // The page that a sign-in comes back to hands the code to its opener and closes: it needs its script and nothing else.
  const policy = found.type === HTML ? { 'content-security-policy': docsPolicy(issuer), 'referrer-policy': 'no-referrer' } : { 'cache-control': 'public, max-age=86400' };
  return { status: 200, ...found, headers: { 'x-content-type-options': 'nosniff', ...policy } };
}
