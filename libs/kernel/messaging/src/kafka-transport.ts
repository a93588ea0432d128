import { type Sql } from '@quan-so/persistence';
import { KafkaJsPort, type KafkaPort } from './kafka-client.js';
import { type KafkaSettings } from './kafka-settings.js';
import { type Outgoing } from './message.js';
import { type Progress } from './progress.js';
import { markSent } from './relay.queries.js';
import { type Ends, type Take, type Transport } from './transport.js';

/** Kafka as a transport: a shard is a partition, the group of a service is the service. */
export class KafkaTransport implements Transport {
  readonly name = 'kafka';
  readonly #group: string;
  readonly #port: KafkaPort;

  constructor(service: string, settings: KafkaSettings) {
    this.#group = service;
    this.#port = new KafkaJsPort(service, settings);
  }

  async send(lock: Sql, topic: string, shard: number, rows: readonly Outgoing[]): Promise<void> {
    const records = rows.map((row) => ({
      key: row.subject,
      value: row.envelope,
      headers: { 'content-type': 'application/cloudevents+json', traceparent: row.traceparent },
      at: row.createdAt.getTime(),
    }));
    await this.#port.send(topic, shard, records);
    // After the ack: a crash in between sends again, and the inbox knows what came twice.
    await markSent(lock, rows);
  }

  async consume(topics: readonly string[], take: Take, progress: Progress): Promise<void> {
    await this.#port.consume(this.#group, topics, take, () => progress.mark('poll'));
  }

  ends(topics: readonly string[]): Promise<Ends> {
    return this.#port.ends(topics);
  }

  stopConsuming(): Promise<void> {
    return this.#port.stopConsuming();
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
