import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { RecordChanged, ReadRecord } from '@quan-so/contracts-data';
import { until } from '@quan-so/testing';
import { data, key, WarehouseGround } from './spec/ground.js';

const PROGRAM = resolve(import.meta.dirname, '..', '..', '..', '..', 'tools', 'quanso', 'quanso.js');
const dataset = 'dossiers';
const name = 'Nguyễn Văn An';

let ground: WarehouseGround;
beforeAll(async () => {
  ground = await WarehouseGround.open();
});
afterAll(() => ground?.close());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command as an operator types it, elsewhere than on the platform's machine. */
function quanso(position: `${string}@${string}`, ...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', QUANSO_TOKEN: ground.token(position, false) };
  return new Promise((done) => {
    execFile(process.execPath, [PROGRAM, '--base', ground.base, ...args], { env }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }));
  });
}
const operator = (...args: string[]): Promise<Ended> => quanso('it-admin@H99.05', ...args);

const tell = (n: number, version: number): Promise<void> => ground.owner.work.internal('dossier.receive', async (tx) => tx.emit(RecordChanged, key(n), data({ n, version, title: name })));
const parked = async (): Promise<number> => (await ground.written.sql<{ n: number }>('test-parked', 'SELECT count(*)::int AS n FROM parked'))[0]?.n ?? 0;

it('an operator meets poison: sees it, plans, mends the cause, runs the plan, and nothing is lost or doubled', async () => {
  expect(await operator('lag')).toEqual({ code: 0, out: '✓ warehouse: đã gửi hết; đã đọc hết những gì đã đến; đỗ 0; hụt 0\n', err: '' });
  // A table that is not as the version expects it: no event's fault, and nothing that passes by itself.
  await ground.migrator.sql('test-break', 'ALTER TABLE record_history RENAME TO record_history_moved');
  for (const version of [1, 2, 3]) await tell(1, version);
  await tell(2, 1);
  await until(async () => (await parked()) === 4);

  const lag = await operator('lag', '--lang', 'en');
  expect([lag.code, lag.out]).toEqual([3, expect.stringContaining('! warehouse: all is sent; all that came is read; 4 parked (HANDLER 2, BEHIND 2); 0 gaps')]);
  const list = await operator('parked', 'list');
  expect(list.out).toContain(`warehouse  records.dossiers  ${key(1)}\n  HANDLER 42P01`);
  expect(list.out).toMatch(/đã thử 1 lần, 2 đứng sau/);
  expect(list.out).not.toContain(name);
  expect(await quanso('desk-clerk@H99.05.01', 'parked', 'list')).toMatchObject({ code: 5, err: expect.stringContaining('message.read') as string });

  const plan = await operator('parked', 'plan', '--service', 'warehouse', '--reason', 'HANDLER', '--because', 'bảng bị đổi tên', '--json');
  const { replayId, ...planned } = JSON.parse(plan.out) as { replayId: string; messages: number; keys: number };
  expect([plan.code, planned]).toMatchObject([0, { state: 'planned', messages: 4, keys: 2, processed: 0, cap: 1_000 }]);
  // Not mended yet: it fails again and stays where it is, in its order.
  const early = await operator('parked', 'apply', `warehouse/${replayId}@1`, '--because', 'thử', '--wait');
  expect([early.code, early.out, await parked()]).toEqual([3, expect.stringContaining('xong 0, hỏng lại 2'), 4]);
  expect(await operator('parked', 'apply', `warehouse/${replayId}@1`, '--because', 'thử')).toMatchObject({ code: 6, err: expect.stringContaining('VERSION_MISMATCH') as string });

  await ground.migrator.sql('test-mend', 'ALTER TABLE record_history_moved RENAME TO record_history');
  const again = await operator('parked', 'plan', '--service', 'warehouse', '--reason', 'HANDLER', '--because', 'đã đổi lại tên bảng');
  const handle = /warehouse\/[0-9a-f-]{36}@1/.exec(again.out)?.[0] ?? '';
  const run = await operator('parked', 'apply', handle, '--because', 'đã đổi lại tên bảng', '--wait');
  expect([run.code, run.out]).toEqual([0, expect.stringContaining('xong 4, hỏng lại 0')]);
  expect(await parked()).toBe(0);

  const read = await ground.as('partner-system@H99.05', true).call(ReadRecord, { params: { dataset, key: key(1) }, purpose: 'STATISTICS' });
  expect(read.body.record).toMatchObject({ version: 3, title: name });
  const history = await ground.written.sql('test-history', 'SELECT key, version FROM record_history ORDER BY key, version');
  expect(history).toEqual([[1, 1], [1, 2], [1, 3], [2, 1]].map(([n = 0, version]) => ({ key: key(n), version })));
  expect((await operator('lag')).code).toBe(0);
  expect((await operator('parked', 'replays', '--json')).out).toContain(handle.slice(10, 46));
  expect(await operator('reconcile', 'plan', '--because', 'xem')).toEqual({ code: 0, out: 'Không có chỗ hụt nào.\n', err: '' });
});

it('the command says what it could not do, by sentence and exit code', async () => {
  expect(await operator('parked', 'plan', '--service', 'nowhere', '--reason', 'HANDLER', '--because', 'x y z')).toMatchObject({ code: 2, err: expect.stringContaining('có: warehouse') as string });
  expect(await operator('parked', 'plan', '--service', 'warehouse', '--reason', 'HANDLER', '--because', 'x y z')).toMatchObject({ code: 1, err: expect.stringContaining('REPLAY_NOTHING_FOUND') as string });
  expect(await operator('parked', 'drop')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('npm run quanso') as string });
  expect(await operator('lag', '--base', 'http://127.0.0.1:1')).toMatchObject({ code: 4, err: expect.stringContaining('http://127.0.0.1:1') as string });
});
