/** The broker that the real run uses: users, TLS and one writer per topic, by Kafka's own tools. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARDS } from '@quan-so/contract';
import { findJava } from './java.js';
import { startKafka } from './kafka.js';
import { fetchPart } from './parts.js';
import { topologyOf } from './topology.js';

const topology = topologyOf([
  { name: 'writer', layer: 'data', publishes: [{ kind: 'records' }], consumes: [] },
  { name: 'reader', layer: 'data', publishes: [], consumes: [{ event: { kind: 'records' }, from: ['writer'] }] },
], SHARDS);

let dir;
let kafka;
let classPath;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'quan so kafka '));
  classPath = join(await fetchPart('kafka'), '*');
  kafka = await startKafka({ dir: join(dir, 'broker'), ...topology });
});
afterAll(async () => {
  await kafka.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Kafka's console producer or consumer as a user; answers what it printed. */
function asUser(user, main, args, input = '', password = kafka.passwords[user]) {
  const config = join(dir, `${user}.properties`);
  writeFileSync(config, `security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM
ssl.truststore.location=${kafka.caFile}
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";\n`);
  const said = spawnSync(findJava().java, ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classPath, `org.apache.kafka.tools.${main}`, '--bootstrap-server', kafka.brokers, '--command-config', config, ...args], { input, encoding: 'utf8', timeout: 60_000 });
  return `${said.stdout}\n${said.stderr}`;
}

const send = (user, topic, password) => asUser(user, 'ConsoleProducer', ['--topic', topic], 'một hồ sơ\n', password);
const read = (user, topic, group) => asUser(user, 'consumer.ConsoleConsumer', ['--topic', topic, '--group', group, '--from-beginning', '--max-messages', '1', '--timeout-ms', '10000']);

describe('a secured broker', () => {
  it('carries a message from its one writer to who may read', () => {
    expect(send('writer', 'records.writer')).not.toMatch(/Exception|ERROR/);
    expect(read('reader', 'records.writer', 'reader')).toContain('một hồ sơ');
  });
  it.each([
    ['another writer', () => send('reader', 'records.writer'), /TopicAuthorizationException/],
    ['a reader of what is not for him', () => read('reader', 'audit.writer', 'reader'), /TopicAuthorizationException/],
    ['a group of somebody else', () => read('reader', 'records.writer', 'writer'), /GroupAuthorizationException/],
    ['a topic that nobody declared', () => send('writer', 'records.other'), /TopicAuthorizationException|UNKNOWN_TOPIC/],
    ['another password', () => send('writer', 'records.writer', 'not-the-password'), /SaslAuthenticationException/],
  ])('refuses %s', (_, attempt, sentence) => expect(attempt()).toMatch(sentence));
});
