import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Position } from '@quan-so/contract';
import { type Staff } from '@quan-so/contracts-data/pack';
import { type DataFolder } from '../data-folder.js';

/** Somebody who may log in here: a person with a password, or a system with a client secret. */
export interface Account {
  /** What is typed: username of a person, client id of a system. */
  readonly name: string;
  readonly kind: 'person' | 'system';
  /** Name that people read. */
  readonly title: string;
  readonly secret: string;
  /** `sub`: the same at every start, for history names people by it. */
  readonly subject: string;
  readonly positions: readonly Position[];
}

/** Without letters and digits that are taken for each other (0 o, 1 l i): people type a password from the screen. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;

/**
 * The accounts of a pack, each with a secret made at its first start; `accounts.json` (name → secret) and
 * `accounts.txt` (for people) are written so that they say exactly these. Who left the pack loses the account.
 */
export function openAccounts(folder: DataFolder, staff: Staff): readonly Account[] {
  const known = secretsIn(folder.keep('accounts.json', () => '{}'));
  const accounts = [
    ...staff.people.map((person) => account('person', person.username, person.name, person.positions, known.get(person.username) ?? newPassword())),
    ...staff.systems.map((system) => account('system', system.clientId, system.name.vi, system.positions, known.get(system.clientId) ?? newClientSecret())),
  ];
  folder.write('accounts.json', `${JSON.stringify(Object.fromEntries(accounts.map(({ name, secret }) => [name, secret])), null, 2)}\n`);
  folder.write('accounts.txt', tableOf(accounts));
  return accounts;
}

/** Whether the secret is the account's, in a time that does not depend on how much of it is right. */
export function secretFits(account: Account, given: string): boolean {
  return timingSafeEqual(digest(account.secret), digest(given));
}

/** Roles of all positions, each once: realm roles in Keycloak's words. */
export function rolesOf(account: Account): string[] {
  return [...new Set(account.positions.map(({ role }) => role))].sort();
}

function account(kind: Account['kind'], name: string, title: string, positions: readonly Position[], secret: string): Account {
  return { kind, name, title, secret, positions, subject: subjectOf(kind, name) };
}

/** A UUID (version 8: own content) drawn from the name. */
function subjectOf(kind: Account['kind'], name: string): string {
  const hex = createHash('sha256').update(`quan-so ${kind} ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function secretsIn(text: string): Map<string, string> {
  const secrets = JSON.parse(text) as Record<string, unknown>;
  return new Map(Object.entries(secrets).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Four groups of four letters, 79 bits. */
function newPassword(): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: 4 }, letter).join('')).join('-');
}

function letter(): string {
  for (;;) {
    // 248 = 8 × 31: the rest would make the first letters likelier.
    const byte = randomBytes(1)[0] ?? 255;
    if (byte < 248) return LETTERS[byte % LETTERS.length] ?? '';
  }
}

function newClientSecret(): string {
  return randomBytes(32).toString('base64url');
}

function tableOf(accounts: readonly Account[]): string {
  const width = Math.max(...accounts.map(({ name }) => name.length));
  const longest = Math.max(...accounts.map(({ secret }) => secret.length));
  const lines = accounts.map(({ name, secret, title, positions }) => `${name.padEnd(width)}  ${secret.padEnd(longest)}  ${title}: ${positions.map(({ role, unit }) => `${role}@${unit}`).join(', ')}`);
  return ['Tài khoản mẫu, chỉ ở máy này / demo accounts, this machine only', '', ...lines, ''].join('\n');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
