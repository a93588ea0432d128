import { createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createClient, ProblemError, type Client } from '@quan-so/http';
import { operatorOperations } from '@quan-so/messaging';
import { logTo, METRICS, startTelemetry, type Telemetry } from '@quan-so/observability';
import { uuidv7 } from '@quan-so/persistence';
import { waitFor } from './spec/launch.js';
import { refused, WriteNote } from './spec/notes.js';
import { OperatorsGround } from './spec/operators-ground.js';

const topic = 'records.notes';
const because = 'to be counted';
const told = operatorOperations('notes');

let telemetry: Telemetry;
let ground: OperatorsGround;
let address: string;

beforeAll(async () => {
  logTo(() => undefined);
  const port = await freePort();
  Object.assign(process.env, { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1', OTEL_EXPORTER_PROMETHEUS_PORT: String(port) });
  address = `http://127.0.0.1:${port}/metrics`;
  telemetry = await startTelemetry({ service: 'test', version: '0', environment: 'local' });
  ground = await OperatorsGround.open();
}, 60_000);
afterAll(async () => {
  await ground?.close();
  await telemetry?.shutdown();
  refused.clear();
  logTo();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const collected = async (): Promise<string> => (await fetch(address)).text();
const teller = (role: string): Client => createClient({ base: `http://127.0.0.1:${ground.teller.port}`, retries: 0, token: ground.token(role) });

/** Value of the one series with these labels; undefined when there is none. */
function valueOf(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const [line] = text.split('\n').filter((one) => one.startsWith(`${name}{`) && wanted.every((label) => one.includes(label)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

/** One caller has as much in work as it may, bodies that do not come; answers how often one more was let in before that. */
async function crowd(role: string): Promise<number> {
  const headers = { authorization: `Bearer ${ground.token(role)}`, 'content-type': 'application/json', 'content-length': '9' };
  const open = Array.from({ length: 64 }, () => {
    const sent = request({ host: '127.0.0.1', port: ground.teller.port, path: WriteNote.path, method: 'POST', headers: { ...headers, 'idempotency-key': uuidv7() } });
    sent.on('error', () => undefined).flushHeaders();
    return sent;
  });
  let letIn = 0;
  const turnedAway = (): Promise<boolean> => teller(role).call(WriteNote, { body: { text: 'đông' }, idempotencyKey: uuidv7() }).then(() => ((letIn += 1), false), (error: unknown) => error instanceof ProblemError && error.problem.code === 'RATE_LIMITED');
  await waitFor(turnedAway);
  for (const sent of open) sent.destroy();
  return letIn;
}

/** Sends what was told since `from` once more; whoever hears it then finds that the reckonings before it never came. */
async function sendAgain(from: Date): Promise<void> {
  const past = new Date(from.getTime() - 3_600_000);
  await ground.taken.sql('test-reckoned', 'INSERT INTO reckoned_up_to (topic, up_to) VALUES ($1, $2)', [topic, past]);
  const operator = teller('operator');
  const plan = await operator.call(told.planReplay, { body: { topic, from: from.toISOString(), to: new Date().toISOString(), because }, idempotencyKey: uuidv7() });
  await operator.call(told.applyReplay, { params: { replayId: plan.body.replayId }, ifMatch: plan.body.version, body: { because }, idempotencyKey: uuidv7() });
  await waitFor(async () => (await operator.call(told.readReplay, { params: { replayId: plan.body.replayId } })).body.state === 'done');
  await ground.teller.settled();
  await ground.taker.settled();
}

describe('two services at work', () => {
  it('begin at 0 with what hardly ever happens, so that the first time is seen', async () => {
    const text = await collected();
    expect(valueOf(text, 'quanso_http_requests_total', { service: 'notes', operation: 'writeNote', kind: 'create', status: '5xx' })).toBe(0);
    expect(valueOf(text, 'quanso_reconcile_differences_total', { service: 'mirror', topic, kind: 'POSITIONS' })).toBe(0);
    expect(valueOf(text, 'quanso_events_heard_total', { service: 'mirror', topic, fate: 'HANDLER' })).toBe(0);
    expect(valueOf(text, 'quanso_http_shed_total', { service: 'mirror', reason: 'room' })).toBe(0);
    // An owner that was never heard is as old as we are.
    expect(valueOf(text, 'quanso_replica_age_seconds', { service: 'mirror' })).toBeGreaterThanOrEqual(0);
  });

  it('show every metric there is and none beside, with what happened', async () => {
    const from = new Date(Date.now() - 1);
    await ground.taken.sql('test-heard', `INSERT INTO replica_heard (source, generation, heard_at) VALUES ('catalog', 1, now() - interval '90 seconds')`);
    refused.add('hỏng');
    await ground.tell('k', 'tốt', 'hỏng', 'sau');
    const letIn = await crowd('writer');
    await sendAgain(from);
    await expect(teller('looker').call(WriteNote, { body: { text: 'x' }, idempotencyKey: uuidv7() })).rejects.toThrow();

    // What was read for the test before is kept for some seconds.
    await waitFor(async () => (valueOf(await collected(), 'quanso_replica_age_seconds', { service: 'mirror' }) ?? 0) >= 90);
    await waitFor(async () => valueOf(await collected(), 'quanso_http_requests_total', { operation: 'writeNote', status: 'gone' }) === 64);
    const text = await collected();
    const shown = [...text.matchAll(/^# TYPE (\S+)/gm)].flatMap(([, name = '']) => (name === 'target_info' ? [] : [name]));
    expect(shown.toSorted()).toEqual(Object.keys(METRICS).toSorted());

    const write = { service: 'notes', operation: 'writeNote', kind: 'create' };
    expect(valueOf(text, 'quanso_http_requests_total', { ...write, status: '2xx' })).toBe(letIn);
    expect(valueOf(text, 'quanso_http_requests_total', { ...write, status: '4xx' })).toBe(2);
    // Those whose body never came: no answer, no duration.
    expect(valueOf(text, 'quanso_http_requests_total', { ...write, status: 'gone' })).toBe(64);
    expect(valueOf(text, 'quanso_http_request_duration_seconds_count', write)).toBe(letIn + 2);
    expect(valueOf(text, 'quanso_http_shed_total', { service: 'notes', reason: 'quota' })).toBe(1);
    const heard = (fate: string): number | undefined => valueOf(text, 'quanso_events_heard_total', { service: 'mirror', topic, fate });
    expect([heard('HANDLER'), heard('BEHIND')]).toEqual([1, 1]);
    expect(valueOf(text, 'quanso_event_effect_seconds_count', { service: 'mirror', topic })).toBe(heard('taken'));
    expect(valueOf(text, 'quanso_parked', { service: 'mirror', reason: 'BEHIND' })).toBe(1);
    expect(valueOf(text, 'quanso_reconcile_differences_total', { service: 'mirror', topic, kind: 'RECKONING' })).toBe(1);
    expect(valueOf(text, 'quanso_gaps_open', { service: 'mirror' })).toBe(1);
    expect(valueOf(text, 'quanso_events_resent_total', { service: 'notes', topic })).toBe(letIn + 3);
    expect(valueOf(text, 'quanso_replica_age_seconds', { service: 'mirror' })).toBeGreaterThanOrEqual(90);
    expect(valueOf(text, 'quanso_migrations', { service: 'mirror', state: 'missing' })).toBe(0);
    for (const part of ['ready', 'database', 'messages']) expect(valueOf(text, 'quanso_health', { service: 'notes', part })).toBe(1);
    expect(valueOf(text, 'quanso_database_connections_max', { service: 'notes' })).toBe(10);
  });

  it('say nothing of anybody', async () => {
    expect(await collected()).not.toMatch(/writer|looker|H99|hỏng|127\.0\.0\.1/);
  });
});
