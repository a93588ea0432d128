import { LocalBroker } from './index.js';
import { reconcileSuite } from './spec/reconcile.suite.js';

describe('without a broker', () => {
  const broker = new LocalBroker();
  afterAll(() => broker.close());
  reconcileSuite(() => ({ kind: 'local', broker }), {
    prepare: async () => undefined,
    // A place that moved on without its events: nothing shows it but the count.
    drop: async (teller, taker, topic) => {
      const ends = await teller.database.sql<{ shard: number; position: string }>('test-ends', 'SELECT shard, position FROM relay_position WHERE topic = $1', [topic]);
      for (const { shard, position } of ends) {
        const text = `INSERT INTO consumer_position (transport, topic, shard, position, moved_at) VALUES ('local', $1, $2, $3, now())
          ON CONFLICT (transport, topic, shard) DO UPDATE SET position = excluded.position`;
        await taker.database.sql('test-skip', text, [topic, shard, position]);
      }
    },
    leavesHoles: false,
  });
});
