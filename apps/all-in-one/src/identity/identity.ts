import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createVerifier, type TokenVerifier } from '@quan-so/auth';
import { Refusal } from '@quan-so/contract';
import { type Staff } from '@quan-so/contracts-data/pack';
import { errorType, log } from '@quan-so/observability';
import { type DataFolder } from '../data-folder.js';
import { type Handler } from '@quan-so/service';
import { openAccounts, type Account } from './accounts.js';
import { createLogin } from './login.js';
import { faultPage, send } from './pages.js';
import { createProvider, LOGIN_PATH, type Clients } from './provider.js';

export interface Identity {
  readonly accounts: readonly Account[];
  /** Answers everything below `/realms`. */
  readonly handle: Handler;
  close(): Promise<void>;
}

export interface IdentityOptions {
  /** `<base>/realms/quan-so`. */
  readonly issuer: string;
  readonly folder: DataFolder;
  readonly staff: Staff;
  /** `deploy/keycloak/clients.json`. */
  readonly clientsFile: string;
  readonly profile: string;
  readonly now?: () => number;
}

const logger = log('identity');

/**
 * The identity provider of a local platform, with Keycloak's paths and our realm's claims. Throws for every profile but
 * `local`: its passwords stand in a file, its sessions in memory, and nobody administers it.
 */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { issuer, folder, staff, clientsFile, profile, now = Date.now } = options;
  if (profile !== 'local') throw new Error(`the embedded identity provider serves profile local alone, not "${profile}"; use Keycloak`);
  const clients = JSON.parse(readFileSync(clientsFile, 'utf8')) as Clients;
  const accounts = openAccounts(folder, staff);
  const provider = await createProvider({ issuer, folder, clients, accounts });
  provider.on('server_error', (_ctx, error) => logger.error('identity provider failed', { reason: errorType(error), error }));
  const clientNames = new Map(clients.people.map(({ clientId, name }) => [clientId, name]));
  const { origin, pathname: realm } = new URL(issuer);
  const login = createLogin({ provider, accounts, clientNames, origin, now });
  const oidc = provider.callback();
  const verifier = createVerifier({ issuer, audience: clients.audience });
  const ways: readonly (readonly [prefix: string, handler: (req: IncomingMessage, res: ServerResponse) => Promise<void>])[] = [
    [`${realm}${LOGIN_PATH}`, login],
    [`${realm}/protocol/openid-connect/userinfo`, (req, res) => userinfo(verifier, req, res)],
    [`${realm}/`, (req, res) => oidc(mounted(req, realm), res)],
  ];
  return {
    accounts,
    handle: (req, res) => {
      const way = ways.find(([prefix]) => (req.url ?? '').startsWith(prefix));
      if (way === undefined) return send(res, 404, faultPage('realm_not_found'));
      way[1](req, res).catch((error: unknown) => {
        logger.error('identity provider failed', { reason: errorType(error), error });
        if (!res.headersSent) send(res, 500, faultPage('server_error'));
      });
    },
    close: () => verifier.close(),
  };
}

/** The provider sees paths below its issuer and makes addresses from the difference, as under Express. */
function mounted(req: IncomingMessage, realm: string): IncomingMessage {
  const { url = '' } = req;
  return Object.assign(req, { originalUrl: url, url: url.slice(realm.length) });
}

/** Who a token speaks for (OpenID Connect Core, 5.3), with the claims the realm gives there. */
async function userinfo(verifier: TokenVerifier, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
  if (req.method === 'OPTIONS') return void res.writeHead(204, headers).end();
  try {
    const { id, username, name } = await verifier.verify(token);
    res.writeHead(200, headers).end(JSON.stringify({ sub: id, preferred_username: username, name }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    res.writeHead(error.problem.status, { ...headers, 'www-authenticate': 'Bearer error="invalid_token"' }).end(JSON.stringify({ error: 'invalid_token' }));
  }
}
