import { Socket } from 'node:net';
import { once } from 'node:events';
import { Controller, Module } from '@nestjs/common';
import { z } from 'zod';
import { configureGrants, createVerifier, type TokenVerifier } from '@quan-so/auth';
import { defineOperation, definePermission, defineProblem, Refusal, type Answer, type Call, type Page } from '@quan-so/contract';
import { setOnRequestSpan } from '@quan-so/observability';
import { startTestIssuer, type TestIssuer } from '@quan-so/testing';
import { createHttpApp, Handles, type HttpApp, type HttpOptions } from '../index.js';

/* A service without a database, to look at its door: what a handler was given, it answers. */

const BASE = '/api/sample/v1';
const WRITE = definePermission('item.write', { vi: 'Ghi mục', en: 'Write items' });
const READ = definePermission('item.read', { vi: 'Xem mục', en: 'Read items' });

export const ITEM_CLOSED = defineProblem('ITEM_CLOSED', 409, {
  title: { vi: 'Mục đã đóng', en: 'The item is closed' },
  remedy: { vi: 'Mở lại trước.', en: 'Open it first.' },
});
const NEVER_SAID = defineProblem('NEVER_SAID', 409, { title: { vi: 'Không khai báo', en: 'Not declared' }, remedy: { vi: 'v', en: 'e' } });
const BUSY = defineProblem('DOOR_BUSY', 503, { title: { vi: 'Bận', en: 'Busy' }, remedy: { vi: 'v', en: 'e' }, retryable: true });

const item = z.object({ id: z.uuid(), version: z.int(), name: z.string() });
const params = z.strictObject({ id: z.uuid().meta({ description: 'Định danh. / Identifier.', examples: ['01997e3c-8f00-7000-8000-000000000001'] }) });

export const CreateItem = defineOperation({
  id: 'createItem',
  service: 'sample',
  path: `${BASE}/items`,
  kind: 'create',
  summary: { vi: 'Tạo', en: 'Create' },
  access: { permission: WRITE },
  body: z.strictObject({
    name: z.string().min(1).max(200),
    fee: z.int().min(0).max(1_000_000_000).optional(),
    born: z.iso.date().optional(),
    at: z.iso.datetime({ offset: true }).optional(),
    urgent: z.boolean().optional(),
    kind: z.enum(['NEW', 'OLD']).optional(),
    tags: z.array(z.string().max(20)).max(3).optional(),
    owner: z.strictObject({ name: z.string().max(50) }).optional(),
  }),
  answer: item,
});

export const ReadItem = defineOperation({
  id: 'readItem',
  service: 'sample',
  path: `${BASE}/items/:id`,
  kind: 'read',
  summary: { vi: 'Xem', en: 'Read' },
  access: { permission: READ },
  personal: true,
  params,
  answer: item,
});

export const ListItems = defineOperation({
  id: 'listItems',
  service: 'sample',
  path: `${BASE}/items`,
  kind: 'list',
  summary: { vi: 'Danh sách', en: 'List' },
  access: { permission: READ },
  query: z.strictObject({
    status: z.array(z.enum(['open', 'closed'])).max(5).optional().meta({ description: 'Trạng thái. / Status.', examples: [['open']] }),
    q: z.string().min(1).max(20).optional().meta({ description: 'Chữ. / Words.', examples: ['an'] }),
    from: z.int().min(0).max(100).optional().meta({ description: 'Từ. / From.', examples: [1] }),
    mine: z.boolean().optional().meta({ description: 'Của tôi. / Mine.', examples: [true] }),
  }),
  answer: z.object({ n: z.int(), got: z.string() }),
});

export const ChangeItem = defineOperation({
  id: 'changeItem',
  service: 'sample',
  path: `${BASE}/items/:id/change`,
  kind: 'command',
  summary: { vi: 'Sửa', en: 'Change' },
  access: { permission: WRITE },
  params,
  body: z.strictObject({ name: z.string().max(200) }),
  answer: item,
  problems: [ITEM_CLOSED, BUSY],
});

export const Ask = defineOperation({
  id: 'ask',
  service: 'sample',
  path: `${BASE}/questions`,
  kind: 'question',
  summary: { vi: 'Hỏi', en: 'Ask' },
  access: { public: 'câu hỏi thử / a question of the test' },
  body: z.strictObject({ how: z.enum(['well', 'boom', 'undeclared-field', 'undeclared-problem', 'wait']) }),
  answer: z.object({ said: z.string() }),
});

export const sampleOperations = [CreateItem, ReadItem, ListItems, ChangeItem, Ask];

/** What handlers were given, and what holds `wait` back. */
export const seen: { calls: Call[]; release: () => void; waiting: Promise<void> | undefined } = { calls: [], release: () => undefined, waiting: undefined };

export const ID = '01997e3c-8f00-7000-8000-000000000001';

