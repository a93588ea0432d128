import { read } from './arguments.js';
import { run } from './commands.js';
import { EXIT, Failure } from './failure.js';
import { duration, gapLine, needsAttention, parkedLines, replayLines, stateLine } from './words.js';

const ID = '01997e3c-8f00-7000-8000-000000000001';

describe('what was typed', () => {
  it.each([
    [['lag'], 'lag', {}],
    [['parked', 'list', '--topic', 'records.x', '--reason=HANDLER', '--json'], 'parked list', { topic: 'records.x', reason: 'HANDLER', json: true }],
    [['parked', 'plan', '--service', 'warehouse', '--event', ID, '--because', 'đã sửa = xong', '--per-second', '5', '--lang', 'en'], 'parked plan', { service: 'warehouse', event: ID, because: 'đã sửa = xong', perSecond: 5, lang: 'en' }],
    [['--base', 'http://x', 'reconcile', 'apply', '--because', 'b'], 'reconcile apply', { base: 'http://x', because: 'b' }],
  ])('%j', (argv, command, options) => expect(read(argv)).toMatchObject({ command, options: { lang: 'vi', ...options } }));

  it('names a plan by service, id and version', () => {
    expect(read(['parked', 'apply', `warehouse/${ID}@3`, '--because', 'b', '--wait'])).toMatchObject({ handle: { service: 'warehouse', replayId: ID, version: 3 }, options: { wait: true } });
  });

  it.each([
    [[]],
    [['parked']],
    [['parked', 'drop']],
    [['toString']],
    [['lag', 'now']],
    [['lag', '--because', 'b']],
    [['parked', 'plan', '--service', 'warehouse', '--event', ID]],
    [['parked', 'apply', '--because', 'b']],
    [['parked', 'apply', ID, '--because', 'b']],
    [['parked', 'apply', `warehouse/${ID}@0`, '--because', 'b']],
    [['parked', 'apply', `../x/${ID}@1`, '--because', 'b']],
    [['parked', 'list', '--topic']],
    [['lag', '--lang', 'fr']],
    [['lag', '--service', '../x']],
    [['parked', 'plan', '--service', 'x', '--because', 'b', '--per-second', '0']],
  ])('not %j', (argv) => {
    let thrown;
    try {
      read(argv);
    } catch (error) {
      thrown = error;
    }
    expect([thrown instanceof Failure, thrown?.code, thrown?.vi === '']).toEqual([true, EXIT.usage, false]);
  });
});

