import { readFileSync } from 'node:fs';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import kafkajs, { type Producer } from 'kafkajs';
import { In, type Repository } from 'typeorm';
import { UNSENT } from './dossiers.service.js';
import { OutboxEvent } from './entities.js';

const EVERY_MS = 200;
const MOST = 500;

/** Sends what is in the outbox, many at a time, and marks it after the broker has it. */
@Injectable()
export class OutboxPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout;
  private producer: Producer;

  constructor(@InjectRepository(OutboxEvent) private readonly outbox: Repository<OutboxEvent>) {}

  async onApplicationBootstrap(): Promise<void> {
    const { KAFKA_BROKERS = '', KAFKA_USERNAME: username = '', KAFKA_PASSWORD: password = '', KAFKA_CA } = process.env;
    const ssl = KAFKA_CA === undefined ? true : { ca: readFileSync(KAFKA_CA, 'utf8') };
    const kafka = new kafkajs.Kafka({ clientId: 'dossiers', brokers: KAFKA_BROKERS.split(','), ssl, sasl: { mechanism: 'scram-sha-512', username, password }, logLevel: kafkajs.logLevel.ERROR });
    this.producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await this.producer.connect();
    this.later();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.producer.disconnect();
  }

  private later(): void {
    this.timer = setTimeout(() => void this.publish().catch((error: unknown) => console.error(error)).finally(() => this.later()), EVERY_MS);
  }

  private async publish(): Promise<void> {
    for (;;) {
      const events = await this.outbox.find({ ...UNSENT, take: MOST });
      if (events.length === 0) return;
      const topics = Map.groupBy(events, ({ topic }) => topic);
      const topicMessages = [...topics].map(([topic, of]) => ({ topic, messages: of.map(({ key, payload }) => ({ key, value: JSON.stringify(payload) })) }));
      await this.producer.sendBatch({ acks: -1, topicMessages });
      await this.outbox.update({ id: In(events.map(({ id }) => id)) }, { publishedAt: new Date() });
    }
  }
}
