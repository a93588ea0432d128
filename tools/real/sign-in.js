/** Signs a person in at Keycloak as a browser does: authorization code with PKCE, its login form, a jar of cookies. */
import { createHash, randomBytes } from 'node:crypto';

/**
 * @param {{ issuer: string, clientId: string, redirectUri: string, username: string, password: string, change?: Record<string, string | undefined> }} options
 *   `change` alters parameters of the authorization request (undefined takes one out)
 * @returns {Promise<{ tokens?: any, refused?: string }>} tokens, or at which step with what Keycloak refused
 */
export async function signIn({ issuer, clientId, redirectUri, username, password, change = {} }) {
  const endpoint = `${issuer}/protocol/openid-connect`;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = { client_id: clientId, response_type: 'code', scope: 'openid', redirect_uri: redirectUri, state: 's', code_challenge: challenge, code_challenge_method: 'S256', ...change };
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const page = await fetch(`${endpoint}/auth?${query}`, { redirect: 'manual' });
  const form = /<form[^>]*id="kc-form-login"[^>]*action="([^"]+)"/.exec(await page.text())?.[1];
  if (form === undefined) return { refused: errorOf(page) ?? `page ${page.status}` };
  const cookie = page.headers.getSetCookie().map((one) => one.split(';', 1)[0]).join('; ');
  const sent = await fetch(form.replaceAll('&amp;', '&'), { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ username, password }) });
  const code = new URL(sent.headers.get('location') ?? 'none:').searchParams.get('code');
  if (code === null) return { refused: `login ${sent.status}` };
  const answer = await fetch(`${endpoint}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri, code_verifier: verifier }) });
  const body = /** @type {any} */ (await answer.json());
  return answer.ok ? { tokens: body } : { refused: `token ${body.error}` };
}

/** @param {Response} page */
function errorOf(page) {
  const location = page.headers.get('location');
  if (location === null) return undefined;
  // A refused token comes back behind `#`, a refused code behind `?`.
  const { search, hash } = new URL(location);
  return new URLSearchParams(search || hash.slice(1)).get('error') ?? undefined;
}
