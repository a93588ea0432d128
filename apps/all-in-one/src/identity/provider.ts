import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { default as Provider, ClientMetadata, Configuration, interactionPolicy, JWK, KoaContextWithOIDC } from 'oidc-provider';
import { type DataFolder } from '../data-folder.js';
import { rolesOf, type Account } from './accounts.js';
import { faultPage, loggedOutPage, logoutPage, PAGE_HEADERS } from './pages.js';
import { memoryStore } from './store.js';

/** `deploy/keycloak/clients.json`: what the realm of Keycloak is made from too. */
export interface Clients {
  readonly audience: string;
  readonly accessTokenSeconds: number;
  readonly people: readonly { readonly clientId: string; readonly name: { readonly vi: string; readonly en: string } }[];
}

export interface ProviderOptions {
  /** `<base>/realms/quan-so`. */
  readonly issuer: string;
  readonly folder: DataFolder;
  readonly clients: Clients;
  readonly accounts: readonly Account[];
}

/** Where people log in, below the issuer. */
export const LOGIN_PATH = '/login/';
/** The client of programs on this machine may be called back on any port of it (RFC 8252, 7.3); browsers only at our own origin. */
const COMMAND_LINE = 'quan-so-cli';
/** Every token is for our API; the provider wants an address for it. */
const RESOURCE = 'urn:quan-so:api';
const ENDPOINTS = '/protocol/openid-connect';
/** A working day at the desk, and how long a pause may last: as the realm has it. Seconds. */
const SESSION = 36_000;
const IDLE = 7_200;

/** The provider with the paths of Keycloak, the claims and the lives of our realm. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const library = await loadQuietly();
  // Every client is our own: nobody is asked whether the application may know them.
  const policy = library.interactionPolicy.base();
  policy.remove('consent');
  const provider = new library.default(options.issuer, configurationOf(options, policy));
  const proto = provider.Client.prototype as unknown as Record<'redirectUriAllowed' | 'postLogoutRedirectUriAllowed', (this: { clientId: string }, uri: string) => boolean>;
  const origins = originsOf(options.issuer);
  proto.redirectUriAllowed = function (uri) {
    return leadsHome(this.clientId, uri, origins);
  };
  proto.postLogoutRedirectUriAllowed = proto.redirectUriAllowed;
  return provider;
}

/**
 * The library warns at its import on every Node that was not named LTS when that Node was built, ours among them; the
 * tests of this room run it on ours. Everything else it has to say comes through.
 */
