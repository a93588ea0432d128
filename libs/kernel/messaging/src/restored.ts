import { log } from '@quan-so/observability';
import { type Database, type Sql, type Work } from '@quan-so/persistence';
import { positionsOf } from './consumer.queries.js';
import { keepGap } from './reconcile.queries.js';
import { endPlaces, lastTold, settle, turn, unsettled, type Restored } from './restored.queries.js';
import { levelOf, type Standing } from './standing.rules.js';

const BEAT_MS = 2_000;
const PUT_BACK_UNSAID = 'was put back and nobody said so: declare it (declare_restored), or put all of them back';

/** What the broker is asked, and told, of a group that is not joined yet. */
export interface Group {
  standing(): Promise<readonly Standing[]>;
  /** Whether a topic tells anything that was told after the first and before the second instant. */
  tellsBetween(topic: string, after: Date, before: Date): Promise<boolean>;
  /** One of the topics that tells something later than that; `last` is asked after the ends of the topics were. */
  tellingLater(topics: readonly string[], last: () => Promise<Date | undefined>): Promise<string | undefined>;
  /** Where the group shall begin to read; refused by the broker while it has members. */
  setBack(places: readonly { readonly topic: string; readonly shard: number; readonly offset: number }[]): Promise<void>;
}

/** The database was put back and the service must not go on: somebody has to decide. */
export class PutBack extends Error {
  override readonly name = 'PutBack';
}

/** The service must not begin; why is in the log, and whoever watches the process is told by this exit code. */
export class MustNotBegin extends Error {
  override readonly name = 'MustNotBegin';
  constructor(readonly exitCode: number, options: ErrorOptions) {
    super('the service must not begin', options);
  }
}

export interface Meeting {
  readonly service: string;
  readonly database: Database;
  readonly work: Work;
  /** Topics whose counts are compared: a gap of another could never be mended by that. */
  readonly reckoned?: ReadonlySet<string>;
}

/** What a service takes, and what it tells: of that others may know more than its outbox does. */
export interface Topics {
  readonly heard: readonly string[];
  readonly told: readonly string[];
}

/**
 * Before a group is joined: whether our database and the broker speak of the same past. A database that was put back and
 * nobody said so is refused: whoever goes on there gives out numbers and versions a second time. Said so, the group goes
 * back to the place that the database has; or, when all databases went back, it begins where the log was cut.
 */
export async function meetRestored(meeting: Meeting, topics: Topics, group: Group): Promise<void> {
  const { service, database } = meeting;
  const { heard, told } = topics;
  if ((await unsettled(database.sql)).length > 0) await oneAtATime(database, () => goBack(meeting, topics, group));
  // The broker first: it is told after our database, so read in this order it is never ahead of one that was not put back.
  const standing = await group.standing();
  const { ahead, another } = await compared(database.sql, heard, standing);
  demandLevel(service, ahead);
  const later = await group.tellingLater(told, () => lastTold(database.sql));
  if (later !== undefined) throw new PutBack(`${later} tells what this database has never told: it ${PUT_BACK_UNSAID}`);
  if (another.length > 0) await oneAtATime(database, () => beginAnew(meeting, group, another));
}

/**
 * A group that two processes set back at once shares its partitions out between them, and what each would set of the other's
 * is left out in silence. Whoever comes second is refused, tries again and looks anew.
 */
async function oneAtATime(database: Database, act: () => Promise<void>): Promise<void> {
  const connection = await database.connection();
  // A session that is silent for ten seconds is lost; the broker may take longer.
  const beat = setInterval(() => void turn(connection.sql).catch(() => undefined), BEAT_MS);
  try {
    if (!(await turn(connection.sql))) throw new Error('another process of this service sets the group back');
    await act();
  } finally {
    clearInterval(beat);
    await connection.close();
  }
}

