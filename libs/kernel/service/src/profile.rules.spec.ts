import { profileRefuses } from './profile.rules.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const good = {
  profile: 'production' as 'local' | 'trial' | 'production',
  databaseUrl: 'postgres://dossiers:9f8e7d6c5b4a@db/dossiers',
  migratorUrl: undefined as string | undefined,
  kafka: { brokers: ['k:9093'], sasl: { username: 'dossiers', password: 'x' } },
  oidc: { issuer: 'https://id.example/realms/quan-so', audience: 'quan-so-api' },
  keys: { current: 'k1', keys: { k1: key(1) }, index: key(2), cursor: key(3) },
  checkAnswers: false,
};

describe('profileRefuses', () => {
  it('takes a configuration fit for production', () => {
    expect(profileRefuses(good)).toBeUndefined();
  });
  it.each<[string, object, RegExp]>([
    ['the current key of the local profile', { keys: { ...good.keys, current: 'local-1', keys: { 'local-1': key(1) } } }, /local profile/],
    ['an old key of the local profile', { keys: { ...good.keys, keys: { k1: key(1), 'local-1': key(9) } } }, /local profile/],
    ['one key for two uses', { keys: { ...good.keys, cursor: key(2) } }, /every key/],
    ['no password', { databaseUrl: 'postgres://dossiers@db/dossiers' }, /^DATABASE_URL/],
    ['a password that everybody knows', { migratorUrl: 'postgres://m:changeme@db/dossiers' }, /^MIGRATOR_DATABASE_URL/],
    ['an issuer without TLS', { oidc: { ...good.oidc, issuer: 'http://id.example/realms/quan-so' } }, /^OIDC_ISSUER/],
    ['a broker without sign-in', { kafka: { brokers: ['k:9092'] } }, /SASL/],
  ])('refuses %s in production', (_, change, sentence) => {
    const refused = profileRefuses({ ...good, ...change });
    expect(refused).toMatch(sentence);
    expect(refused).not.toMatch(/changeme|AQEB|CQkJ/);
  });
  it('lets the laptop be a laptop, and a trial do without TLS but not with the laptop’s keys', () => {
    const local = { ...good, keys: { current: 'local-1', keys: { 'local-1': key(1) }, index: key(1), cursor: key(1) }, databaseUrl: 'postgres://a:test@127.0.0.1/a', oidc: { ...good.oidc, issuer: 'http://127.0.0.1/realms/quan-so' } };
    expect(profileRefuses({ ...local, profile: 'local' })).toBeUndefined();
    expect(profileRefuses({ ...local, profile: 'trial' })).toMatch(/local profile/);
    expect(profileRefuses({ ...good, profile: 'trial', oidc: local.oidc })).toBeUndefined();
  });
});
