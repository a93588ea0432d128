import { jest } from '@jest/globals';
import { Kafka, type Consumer, type Producer } from 'kafkajs';
import { type Sql } from '@quan-so/persistence';
import { KafkaJsPort } from './kafka-client.js';
import { KafkaTransport } from './kafka-transport.js';
import { type Meeting } from './restored.js';

const row = { id: '7', eventId: '01997e3c-8f00-7000-8000-000000000001', subject: 'a', type: 't', envelope: '{}', createdAt: new Date(0), traceparent: '' };
const transport = new KafkaTransport({ service: 'teller' } as Meeting, { brokers: ['127.0.0.1:1'], clientId: 'teller' });

/** What happens, in order, when the broker answers so. */
async function told(acknowledged: boolean): Promise<string[]> {
  const steps: string[] = [];
  const send = jest.spyOn(KafkaJsPort.prototype, 'send').mockImplementation(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    steps.push(acknowledged ? 'acknowledged' : 'refused');
    if (!acknowledged) throw new Error('no ack');
  });
  const lock: Sql = async (name) => (steps.push(name), []);
  await transport.send(lock, [{ topic: 'records.teller', shard: 0, rows: [row] }]).catch(() => undefined);
  send.mockRestore();
  return steps;
}

/** Whether the send of two partitions resolves when kafkajs says that these were acknowledged. */
async function sentTo(...acknowledged: readonly number[]): Promise<string> {
  const acks = acknowledged.map((partition) => ({ topicName: 'records.teller', partition, errorCode: 0 }));
  const fake = { connect: async () => undefined, sendBatch: async () => acks } as unknown as Producer;
  const producer = jest.spyOn(Kafka.prototype, 'producer').mockReturnValue(fake);
  const port = new KafkaJsPort('teller', { brokers: ['127.0.0.1:1'], clientId: 'teller' });
  producer.mockRestore();
  const records = [{ key: 'a', value: '{}', headers: {}, at: 0 }];
  return port.send([0, 1].map((partition) => ({ topic: 'records.teller', partition, records }))).then(() => 'sent', (error: Error) => error.message);
}

/** The places it says are ours when the group has shared them out so. */
async function ours(memberAssignment: Record<string, number[]>): Promise<readonly string[][]> {
  const joined: ((event: unknown) => void)[] = [];
  const on = (event: string, listener: (event: unknown) => void): void => void (event === 'consumer.group_join' && joined.push(listener));
  const events = { GROUP_JOIN: 'consumer.group_join' };
  const fake = { events, on, connect: () => new Promise(() => undefined), disconnect: async () => undefined } as unknown as Consumer;
  const consumer = jest.spyOn(Kafka.prototype, 'consumer').mockReturnValue(fake);
  const told: string[][] = [];
  const port = new KafkaJsPort('taker', { brokers: ['127.0.0.1:1'], clientId: 'taker' });
  await port.consume('taker', ['records.teller'], async () => true, () => undefined, undefined, (places) => told.push([...places]));
  consumer.mockRestore();
  for (const listener of joined) listener({ payload: { memberAssignment } });
  return told;
}

describe('a group that shares out anew', () => {
  it('says which partitions are ours, none included', async () => {
    expect(await ours({ 'records.teller': [0, 3], 'missing.taker': [0] })).toEqual([['records.teller/0', 'records.teller/3', 'missing.taker/0']]);
    expect(await ours({})).toEqual([[]]);
  });
});

describe('a send to several partitions', () => {
  it('is one when each of them has acknowledged', async () => expect(await sentTo(0, 1)).toBe('sent'));
  // A leader that moved to a broker which had answered already: kafkajs resolves without having sent.
  it('is none when one of them is silent', async () => expect(await sentTo(1)).toBe('not acknowledged: records.teller/0'));
});

describe('a send', () => {
  it('marks its rows when the broker has them', async () => expect(await told(true)).toEqual(['acknowledged', 'relay-mark']));
  it('the broker did not acknowledge marks nothing', async () => expect(await told(false)).toEqual(['refused']));
});