async function goBack({ service, database, work }: Meeting, { heard, told }: Topics, group: Group): Promise<void> {
  const declared = await unsettled(database.sql);
  if (declared.length === 0) return;
  await demandCut(declared, { heard, told }, group);
  const { ahead } = await compared(database.sql, heard, await group.standing());
  // When all went back the log was cut, and nothing of it can be ahead.
  if (declared.some(({ scope }) => scope === 'all')) demandLevel(service, ahead);
  else if (ahead.length > 0) {
    await group.setBack(ahead.map(({ topic, shard, low, next }) => ({ topic, shard, offset: Math.max(low, next) })));
    const fresh = await compared(database.sql, heard, await group.standing());
    if (fresh.ahead.length > 0) throw new Error('the group is not where it was set back to');
  }
  await work.internal('database.restored', async (tx) => {
    const incidents = await settle(tx.sql, declared.map(({ incident }) => incident));
    if (incidents.length > 0) tx.audit(incidents.map((incident) => `restored:${incident}`), ['scope', 'restored_to']);
  });
  log(service).warn('the database was put back: events are taken again from where it stands', { count: ahead.length });
}

type Compared = Standing & { readonly next: number };

async function compared(sql: Sql, topics: readonly string[], standing: readonly Standing[]): Promise<{ ahead: Compared[]; another: Compared[] }> {
  const places = await positionsOf(sql, 'kafka', topics);
  const levels = standing.map((one) => {
    const place = places.get(`${one.topic}/${one.shard}`);
    return { level: levelOf(one, place), ...one, next: (place ?? -1) + 1 };
  });
  return { ahead: levels.filter(({ level }) => level === 'ahead'), another: levels.filter(({ level }) => level === 'another') };
}

/**
 * Events of an hour that never was must not be taken as effects, and what is sent again must not be cut with them afterwards.
 * Others may have sent their hour again already; of our own topics nothing at all is there before we did.
 */
async function demandCut(restored: readonly Restored[], { heard, told }: Topics, group: Group): Promise<void> {
  for (const { scope, restored_to: to, declared_at: at } of restored) {
    if (scope === 'alone') continue;
    for (const [topics, after] of [[heard, to], [told, new Date(0)]] as const) {
      for (const topic of topics) {
        if (await group.tellsBetween(topic, after, at)) throw new PutBack(`${topic} still tells what came before the databases were put back: cut the log at its end`);
      }
    }
  }
}

function demandLevel(service: string, ahead: readonly Compared[]): void {
  const [first] = ahead;
  if (first === undefined) return;
  log(service).error('the group has taken what the database knows nothing of', { topic: first.topic, partition: first.shard, offset: first.committed, count: (first.committed ?? 0) - first.next });
  throw new PutBack(`the database ${PUT_BACK_UNSAID}`);
}

/** The broker lost its log: an alarm, and what was not taken yet is asked for by the reckonings that follow. */
async function beginAnew({ service, work, reckoned }: Meeting, group: Group, places: readonly Compared[]): Promise<void> {
  await forgetEnds(service, group, places);
  await work.internal('message.log-lost', async ({ sql, now }) => {
    const compares = places.filter(({ topic }) => reckoned?.has(topic) === true);
    for (const { topic, shard, next, high } of compares) await keepGap(sql, { kind: 'POSITIONS', topic, shard, from: null, to: now, missing: next - high });
    await endPlaces(sql, places);
  });
  for (const { topic, shard, next } of places) log(service).error('the log ends before our place: the broker has lost it, and it is read from its beginning', { topic, partition: shard, offset: next });
}

/**
 * A group that remembers more than there is would look ahead of us as soon as something is told. While it has members the
 * broker refuses, and they begin anew by themselves.
 */
async function forgetEnds(service: string, group: Group, places: readonly Compared[]): Promise<void> {
  const beyond = places.filter(({ committed, high }) => (committed ?? 0) > high);
  if (beyond.length === 0) return;
  try {
    await group.setBack(beyond.map(({ topic, shard, low }) => ({ topic, shard, offset: low })));
  } catch (error) {
    log(service).warn('the group was not set back', { count: beyond.length, error });
  }
}
