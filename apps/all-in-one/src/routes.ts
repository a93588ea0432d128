import { type AuthorityPack } from '@quan-so/contracts-data/pack';
import { tracesPage, type TraceStore } from '@quan-so/observability';
import { pages, routesOfServices, type Handler, type Routes, type RunningService, type ServiceDefinition } from '@quan-so/service';
import { type Identity } from './identity/identity.js';
import { startPage } from './page.js';

export interface Parts {
  readonly issuer: string;
  readonly identity: Identity;
  readonly traces: TraceStore;
  readonly running: readonly RunningService[];
  /** Services of the house that were not chosen for this start. */
  readonly absent: readonly ServiceDefinition[];
  readonly pack: AuthorityPack;
  readonly version: string;
}

/** Pages of our own run nothing and load nothing; the documents' page brings its own rule. */
const PLAIN = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" };
const HTML = 'text/html; charset=utf-8';

/** Who answers what, once every service stands; an unknown path is a problem like everywhere else. */
export function routesOf(parts: Parts): Routes {
  const traces = pages(tracesPage(parts.traces), PLAIN);
  return new Map<string, Handler>([
    ...routesOfServices(parts),
    ['/realms', parts.identity.handle],
    ['/traces', traces],
    ['/traces.json', traces],
    // Browsers ask for it by themselves; nothing is answered, without a line in their console.
    ['/favicon.ico', pages(() => ({ status: 204, type: 'image/x-icon', body: '', headers: { 'cache-control': 'max-age=86400' } }))],
    ['/', pages((url) => (/^\/(\?|$)/.test(url) ? { status: 200, type: HTML, body: startPage(startOf(parts)) } : undefined), PLAIN)],
  ]);
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
