import { createServer, type AddressInfo, type Socket } from 'node:net';
import { logTo } from '@quan-so/observability';
import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { BROKER_REFUSES, KafkaJsPort } from './kafka-client.js';
import { brokers, createTopics, kafkaOf } from './spec/broker.js';
import { transportSuite } from './spec/transport.suite.js';
import { keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';

const kafka = kafkaOf('test');
const admin = kafka.admin();
const transport = () => ({ kind: 'kafka', config: { brokers } }) as const;

beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

describe('over Kafka', () => {
  transportSuite(transport, (topics) => createTopics(admin, topics));
});

describe('what a broker may do', () => {
  let world: World;
  let writer: Service;
  let reader: Service;
  const lines: string[] = [];

  beforeAll(async () => {
    logTo((line) => lines.push(line));
    await createTopics(admin, ['records.writer', 'audit.writer', 'records.reader', 'audit.reader']);
    world = await openWorld(['writer', 'reader']);
    [writer, reader] = await Promise.all([world.service('writer'), world.service('reader')]);
  });
  afterAll(async () => {
    await world.close();
    logTo();
  });

  it('sounds the alarm when events are gone before they were taken', async () => {
    const relay = tellerOf(writer, transport);
    const before = takingOf(reader, 'writer', keepEffects, transport);
    await Promise.all([relay.start(), before.start()]);
    await writer.tell(['a', 1]);
    await relay.settled();
    await before.settled();
    await before.stop();
    await writer.tell(['a', 2], ['a', 3], ['a', 4]);
    await relay.settled();
    // Retention cuts the log while nobody reads: kafkajs jumps to its new beginning with one line.
    const partitions = await admin.fetchTopicOffsets('records.writer');
    const cut = partitions.filter(({ high }) => Number(high) > 0).map(({ partition, high }) => ({ partition, offset: String(Number(high) - 1) }));
    await admin.deleteTopicRecords({ topic: 'records.writer', partitions: cut });
    const after = takingOf(reader, 'writer', keepEffects, transport);
    await after.start();
    await after.settled();
    expect(await reader.effects()).toEqual(['a1', 'a4']);
    expect(await after.state()).toMatchObject({ missing: 2 });
    expect(lines.some((line) => line.includes('"level":"error"') && line.includes('events were gone'))).toBe(true);
    await after.stop();
    await relay.stop();
  });

  it('parks what is no event at all, and goes on', async () => {
    const taking = takingOf(reader, 'writer', keepEffects, transport);
    const relay = tellerOf(writer, transport);
    await Promise.all([taking.start(), relay.start()]);
    const producer = kafka.producer();
    await producer.connect();
    const garbage = ['{', '', '[]', '{"id":"x"}', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'nửa \u0000 chữ \ud800'];
    await producer.send({ topic: 'records.writer', acks: -1, messages: garbage.map((value, n) => ({ key: `g${n}`, value, partition: n % 4 })) });
    await producer.disconnect();
    await writer.tell(['b', 1]);
    await relay.settled();
    await taking.settled();
    expect((await reader.effects()).slice(-1)).toEqual(['b1']);
    const parked = await reader.database.sql<{ key: string; reason: string }>('test-garbage', `SELECT key, reason FROM parked WHERE key LIKE 'g%' ORDER BY key`);
    expect(parked).toEqual(garbage.map((_, n) => ({ key: `g${n}`, reason: 'CONTRACT' })));
    await Promise.all([taking.stop(), relay.stop()]);
  });

  it('ends the process with 70 when the consumer is gone for good', async () => {
    const stranger = kafka.consumer({ groupId: 'gone', partitionAssigners: [otherAssigner], maxWaitTimeInMs: 100 });
    await stranger.connect();
    await stranger.subscribe({ topics: ['records.writer'] });
    await stranger.run({ eachBatch: async () => undefined });
    await new Promise((resolve) => stranger.on(stranger.events.FETCH, resolve));
    let gone: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => (gone = resolve));
    const port = new KafkaJsPort('reader', { brokers }, gone);
    // Members that cannot agree how to share: an error that no repetition mends.
    await port.consume('gone', ['records.writer'], async () => true, () => undefined);
    expect(await code).toBe(70);
    await port.close();
    await stranger.disconnect();
  });

  it('makes no topic: one that nobody deployed is an error, for who sends and for who reads', async () => {
    let gone: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => (gone = resolve));
    const port = new KafkaJsPort('reader', { brokers }, gone);
    await expect(port.send([{ topic: 'records.nobody', partition: 0, records: [{ key: 'k', value: '{}', headers: {}, at: 0 }] }])).rejects.toThrow();
    await port.consume('nobody', ['records.nobody'], async () => true, () => undefined);
    expect(await code).toBe(BROKER_REFUSES);
    await port.close();
    expect(await admin.listTopics()).not.toContain('records.nobody');
  });

  it('takes a broker that accepts and answers nothing for one that is away: both ways show that they live', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const port = new KafkaJsPort('reader', { brokers: [`127.0.0.1:${(silent.address() as AddressInfo).port}`] }, () => undefined);
    let lives = 0;
    await port.consume('reader', ['records.writer'], async () => true, () => (lives += 1));
    await expect(port.send([{ topic: 'records.writer', partition: 0, records: [{ key: 'k', value: '{}', headers: {}, at: 0 }] }])).rejects.toThrow();
    expect(lives).toBeGreaterThan(1);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await port.close();
  });

  it('answers a lost broker with waiting: the outbox is the buffer', async () => {
    const away = tellerOf(writer, () => ({ kind: 'kafka', config: { brokers: ['127.0.0.1:1'] } }));
    await away.start();
    await writer.tell(['c', 1]);
    expect(await away.state()).toMatchObject({ unsent: 1 });
    await away.stop();
    const relay = tellerOf(writer, transport);
    await relay.start();
    await relay.settled();
    expect(await relay.state()).toMatchObject({ unsent: 0, oldestUnsentMs: 0 });
    await relay.stop();
  });
});

/** Shares nothing out, under a name that nobody else has. */
const otherAssigner: PartitionAssigner = () => ({
  name: 'Other',
  version: 0,
  assign: async ({ members }) =>
    members.map(({ memberId }) => ({ memberId, memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({ version: 0, assignment: {}, userData: Buffer.alloc(0) }) })),
  protocol: ({ topics }) => ({ name: 'Other', metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }) }),
});
