/**
 * One Kafka node (KRaft) on 127.0.0.1: plain, or as a cluster has it: TLS, SCRAM users, topics and ACLs that were there
 * before the first service came. What takes time is made once and kept in the cache: the formatted log directory with
 * users, topics and ACLs, and the archive of loaded classes.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digest, once, PartError, prune } from './cache.js';
import { findJava, QUICK_JAVA } from './java.js';
import { fetchPart } from './parts.js';
import { answersTcp, freePorts, launch, waitFor, withFreshPorts } from './process.js';

const run = promisify(execFile);
/** 1.1 s with the archive on a quiet machine, 6 s under load 15 (measured); the limit is for worse machines. */
const START_MS = 60_000;
const CLUSTER_ID = 'UXXhbiBT4buRIG5ow6AgMQ';
const BROKER = 'broker';
/** Changes of this file that change what is cached. */
const TEMPLATE = 1;

/** Single node: everything replicated once, one thread where one is enough. */
const SMALL = {
  'auto.create.topics.enable': 'false', 'num.partitions': '1', 'offsets.topic.num.partitions': '1', 'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1', 'transaction.state.log.replication.factor': '1', 'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '1', 'share.coordinator.state.topic.replication.factor': '1', 'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0', 'log.cleaner.dedupe.buffer.size': '4194304', 'num.network.threads': '1', 'num.io.threads': '2',
  'background.threads': '2', 'num.recovery.threads.per.data.dir': '1',
};

/**
 * @typedef {object} Topic
 * @property {string} name
 * @property {number} [partitions]
 * @property {Readonly<Record<string, string>>} [config] of the topic alone
 */
/**
 * @typedef {object} Acl who may do what; all else is refused
 * @property {string} user
 * @property {'Read' | 'Write' | 'Describe' | 'Create' | 'Alter'} operation
 * @property {'topic' | 'group' | 'cluster'} on
 * @property {string} [name]       of topic or group
 * @property {boolean} [prefixed]  name is the beginning of names
 */
/**
 * @typedef {object} Kafka
 * @property {string} brokers                host:port
 * @property {Record<string, string>} passwords of the users
 * @property {string | undefined} caFile     certificate to trust (PEM); undefined in plain mode
 * @property {() => number} pid              of the node that runs now
 * @property {() => Promise<void>} again     starts the node again on its ports and its log, after it was ended
 * @property {() => Promise<void>} cut       deletes what every topic tells, up to its end
 * @property {(topic: string) => Promise<string[]>} dump what stands in a topic of a stopped node, a text per segment
 * @property {(topic: string, user: string) => Producer} producer Kafka's own console producer, in the name of a user
 * @property {() => Promise<void>} stop
 */
/** @typedef {{ write: (key: string, value: string | null) => void, end: () => Promise<void> }} Producer a value of one line, or none at all */

/**
 * Starts Kafka in `dir` (made; its former content counts no more, unless it is to be kept). With `users` it is a secured
 * broker.
 * @param {{ dir: string, users?: string[], topics?: Topic[], acls?: Acl[], keep?: boolean }} options
 * @returns {Promise<Kafka>}
 */
export async function startKafka({ dir, users, topics = [], acls = [], keep = false }) {
  const tools = await kafkaTools();
  const archive = await classArchive(tools);
  const template = await templateOf(tools, archive, { users, topics, acls });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!keep || !existsSync(join(dir, 'data'))) cpSync(template, dir, { recursive: true });
  const secrets = users === undefined ? undefined : readSecrets(dir);
  const flags = [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'];
  let node = await withFreshPorts(() => startNode(tools, dir, secrets, flags));
  const { ports } = node;
  return {
    brokers: `127.0.0.1:${ports[0]}`,
    passwords: Object.fromEntries((users ?? []).map((user) => [user, secrets?.users[user] ?? ''])),
    caFile: secrets && join(dir, 'ca.pem'),
    pid: () => node.pid,
    again: async () => void (node = await startNode(tools, dir, secrets, flags, secrets !== undefined, ports)),
    producer: (topic, user) => openProducer(tools, dir, { topic, user, port: Number(ports[0]), secrets }),
    cut: () => cutAll(tools, dir, { topics, port: Number(ports[0]), secrets }),
    dump: (topic) => dumpOf(tools, join(dir, 'data'), topic),
    stop: () => node.stop(),
  };
}