@Controller()
export class SampleController {
  @Handles(CreateItem) create(call: Call<typeof CreateItem>): Answer<unknown> {
    seen.calls.push(call as Call);
    return { body: { id: ID, version: 1, name: call.body.name }, version: 1, location: `${BASE}/items/${ID}`, replayed: call.body.name === 'again' };
  }
  @Handles(ReadItem) read(call: Call<typeof ReadItem>): Answer<unknown> {
    seen.calls.push(call as Call);
    return { body: { id: call.params.id, version: 7, name: 'Nguyễn Văn An' }, version: 7 };
  }
  @Handles(ListItems) list(call: Call<typeof ListItems>): Answer<Page<unknown>> {
    seen.calls.push(call as Call);
    const first = Number(call.query.after?.[0] ?? 0);
    const items = Array.from({ length: Math.max(0, Math.min(call.query.limit, 5 - first)) }, (_, i) => ({ n: first + i + 1, got: JSON.stringify(call.query) }));
    const last = first + items.length;
    return { body: { items, ...(last < 5 ? { after: [last] } : {}), asOf: '2026-11-25T09:00:00.000+07:00' } };
  }
  @Handles(ChangeItem) change(call: Call<typeof ChangeItem>): Answer<unknown> {
    seen.calls.push(call as Call);
    setOnRequestSpan({ 'quanso.unit': 'H99.05' });
    if (call.body.name === 'closed') throw new Refusal(ITEM_CLOSED, { detail: { vi: 'đóng hôm qua', en: 'closed yesterday' }, extra: { status: 'no', possible: ['open'] } });
    if (call.body.name === 'busy' && seen.calls.length < 3) throw new Refusal(BUSY);
    return { body: { id: call.params.id, version: (call.ifMatch ?? 0) + 1, name: call.body.name }, version: (call.ifMatch ?? 0) + 1 };
  }
  @Handles(Ask) async ask(call: Call<typeof Ask>): Promise<Answer<unknown>> {
    seen.calls.push(call as Call);
    if (call.body.how === 'boom') throw new TypeError('secret of the inside: SELECT * FROM people');
    if (call.body.how === 'undeclared-field') return { body: { said: 'x', extra: 1 } };
    if (call.body.how === 'undeclared-problem') throw new Refusal(NEVER_SAID);
    if (call.body.how === 'wait') await seen.waiting;
    return { body: { said: call.body.how } };
  }
}

@Module({ controllers: [SampleController] })
export class SampleModule {}

export interface Sample {
  readonly app: HttpApp;
  readonly base: string;
  readonly port: number;
  /** Access token of a person with one role in the district. */
  token(role: 'clerk' | 'reader' | 'nobody', username?: string): string;
  /** What comes back when these bytes are written to a connection of their own. */
  raw(...parts: (string | Buffer)[]): Promise<string>;
  stop(): Promise<void>;
}

let shared: { issuer: TestIssuer; verifier: TokenVerifier } | undefined;

export async function startSample(overrides: Partial<HttpOptions> = {}): Promise<Sample> {
  configureGrants({ clerk: [WRITE, READ].map(({ action }) => ({ action, scope: 'authority' })), reader: [{ action: READ.action, scope: 'authority' }] }, { clerk: 'person', reader: 'person' });
  shared ??= await startShared();
  const { issuer, verifier } = shared;
  const app = await createHttpApp({
    service: 'sample',
    title: { vi: 'Mẫu', en: 'Sample' },
    version: '1.0.0',
    module: SampleModule,
    operations: sampleOperations,
    verifier,
    cursorKey: Buffer.alloc(32, 7).toString('base64'),
    checkAnswers: true,
    health: async () => ({ ready: true, parts: {} }),
    issuer: issuer.issuer,
    ...overrides,
  });
  const port = await app.listen('127.0.0.1', 0);
  return {
    app,
    port,
    base: `http://127.0.0.1:${port}`,
    token: (role, username = role) => issuer.token({ username, positions: [`${role}@H99.05`] }),
    raw: (...parts) => exchange(port, parts),
    stop: () => app.close(),
  };
}

async function startShared(): Promise<{ issuer: TestIssuer; verifier: TokenVerifier }> {
  const issuer = await startTestIssuer();
  return { issuer, verifier: createVerifier({ issuer: issuer.issuer, audience: 'quan-so-api' }) };
}

/** Ends what all samples of a file share. */
export async function stopShared(): Promise<void> {
  await shared?.verifier.close();
  await shared?.issuer.stop();
  shared = undefined;
}

async function exchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = new Socket();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  // An answer that leaves the connection open ends here; what it said is what counts.
  const idle = setTimeout(() => socket.destroy(), 3_000);
  await once(socket, 'close');
  clearTimeout(idle);
  return Buffer.concat(chunks).toString('utf8');
}
