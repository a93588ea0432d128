import { createHash, randomBytes } from 'node:crypto';

/** A login as a browser does it: authorization code with PKCE, the provider's own page, a jar of cookies. */
export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  /** Nobody need listen there: the code is read from the address. */
  readonly redirectUri: string;
  readonly username: string;
  readonly password: string;
  /** Alters parameters of the authorization request; undefined takes one out. */
  readonly change?: Readonly<Record<string, string | undefined>>;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

/** The provider said no; `step` tells where: `page` (authorization request), `login` (form) or `token`. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly step: 'page' | 'login' | 'token';
  readonly reason: string;
  constructor(step: SignInRefused['step'], reason: string) {
    super(`${step}: ${reason}`);
    this.step = step;
    this.reason = reason;
  }
}

interface Form {
  readonly action: string;
  readonly hidden: URLSearchParams;
}

const MOST_HOPS = 8;

/** Signs a person in, at Keycloak or at the embedded provider. Throws SignInRefused. */
export async function signIn(person: SignIn): Promise<Tokens> {
  const { issuer, clientId, redirectUri, username, password, change = {} } = person;
  const endpoint = `${issuer}/protocol/openid-connect`;
  const verifier = randomBytes(32).toString('base64url');
  const asked = {
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const browser = new Browser(redirectUri);
  const page = await browser.go(`${endpoint}/auth?${query}`);
  const form = page.back === undefined ? formOf(page.html, page.url) : undefined;
  if (form === undefined) throw new SignInRefused('page', page.back?.get('error') ?? String(page.status));
  const { back, status } = await browser.go(form.action, new URLSearchParams([...form.hidden, ['username', username], ['password', password]]));
  const code = back?.get('code');
  if (back === undefined || code === null || code === undefined) throw new SignInRefused('login', back?.get('error') ?? String(status));
  if (back.get('state') !== (asked.state ?? null)) throw new SignInRefused('login', 'another state came back');
  return tokensFor(`${endpoint}/token`, { grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri, code_verifier: verifier });
}

/** Logs a system in with its own secret (client credentials). Throws SignInRefused. */
export function signInSystem(issuer: string, clientId: string, secret: string): Promise<Tokens> {
  return tokensFor(`${issuer}/protocol/openid-connect/token`, { grant_type: 'client_credentials', client_id: clientId, client_secret: secret });
}

async function tokensFor(url: string, body: Record<string, string>): Promise<Tokens> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(body) });
  const tokens = (await answer.json()) as Tokens & { error?: string };
  if (!answer.ok) throw new SignInRefused('token', tokens.error ?? String(answer.status));
  return tokens;
}

/** As much of a browser as a login takes: follows addresses, keeps cookies, stops where the application is called back. */
class Browser {
  readonly #cookies = new Map<string, string>();
  constructor(private readonly home: string) {}

  async go(url: string, form?: URLSearchParams): Promise<{ url: string; status: number; html: string; back: URLSearchParams | undefined }> {
    let next: { url: string; form?: URLSearchParams | undefined } = { url, form };
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next.url, { redirect: 'manual', headers: { cookie }, ...(next.form === undefined ? {} : { method: 'POST', body: next.form }) });
      this.#keep(answer);
      const location = answer.headers.get('location');
      if (location === null) return { url: next.url, status: answer.status, html: await answer.text(), back: undefined };
      await answer.arrayBuffer();
      const target = new URL(location, next.url);
      // A refused token comes back behind `#`, a code or its refusal behind `?`.
      if (target.href.startsWith(this.home)) return { url: target.href, status: answer.status, html: '', back: new URLSearchParams(target.search || target.hash.slice(1)) };
      next = { url: target.href };
    }
    throw new SignInRefused('login', 'too many addresses');
  }

  #keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      if (at > 0) this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

/** The form with a password in it: where it is sent, and what it carries besides. */
function formOf(html: string, base: string): Form | undefined {
  const form = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([text]) => text).find((text) => /name="password"/.test(text));
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(form ?? '')?.[1];
  if (form === undefined || action === undefined) return undefined;
  const hidden = new URLSearchParams();
  for (const [input] of form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    const name = /\bname="([^"]+)"/.exec(input)?.[1];
    if (name !== undefined) hidden.append(name, plain(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  return { action: new URL(plain(action), base).href, hidden };
}

function plain(attribute: string): string {
  return attribute.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
