import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config.js';
import { environmentOf, membersOf } from './group.js';
import { mirror, notes } from './spec/notes.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qs-group-'));
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ current: 'k', keys: { k: key(1) }, index: key(2), cursor: key(3) }), { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const house = [notes, mirror];
const env = (change: Record<string, string> = {}): Record<string, string> => ({
  SERVICES: 'mirror,notes',
  QUANSO_PROFILE: 'trial',
  PORT: '8080',
  OIDC_ISSUER: 'https://id.example.test/realms/quan-so',
  QUANSO_KEYS: join(folder, 'keys.json'),
  QUANSO_KAFKA_BROKERS: 'kafka:9092',
  NOTES_DATABASE_URL: 'postgres://notes:7fq2@db/notes',
  MIRROR_DATABASE_URL: 'postgres://mirror:9kx4@db/mirror',
  ...change,
});

it('gives each service its own database and login, and all of them the rest', () => {
  const members = membersOf(house, env({ NOTES_QUANSO_KAFKA_SASL_USERNAME: 'notes', NOTES_QUANSO_KAFKA_SASL_PASSWORD: 'a1', MIRROR_QUANSO_KAFKA_SASL_USERNAME: 'mirror', MIRROR_QUANSO_KAFKA_SASL_PASSWORD: 'b2' }));
  expect(members.map(({ definition, config }) => [definition.name, config.databaseUrl, config.kafka?.sasl, config.port])).toEqual([
    ['notes', 'postgres://notes:7fq2@db/notes', { username: 'notes', password: 'a1' }, 8080],
    ['mirror', 'postgres://mirror:9kx4@db/mirror', { username: 'mirror', password: 'b2' }, 8080],
  ]);
});

it('takes a name of several words as one prefix', () => {
  expect(environmentOf('open-data', { OPEN_DATA_DATABASE_URL: 'own', DATABASE_URL: 'plain' })).toMatchObject({ DATABASE_URL: 'own' });
  expect(environmentOf('data', { OPEN_DATA_DATABASE_URL: 'own', DATABASE_URL: 'plain' })).toMatchObject({ DATABASE_URL: 'plain' });
});

it.each<[string, Record<string, string>, RegExp]>([
  ['a name that is not in the house', { SERVICES: 'notes,nots' }, /^SERVICES: [^\n]*nots; [^\n]*notes, mirror\.$/],
  ['no name at all', { SERVICES: ' , ' }, /^SERVICES: [^\n]*names no service/],
  ['one database for two', { MIRROR_DATABASE_URL: 'postgres://notes:7fq2@db/notes' }, /^MIRROR_DATABASE_URL: [^\n]*role of its own\.$/],
  ['what one of them lacks, with its name', { MIRROR_DATABASE_URL: 'mysql://' }, /^mirror: [^\n]*DATABASE_URL/],
])('refuses %s', (_, change, said) => {
  expect(() => membersOf(house, env(change))).toThrow(ConfigError);
  expect(() => membersOf(house, env(change))).toThrow(said);
});
