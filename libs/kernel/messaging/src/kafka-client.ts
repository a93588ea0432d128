import { Kafka, Partitioners, type Consumer, type EachBatchPayload, type Producer, type RecordMetadata } from 'kafkajs';
import { errorType, log, type Logger } from '@quan-so/observability';
import { configOf } from './kafka-config.js';
import { quietWhenIdle } from './kafka-idle.js';
import { Places } from './kafka-places.js';
import { asAdmin, endsOf, groupOf } from './kafka-group.js';
import { hidesWhy, refusalOf } from './kafka-refusal.js';
import { type KafkaPort, type KafkaShipment, type Meet, type Only } from './kafka-port.js';
import { type KafkaSettings } from './kafka-settings.js';
import { type Message } from './message.js';
import { sleep } from './pause.js';
import { MustNotBegin, PutBack } from './restored.js';
import { type Ends, type Take } from './transport.js';

/** Exit code when the group cannot go on: whoever watches the process starts it again (EX_SOFTWARE of sysexits.h). */
export const CONSUMER_GONE = 70;
/** Exit code when the broker refuses us and somebody has to give the right, the topic or the password (EX_NOPERM). */
export const BROKER_REFUSES = 77;
/** Exit code when the database was put back and somebody has to decide (EX_DATAERR). */
export const PUT_BACK = 65;

interface Wanted {
  readonly group: string;
  readonly topics: readonly string[];
  readonly take: Take;
  readonly alive: () => void;
  readonly meet: Meet;
  readonly only: Only;
}

const BATCH_RECORDS = 500;
const AGAIN_MS = 2_000;
/** A broker that takes connections and answers nothing: the tries of kafkajs would add up to minutes. */
const SEND_MS = 40_000;
/** Of the 28 s of the way down; a transaction that runs takes five. */
const LEAVE_MS = 8_000;
/** So often in a row nobody says why there is no coordinator before we take it for a missing right. */
const MOST_UNEXPLAINED = 5;

/** kafkajs 2.2.4 with its traps closed; each setting says which. */
export class KafkaJsPort implements KafkaPort {
  readonly #kafka: Kafka;
  readonly #producer: Producer;
  readonly #log: Logger;
  readonly #exit: (code: number) => void;
  readonly #places: Places;
  #connected: Promise<void> | undefined;
  #consumer: Consumer | undefined;
  #joining: Promise<void> | undefined;
  #unexplained = 0;
  #stopped = false;

