import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFrom, parseKeyRing } from './config.js';

const key = Buffer.alloc(32, 1).toString('base64');
const other = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const ring = { current: 'k1', keys: { k1: key }, index: other(2), cursor: other(3) };

describe('configFrom', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qs-'));
    const keys = join(folder, 'keys.json');
    writeFileSync(keys, JSON.stringify(ring), { mode: 0o600 });
    env = { QUANSO_PROFILE: 'trial', PORT: '8080', DATABASE_URL: 'postgres://u:SECRET@h/d', OIDC_ISSUER: 'http://id/realms/x', QUANSO_KEYS: keys };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads a whole configuration', () => {
    expect(configFrom({ ...env, QUANSO_KAFKA_BROKERS: 'a:1, b:2' })).toMatchObject({ profile: 'trial', port: 8080, kafka: { brokers: ['a:1', 'b:2'] } });
  });
  it('names what is wrong and never says a value', () => {
    const wrong = () => configFrom({ ...env, PORT: 'SECRET-PORT', DATABASE_URL: 'SECRET' });
    expect(wrong).toThrow(/PORT, DATABASE_URL|DATABASE_URL, PORT/);
    expect(wrong).not.toThrow(/SECRET/);
  });
  it.each(['QUANSO_PROFILE', 'PORT', 'DATABASE_URL', 'OIDC_ISSUER', 'QUANSO_KEYS'])('has no default for %s', (name) => {
    expect(() => configFrom({ ...env, [name]: undefined })).toThrow(new RegExp(name));
  });
  it('wants user and password of the broker together', () => {
    expect(() => configFrom({ ...env, QUANSO_KAFKA_BROKERS: 'a:1', QUANSO_KAFKA_SASL_USERNAME: 'u' })).toThrow(/belong together/);
  });
  it('refuses a key file that everybody can read', () => {
    writeFileSync(join(folder, 'open.json'), JSON.stringify(ring), { mode: 0o644 });
    expect(() => configFrom({ ...env, QUANSO_KEYS: join(folder, 'open.json') })).toThrow(/world-readable/);
  });
});

describe('parseKeyRing', () => {
  it.each([['not json', '{'], ['a short key', JSON.stringify({ ...ring, index: 'YQ==' })], ['a current key that is not there', JSON.stringify({ ...ring, current: 'k2' })]])('refuses %s', (_, text) => {
    expect(() => parseKeyRing(text)).toThrow(/QUANSO_KEYS/);
  });
});
