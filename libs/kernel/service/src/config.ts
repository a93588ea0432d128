import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { profileRefuses } from './profile.rules.js';

/** Key ring of an authority: AES keys by id, the key of the blind index and the key that signs cursors; base64 of 32 bytes. */
export const keyRing = z.strictObject({
  current: z.string().min(1).max(40),
  keys: z.record(z.string().max(40), z.base64().length(44)),
  index: z.base64().length(44),
  cursor: z.base64().length(44),
});
export type KeyRing = z.output<typeof keyRing>;

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly sasl?: { readonly username: string; readonly password: string };
  readonly tlsCa?: string;
}

/** Everything a service is told from outside; nothing else reads the environment. */
export interface ServiceConfig {
  readonly profile: 'local' | 'trial' | 'production';
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly migratorUrl: string | undefined;
  readonly kafka: KafkaConfig | undefined;
  /** Services that hear this one: what they miss is sent again by itself. */
  readonly heardBy?: readonly string[];
  readonly oidc: { readonly issuer: string; readonly audience: string; readonly jwksUrl?: string };
  readonly keys: KeyRing;
  /** Folder of the authority pack; catalog alone reads it. */
  readonly pack: string | undefined;
  /** Validate every answer against its contract (tests, proofs). */
  readonly checkAnswers: boolean;
}

/** A configuration that cannot be used; its message is one sentence for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const environment = z.object({
  QUANSO_PROFILE: z.enum(['local', 'trial', 'production']),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  DATABASE_URL: z.string().startsWith('postgres'),
  MIGRATOR_DATABASE_URL: z.string().startsWith('postgres').optional(),
  QUANSO_KAFKA_BROKERS: z.string().min(3).optional(),
  QUANSO_KAFKA_SASL_USERNAME: z.string().min(1).optional(),
  QUANSO_KAFKA_SASL_PASSWORD: z.string().min(1).optional(),
  QUANSO_KAFKA_TLS_CA: z.string().min(1).optional(),
  QUANSO_HEARD_BY: z.string().regex(/^([a-z]+(-[a-z]+)*(,[a-z]+(-[a-z]+)*)*)?$/).default(''),
  OIDC_ISSUER: z.url(),
  OIDC_AUDIENCE: z.string().min(1).default('quan-so-api'),
  OIDC_JWKS_URL: z.url().optional(),
  QUANSO_KEYS: z.string().min(1),
  QUANSO_PACK: z.string().min(1).optional(),
  QUANSO_CHECK_ANSWERS: z.enum(['0', '1']).default('0'),
});

/** Reads the configuration of one service; throws ConfigError that names every variable that is wrong, never its value. */
export function configFrom(env: NodeJS.ProcessEnv): ServiceConfig {
  const read = environment.safeParse(env);
  if (!read.success) {
    const names = [...new Set(read.error.issues.map((issue) => String(issue.path[0])))];
    throw new ConfigError(`Cấu hình thiếu hoặc sai / missing or wrong configuration: ${names.join(', ')}.`);
  }
  const e = read.data;
  const config: ServiceConfig = {
    profile: e.QUANSO_PROFILE,
    host: e.HOST,
    port: e.PORT,
    databaseUrl: e.DATABASE_URL,
    migratorUrl: e.MIGRATOR_DATABASE_URL,
    kafka: kafkaFrom(e),
    heardBy: e.QUANSO_HEARD_BY.split(',').filter((name) => name !== ''),
    oidc: {
      issuer: e.OIDC_ISSUER,
      audience: e.OIDC_AUDIENCE,
      ...(e.OIDC_JWKS_URL === undefined ? {} : { jwksUrl: e.OIDC_JWKS_URL }),
    },
    keys: keysFrom(e.QUANSO_KEYS),
    pack: e.QUANSO_PACK,
    checkAnswers: e.QUANSO_CHECK_ANSWERS === '1',
  };
  const refused = profileRefuses(config);
  if (refused !== undefined) throw new ConfigError(refused);
  return config;
}

function kafkaFrom(e: z.output<typeof environment>): KafkaConfig | undefined {
  if (e.QUANSO_KAFKA_BROKERS === undefined) return undefined;
  const { QUANSO_KAFKA_SASL_USERNAME: username, QUANSO_KAFKA_SASL_PASSWORD: password } = e;
  if ((username === undefined) !== (password === undefined)) {
    throw new ConfigError('QUANSO_KAFKA_SASL_USERNAME và / and QUANSO_KAFKA_SASL_PASSWORD phải đi cùng nhau / belong together.');
  }
  return {
    brokers: e.QUANSO_KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    ...(username !== undefined && password !== undefined ? { sasl: { username, password } } : {}),
    ...(e.QUANSO_KAFKA_TLS_CA === undefined ? {} : { tlsCa: readFileSync(e.QUANSO_KAFKA_TLS_CA, 'utf8') }),
  };
}

function keysFrom(path: string): KeyRing {
  let text: string;
  try {
    // Others on the machine must not read keys; Windows has no such bits.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o004) !== 0) {
      throw new ConfigError('QUANSO_KEYS: mọi người đọc được tệp khoá / the key file is world-readable; chmod 600.');
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('QUANSO_KEYS: không đọc được tệp khoá / the key file cannot be read.');
  }
  return parseKeyRing(text);
}

/** Parses a key ring; the current key must be in it. */
export function parseKeyRing(text: string): KeyRing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError('QUANSO_KEYS: tệp khoá không phải JSON / the key file is not JSON.');
  }
  const ring = keyRing.safeParse(value);
  if (!ring.success || !(ring.data.current in ring.data.keys)) {
    throw new ConfigError('QUANSO_KEYS: tệp khoá sai dạng / the key file has another shape (current, keys, index, cursor).');
  }
  return ring.data;
}