/**
 * @typedef {{ java: string, keytool: string, version: string, lib: string, classPath: string }} Tools
 * @typedef {{ users: Record<string, string>, store: string }} Secrets
 */

/** @returns {Promise<Tools>} */
async function kafkaTools() {
  const java = findJava();
  const lib = await fetchPart('kafka');
  return { ...java, lib, classPath: join(lib, '*') };
}

/** The classes that a start loads, for the next starts: 1.0 instead of 1.8 CPU-seconds. @param {Tools} tools */
async function classArchive(tools) {
  const jars = statSync(join(tools.lib, 'kafka_2.13-4.3.1.jar')).mtimeMs;
  const folder = await once(`kafka-classes-${digest(tools.version, tools.lib, jars)}`, async (draft) => {
    const dir = join(draft, 'run');
    mkdirSync(dir);
    await format(tools, dir, undefined);
    const node = await withFreshPorts(() => startNode(tools, dir, undefined, [`-XX:ArchiveClassesAtExit=${join(draft, 'kafka.jsa')}`]));
    await node.stop();
  });
  prune('kafka-classes-', 2);
  return join(folder, 'kafka.jsa');
}

/** @param {Tools} tools @param {string} archive @param {{ users: string[] | undefined, topics: Topic[], acls: Acl[] }} wanted */
async function templateOf(tools, archive, wanted) {
  const folder = await once(`kafka-template-${digest(TEMPLATE, tools.lib, SMALL, wanted)}`, async (dir) => {
    const secrets = wanted.users && (await makeSecrets(tools, dir, wanted.users));
    await format(tools, dir, secrets);
    if (wanted.topics.length + wanted.acls.length === 0) return;
    // Only here the node listens without TLS and trusts who comes: topics and ACLs are set, then it stops.
    const node = await withFreshPorts(() => startNode(tools, dir, undefined, [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'], secrets !== undefined));
    try {
      const bootstrap = ['--bootstrap-server', `127.0.0.1:${node.port}`];
      for (const { name, partitions = 1, config = {} } of wanted.topics) {
        const settings = Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]);
        await kafkaTool(tools, 'org.apache.kafka.tools.TopicCommand', [...bootstrap, '--create', '--topic', name, '--partitions', String(partitions), '--replication-factor', '1', ...settings]);
      }
      for (const args of aclArguments(wanted.acls)) await kafkaTool(tools, 'org.apache.kafka.tools.AclCommand', [...bootstrap, '--add', '--force', ...args]);
    } finally {
      await node.stop();
    }
  });
  prune('kafka-template-', 4);
  return folder;
}

/** One call of the ACL tool per user, kind of resource and kind of name. @param {Acl[]} acls @returns {string[][]} */
function aclArguments(acls) {
  return acls.map(({ user, operation, on, name, prefixed }) => [
    '--allow-principal', `User:${user}`, '--operation', operation,
    ...(on === 'cluster' ? ['--cluster'] : [`--${on}`, String(name), '--resource-pattern-type', prefixed ? 'prefixed' : 'literal']),
  ]);
}

/** Passwords of this template and a certificate for 127.0.0.1. @param {Tools} tools @param {string} dir @param {string[]} users @returns {Promise<Secrets>} */
async function makeSecrets(tools, dir, users) {
  const secret = () => randomBytes(24).toString('base64url');
  const secrets = { users: Object.fromEntries([...users, BROKER].map((user) => [user, secret()])), store: secret() };
  writeFileSync(join(dir, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  const store = ['-keystore', join(dir, 'broker.p12'), '-storepass:env', 'STORE_PASSWORD', '-alias', 'broker'];
  const env = { ...process.env, STORE_PASSWORD: secrets.store };
  await run(tools.keytool, ['-genkeypair', ...store, '-storetype', 'PKCS12', '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1', '-validity', '3650'], { env });
  await run(tools.keytool, ['-exportcert', ...store, '-rfc', '-file', join(dir, 'ca.pem')], { env });
  return secrets;
}

/** @param {string} dir @returns {Secrets} */
function readSecrets(dir) {
  return JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8'));
}

/** @param {Tools} tools @param {string} dir @param {Secrets | undefined} secrets */
async function format(tools, dir, secrets) {
  writeProperties(dir, { 'log.dirs': join(dir, 'data'), ...listenersOf(1, 2, undefined) });
  const users = Object.entries(secrets?.users ?? {}).flatMap(([name, password]) => ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password},iterations=4096]`]);
  await kafkaTool(tools, 'kafka.tools.StorageTool', ['format', '--standalone', '-t', CLUSTER_ID, '-c', join(dir, 'server.properties'), ...users]);
}

const [KEY_END, NO_VALUE] = ['\t', '<none>'];

/** @param {Tools} tools @param {string} dir @param {{ topic: string, user: string, port: number, secrets: Secrets | undefined }} to @returns {Producer} */
function openProducer(tools, dir, { topic, user, port, secrets }) {
  const config = join(dir, `producer-${user}.properties`);
  // Its idempotence would need a right that services do not have.
  writeFileSync(config, propertiesOf({ 'enable.idempotence': 'false', ...loginOf(dir, user, secrets) }), { mode: 0o600 });
  const reading = ['parse.key=true', `key.separator=${KEY_END}`, `null.marker=${NO_VALUE}`].flatMap((one) => ['--reader-property', one]);
  const args = [...QUICK_JAVA, '-cp', tools.classPath, 'org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', `127.0.0.1:${port}`, '--topic', topic, '--command-config', config, ...reading];
  const child = execFile(tools.java, args, { maxBuffer: 2 ** 24 });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin?.on('error', () => undefined);
  return {
    write: (key, value) => void child.stdin?.write(`${key}${KEY_END}${value ?? NO_VALUE}\n`),
    end: async () => {
      child.stdin?.end();
      const code = await ended;
      if (code !== 0) throw new PartError(`Kafka ConsoleProducer: ${code}`);
    },
  };
}

/** @param {string} dir @param {string} user @param {Secrets | undefined} secrets @returns {Record<string, string>} */
function loginOf(dir, user, secrets) {
  if (secrets === undefined) return {};
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${secrets.users[user]}";`;
  return { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': login, 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': join(dir, 'ca.pem') };
}

/** As deploy/image/kafka/cut does it. @param {Tools} tools @param {string} dir @param {{ topics: Topic[], port: number, secrets: Secrets | undefined }} of */
async function cutAll(tools, dir, { topics, port, secrets }) {
  const [config, offsets] = [join(dir, 'cut.properties'), join(dir, 'cut.json')];
  writeFileSync(config, propertiesOf(loginOf(dir, BROKER, secrets)), { mode: 0o600 });
  const all = topics.flatMap(({ name, partitions = 1 }) => Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, offset: -1 })));
  writeFileSync(offsets, JSON.stringify({ version: 1, partitions: all }));
  await kafkaTool(tools, 'org.apache.kafka.tools.DeleteRecordsCommand', ['--bootstrap-server', `127.0.0.1:${port}`, '--command-config', config, '--offset-json-file', offsets]);
}

