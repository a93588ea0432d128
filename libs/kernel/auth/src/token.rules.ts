import { type Actor, type Position, type Text } from '@quan-so/contract';

/** A token's parts after decoding, before anything in it is believed, and what it must fit. */
export interface Candidate {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly now: number;
  readonly issuer: string;
  readonly audience: string;
  /** Registered OAuth clients; undefined: any. */
  readonly clients: ReadonlySet<string> | undefined;
}

export interface Check {
  readonly reason: string;
  readonly words: Text;
  readonly holds: (candidate: Candidate) => boolean;
}

/** Longest life of an access token, seconds: what is revoked at the provider must not live on here for long. */
export const MAX_LIFE = 15 * 60;
/** Clocks of provider and service may differ by this much, seconds. */
const SKEW = 30;

/** QĐ 20/2020/QĐ-TTg: groups of A–Z 0–9 separated by dots, at most 35 characters, level 1 a letter and two digits. */
const POSITION = /^([a-z]+(?:-[a-z]+)*)@([A-Y]\d{2}(?:\.[A-Z0-9]{1,20})*)$/;
const PERSONAL_NUMBER = /\d{12}/;
/** The last group of a UUID is 12 decimal digits in one of 280. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Our own checks, in order. keycloak-connect by itself takes a token without `exp`, for another service, not valid yet,
 * or with `alg: none` in its header, as long as the signature fits (tried with 26.1.1).
 */
export const CHECKS: readonly Check[] = [
  check('ALGORITHM', 'token phải ký bằng RS256', 'the token must be signed with RS256', ({ header }) => header['alg'] === 'RS256'),
  check('HEADER_TYPE', 'phần đầu token phải có typ là JWT hoặc at+jwt', 'the token’s header must have typ JWT or at+jwt', ({ header }) =>
    header['typ'] === 'JWT' || header['typ'] === 'at+jwt'),
  check('CRITICAL_HEADER', 'token đòi hiểu phần mở rộng không biết', 'the token demands extensions that are unknown', ({ header }) => !('crit' in header)),
  check('KEY_ID', 'phần đầu token thiếu kid', 'the token’s header lacks kid', ({ header }) => isWord(header['kid'], 200)),
  check('TOKEN_TYPE', 'đây không phải access token (typ phải là Bearer)', 'this is no access token (typ must be Bearer)', ({ claims }) => claims['typ'] === 'Bearer'),
  check('ISSUER', 'token do nơi khác cấp', 'the token comes from another issuer', ({ claims, issuer }) => claims['iss'] === issuer),
  check('AUDIENCE', 'token không cấp cho API này', 'the token is not meant for this API', ({ claims, audience }) =>
    [claims['aud']].flat().includes(audience)),
  check('SUBJECT', 'token thiếu sub', 'the token lacks sub', ({ claims }) => isWord(claims['sub'], 100)),
  check('AUTHORIZED_PARTY', 'token thiếu azp', 'the token lacks azp', ({ claims }) => isWord(claims['azp'], 100)),
  check('CLIENT', 'ứng dụng (azp) chưa được đăng ký', 'the client (azp) is not registered', ({ claims, clients }) =>
    clients?.has(String(claims['azp'])) ?? true),
  check('TIMES', 'token thiếu exp hoặc iat', 'the token lacks exp or iat', ({ claims }) => isTime(claims['exp']) && isTime(claims['iat'])),
  check('EXPIRED', 'token đã hết hạn', 'the token has expired', ({ claims, now }) => !isTime(claims['exp']) || now < claims['exp']),
  check('ISSUED_LATER', 'token được cấp ở tương lai', 'the token was issued in the future', ({ claims, now }) =>
    !isTime(claims['iat']) || claims['iat'] <= now + SKEW),
  check('LIFE', 'token sống quá 15 phút', 'the token lives longer than 15 minutes', ({ claims }) => {
    const { exp, iat } = claims;
    return !isTime(exp) || !isTime(iat) || (exp > iat && exp - iat <= MAX_LIFE);
  }),
  check('NOT_YET', 'token chưa có hiệu lực', 'the token is not valid yet', ({ claims, now }) =>
    claims['nbf'] === undefined || (isTime(claims['nbf']) && claims['nbf'] <= now + SKEW)),
  check('BOUND', 'token gắn với khoá của bên gửi, không dùng như Bearer', 'the token is bound to its sender’s key and no bearer token', ({ claims }) =>
    claims['cnf'] === undefined),
  check('USERNAME', 'token thiếu preferred_username', 'the token lacks preferred_username', ({ claims }) => isWord(claims['preferred_username'], 100)),
  check('PERSONAL_NUMBER', 'sub hoặc tên đăng nhập là số định danh cá nhân', 'sub or username is a personal number', ({ claims }) =>
    ![claims['sub'], claims['preferred_username']].some((name) => !UUID.test(String(name)) && PERSONAL_NUMBER.test(String(name)))),
  check('ROLES', 'realm_access.roles sai dạng', 'realm_access.roles has another shape', ({ claims }) => rolesOf(claims) !== undefined),
  check('POSITIONS', 'positions sai dạng, phải là các chuỗi "vai-trò@mã-đơn-vị"', 'positions have another shape than strings "role@unit"', ({ claims }) =>
    positionsOf(claims) !== undefined),
];

/**
 * The actor of claims that hold every check. A position counts only when its role is also a realm role of the account:
 * taking the role away at the provider is enough, whatever the attribute still says.
 */
export function actorOf(claims: Readonly<Record<string, unknown>>): Actor {
  const username = String(claims['preferred_username']);
  const client = String(claims['azp']);
  const roles = new Set(rolesOf(claims));
  return Object.freeze({
    // Keycloak names the account of a client thus; the client is the one that asked.
    kind: username === `service-account-${client}` ? 'system' : 'person',
    id: String(claims['sub']),
    username,
    name: typeof claims['name'] === 'string' && claims['name'] !== '' ? claims['name'].slice(0, 200) : username,
    client,
    positions: Object.freeze((positionsOf(claims) ?? []).filter((position) => roles.has(position.role))),
  });
}

function rolesOf(claims: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const access = claims['realm_access'];
  if (access === undefined) return [];
  if (typeof access !== 'object' || access === null) return undefined;
  const { roles } = access as { roles?: unknown };
  if (!Array.isArray(roles) || roles.length > 200) return undefined;
  return roles.every((role) => typeof role === 'string') ? roles : undefined;
}

function positionsOf(claims: Readonly<Record<string, unknown>>): readonly Position[] | undefined {
  const held = claims['positions'] ?? [];
  if (!Array.isArray(held) || held.length > 50) return undefined;
  const positions: Position[] = [];
  for (const text of held) {
    const parts = typeof text === 'string' && text.length <= 100 ? POSITION.exec(text) : null;
    const [, role, unit] = parts ?? [];
    if (role === undefined || unit === undefined || unit.length > 35) return undefined;
    positions.push(Object.freeze({ role, unit }));
  }
  return positions;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isWord(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}

function check(reason: string, vi: string, en: string, holds: Check['holds']): Check {
  return { reason, words: { vi, en }, holds };
}