  constructor(service: string, settings: KafkaSettings, exit: (code: number) => void = (code) => process.exit(code)) {
    quietWhenIdle();
    this.#log = log(service);
    this.#exit = exit;
    this.#places = new Places(this.#log);
    this.#kafka = new Kafka(configOf(service, settings, this.#log));
    this.#producer = this.#kafka.producer({
      // Its idempotent producer loses acknowledged messages when a broker dies (11 in 33 kills); the inbox dedups instead.
      idempotent: false,
      // A topic is made by who deploys, with its partitions; one made by a slip of a name would swallow events.
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // The relay repeats without end and looks at its lock before each try; few tries here.
      retry: { retries: 2 },
    });
  }

  async send(shipments: readonly KafkaShipment[]): Promise<void> {
    const topicMessages = shipments.map(({ topic, partition, records }) => ({
      topic,
      messages: records.map(({ key, value, headers, at }) => ({ key, value, partition, headers: { ...headers }, timestamp: String(at) })),
    }));
    try {
      // All in-sync replicas, or it is not sent. What arrives after the deadline all the same is a double for the inbox.
      const acks = await within(SEND_MS, this.#connect().then(() => this.#producer.sendBatch({ topicMessages, acks: -1, timeout: 10_000 })));
      demandAll(shipments, acks);
    } catch (error) {
      // The outbox keeps it: commands are taken all the same, and the log says what is to be given.
      const reason = refusalOf(error);
      if (reason !== undefined) this.#log.error('the broker refuses what is sent', { topic: [...new Set(shipments.map(({ topic }) => topic))].join(' '), reason });
      throw error;
    }
  }

  async #connect(): Promise<void> {
    this.#connected ??= this.#producer.connect();
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }

  async consume(group: string, topics: readonly string[], take: Take, alive: () => void, meet: Meet = async () => undefined, only: Only = () => undefined): Promise<void> {
    this.#joining = this.#join({ group, topics, take, alive, meet, only });
  }

  async meet(group: string, topics: readonly string[], meet: Meet, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await asAdmin(this.#kafka, (admin) => meet(groupOf(admin, group, topics)));
      } catch (error) {
        if (this.#isFinal(error)) throw new MustNotBegin(this.#codeOf(group, error), { cause: error });
        this.#log.warn('comparing with the broker waits', { group, error });
        await sleep(AGAIN_MS, signal);
      }
    }
  }

  async stopConsuming(): Promise<void> {
    this.#stopped = true;
    const left = this.#leave().then(() => this.#joining);
    // A broker that does not answer is not waited for: the group forgets us by itself.
    await within(LEAVE_MS, left).catch((error: unknown) => this.#log.warn('leaving the group failed', { error }));
  }

  ends(topics: readonly string[]): Promise<Ends> {
    return asAdmin(this.#kafka, (admin) => endsOf(admin, topics));
  }

  /** After the batches that run, and telling how far they came. */
  async #leave(): Promise<void> {
    await this.#places.end();
    await this.#consumer?.disconnect();
  }

  async close(): Promise<void> {
    await this.stopConsuming();
    const gone = Promise.resolve(this.#connected).then(() => this.#producer.disconnect());
    await within(LEAVE_MS, gone).catch(() => undefined);
  }

  /** Until it runs once; then kafkajs itself starts it again after what it can repeat. */
  async #join(wanted: Wanted): Promise<void> {
    const { group, topics, take, alive, meet } = wanted;
    while (!this.#stopped) {
      alive();
      const consumer = this.#newConsumer(wanted, () => {
        this.#joining = this.#join(wanted);
      });
      this.#consumer = consumer;
      try {
        await consumer.connect();
        await asAdmin(this.#kafka, (admin) => meet(groupOf(admin, group, topics)));
        // A new group begins at the beginning: the default, `latest`, loses what was told before it.
        await consumer.subscribe({ topics: [...topics], fromBeginning: true });
        await consumer.run({
          // Auto-commit would commit what has no effect yet; auto-resolve calls the rest of a batch consumed on the way down.
          autoCommit: false,
          eachBatchAutoResolve: false,
          // One shard that waits does not hold the others.
          partitionsConsumedConcurrently: 4,
          eachBatch: (payload) => this.#eachBatch(payload, take, alive),
        });
        return;
      } catch (error) {
        await consumer.disconnect().catch(() => undefined);
        if (this.#stopped) return;
        if (this.#isFinal(error)) return this.#gone(group, error);
        this.#log.error('joining the group waits', { group, error });
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  #newConsumer({ group, alive, only }: Wanted, joinAnew: () => void): Consumer {
    const consumer = this.#kafka.consumer({
      groupId: group,
      // How long a consumer that was killed keeps its partitions. A transaction that takes longer is given away and absorbed.
      sessionTimeout: 10_000,
      heartbeatInterval: 3_000,
      // A fetch that waits holds the way down: half a second instead of five.
      maxWaitTimeInMs: 500,
      // The whole answer is decoded in memory. A share of a partition that holds the 500 records of a batch, or each takes
      // a transaction for a quarter of it.
      maxBytes: 4_194_304,
      maxBytesPerPartition: 1_048_576,
      allowAutoTopicCreation: false,
      // The client's own setting is not used for consumers. Half a minute, then it crashes and begins again, which shows
      // that it lives.
      retry: { retries: 6, initialRetryTime: 300, maxRetryTime: 5_000 },
    });
    // A heartbeat is no progress: idle fetchers beat beside a loop that hangs (kafkajs 1616).
    consumer.on(consumer.events.FETCH, () => {
      this.#unexplained = 0;
      alive();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      only(Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`)));
    });
    // A broker that hangs is a broker that is away: asking again is progress.
    consumer.on(consumer.events.REQUEST_TIMEOUT, alive);
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (this.#stopped) return;
      alive();
      if (restart) this.#log.warn('the consumer begins again', { group, error });
      else if (hidesWhy(error) && this.#mayPass(error)) joinAnew();
      else this.#gone(group, error);
    });
    return consumer;
  }

  #isFinal(error: unknown): boolean {
    return error instanceof PutBack || !this.#mayPass(error);
  }

  #mayPass(error: unknown): boolean {
    if (hidesWhy(error)) this.#unexplained += 1;
    return refusalOf(error) === undefined && this.#unexplained < MOST_UNEXPLAINED;
  }

  /**
   * A consumer that crashed without restart, or that is let in nowhere, is dead in a process that looks alive. Nothing is
   * lost by ending it.
   */
  #gone(group: string, error: unknown): void {
    this.#exit(this.#codeOf(group, error));
  }

  /** Tells why the service cannot go on; answers the exit code. */
  #codeOf(group: string, error: unknown): number {
    const refusal = error instanceof PutBack ? error.message : refusalOf(error) ?? (hidesWhy(error) ? 'no coordinator of the group, no right to it, or signing in broke off each time' : undefined);
    this.#log.error('the service cannot go on with the broker; the process ends', { group, reason: refusal ?? errorType(error), error });
    return error instanceof PutBack ? PUT_BACK : refusal === undefined ? CONSUMER_GONE : BROKER_REFUSES;
  }

  async #eachBatch(payload: EachBatchPayload, take: Take, alive: () => void): Promise<void> {
    const beat = (): Promise<void> => {
      alive();
      return payload.heartbeat().catch(() => undefined);
    };
    const { batch, resolveOffset } = payload;
    const { topic, partition: shard } = batch;
    const high = Number(batch.highWatermark);
    const all = batch.messages.map(messageOf);
    for (let from = 0; from < all.length; from += BATCH_RECORDS) {
      const messages = all.slice(from, from + BATCH_RECORDS);
      const end = messages.at(-1)?.position ?? 0;
      // What heartbeat and commit throw is of the group (a rebalance): kafkajs meets it itself at its next step.
      const done = await take({ topic, shard, messages, more: end + 1 < high, heartbeat: beat });
      if (!done) return;
      resolveOffset(String(end));
      await this.#places.moved(() => payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()));
    }
  }
}

type KafkaJsMessage = EachBatchPayload['batch']['messages'][number];

function messageOf({ offset, key, value, headers = {}, timestamp }: KafkaJsMessage): Message {
  const texts = Object.entries(headers).flatMap(([name, given]) => (given === undefined ? [] : [[name, String(Array.isArray(given) ? given[0] : given)]]));
  return {
    position: Number(offset),
    key: key === null ? null : key.toString(),
    value: value?.toString() ?? '',
    headers: Object.fromEntries(texts) as Record<string, string>,
    at: Number(timestamp),
  };
}

/**
 * kafkajs keeps answers by broker: when a partition moves to one that has answered for another partition, its records are
 * not sent again and the send resolves all the same; a partition that it has never heard of is left out in silence too.
 * Throws when a partition has not acknowledged.
 */
function demandAll(shipments: readonly KafkaShipment[], acks: readonly RecordMetadata[]): void {
  const acknowledged = new Set(acks.map(({ topicName, partition }) => `${topicName}/${partition}`));
  const silent = shipments.map(({ topic, partition }) => `${topic}/${partition}`).filter((place) => !acknowledged.has(place));
  if (silent.length > 0) throw new Error(`not acknowledged: ${silent.join(' ')}`);
}

/** Whatever comes of it later, the caller goes on. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('the broker does not answer: timed out')), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