/** The records of a topic, read by Kafka's own tool from the files. @param {Tools} tools @param {string} data @param {string} topic */
async function dumpOf(tools, data, topic) {
  const partitions = readdirSync(data).filter((name) => name.startsWith(`${topic}-`));
  const segments = partitions.flatMap((name) => readdirSync(join(data, name)).filter((file) => file.endsWith('.log')).map((file) => join(data, name, file)));
  const texts = [];
  for (const file of segments) texts.push(await kafkaTool(tools, 'org.apache.kafka.tools.DumpLogSegments', ['--deep-iteration', '--print-data-log', '--files', file]));
  return texts;
}

/** @param {Tools} tools @param {string} main @param {string[]} args @returns {Promise<string>} what it said */
async function kafkaTool(tools, main, args) {
  try {
    const { stdout } = await run(tools.java, [...QUICK_JAVA, '-cp', tools.classPath, main, ...args], { timeout: START_MS, maxBuffer: 2 ** 30 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    throw new PartError(`Kafka ${main}:\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n')}`);
  }
}

/**
 * @param {Tools} tools
 * @param {string} dir
 * @param {Secrets | undefined} secrets secured when given
 * @param {string[]} flags of the JVM
 * @param {boolean} [authorizer] ACLs are kept also without `secrets`
 * @param {number[]} [given] ports it had before
 */
async function startNode(tools, dir, secrets, flags, authorizer = secrets !== undefined, given) {
  const ports = given ?? (await freePorts(2));
  const [port, controller] = ports;
  if (port === undefined || controller === undefined) throw new Error('two ports were asked for');
  const listeners = { ...listenersOf(port, controller, secrets && { ...secrets, dir }), ...(authorizer ? AUTHORIZER : {}) };
  writeProperties(dir, { 'log.dirs': join(dir, 'data'), ...listeners });
  const log = join(dir, 'kafka.log');
  writeFileSync(log, '');
  const args = ['-Xmx256m', ...QUICK_JAVA, ...flags, `-Djava.io.tmpdir=${dir}`, '-cp', tools.classPath, 'kafka.Kafka', join(dir, 'server.properties')];
  const program = launch({ name: 'Kafka', command: tools.java, args, log });
  await waitFor(program, async () => (await answersTcp(port)) && /Kafka Server started/.test(program.output()), START_MS);
  return { port, ports, pid: program.pid, stop: program.stop };
}

const AUTHORIZER = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'false',
  // The controller listens without TLS on 127.0.0.1: right for tests on one machine only.
  'super.users': `User:${BROKER};User:ANONYMOUS`,
};

/** @param {number} port @param {number} controller @param {(Secrets & { dir: string }) | undefined} secured @returns {Record<string, string>} */
function listenersOf(port, controller, secured) {
  const name = secured ? 'SASL_SSL' : 'PLAINTEXT';
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `${name}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `${name}://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `${name}:${name},CONTROLLER:PLAINTEXT`,
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    'inter.broker.listener.name': name,
    ...SMALL,
    ...(secured ? securityOf(secured) : {}),
  };
}

/** @param {Secrets & { dir: string }} secured @returns {Record<string, string>} */
function securityOf({ users, store, dir }) {
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': join(dir, 'broker.p12'),
    'ssl.keystore.password': store,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(dir, 'ca.pem'),
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="${BROKER}" password="${users[BROKER]}";`,
  };
}

/** @param {string} dir @param {Record<string, string>} properties */
function writeProperties(dir, properties) {
  writeFileSync(join(dir, 'server.properties'), propertiesOf(properties), { mode: 0o600 });
}

/** @param {Record<string, string>} properties */
function propertiesOf(properties) {
  // A properties file is ISO 8859-1 with escapes: a folder named in Vietnamese or a Windows path would be misread.
  const escaped = (/** @type {string} */ text) => text.replace(/[\\\u0080-\uffff]/g, (c) => (c === '\\' ? '\\\\' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
  return Object.entries(properties).map(([key, value]) => `${key}=${escaped(value)}\n`).join('');
}
