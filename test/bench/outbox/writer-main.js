/**
 * A service that runs: database, unit of work, HTTP with Nest; with `kafka` also its messaging (relay), without it nothing of
 * it is loaded. It writes what it is asked for over its IPC channel and ends with it.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpApp } from '@quan-so/http';
import { formatInstant } from '@quan-so/language';
import { RecordChanged } from '@quan-so/contracts-data';
import { shardOf } from '@quan-so/contract';
import { Database, migrate, persistenceMigrations, uuidv7, Work } from '@quan-so/persistence';
import { offered } from '../offered.js';
import { now } from './clock.js';
import { dataOf, subjectOf, SUBJECTS, TEMPLATE, TYPE } from './facts.js';

/** @typedef {{ url: string, migratorUrl: string, kafka?: string }} Given */
/** @typedef {{ rate: number, seconds: number, from: number }} Paced */
/** @typedef {{ count: number, from: number, chunk: number }} Bulk */

const given = /** @type {Given} */ (JSON.parse(process.argv[2] ?? '{}'));
process.on('disconnect', () => process.exit(0));
const peerTable = {
  name: 'bench-outbox-event',
  // The columns of Debezium's own documentation; text instead of jsonb: nothing has to be parsed.
  up: 'CREATE TABLE outbox_event (id uuid PRIMARY KEY, aggregatetype text NOT NULL, aggregateid text NOT NULL, type text NOT NULL, payload text NOT NULL)',
};
const own = given.kafka === undefined ? [peerTable] : (await import('@quan-so/messaging')).messagingMigrations;
await migrate({ url: given.migratorUrl, appRole: new URL(given.url).username, migrations: [...persistenceMigrations, ...own] });
const database = await Database.open({ service: 'dossiers', url: given.url });
const work = new Work(database);
const app = await createHttpApp({
  service: 'dossiers', title: { vi: 'Đo', en: 'Bench' }, version: '0', module: class Bench {}, operations: [],
  verifier: { verify: () => Promise.reject(new Error('nobody signs in here')), close: () => Promise.resolve() },
  cursorKey: randomBytes(32).toString('base64'), checkAnswers: false, health: async () => ({ ready: true, parts: {} }), issuer: 'http://127.0.0.1/realms/none',
});
await app.listen('127.0.0.1', 0);
if (given.kafka !== undefined) {
  const { createMessaging } = await import('@quan-so/messaging');
  const definition = { publishes: [RecordChanged], consumes: [] };
  await createMessaging({ service: 'dossiers', database, work, definition, handlers: [], transport: { kind: 'kafka', config: { brokers: [given.kafka] } } }).start();
}

/** @param {number} n */
async function tellOurs(n) {
  await work.internal('bench.tell', async (tx) => tx.emit(RecordChanged, subjectOf(n), /** @type {any} */ (dataOf(n))));
}

const PEER_INSERT = 'INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload) VALUES ($1, $2, $3, $4, $5)';

/** The same work but for the table: checked by the contract, one row, one transaction. @param {number} n */
async function tellPeers(n) {
  await work.internal('bench.tell', async (tx) => {
    const data = RecordChanged.schema.parse(dataOf(n));
    const id = uuidv7();
    const envelope = JSON.stringify({ specversion: '1.0', id, source: '/dossiers', type: TYPE, subject: subjectOf(n), time: formatInstant(tx.now.getTime()), datacontenttype: 'application/json', data });
    await tx.sql('peer-outbox', PEER_INSERT, [id, 'dossiers', subjectOf(n), TYPE, envelope]);
  });
}

/** @type {Map<string, Promise<void>>} */
const writing = new Map();

/** A thing is changed by one transaction after the other, as the lock of its row sees to. @param {number} n @param {() => Promise<void>} tell */
function inTurn(n, tell) {
  const subject = subjectOf(n);
  const told = (writing.get(subject) ?? Promise.resolve()).then(tell);
  writing.set(subject, told.catch(() => undefined));
  return told;
}

/** A busy database is asked again, as whoever gets a 503 does; the time counts from when it was due. @param {() => Promise<void>} tell */
async function untilTold(tell) {
  for (let again = 0; ; again += 1) {
    try {
      return await tell();
    } catch (error) {
      if (again === 600) throw error;
      await sleep(50);
    }
  }
}

const FILLED = `replace(replace(replace(replace($4, '@N@', lpad(n::text, 7, '0')), '@SUBJECT@', s.subject), '@VERSION@', (n / ${SUBJECTS} + 1)::text), '@ID@', i.id::text)`;
// OFFSET by the row: else the subquery would be asked once for all of them.
const NUMBERS = `generate_series($1::int, $2::int - 1) AS g (n) JOIN unnest($3::text[]) WITH ORDINALITY AS s (subject, place) ON s.place = n % ${SUBJECTS} + 1
  CROSS JOIN LATERAL (SELECT uuidv7() AS id OFFSET n * 0) i`;
const OURS_BULK = `INSERT INTO outbox (event_id, kind, topic, shard, subject, type, envelope, created_at)
  SELECT i.id, 'records', 'records.dossiers', ($5::int[])[s.place], s.subject, '${TYPE}', ${FILLED}, now() FROM ${NUMBERS} ORDER BY n`;
const PEERS_BULK = `INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload)
  SELECT i.id, 'dossiers', s.subject, '${TYPE}', ${FILLED} FROM ${NUMBERS} ORDER BY n`;
const subjects = Array.from({ length: SUBJECTS }, (_, n) => subjectOf(n));
const shards = subjects.map((subject) => shardOf('records', subject));

/** Written as fast as the database takes it, in transactions of `chunk`. @param {Bulk} bulk */
async function bulk({ count, from, chunk }) {
  const ours = given.kafka !== undefined;
  for (let n = from; n < from + count; n += chunk) {
    const values = [n, Math.min(n + chunk, from + count), subjects, TEMPLATE, ...(ours ? [shards] : [])];
    await database.sql(ours ? 'bench-bulk' : 'bench-bulk-peer', ours ? OURS_BULK : PEERS_BULK, values);
  }
  return { ended: now() };
}

/** At a fixed rate; answers when each was due and when its COMMIT had returned. @param {Paced} paced */
async function paced({ rate, seconds, from }) {
  const tell = given.kafka === undefined ? tellPeers : tellOurs;
  const shift = now() - performance.now();
  const due = /** @type {number[]} */ ([]);
  const committed = /** @type {number[]} */ ([]);
  const { begun, failed, late, errors } = await offered({
    rate, seconds,
    send: async (i, at) => {
      due[i] = at + shift;
      await inTurn(from + i, () => untilTold(() => tell(from + i)));
      committed[i] = now();
    },
  });
  if (failed > 0) throw errors[0];
  return { begun, late, due, committed };
}

process.on('message', (/** @type {{ id: number, paced?: Paced, bulk?: Bulk }} */ asked) => {
  const done = asked.paced !== undefined ? paced(asked.paced) : bulk(/** @type {Bulk} */ (asked.bulk));
  done.then((value) => process.send?.({ id: asked.id, value }), (error) => process.send?.({ id: asked.id, error: String(error?.stack ?? error) }));
});
process.send?.({ ready: true });
