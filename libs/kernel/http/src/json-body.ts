import { Refusal, type ProblemDef, type Text } from '@quan-so/contract';
import {
  DUPLICATE_KEY,
  EMPTY_BODY,
  FORBIDDEN_KEY,
  INVALID_ENCODING,
  INVALID_JSON,
  INVALID_TEXT,
  TOO_DEEP,
  TOO_MANY_KEYS,
  UNSAFE_NUMBER,
  UNSUPPORTED_MEDIA_TYPE,
} from './problems.js';

/** What a body may be at most. 256 KB is enforced while it is received; the rest here. */
export const BODY_LIMITS = { bytes: 256 * 1024, depth: 32, keys: 10_000 } as const;

/** Keys that reach into JavaScript's own objects when a careless reader copies them. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON document that every other reader would understand in the same way: UTF-8, no byte order mark, no NUL,
 * no lone surrogate, no duplicate or dangerous key, no number that loses digits, bounded in depth and keys.
 * Texts and keys come out in Unicode normalisation form C. Anything else is a Refusal with the pointer of the place.
 *
 * JSON.parse stays the judge of the syntax; our own pass over the text only looks for what it lets through.
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) throw new Refusal(EMPTY_BODY);
  if (isUtf16(bytes)) throw new Refusal(UNSUPPORTED_MEDIA_TYPE);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Refusal(INVALID_ENCODING);
  }
  // Only a text with characters beyond ASCII can be in another normalisation form.
  if (text.length !== bytes.byteLength) text = text.normalize('NFC');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(INVALID_JSON, { detail: placeOf(error) });
  }
  inspect(text);
  // An escape (\u0065\u0301) escapes the normalisation of the text.
  return text.includes('\\u') ? normalised(value) : value;
}

/** JSON begins with an ASCII character, so a zero among its first two bytes, or the mark, is UTF-16 or wider. */
function isUtf16([first, second]: Uint8Array): boolean {
  return first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** V8's message quotes the body; only the position may go out, and of some errors V8 does not tell it. */
function placeOf(error: unknown): Text {
  const { message } = error as Error;
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return { vi: `Sai cú pháp ở ký tự thứ ${position}.`, en: `Syntax error at character ${position}.` };
  if (message.startsWith('Unexpected end')) return { vi: 'JSON bị cụt.', en: 'The JSON ends too early.' };
  return { vi: 'Sai cú pháp.', en: 'The syntax is wrong.' };
}

/** An open object (`keys` is its keys so far) or array while the text is walked. */
interface Frame {
  readonly keys: Set<string> | undefined;
  key: string;
  index: number;
}

/** With the flag `u` a pair is one character, so that only halves match. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const QUOTE = 34;
const BACKSLASH = 92;

/** Walks a text that JSON.parse has accepted and refuses what it lets through. */
function inspect(text: string): void {
  const open: Frame[] = [];
  let keys = 0;
  let atKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const top = open.at(-1);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      if (atKey && top !== undefined) {
        if (++keys > BODY_LIMITS.keys) refuse(TOO_MANY_KEYS, open);
        takeKey(top, decoded(text, i, end, open), open);
        atKey = false;
      } else decoded(text, i, end, open);
      i = end;
    } else if (c === 123 || c === 91) {
      if (open.length === BODY_LIMITS.depth) refuse(TOO_DEEP, open);
      atKey = c === 123;
      open.push({ keys: atKey ? new Set() : undefined, key: '', index: 0 });
    } else if (c === 125 || c === 93) {
      open.pop();
      atKey = false;
    } else if (c === 44 && top !== undefined) {
      atKey = top.keys !== undefined;
      top.index += 1;
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      i = endOfNumber(text, i, open);
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (let c = text.charCodeAt(i); c !== QUOTE; c = text.charCodeAt(i)) i += c === BACKSLASH ? 2 : 1;
  return i;
}

/** The string between two quotes; raw text cannot hold NUL or half a surrogate pair (UTF-8 was fatal), escapes can. */
function decoded(text: string, start: number, end: number, open: readonly Frame[]): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  const value = JSON.parse(text.slice(start, end + 1)) as string;
  if (value.includes('\0') || LONE_SURROGATE.test(value)) refuse(INVALID_TEXT, open);
  return value.normalize('NFC');
}

function takeKey(object: Frame, key: string, open: readonly Frame[]): void {
  object.key = key;
  if (FORBIDDEN.has(key)) refuse(FORBIDDEN_KEY, open);
  if (object.keys?.has(key)) refuse(DUPLICATE_KEY, open);
  object.keys?.add(key);
}

/** Index of the last character of a number; refuses one whose value is not what its digits say. */
function endOfNumber(text: string, start: number, open: readonly Frame[]): number {
  let end = start + 1;
  while (end < text.length && '+-.eE0123456789'.includes(text.charAt(end))) end += 1;
  // Below 16 characters no integer is unsafe and no exponent was seen to overflow unless it is written with one.
  const token = text.slice(start, end);
  const value = Number(token);
  const lost = Math.abs(value) > Number.MAX_SAFE_INTEGER || Object.is(value, -0) || (value === 0 && /^-?[\d.]*[1-9]/.test(token));
  if (lost) refuse(UNSAFE_NUMBER, open);
  return end - 1;
}

/** JSON pointer (RFC 6901) of the place reached, below `/body`. */
function pointerOf(open: readonly Frame[]): string {
  const steps = open.map((frame) => (frame.keys === undefined ? String(frame.index) : frame.key.slice(0, 60)));
  return `/body${steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

function refuse(problem: ProblemDef, open: readonly Frame[]): never {
  // A path 32 deep is shown whole; beyond that its beginning tells enough.
  const pointer = pointerOf(open).slice(0, 300);
  throw new Refusal(problem, { faults: [{ pointer, code: problem.code, detail: problem.title }] });
}

function normalised(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC');
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.normalize('NFC'), normalised(item)]));
}
