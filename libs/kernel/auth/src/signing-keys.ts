import { createPublicKey } from 'node:crypto';

/** The realm's public keys by `kid`, as PEM. */
export interface SigningKeys {
  /** The key, asked for at the provider when it is unknown; undefined when the provider does not know it either. */
  find(kid: string): Promise<string | undefined>;
}

/** No key could ever be loaded: the provider's fault, not the caller's. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const TIMEOUT_MS = 3_000;
/** A key taken out of the realm stops being accepted within this time. */
const FRESH_MS = 5 * 60_000;
/** Unknown key ids may make us ask this often at most; forged tokens must not turn us against the provider. */
const ASK_AGAIN_MS = 10_000;
/** The same while we have no keys at all: a provider that is just starting. */
const FIRST_ASK_AGAIN_MS = 1_000;

/** Keys from a JWKS address. `onChange` is told when the set of keys became another one. */
export function signingKeys(jwksUrl: string, onChange: () => void): SigningKeys {
  let keys: ReadonlyMap<string, string> = new Map();
  let loadedAt = 0;
  let askedAt = 0;
  let asking: Promise<void> | undefined;

  const ask = (): Promise<void> => {
    askedAt = Date.now();
    asking ??= load(jwksUrl)
      .then((loaded) => {
        if (!equal(keys, loaded)) onChange();
        keys = loaded;
        loadedAt = Date.now();
      })
      // Keys we have stay good while the provider is away; nothing waits on another service.
      .catch(() => undefined)
      .finally(() => (asking = undefined));
    return asking;
  };

  return {
    find: async (kid) => {
      const since = Date.now() - askedAt;
      if (!keys.has(kid) && (asking !== undefined || since >= (keys.size === 0 ? FIRST_ASK_AGAIN_MS : ASK_AGAIN_MS))) await ask();
      else if (Date.now() - loadedAt >= FRESH_MS && since >= ASK_AGAIN_MS) void ask();
      if (keys.size === 0) throw new KeysUnavailable('no signing keys');
      return keys.get(kid);
    },
  };
}

async function load(jwksUrl: string): Promise<ReadonlyMap<string, string>> {
  const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error', headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`JWKS ${response.status}`);
  const { keys } = (await response.json()) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('JWKS without keys');
  const loaded = new Map<string, string>();
  for (const key of keys) {
    const pem = pemOf(key);
    if (pem !== undefined) loaded.set(pem.kid, pem.pem);
  }
  if (loaded.size === 0) throw new Error('JWKS without RS256 keys');
  return loaded;
}

/** RSA keys of 2,048 bits or more that are meant for RS256 signatures; others are passed over. */
function pemOf(key: unknown): { kid: string; pem: string } | undefined {
  if (typeof key !== 'object' || key === null) return undefined;
  const { kty, kid, use, alg, n, e } = key as Record<string, unknown>;
  if (kty !== 'RSA' || typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return undefined;
  if ((use ?? 'sig') !== 'sig' || (alg ?? 'RS256') !== 'RS256') return undefined;
  try {
    const publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    if ((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) return undefined;
    return { kid, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  } catch {
    return undefined;
  }
}

function equal(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([kid, pem]) => b.get(kid) === pem);
}
