import { createHash } from 'node:crypto';
import KeycloakConnect from 'keycloak-connect';
import { Refusal, type Actor, type Text } from '@quan-so/contract';
import { IDENTITY_UNAVAILABLE, UNAUTHENTICATED } from './problems.js';
import { KeysUnavailable, signingKeys, type SigningKeys } from './signing-keys.js';
import { actorOf, CHECKS, type Candidate, type Check } from './token.rules.js';

export interface VerifierOptions {
  /** The realm's public address, exactly as in the tokens: `<base>/realms/<realm>`. */
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are fetched when the public address is not reachable from inside. */
  readonly jwksUrl?: string;
  /** Registered OAuth clients; without a list any client of the realm is taken. */
  readonly clients?: readonly string[];
}

export interface TokenVerifier {
  /**
   * The actor of an access token. Throws Refusal: UNAUTHENTICATED (401, `reason` says which check), or
   * IDENTITY_UNAVAILABLE (503) while no key of the realm could be loaded.
   */
  verify(token: string): Promise<Actor>;
  close(): Promise<void>;
}

/** A Keycloak realm's access tokens are 1–3 KB; ten times that is an attack or a mistake. */
const LONGEST_TOKEN = 8_192;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** A token is believed without looking again for this long at most. */
const CACHE_MS = 60_000;
const CACHE_ENTRIES = 10_000;

const MALFORMED: Text = { vi: 'token không phải JWT', en: 'the token is no JWT' };
const UNKNOWN_KEY: Text = { vi: 'token ký bằng khoá realm không có', en: 'the token is signed with a key the realm does not have' };
const SIGNATURE: Text = { vi: 'chữ ký của token không đúng', en: 'the token’s signature is wrong' };

export function createVerifier(options: VerifierOptions): TokenVerifier {
  return verifierWith(options, CHECKS);
}

/** The verifier with a chosen set of our checks; tests leave one out to see that it is the one that bites. */
export function verifierWith(options: VerifierOptions, checks: readonly Check[]): TokenVerifier {
  const known = new Map<string, { actor: Actor; until: number }>();
  const jwksUrl = options.jwksUrl ?? `${options.issuer}/protocol/openid-connect/certs`;
  const keys = signingKeys(jwksUrl, () => known.clear());
  const manager = grantManagerOf(options, keys);
  const clients = options.clients === undefined ? undefined : new Set(options.clients);

  return {
    verify: async (token) => {
      if (token.length > LONGEST_TOKEN || !SHAPE.test(token)) throw unauthenticated('MALFORMED', MALFORMED);
      const digest = createHash('sha256').update(token).digest('base64');
      const seen = known.get(digest);
      if (seen !== undefined && Date.now() < seen.until) return seen.actor;
      known.delete(digest);
      const { header, claims } = decode(token);
      const now = Math.floor(Date.now() / 1_000);
      examine({ header, claims, now, clients, issuer: options.issuer, audience: options.audience }, checks);
      const key = await findKey(keys, String(header['kid']));
      if (key === undefined) throw unauthenticated('UNKNOWN_KEY', UNKNOWN_KEY);
      // keycloak-connect's own checks and the signature; every way it can fail is a refusal, never a 500.
      await manager.createGrant({ access_token: token }).catch(() => {
        throw unauthenticated('SIGNATURE', SIGNATURE);
      });
      const actor = actorOf(claims);
      remember(known, digest, { actor, until: Math.min(Number(claims['exp']) * 1_000, Date.now() + CACHE_MS) });
      return actor;
    },
    close: () => {
      known.clear();
      return Promise.resolve();
    },
  };
}

interface GrantManager {
  createGrant(grant: { access_token: string }): Promise<unknown>;
  /** Not in its types: where it takes keys from. Its own has no time limit and fails with a TypeError within 10 s of a miss. */
  rotation: { getJWK(kid: string): Promise<string> };
}

function grantManagerOf(options: VerifierOptions, keys: SigningKeys): GrantManager {
  const [, authServerUrl, realm] = /^(https?:\/\/.+)\/realms\/([^/]+)$/.exec(options.issuer) ?? [];
  if (authServerUrl === undefined || realm === undefined) throw new TypeError(`issuer ${options.issuer}: write <base>/realms/<realm>`);
  const settings = {
    'auth-server-url': authServerUrl,
    realm,
    resource: options.audience,
    'ssl-required': 'none',
    'confidential-port': 0,
    'bearer-only': true,
    'verify-token-audience': true,
  };
  const manager = new KeycloakConnect({}, settings).grantManager as unknown as GrantManager;
  manager.rotation = {
    getJWK: async (kid) => {
      const key = await keys.find(kid);
      if (key === undefined) throw new Error('unknown key');
      return key;
    },
  };
  return manager;
}

function decode(token: string): Pick<Candidate, 'header' | 'claims'> {
  const [header, claims] = token.split('.', 2).map((part) => {
    try {
      const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  });
  if (header === undefined || claims === undefined) throw unauthenticated('MALFORMED', MALFORMED);
  return { header, claims };
}

function examine(candidate: Candidate, checks: readonly Check[]): void {
  const failed = checks.find((check) => !check.holds(candidate));
  if (failed !== undefined) throw unauthenticated(failed.reason, failed.words);
}

async function findKey(keys: SigningKeys, kid: string): Promise<string | undefined> {
  try {
    return await keys.find(kid);
  } catch (error) {
    if (error instanceof KeysUnavailable) throw new Refusal(IDENTITY_UNAVAILABLE);
    throw error;
  }
}

function remember(known: Map<string, { actor: Actor; until: number }>, digest: string, entry: { actor: Actor; until: number }): void {
  if (known.size >= CACHE_ENTRIES) known.delete(known.keys().next().value ?? '');
  known.set(digest, entry);
}

function unauthenticated(reason: string, words: Text): Refusal {
  return new Refusal(UNAUTHENTICATED, { detail: words, extra: { reason } });
}
