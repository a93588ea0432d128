import { type IncomingMessage } from 'node:http';
import { UNAUTHENTICATED } from '@quan-so/auth';
import { Refusal, type Language } from '@quan-so/contract';
import {
  IDEMPOTENCY_KEY_INVALID,
  IDEMPOTENCY_KEY_REQUIRED,
  IF_MATCH_INVALID,
  IF_MATCH_REQUIRED,
  MALFORMED_REQUEST,
  NOT_ACCEPTABLE,
  PURPOSE_INVALID,
  PURPOSE_REQUIRED,
  UNSUPPORTED_MEDIA_TYPE,
} from './problems.js';

/*
 * What request headers say. Each function takes the header as Node gives it (repeated ones joined with a comma, so that
 * a repeated key, version or purpose is simply one of another form) and throws the Refusal of its header.
 */

/** Headers of which Node silently keeps the first: two of them and two readers see two requests. */
const SINGLE: ReadonlySet<string> = new Set(['host', 'authorization', 'content-type', 'content-length']);

export function demandSingleHeaders(raw: IncomingMessage): void {
  const seen = new Set<string>();
  for (let i = 0; i < raw.rawHeaders.length; i += 2) {
    const name = raw.rawHeaders[i]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) throw malformed(`Tiêu đề ${name} lặp lại.`, `The header ${name} is repeated.`);
    seen.add(name);
  }
  // Node's own answer to a missing Host would not be a problem document.
  if (raw.httpVersion === '1.1' && !seen.has('host')) throw malformed('Thiếu tiêu đề Host.', 'The Host header is missing.');
}

function malformed(vi: string, en: string): Refusal {
  return new Refusal(MALFORMED_REQUEST, { detail: { vi, en } });
}

interface Preference {
  readonly name: string;
  readonly q: number;
}

/** `a;q=0.5, b` → names with their weights, heaviest first; what cannot be read weighs nothing. */
function preferences(header: string): Preference[] {
  return header
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { name, q: weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0 };
    })
    .toSorted((a, b) => b.q - a.q);
}

/** Vietnamese unless English is asked for more. */
export function languageOf(acceptLanguage: string | undefined): Language {
  for (const { name, q } of preferences(acceptLanguage ?? '')) {
    if (q === 0) break;
    if (name === 'en' || name.startsWith('en-')) return 'en';
    if (name === 'vi' || name.startsWith('vi-') || name === '*') return 'vi';
  }
  return 'vi';
}

/** Only browsers name HTML; programs ask for JSON or for anything. */
export function pageWanted(accept: string | undefined): boolean {
  return preferences(accept ?? '').some(({ name, q }) => name === 'text/html' && q > 0);
}

const JSON_RANGES = ['application/json', 'application/*', '*/*'];

/** The most exact range that covers JSON decides (RFC 9110 §12.5.1). */
export function demandJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '') return;
  const asked = preferences(accept);
  const fitting = JSON_RANGES.flatMap((range) => asked.find(({ name }) => name === range) ?? [])[0];
  if (fitting === undefined || fitting.q === 0) throw new Refusal(NOT_ACCEPTABLE);
}

/** JSON in UTF-8 and nothing around it; a form body is what a foreign page can send without asking. */
export function demandJsonBody(contentType: string | undefined, contentEncoding: string | undefined): void {
  const plain = contentEncoding === undefined || contentEncoding.trim().toLowerCase() === 'identity';
  const json = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i.test(contentType?.trim() ?? '');
  if (!plain || !json) throw new Refusal(UNSUPPORTED_MEDIA_TYPE);
}

/** The token of `Authorization: Bearer`; nothing else signs anybody in. */
export function bearerOf(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new Refusal(UNAUTHENTICATED, {
      detail: { vi: 'thiếu tiêu đề Authorization', en: 'the Authorization header is missing' },
      extra: { reason: 'MISSING' },
    });
  }
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token !== undefined) return token;
  throw new Refusal(UNAUTHENTICATED, {
    detail: { vi: 'chỉ nhận "Authorization: Bearer <access token>"', en: 'only "Authorization: Bearer <access token>" is taken' },
    extra: { reason: 'SCHEME' },
  });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

export function idempotencyKeyOf(header: string | undefined): string {
  if (header === undefined) throw new Refusal(IDEMPOTENCY_KEY_REQUIRED);
  if (!UUID.test(header) || header === NIL) throw new Refusal(IDEMPOTENCY_KEY_INVALID);
  return header;
}

/** The version in `If-Match: "<n>"`. */
export function ifMatchOf(header: string | undefined): number {
  if (header === undefined) throw new Refusal(IF_MATCH_REQUIRED);
  const version = Number(/^"([1-9]\d{0,9})"$/.exec(header.trim())?.[1]);
  if (!Number.isSafeInteger(version) || version > 2_147_483_647) throw new Refusal(IF_MATCH_INVALID);
  return version;
}

export function purposeOf(header: string | undefined): string {
  if (header === undefined) throw new Refusal(PURPOSE_REQUIRED);
  // The value goes into journal and events: nothing that could name a person.
  if (header.length > 60 || !/^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/.test(header) || /\d{9}/.test(header)) throw new Refusal(PURPOSE_INVALID);
  return header;
}
