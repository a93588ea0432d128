import { SHARDS, type TopicKind } from '@quan-so/contract';
import { until } from '@quan-so/testing';
import kafkajs, { Kafka, logLevel, type Admin } from 'kafkajs';
import { quietWhenIdle } from '../kafka-idle.js';

/** The open broker that the run on real parts gives to the tests of the parts. */
export const brokers = [process.env['QUANSO_REAL_KAFKA'] ?? ''];

export function kafkaOf(clientId: string): Kafka {
  quietWhenIdle();
  return new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING });
}

/**
 * As who deploys makes them: services create no topic. They are there once the broker names a leader for each; kafkajs's own
 * wait fails at once when the broker has not heard yet of what its controller made.
 */
export async function createTopics(admin: Admin, names: readonly string[]): Promise<void> {
  const topics = names.map((topic) => ({ topic, numPartitions: SHARDS[topic.split('.')[0] as TopicKind] ?? 1, replicationFactor: 1 }));
  await admin.createTopics({ topics, waitForLeaders: false });
  await until(() => haveLeaders(admin, names));
}

async function haveLeaders(admin: Admin, names: readonly string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    return topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
  } catch (error) {
    if (error instanceof kafkajs.KafkaJSProtocolError && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    throw error;
  }
}
