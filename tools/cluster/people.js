/** Tokens that people at the desks hold. */

const CALLBACK = 'http://127.0.0.1/callback';
/** Tokens live ten minutes. */
const FRESH_MS = 4 * 60_000;

/**
 * Tokens of some people, fresh at any time; who cannot log in anew keeps the old one.
 * @param {string} issuer @param {Record<string, string>} accounts @param {readonly string[]} names
 */
export async function tokensOf(issuer, accounts, names) {
  const { signIn } = await import('@quan-so/testing/sign-in');
  /** @type {Map<string, string>} */
  const tokens = new Map();
  const renew = async (/** @type {string} */ username) => {
    const { access_token } = await signIn({ issuer, clientId: 'quan-so-cli', redirectUri: CALLBACK, username, password: accounts[username] ?? '' });
    tokens.set(username, access_token);
  };
  for (const name of names) await renew(name);
  const timer = setInterval(() => void Promise.allSettled(names.map(renew)), FRESH_MS);
  timer.unref();
  return { token: (/** @type {string} */ name) => tokens.get(name) ?? '', stop: () => clearInterval(timer) };
}
