/** Who may write and read what on the broker, drawn from the definitions of the services: nothing else is allowed. */

/**
 * Fourteen days at most: the inbox remembers an event for 21, and what comes back after that would count twice. A segment
 * goes as a whole when its youngest record is old enough, so thirteen days and segments of one.
 */
const KEPT = { 'retention.ms': String(13 * 86_400_000), 'segment.ms': String(86_400_000) };

/**
 * @typedef {object} Definition what is read of a ServiceDefinition of `kernel/service`
 * @property {string} name
 * @property {string} layer
 * @property {readonly { kind: string }[]} publishes
 * @property {readonly { event: { kind: string }, from: readonly string[] }[]} consumes
 */

/**
 * @param {readonly Definition[]} services
 * @param {Readonly<Record<string, number>>} shards SHARDS of `kernel/contract`: a shard is a partition
 * @returns {{ users: string[], topics: import('./kafka.js').Topic[], acls: import('./kafka.js').Acl[], heardBy: Record<string, string[]> }}
 */
export function topologyOf(services, shards) {
  const written = services.flatMap((service) => topicsOf(service).map((topic) => ({ user: service.name, topic })));
  const topics = new Set(written.map(({ topic }) => topic));
  const heardBy = Object.fromEntries(services.map(({ name }) => [name, services.filter((other) => hears(other, name)).map((other) => other.name)]));
  const read = [
    ...services.flatMap((service) => topicsHeardBy(service).map((topic) => ({ user: service.name, topic }))),
    // The way back: what a service misses it says to those it hears.
    ...Object.entries(heardBy).flatMap(([user, others]) => others.map((other) => ({ user, topic: `missing.${other}` }))),
  ];
  for (const { user, topic } of read) {
    if (!topics.has(topic)) throw new Error(`${user} nghe / consumes ${topic}: không dịch vụ nào ghi / no service publishes it.`);
  }
  return {
    users: services.map(({ name }) => name),
    topics: [...topics].sort().map((name) => ({ name, partitions: partitionsOf(name, shards), config: KEPT })),
    acls: [
      // Kafka lets who may write or read a topic also describe it.
      ...written.map(({ user, topic }) => acl(user, 'Write', topic)),
      ...read.map(({ user, topic }) => acl(user, 'Read', topic)),
      ...services.filter(({ name }) => read.some(({ user }) => user === name)).map(({ name }) => groupOf(name)),
    ],
    heardBy,
  };
}

/** A change writes its audit entry in its own transaction, so every service has an audit topic. @param {Definition} service */
function topicsOf({ name, publishes, consumes }) {
  const back = consumes.length > 0 ? ['missing'] : [];
  return [...new Set([...publishes.map(({ kind }) => kind), 'audit', ...back])].sort().map((kind) => `${kind}.${name}`);
}

/** @param {Definition} service @param {string} teller */
function hears({ consumes }, teller) {
  return consumes.some(({ from }) => from.includes(teller));
}

/** @param {Definition} service */
function topicsHeardBy({ consumes }) {
  return [...new Set(consumes.flatMap(({ event, from }) => from.map((producer) => `${event.kind}.${producer}`)))].sort();
}

/** @param {string} user @param {'Read' | 'Write'} operation @param {string} name @returns {import('./kafka.js').Acl} */
function acl(user, operation, name) {
  return { user, operation, on: 'topic', name };
}

/** @param {string} name @returns {import('./kafka.js').Acl} */
function groupOf(name) {
  return { user: name, operation: 'Read', on: 'group', name, prefixed: true };
}

/** @param {string} topic @param {Readonly<Record<string, number>>} shards */
function partitionsOf(topic, shards) {
  const count = shards[String(topic.split('.')[0])];
  if (count === undefined) throw new Error(`${topic}: không rõ số phân mảnh / no number of shards.`);
  return count;
}
