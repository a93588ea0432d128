import { readFileSync } from 'node:fs';
import { logTo } from '@quan-so/observability';
import { BROKER_REFUSES, KafkaJsPort, PUT_BACK } from './kafka-client.js';
import { refusalOf } from './kafka-refusal.js';
import { type KafkaSettings } from './kafka-settings.js';
import { beginOf, keepEffects, openWorld, takingOf, tellerOf, type Service, type World } from './spec/world.js';

/** The broker of a cluster, as the run on real parts makes it for these two services: TLS, SCRAM, one writer per topic. */
const { brokers, passwords, caFile } = JSON.parse(process.env['QUANSO_REAL_KAFKA_SECURED'] ?? '{}') as {
  brokers: string;
  passwords: Record<string, string>;
  caFile: string;
};
const tlsCa = readFileSync(caFile, 'utf8');

function settingsOf(username: string, password = passwords[username] ?? ''): KafkaSettings {
  return { brokers: [brokers], sasl: { username, password }, tlsCa };
}

let world: World;
let writer: Service;
let reader: Service;
const lines: string[] = [];

beforeAll(async () => {
  logTo((line) => lines.push(line));
  world = await openWorld(['writer', 'reader']);
  [writer, reader] = await Promise.all([world.service('writer'), world.service('reader')]);
});
afterAll(async () => {
  await world.close();
  logTo();
});

/** Why one record could not be sent; `sent` when it could. */
async function attempt(settings: KafkaSettings, topic: string): Promise<string> {
  const port = new KafkaJsPort('forger', settings);
  try {
    await port.send([{ topic, partition: 0, records: [{ key: 'forged', value: '{}', headers: {}, at: Date.now() }] }]);
    return 'sent';
  } catch (error) {
    return refusalOf(error) ?? (error as Error).message;
  } finally {
    await port.close();
  }
}

/** The exit code of a process that may not do what it was put together for. */
async function codeOf(settings: KafkaSettings, group: string, topic: string): Promise<number> {
  let gone: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => (gone = resolve));
  const port = new KafkaJsPort('reader', settings, gone);
  await port.consume(group, [topic], async () => true, () => undefined);
  const ended = await code;
  await port.close();
  return ended;
}

describe('over a secured broker', () => {
  it('events go from their one writer to who may read them, and a forger is refused by the broker', async () => {
    const relay = tellerOf(writer, () => ({ kind: 'kafka', config: settingsOf('writer') }));
    const taking = takingOf(reader, 'writer', keepEffects, () => ({ kind: 'kafka', config: settingsOf('reader') }));
    await Promise.all([relay.start(), taking.start()]);
    await writer.tell(['a', 1], ['b', 1]);
    expect(await attempt(settingsOf('reader'), 'records.writer')).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(await attempt(settingsOf('writer', 'guessed'), 'records.writer')).toBe('SASL_AUTHENTICATION_FAILED');
    await writer.tell(['a', 2]);
    await relay.settled();
    await taking.settled();
    expect((await reader.effects()).sort()).toEqual(['a1', 'a2', 'b1']);
    expect(await reader.parked()).toEqual([]);
    await Promise.all([relay.stop(), taking.stop()]);
  });

  it('who may only write learns whether its database was put back, before it works', async () => {
    const begin = beginOf(writer, settingsOf('writer'));
    expect([await begin('another server'), await begin()]).toEqual(['compared', 'at once']);
    await writer.database.sql('put-back', 'DELETE FROM outbox');
    await writer.tell(['of another past', 1]);
    await writer.database.sql('of-before', `UPDATE outbox SET created_at = created_at - interval '1 day'`);
    expect([await begin('another server'), await begin()]).toEqual([PUT_BACK, PUT_BACK]);
    expect(await beginOf(reader, settingsOf('reader', 'guessed'))('another server')).toBe(BROKER_REFUSES);
  });

  it('nobody speaks without TLS, nor to a broker whose certificate somebody else signed', async () => {
    const { sasl } = settingsOf('writer');
    expect(await attempt({ brokers: [brokers] }, 'records.writer')).not.toBe('sent');
    // With `sasl` alone the connection is TLS too, and the system's authorities do not know this broker.
    expect(await attempt({ brokers: [brokers], ...(sasl === undefined ? {} : { sasl }) }, 'records.writer')).toMatch(/certificate/);
  });

  it.each([
    ['to read a topic', 'reader', 'audit.writer'],
    ['to join a group', 'writer', 'records.writer'],
    ['to a topic that nobody declared', 'reader', 'records.nobody'],
  ])('without the right %s the process ends with a code instead of waiting for ever', async (_, group, topic) => {
    expect(await codeOf(settingsOf('reader'), group, topic)).toBe(BROKER_REFUSES);
    const said = lines.filter((line) => line.includes('cannot go on with the broker')).at(-1) ?? '';
    expect((JSON.parse(said) as { reason: string }).reason).toMatch(/_AUTHORIZATION_FAILED|no right to it/);
  });

  it('a wrong password at the first join is no broker that is away', async () => {
    expect(await codeOf(settingsOf('reader', 'guessed'), 'reader', 'records.writer')).toBe(BROKER_REFUSES);
  });
});
