import { jest } from '@jest/globals';
import { type Sql } from '@quan-so/persistence';
import { KafkaJsPort } from './kafka-client.js';
import { KafkaTransport } from './kafka-transport.js';

const row = { id: '7', eventId: '01997e3c-8f00-7000-8000-000000000001', subject: 'a', type: 't', envelope: '{}', createdAt: new Date(0), traceparent: '' };
const transport = new KafkaTransport('teller', { brokers: ['127.0.0.1:1'], clientId: 'teller' });

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

describe('a send', () => {
  it('marks its rows when the broker has them', async () => expect(await told(true)).toEqual(['acknowledged', 'relay-mark']));
  it('the broker did not acknowledge marks nothing', async () => expect(await told(false)).toEqual(['refused']));
});
