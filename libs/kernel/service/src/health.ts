import { type Health } from '@quan-so/http';
import { STALLED_MS, type Messaging, type MessagingState } from '@quan-so/messaging';
import { MOST_APART_MS, type Database } from '@quan-so/persistence';

type Part = Health['parts'][string];

/** A probe has a second or so; what is only told beside its answer is not waited for. */
const DETAIL_MS = 200;

/**
 * Whether requests can be answered: a database that reads and does not write answers hardly any, for every read of personal
 * data writes its access entry first. Keys of the realm are not asked about:
 * what we have stays good while it is away. Nor is the broker: events wait in the outbox.
 */
export async function healthOf(database: Pick<Database, 'ping' | 'writesRefused'>, messaging: Pick<Messaging, 'slowest' | 'state'> | undefined): Promise<Health> {
  const parts = { database: await databaseOf(database), messages: await messagesOf(messaging) };
  return { ready: Object.values(parts).every(({ ok }) => ok), parts };
}

/** Whether this process should go on: a loop that hangs stays so; what waits for something that is away still moves. */
export function isLive(messaging: Pick<Messaging, 'slowest'> | undefined): boolean {
  return (messaging?.slowest()?.ms ?? 0) <= STALLED_MS;
}

async function databaseOf(database: Pick<Database, 'ping' | 'writesRefused'>): Promise<Part> {
  return database.ping().then(
    (apartMs) => {
      const detail = database.writesRefused ?? (apartMs > MOST_APART_MS ? `its clock and ours are ${Math.round(apartMs / 1_000)} s apart` : undefined);
      return detail === undefined ? { ok: true } : { ok: false, detail };
    },
    () => ({ ok: false, detail: 'does not answer' }),
  );
}

async function messagesOf(messaging: Pick<Messaging, 'slowest' | 'state'> | undefined): Promise<Part> {
  if (messaging === undefined) return { ok: false, detail: 'not started' };
  if (!isLive(messaging)) return { ok: false, detail: `no progress: ${messaging.slowest()?.what}` };
  // What the database does not tell, or not now, is no fault of messages.
  const state = await soon(messaging.state());
  const detail = state === undefined ? '' : wordsOf(state);
  return detail === '' ? { ok: true } : { ok: true, detail };
}

async function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), DETAIL_MS)));
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What calls for somebody and keeps no request from being answered: the outbox is the buffer. */
function wordsOf({ unowned, parked, missing }: MessagingState): string {
  const words = [
    [unowned, 'shards that no process sends'],
    [parked, 'events parked'],
    [missing, 'events gone before they were taken'],
  ] as const;
  return words.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ');
}