describe('what is printed', () => {
  const calm = { unsent: 0, oldestUnsentSeconds: 0, oldestUnreadSeconds: 0, parked: { CONTRACT: 0, HANDLER: 0, BEHIND: 0, since: null }, gaps: 0, replicaSeconds: null };
  const replay = { replayId: ID, version: 2, state: 'planned', messages: 3, keys: 1, oldest: null, processed: 0, left: 0, cap: 1000, perSecond: 50, done: 0, failed: 0, because: 'b', by: 'it-admin' };

  it.each([[0, '0 giây', '0 s'], [40, '40 giây', '40 s'], [60, '1 phút', '1 min'], [7_199, '1 giờ', '1 h'], [200_000, '2 ngày', '2 d']])('%d seconds', (seconds, vi, en) => {
    expect([duration(seconds, 'vi'), duration(seconds, 'en')]).toEqual([vi, en]);
  });
  it.each([
    [{}, false],
    [{ oldestUnreadSeconds: 60 }, false],
    [{ oldestUnreadSeconds: 61 }, true],
    [{ oldestUnsentSeconds: 61 }, true],
    [{ gaps: 1 }, true],
    [{ parked: { CONTRACT: 0, HANDLER: 1, BEHIND: 0, since: 'x' } }, true],
  ])('calls for somebody: %j', (change, expected) => expect(needsAttention({ ...calm, ...change })).toBe(expected));

  it('lag is a waiting time', () => {
    expect(stateLine('warehouse', calm, 'vi')).toBe('✓ warehouse: đã gửi hết; đã đọc hết những gì đã đến; đỗ 0; hụt 0');
    const busy = { ...calm, unsent: 2, oldestUnsentSeconds: 5, oldestUnreadSeconds: 40, parked: { CONTRACT: 0, HANDLER: 1, BEHIND: 3, STALE: 1, since: 'x' }, replicaSeconds: 31 };
    expect(stateLine('warehouse', busy, 'en')).toBe('! warehouse: 2 unsent, the oldest is 5 s old; the oldest unread is 40 s old; 5 parked (HANDLER 1, BEHIND 3, STALE 1); 0 gaps; replicas are 31 s old');
  });
  it('a parked message says where and why', () => {
    const message = { eventId: ID, topic: 'records.x', key: 'k', reason: 'HANDLER', error: 'TypeError', faults: null, places: ['take (a.ts:1:2)', 'b'], tries: 2, since: 't', behind: 4 };
    expect(parkedLines('warehouse', message, 'vi')).toEqual(['warehouse  records.x  k', '  HANDLER TypeError; từ t, đã thử 2 lần, 4 đứng sau', `  sự kiện ${ID}`, '  take (a.ts:1:2)']);
  });
  it('a plan says how to run it, a run does not', () => {
    expect(replayLines('warehouse', replay, 'vi').at(-1)).toBe(`  chạy: npm run quanso -- parked apply warehouse/${ID}@2 --because "…"`);
    expect(replayLines('warehouse', { ...replay, state: 'running' }, 'en').join()).not.toContain('npm run');
  });
  it.each([
    [{ kind: 'COUNT', told: 12, heard: 9, asks: 0 }, 'told 12, heard 9'],
    [{ kind: 'COUNT', told: 12, heard: 9, asks: 2 }, 'told 12, heard 9; asked for 2 times'],
    [{ kind: 'COUNT', told: 12, heard: 9, asks: 5, givenUpAt: '2026-11-26T01:00:00Z' }, 'told 12, heard 9; asked for 5 times; given up, somebody has to look'],
    [{ kind: 'POSITIONS', from: null, missing: 3 }, '3 places jumped over'],
    [{ kind: 'RECKONING' }, 'a reckoning is lost'],
  ])('a gap: %j', (given, words) => expect(gapLine('warehouse', { topic: 'records.x', from: 'f', to: 't', ...given }, 'en')).toContain(words));
});

describe('reconcile apply', () => {
  const gap = { gapId: ID, kind: 'COUNT', from: 'f', to: 't', told: 12, heard: 9, missing: null, asks: 5, givenUpAt: null };
  const gaps = [{ ...gap, topic: 'records.a' }, { ...gap, topic: 'records.b' }];
  const replay = { replayId: ID, version: 1, state: 'done', messages: 3, keys: 0, oldest: null, processed: 0, left: 0, cap: 200_000, perSecond: 500, done: 3, failed: 0, because: 'b', by: 'it-admin' };
  /** A platform whose owner of records.a ends each plan so. @param {Failure} failure */
  const platform = (failure) => /** @type {any} */ ({
    services: async () => ['warehouse'],
    all: async () => gaps,
    read: async () => replay,
    post: async (/** @type {string} */ path) => (path.startsWith('/api/a/') ? Promise.reject(failure) : replay),
  });
  const asked = read(['reconcile', 'apply', '--because', 'b', '--lang', 'en']);

  it('goes on with the next gap when nothing of one is kept any more, and calls for somebody', async () => {
    const { lines, code } = await run(platform(new Failure(EXIT.refused, 'không còn', 'nothing is kept')), asked);
    expect([code, lines.filter((line) => line.includes('nothing is kept')).length, lines.filter((line) => line.includes('b/')).length]).toEqual([EXIT.attention, 1, 1]);
  });

  it('ends when the platform is away or the right is missing', async () => {
    await expect(run(platform(new Failure(EXIT.notPermitted, 'v', 'e')), asked)).rejects.toThrow('e');
  });
});
