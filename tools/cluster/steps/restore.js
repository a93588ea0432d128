/**
 * The restore drill: a base is made, people work, an instant is noted, they work on, then everything goes back to that
 * instant by the command of charts/README.md: every row of then is there, none from after, and the platform goes on.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../layers.js';
import { ask, until } from '../kube.js';
import { ROOT, STORES } from '../place.js';
import { countsOf, reader } from '../sql.js';

const WORK_MS = 6_000;
/** What people did and what others heard of it. */
const TOLD = ['dossiers.dossier', 'dossiers.dossier_history', 'warehouse.record', 'warehouse.record_history'];

/** @type {import('./steps.js').Step} */
export const restore = {
  id: 'restore',
  vi: 'diễn tập khôi phục về một thời điểm: đủ mọi dòng của lúc đó, không dòng nào về sau, rồi chạy tiếp',
  en: 'the restore drill: back to an instant with every row of then and none from after, and on it goes',
  run: async (stage) => {
    const { kube } = stage;
    const incident = `drill-${Date.now()}`;
    await kube.kubectl(['-n', STORES, 'create', 'job', `base-${incident}`, '--from=cronjob/postgres-backup']);
    await kube.kubectl(['-n', STORES, 'wait', '--for=condition=complete', `job/base-${incident}`, '--timeout=300s']);
    const before = await work(stage, 'restore-before');
    const then = await counts(kube);
    const [clock] = await reader(kube)('dossiers')('', "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS now", []);
    await sleep(2_000);
    await work(stage, 'restore-after');
    const lost = await counts(kube);
    if (sum(lost) <= sum(then)) throw new Error('sau thời điểm ấy không ai làm gì / nobody did anything after that instant');
    const began = performance.now();
    const to = String(clock?.['now']);
    const { code, output } = await ask(process.execPath, [join(ROOT, 'tools', 'charts', 'restore.js'), '--to', to, '--incident', incident, '--confirm', to]);
    if (code !== 0) throw new Error(output);
    await stage.settled(300);
    const seconds = Math.round((performance.now() - began) / 1_000);
    await until('đúng số dòng / the counts of then', 120, async () => same(then, await counts(kube)));
    await agrees(before);
    await work(stage, 'restore-on');
    return { 'dòng lúc đó / rows of then': sum(then), 'dòng về sau, đã bỏ / rows from after, given up': sum(lost) - sum(then), 'giây / s': seconds };
  },
};

/** People work for a moment and go home; what they told is heard. @param {import('../stage.js').Stage} stage @param {string} name */
async function work(stage, name) {
  const load = await stage.load(name, 6);
  await sleep(WORK_MS);
  const { acknowledged } = await load.stop();
  if (acknowledged === 0) throw new Error(`${name}: không lệnh nào được nhận / nothing was acknowledged`);
  await agrees(load);
  return load;
}

/** What was acknowledged is there, once. @param {import('../load.js').Load} load */
async function agrees(load) {
  const { faults } = await load.faults();
  if (faults.length > 0) throw new Error(faults.slice(0, 5).join('\n'));
}

/** @param {import('../kube.js').Kube} kube @returns {Promise<Record<string, number>>} */
async function counts(kube) {
  const all = await Promise.all(services.map(async ({ name }) => Object.entries(await countsOf(kube, name)).map(([table, rows]) => /** @type {const} */ ([`${name}.${table}`, rows]))));
  return Object.fromEntries(all.flat().filter(([table]) => TOLD.includes(table)));
}

/** @param {Record<string, number>} a @param {Record<string, number>} b */
function same(a, b) {
  return Object.keys(a).every((table) => a[table] === b[table]);
}

/** @param {Record<string, number>} rows */
function sum(rows) {
  return Object.values(rows).reduce((a, b) => a + b, 0);
}
