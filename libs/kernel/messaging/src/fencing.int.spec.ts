import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { logTo } from '@quan-so/observability';
import { startTestDatabases, until, type TestDatabases } from '@quan-so/testing';
import { LocalTransport } from './local.js';
import { LocalBroker, type Messaging } from './index.js';
import { Progress } from './progress.js';
import { Relay } from './relay.js';
import { Changed, openWorldOn, tellerOf, type Service, type World } from './spec/world.js';
import { type Transport } from './transport.js';

/** A process of the service as it is deployed (built): its relay sends what is told in its database. */
const PROCESS = `const { Database, Work } = await import('@quan-so/persistence');
const { createMessaging, LocalBroker } = await import('@quan-so/messaging');
const database = await Database.open({ service: 'zombie', url: process.argv[1] });
const definition = { publishes: [], consumes: [] };
const messaging = createMessaging({ service: 'zombie', database, work: new Work(database), definition, handlers: [], transport: { kind: 'local', broker: new LocalBroker() } });
await messaging.start();
setInterval(async () => console.log((await messaging.state().catch(() => ({ owned: -1 }))).owned), 100);`;

const SHARDS_OF_AUDIT = 4;
let databases: TestDatabases;
let world: World;
let teller: Service;
let child: ChildProcess | undefined;
const broker = new LocalBroker();
const transport = () => ({ kind: 'local', broker }) as const;

beforeAll(async () => {
  logTo(() => undefined);
  databases = await startTestDatabases(['zombie']);
  world = openWorldOn(databases);
  teller = await world.service('zombie');
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await broker.close();
  await world.close();
  logTo();
});

/** Every number of every shard once, without a gap. */
async function expectGapless(count: number): Promise<void> {
  const rows = await teller.database.sql<{ shard: number; position: string | null }>('test-numbered', `SELECT shard, position FROM outbox WHERE kind = 'records' ORDER BY position`);
  expect(rows).toHaveLength(count);
  for (const shard of new Set(rows.map((row) => row.shard))) {
    const positions = rows.filter((row) => row.shard === shard).map(({ position }) => Number(position));
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  }
}

describe('an owner that lost its shards without knowing', () => {
  it('sends no number twice when it wakes in the middle of a send', async () => {
    let wake: () => void = () => undefined;
    let asleep: () => void = () => undefined;
    const [slept, woken] = [new Promise<void>((resolve) => (asleep = resolve)), new Promise<void>((resolve) => (wake = resolve))];
    const inner = new LocalTransport(broker, teller.database, []);
    const sleepy = {
      name: 'local',
      send: async (...given: Parameters<Transport['send']>) => {
        asleep();
        await woken;
        await inner.send(...given);
      },
    } as unknown as Transport;
    const old = new Relay({ service: 'zombie', database: teller.database, publishes: [Changed], transport: sleepy, progress: new Progress() });
    await teller.tell(['a', 1], ['a', 2]);
    old.start();
    await slept;
    // It does not come back by itself: it is asleep.
    const stopped = old.stop();
    // Its session ends, as a server does with one that is silent; another process takes over and sends.
    await teller.database.sql('test-cut', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zombie-own'`);
    const next = tellerOf(teller, transport);
    await next.start();
    await next.settled();
    await expectGapless(2);
    wake();
    await teller.tell(['a', 3]);
    await next.settled();
    await expectGapless(3);
    await stopped;
    await next.stop();
  });

  it('gives them up when its process is stopped, and takes its place again when it goes on', async () => {
    child = spawn(process.execPath, ['--input-type=module', '-e', PROCESS, databases.of('zombie').url], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] });
    const stdout = child.stdout;
    if (stdout === null) throw new Error('no output');
    let owned = -1;
    stdout.on('data', (said: Buffer) => (owned = Number(said.toString().trim().split('\n').at(-1))));
    await until(() => owned === SHARDS_OF_AUDIT);
    child.kill('SIGSTOP');
    const other = tellerOf(teller, transport);
    await other.start();
    const mine = async (one: Messaging): Promise<number> => (await one.state()).owned;
    // Its connection stands; the server ends it for its silence.
    await until(async () => (await mine(other)) === 2 * SHARDS_OF_AUDIT);
    await teller.tell(['b', 1]);
    await other.settled();
    child.kill('SIGCONT');
    await until(() => owned === 0);
    await other.stop();
    await until(() => owned === SHARDS_OF_AUDIT);
    child.kill('SIGTERM');
    await once(child, 'exit');
    await expectGapless(4);
  }, 60_000);
});
