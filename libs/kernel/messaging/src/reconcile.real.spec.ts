import { brokers, createTopics, kafkaOf } from './spec/broker.js';
import { reconcileSuite } from './spec/reconcile.suite.js';

const admin = kafkaOf('test').admin();

beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

describe('over Kafka', () => {
  reconcileSuite(() => ({ kind: 'kafka', config: { brokers } }), {
    prepare: (topics) => createTopics(admin, topics),
    // Retention cuts the log while nobody reads: kafkajs goes on behind the cut with one line.
    drop: async (_teller, _taker, topic) => {
      const partitions = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => Number(high) > 0);
      await admin.deleteTopicRecords({ topic, partitions: partitions.map(({ partition, high }) => ({ partition, offset: high })) });
    },
    leavesHoles: true,
  });
});
