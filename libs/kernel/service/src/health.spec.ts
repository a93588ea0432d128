import { STALLED_MS, type MessagingState } from '@quan-so/messaging';
import { healthOf, isLive } from './health.js';

const answers = { ping: async () => 0, writesRefused: undefined };
const state: MessagingState = { unsent: 5, oldestUnsentMs: 400_000, owned: 8, unowned: 0, waitingMs: 90_000, parked: 0, missing: 0 };

function messagingOf(given: Partial<MessagingState> = {}, ms = 0) {
  return { state: async () => ({ ...state, ...given }), slowest: () => ({ what: 'take records.notes/1', ms }) };
}

describe('health', () => {
  it('is well while events wait for a broker or a database: nothing is lost and a new process would wait too', async () => {
    expect(await healthOf(answers, messagingOf())).toEqual({ ready: true, parts: { database: { ok: true }, messages: { ok: true } } });
  });

  it('neither serves nor lives on when a loop has hung for a minute', async () => {
    const [slow, hanging] = [messagingOf({}, STALLED_MS), messagingOf({}, STALLED_MS + 1)];
    expect([isLive(slow), isLive(hanging)]).toEqual([true, false]);
    expect(await healthOf(answers, slow)).toMatchObject({ ready: true });
    expect(await healthOf(answers, hanging)).toEqual({
      ready: false,
      parts: { database: { ok: true }, messages: { ok: false, detail: 'no progress: take records.notes/1' } },
    });
  });

  it('serves, and tells no more, while the database is counting what waits', async () => {
    const counting = { ...messagingOf(), state: () => new Promise<never>(() => undefined) };
    expect(await healthOf(answers, counting)).toEqual({ ready: true, parts: { database: { ok: true }, messages: { ok: true } } });
  });

  it('serves and tells when shards have no owner, events are parked or missing', async () => {
    const { ready, parts } = await healthOf(answers, messagingOf({ unowned: 8, parked: 2, missing: 3 }));
    expect(ready).toBe(true);
    expect(parts['messages']?.detail).toBe('8 shards that no process sends, 2 events parked, 3 events gone before they were taken');
  });

  it('does not serve, and lives, while nothing can be written', async () => {
    const full = { ...answers, writesRefused: 'the disk is full, nothing can be written' };
    expect(await healthOf(full, messagingOf())).toEqual({ ready: false, parts: { database: { ok: false, detail: 'the disk is full, nothing can be written' }, messages: { ok: true } } });
    expect(isLive(messagingOf())).toBe(true);
  });

  it('does not serve, and lives, while its clock is more than two seconds from the database’s', async () => {
    expect(await healthOf({ ...answers, ping: async () => 2_000 }, messagingOf())).toMatchObject({ ready: true });
    const { ready, parts } = await healthOf({ ...answers, ping: async () => 600_000 }, messagingOf());
    expect([ready, parts['database']]).toEqual([false, { ok: false, detail: 'its clock and ours are 600 s apart' }]);
    expect(isLive(messagingOf())).toBe(true);
  });

  it('does not serve, and lives, while the database is away or messages have not begun', async () => {
    const away = async (): Promise<never> => Promise.reject(new Error('away'));
    const without = await healthOf({ ping: away, writesRefused: undefined }, { ...messagingOf(), state: away });
    expect(without).toEqual({ ready: false, parts: { database: { ok: false, detail: 'does not answer' }, messages: { ok: true } } });
    expect(await healthOf(answers, undefined)).toMatchObject({ ready: false, parts: { messages: { ok: false, detail: 'not started' } } });
    expect(isLive(undefined)).toBe(true);
  });
});
