/** R16: base backup under load, then an instant, then more that is given up; server and volume are lost; back to the instant. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from '../../../tools/real/cache.js';
import { startImagePostgres } from '../../../tools/real/postgres-image.js';
import { Client } from '../client.js';
import { ROOT } from '../ground.js';
import { readLedger } from '../ledger.js';
import { brokerOf } from './away.js';
import { untilAcknowledged } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */

/** R16. */
const RPO_SECONDS = 300;
const RTO_SECONDS = 3_600;
const PATIENCE_MS = 900_000;
const CHUNK = 20_000;
const NOW = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || pg_walfile_name(pg_current_wal_insert_lsn())`;

/** @param {number} seconds of each part: before the backup, up to the instant, what is given up, after it @returns {import('../run.js').Scene} */
export function restored(seconds) {
  /** @type {import('../../../tools/real/postgres-image.js').ImagePostgres | undefined} */
  let server;
  let folder = '';
  return {
    prepare: async () => {
      // The server runs as nobody, who is let into no home.
      folder = mkdtempSync(join(tmpdir(), 'quan-so-drill-'));
      chmodSync(folder, 0o755);
      const start = async (/** @type {{ dir: string, services: readonly string[] }} */ options) => (server = await startImagePostgres({ root: ROOT, ...options }));
      return { changes: { server: start, places: { postgres: folder } }, undo: () => rmSync(folder, { recursive: true, force: true }) };
    },
    play: async (stage) => {
      if (server === undefined) throw new Error('the server was not started');
      await drill(stage, server, seconds);
    },
    judge: ({ facts, sight }) => {
      const known = (/** @type {string} */ id, /** @type {number} */ version) => facts.history.get(id)?.some((one) => one.version === version) === true;
      const strange = [...facts.recordHistory].flatMap(([id, versions]) => [...versions].filter((version) => !known(id, version)));
      sight.most('điều đã bỏ mà bên nghe vẫn giữ / kept elsewhere of what was given up', strange.length, 0);
    },
  };
}

/** @param {Stage} stage @param {import('../../../tools/real/postgres-image.js').ImagePostgres} server @param {number} seconds */
async function drill({ ground, client, read, sight, tell }, server, seconds) {
  const kafka = brokerOf(ground);
  await sleep(seconds * 1_000);
  tell((await server.backup()).trim());
  await sleep(seconds * 1_000);
  // What the ledger says now was committed before the instant.
  const { size } = statSync(client.ledger.path);
  const [instant = '', segment = ''] = (await server.sql(NOW)).trim().split(' ');
  const archived = archivedAfter(join(server.volume, 'wal', `${segment}.gz`));
  await sleep(seconds * 1_000);
  await client.stop();
  sight.most('đến khi thời điểm ấy nằm trong bản sao lưu, giây / until that instant was in the backup, s', await archived, RPO_SECONDS);

  await Promise.all(ground.instances.map((one) => one.end()));
  await server.lose();
  const began = performance.now();
  await putBack(server, instant, read, tell);
  await forgetToCut(ground);
  await kafka.cut();
  for (const one of ground.instances) one.start();
  await Promise.all(ground.instances.map((one) => one.untilReady(PATIENCE_MS)));
  const after = await clientAfter({ ground, client, read, sight }, size);
  after.start({ rate: 30, workers: 12 });
  const firstMs = await untilAcknowledged(after, PATIENCE_MS);
  sight.most('từ lúc mất đến lệnh đầu tiên được xác nhận, giây / from the loss to the first command acknowledged, s', Number.isNaN(firstMs) ? Number.NaN : Math.round((performance.now() - began) / 1_000), RTO_SECONDS);
  await sleep(seconds * 1_000);
  await after.stop();
}

/** Seconds until the server's log has reached the volume of the backups up to there. @param {string} file */
async function archivedAfter(file) {
  const began = performance.now();
  while (!existsSync(file)) {
    if (performance.now() - began > PATIENCE_MS) return Number.NaN;
    await sleep(200);
  }
  return Math.round((performance.now() - began) / 1_000);
}

/** As an operator does it, beside what must be refused. @param {import('../../../tools/real/postgres-image.js').ImagePostgres} server @param {string} instant @param {Stage['read']} read @param {Stage['tell']} tell */
async function putBack(server, instant, read, tell) {
  await server.again();
  await until(() => readFileSync(server.log, 'utf8').includes('the data are gone and there are backups'), 'an empty volume beside backups was begun anew');
  if (await server.restore('ask', instant, 'drill', 'latest').then(() => true, () => false)) throw new Error('a restore without confirmation was taken');
  tell((await server.restore('ask', instant, 'drill', instant)).trim());
  await server.untilListening();
  if (await read('catalog')('chaos-closed', 'SELECT 1 AS n', []).then(() => true, () => false)) throw new Error('a service was let in before the server was opened');
  tell((await server.restore('open')).trim());
}

/** Whoever forgets to cut the log is told so before anything works. @param {Stage['ground']} ground */
async function forgetToCut({ instances }) {
  await Promise.all(
    instances.map(async (one) => {
      const from = statSync(one.given.log).size;
      one.start();
      const refused = () => readFileSync(one.given.log).subarray(from).includes('cut the log at its end');
      await until(() => refused() || one.ready, `${one.name}: neither refused nor ready`);
      if (!refused()) throw new PartError(`${one.name}: a log that still tells what was given up was taken`);
    }),
  );
  await Promise.all(instances.map((one) => one.end()));
}

/**
 * The people at the desks after the restore: they know what was committed before the instant. What they were told later is
 * given up, and named in the ledger's neighbour.
 * @param {Pick<Stage, 'ground' | 'client' | 'read' | 'sight'>} stage @param {number} size of the ledger before the instant
 */
async function clientAfter({ ground, client, read, sight }, size) {
  const { path } = client.ledger;
  const keys = await keysOf(read('dossiers'));
  const text = readFileSync(path);
  const later = text.subarray(size).toString().split('\n').filter((line) => line !== '');
  const [kept, givenUp] = [later.filter((line) => keys.has(JSON.parse(line).k)), later.filter((line) => !keys.has(JSON.parse(line).k))];
  writeFileSync(`${path}.given-up`, givenUp.map((line) => `${line}\n`).join(''));
  writeFileSync(path, Buffer.concat([text.subarray(0, size), Buffer.from(kept.map((line) => `${line}\n`).join(''))]));
  const acknowledged = givenUp.filter((line) => JSON.parse(line).t === 'ack').length;
  sight.least('đã xác nhận sau thời điểm ấy, bỏ và nêu tên / acknowledged after the instant, given up and named', acknowledged, 1);
  return new Client(ground, client.ledger, readLedger(path), { random: client.random, counts: client.counts, twinEvery: client.twinEvery });
}

/** @param {import('../facts.js').Read} read */
async function keysOf(read) {
  const keys = new Set();
  for (let after = ''; ; ) {
    // The connections it has are those of the lost server.
    const rows = await again(() => read('chaos-keys-back', `SELECT key::text AS key FROM idempotency_key WHERE key::text > $1 ORDER BY key::text LIMIT ${CHUNK}`, [after]));
    for (const { key } of rows) keys.add(key);
    if (rows.length < CHUNK) return keys;
    after = rows.at(-1)?.['key'];
  }
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function again(work) {
  for (const ends = performance.now() + PATIENCE_MS; ; await sleep(500)) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > ends) throw error;
    }
  }
}

/** @param {() => boolean} holds @param {string} otherwise */
async function until(holds, otherwise) {
  for (const ends = performance.now() + PATIENCE_MS; !holds(); await sleep(200)) if (performance.now() > ends) throw new Error(otherwise);
}
