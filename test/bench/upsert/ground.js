/** The one broker of both sides, secured as in production: TLS, a user for each who reads or writes, rights by topic and group. */
import { TOPIC } from './house.js';
import { USER as BENCH } from './log.js';
import { FLAT_TOPIC, GROUP_PREFIX, SINK } from './sink.js';

const PARTITIONS = 4;

/** @returns {{ users: string[], topics: import('../../../tools/real/kafka.js').Topic[], acls: import('../../../tools/real/kafka.js').Acl[] }} */
export function topology() {
  const topics = [TOPIC, FLAT_TOPIC];
  return {
    users: ['warehouse', SINK, BENCH],
    topics: [...topics, 'audit.warehouse'].map((name) => ({ name, partitions: PARTITIONS })),
    acls: [
      { user: 'warehouse', operation: 'Read', on: 'topic', name: TOPIC },
      { user: 'warehouse', operation: 'Write', on: 'topic', name: 'audit.warehouse' },
      { user: 'warehouse', operation: 'Read', on: 'group', name: 'warehouse', prefixed: true },
      { user: SINK, operation: 'Read', on: 'topic', name: FLAT_TOPIC },
      { user: SINK, operation: 'Read', on: 'group', name: GROUP_PREFIX, prefixed: true },
      ...topics.map((name) => /** @type {const} */ ({ user: BENCH, operation: 'Write', on: 'topic', name })),
      // To see how far the groups are.
      ...['warehouse', GROUP_PREFIX].map((name) => /** @type {const} */ ({ user: BENCH, operation: 'Describe', on: 'group', name, prefixed: true })),
    ],
  };
}
