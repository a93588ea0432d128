import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { type Text } from '@quan-so/contract';
import { secretFits, type Account } from './accounts.js';
import { Attempts } from './attempts.js';
import { faultPage, loginPage, send, type LoginPage } from './pages.js';

export interface LoginOptions {
  readonly provider: Provider;
  readonly accounts: readonly Account[];
  /** Names of the clients as people read them, by client id. */
  readonly clientNames: ReadonlyMap<string, Text>;
  /** Origin that may send the form. */
  readonly origin: string;
  readonly now: () => number;
}

/** Account, password and the secret of the form; names are 100 characters at most. */
const LONGEST_FORM = 4_096;

/**
 * Answers the login page (GET) and its form (POST). A form counts only with the cookie of its own login, the secret made
 * from it, and from our own origin: another site can neither send it nor log somebody in as somebody else.
 */
export function createLogin(options: LoginOptions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const { provider, accounts, clientNames, origin, now } = options;
  const people = new Map(accounts.filter(({ kind }) => kind === 'person').map((account) => [account.name, account]));
  const attempts = new Attempts();
  const key = randomBytes(32);
  const csrfOf = (uid: string): string => createHmac('sha256', key).update(uid).digest('base64url');

  const enter = (name: string, password: string): Account | LoginPage['refused'] => {
    const account = people.get(name);
    if (account === undefined) return 'password';
    if (attempts.waits(name, now())) return 'waits';
    if (secretFits(account, password)) {
      attempts.succeeded(name);
      return account;
    }
    attempts.failed(name, now());
    return 'password';
  };

  return async (req, res) => {
    const interaction = await provider.interactionDetails(req, res).catch(() => undefined);
    const path = (req.url ?? '').split('?', 1)[0] ?? '';
    if (interaction === undefined || !path.endsWith(`/${interaction.uid}`)) return send(res, 400, faultPage('login_expired'));
    const page = { action: path, csrf: csrfOf(interaction.uid), client: nameOf(interaction.params['client_id'], clientNames) };
    if (req.method === 'GET' || req.method === 'HEAD') return send(res, 200, loginPage({ ...page, username: '', refused: undefined }));
    if (req.method !== 'POST') return send(res, 405, faultPage('method_not_allowed'));
    const form = await formOf(req);
    if (form === undefined || !same(form.get('csrf') ?? '', page.csrf) || !fromHere(req, origin)) return send(res, 403, faultPage('form_refused'));
    const username = (form.get('username') ?? '').trim().slice(0, 100);
    const entered = enter(username, form.get('password') ?? '');
    if (typeof entered === 'object') return provider.interactionFinished(req, res, { login: { accountId: entered.subject, remember: false } }, { mergeWithLastSubmission: false });
    // As Keycloak answers: the page again, with what was wrong.
    return send(res, 200, loginPage({ ...page, username, refused: entered }));
  };
}

function nameOf(client: unknown, names: ReadonlyMap<string, Text>): Text {
  return names.get(String(client)) ?? { vi: String(client), en: String(client) };
}

/** Browsers tell where a form comes from; programs need not. */
function fromHere(req: IncomingMessage, origin: string): boolean {
  const site = req.headers['sec-fetch-site'];
  const said = req.headers.origin;
  return (site === undefined || site === 'same-origin') && (said === undefined || said === origin || said === `http://${req.headers.host ?? ''}`);
}

async function formOf(req: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_FORM) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
