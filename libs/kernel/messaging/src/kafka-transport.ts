import { type Sql } from '@quan-so/persistence';
import { KafkaJsPort } from './kafka-client.js';
import { type KafkaPort, type KafkaRecord } from './kafka-port.js';
import { type KafkaSettings } from './kafka-settings.js';
import { type Outgoing } from './message.js';
import { type Progress } from './progress.js';
import { meetRestored, type Meeting } from './restored.js';
import { markSent } from './relay.queries.js';
import { type Ends, type Shipment, type Take, type Transport } from './transport.js';

/** Kafka as a transport: a shard is a partition, the group of a service is the service. */
export class KafkaTransport implements Transport {
  readonly name = 'kafka';
  readonly #meeting: Meeting;
  readonly #port: KafkaPort;

  constructor(meeting: Meeting, settings: KafkaSettings) {
    this.#meeting = meeting;
    this.#port = new KafkaJsPort(meeting.service, settings);
  }

  async send(lock: Sql, shipments: readonly Shipment[]): Promise<void> {
    await this.#port.send(shipments.map(({ topic, shard, rows }) => ({ topic, partition: shard, records: rows.map(recordOf) })));
    // After the ack: a crash in between sends again, and the inbox knows what came twice.
    await markSent(
      lock,
      shipments.flatMap(({ rows }) => rows),
    );
  }

  async consume(topics: readonly string[], take: Take, progress: Progress, only: (places: readonly string[]) => void): Promise<void> {
    await this.#port.consume(this.#meeting.service, topics, take, () => progress.mark('poll'), (group) => meetRestored(this.#meeting, { heard: topics, told: [] }, group), only);
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

function recordOf({ subject, envelope, traceparent, createdAt }: Outgoing): KafkaRecord {
  return { key: subject, value: envelope, headers: { 'content-type': 'application/cloudevents+json', traceparent }, at: createdAt.getTime() };
}
