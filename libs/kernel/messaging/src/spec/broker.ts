import { SHARDS, type TopicKind } from '@quan-so/contract';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { quietWhenIdle } from '../kafka-idle.js';

/** The open broker that the run on real parts gives to the tests of the parts. */
export const brokers = [process.env['QUANSO_REAL_KAFKA'] ?? ''];

export function kafkaOf(clientId: string): Kafka {
  quietWhenIdle();
  return new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING });
}

/** As who deploys makes them: services create no topic. */
export async function createTopics(admin: Admin, names: readonly string[]): Promise<void> {
  const topics = names.map((topic) => ({ topic, numPartitions: SHARDS[topic.split('.')[0] as TopicKind] ?? 1, replicationFactor: 1 }));
  await admin.createTopics({ topics, waitForLeaders: true });
}
