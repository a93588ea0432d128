import { type ServiceConfig } from './config.js';

/** Passwords that everybody knows. */
const KNOWN: ReadonlySet<string> = new Set(['', 'admin', 'changeme', 'password', 'postgres', 'quanso', 'secret', 'test']);

/**
 * Why a configuration must not be used under its profile; undefined when it may. What `npm start` makes for one laptop
 * (keys named `local…`, plain HTTP) opens nothing where real people's data are.
 */
export function profileRefuses(config: Omit<ServiceConfig, 'host' | 'port' | 'pack'>): string | undefined {
  const { profile, keys, oidc, kafka } = config;
  if (profile === 'local') return undefined;
  if ([keys.current, ...Object.keys(keys.keys)].some((id) => id.startsWith('local'))) {
    return `QUANSO_KEYS: khoá của bản chạy thử trên máy không dùng cho ${profile} / keys of the local profile are not taken in ${profile}.`;
  }
  if (new Set([...Object.values(keys.keys), keys.index, keys.cursor]).size < Object.keys(keys.keys).length + 2) {
    return 'QUANSO_KEYS: mỗi khoá phải là một khoá khác / every key must be another one.';
  }
  for (const [name, url] of [['DATABASE_URL', config.databaseUrl], ['MIGRATOR_DATABASE_URL', config.migratorUrl]] as const) {
    if (url !== undefined && KNOWN.has(passwordOf(url))) return `${name}: mật khẩu ai cũng biết / a password that everybody knows.`;
  }
  if (profile !== 'production') return undefined;
  if (!oidc.issuer.startsWith('https://')) return 'OIDC_ISSUER: production chỉ nhận https / production takes https only.';
  if (kafka !== undefined && kafka.sasl === undefined) return 'QUANSO_KAFKA_SASL_USERNAME: production phải đăng nhập nơi chuyển sự kiện / production signs in at the broker.';
  return undefined;
}

function passwordOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).password);
  } catch {
    return '';
  }
}