async function loadQuietly(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (...said: unknown[]): void => void (String(said[0]).includes('Unsupported runtime') || warn(...said));
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

function configurationOf({ issuer, folder, clients, accounts }: ProviderOptions, policy: interactionPolicy.DefaultPolicy): Configuration {
  const bySubject = new Map(accounts.map((account) => [account.subject, account]));
  const systems = new Map(accounts.filter(({ kind }) => kind === 'system').map((account) => [account.name, account]));
  return {
    adapter: memoryStore(),
    jwks: { keys: [signingKey(folder)] },
    clients: [...clients.people.map(({ clientId }) => browserClient(clientId, issuer)), ...[...systems.values()].map(systemClient)],
    routes: {
      authorization: `${ENDPOINTS}/auth`,
      token: `${ENDPOINTS}/token`,
      jwks: `${ENDPOINTS}/certs`,
      end_session: `${ENDPOINTS}/logout`,
      revocation: `${ENDPOINTS}/revoke`,
    },
    discovery: { userinfo_endpoint: `${issuer}${ENDPOINTS}/userinfo` },
    scopes: ['openid'],
    claims: { openid: ['sub', 'typ', 'preferred_username', 'name'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: (_ctx, origin) => originsOf(issuer).includes(origin),
    cookies: { keys: [randomBytes(32)], long: { sameSite: 'lax' }, short: { sameSite: 'lax' } },
    ttl: { AccessToken: clients.accessTokenSeconds, ClientCredentials: clients.accessTokenSeconds, IdToken: clients.accessTokenSeconds, AuthorizationCode: 60, Interaction: 1_800, RefreshToken: IDLE, Session: SESSION, Grant: SESSION },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    features: featuresOf(clients),
    findAccount: (_ctx, sub) => {
      const account = bySubject.get(sub);
      return account === undefined ? undefined : { accountId: sub, claims: () => ({ sub, typ: 'ID', preferred_username: account.name, name: account.title }) };
    },
    interactions: { policy, url: (_ctx, { uid }) => `${new URL(issuer).pathname}${LOGIN_PATH}${uid}` },
    loadExistingGrant: (ctx) => grantOf(ctx),
    ...tokensOf(bySubject, systems),
    renderError: (ctx, out) => {
      ctx.set(PAGE_HEADERS);
      ctx.type = 'html';
      ctx.body = faultPage(out.error);
    },
  };
}

type Accounts = ReadonlyMap<string, Account>;

/** What stands in an access token: as the mappers of the realm give it, no more. */
function tokensOf(bySubject: Accounts, systems: Accounts): Pick<Configuration, 'extraTokenClaims' | 'formats'> {
  return {
    extraTokenClaims: (_ctx, token) => {
      const account = token.kind === 'AccessToken' ? bySubject.get(token.accountId) : systems.get(token.clientId ?? '');
      return account === undefined ? undefined : claimsOf(account, token.clientId ?? '');
    },
    formats: {
      customizers: {
        jwt: (_ctx, token, parts) => {
          // As in the realm: the account of a system has a subject of its own, and nothing reads these two.
          const { client_id: _, scope: __, ...payload } = parts.payload;
          const account = token.kind === 'ClientCredentials' ? systems.get(token.clientId ?? '') : undefined;
          parts.payload = account === undefined ? payload : { ...payload, sub: account.subject };
          return parts;
        },
      },
    },
  };
}

function featuresOf({ audience, accessTokenSeconds }: Clients): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    // Its own knows no JSON Web Tokens; identity.ts answers in its place.
    userinfo: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => show(ctx, logoutPage(form)),
      postLogoutSuccessSource: (ctx) => show(ctx, loggedOutPage()),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: '', audience, accessTokenTTL: accessTokenSeconds, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  };
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.set(PAGE_HEADERS);
  ctx.body = html;
}

/** Claims of an access token beyond the standard's own, as the mappers of the realm give them. */
function claimsOf(account: Account, client: string): Record<string, unknown> {
  return {
    typ: 'Bearer',
    azp: client,
    // Keycloak names the account of a system thus.
    preferred_username: account.kind === 'system' ? `service-account-${account.name}` : account.name,
    name: account.title,
    realm_access: { roles: rolesOf(account) },
    positions: account.positions.map(({ role, unit }) => `${role}@${unit}`),
  };
}

function browserClient(clientId: string, issuer: string): ClientMetadata {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: originsOf(issuer).map((origin) => `${origin}/`),
  };
}

function systemClient({ name, secret }: Account): ClientMetadata {
  return { client_id: name, client_secret: secret, token_endpoint_auth_method: 'client_secret_basic', grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
}

/** Our own address, by number and by the name browsers give it. */
function originsOf(issuer: string): readonly string[] {
  const { port, origin } = new URL(issuer);
  return [origin, `http://localhost:${port}`];
}

function leadsHome(clientId: string, uri: string, origins: readonly string[]): boolean {
  if (!URL.canParse(uri)) return false;
  const { origin, protocol, hostname, username, password, hash } = new URL(uri);
  if (username !== '' || password !== '' || hash !== '') return false;
  if (clientId === COMMAND_LINE && protocol === 'http:' && hostname === '127.0.0.1') return true;
  return origins.includes(origin);
}

async function grantOf(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']>> {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) throw new Error('a grant belongs to a client and an account');
  const known = session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

/** The key that signs tokens, made at first start: tokens and services outlive a restart. */
function signingKey(folder: DataFolder): JWK {
  const text = folder.keep('identity-key.json', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = privateKey.export({ format: 'jwk' });
    const kid = createHash('sha256').update(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })).digest('base64url');
    return JSON.stringify({ ...jwk, kid, use: 'sig', alg: 'RS256' });
  });
  return JSON.parse(text) as JWK;
}
