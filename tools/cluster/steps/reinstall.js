/** Both releases uninstalled and installed again: volumes stay, every row is there, the platform works on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../layers.js';
import { until } from '../kube.js';
import { PLATFORM, STORES } from '../place.js';
import { countsOf } from '../sql.js';

/** Tables whose rows come and go by themselves. */
const PASSING = /^(beat|heartbeat|missing|shard|relay)/;

/** @type {import('./steps.js').Step} */
export const reinstall = {
  id: 'reinstall',
  vi: 'gỡ cả hai bản cài rồi cài lại trên dữ liệu còn giữ',
  en: 'both releases uninstalled and installed again on kept data',
  run: async (stage) => {
    const { kube } = stage;
    await sleep(5_000);
    await kube.helm(['uninstall', 'quan-so', '-n', PLATFORM, '--wait', '--timeout', '180s']);
    const before = await counts(kube);
    await kube.helm(['uninstall', 'datastores', '-n', STORES, '--wait', '--timeout', '180s']);
    await until('không còn pod / no pod left', 180, async () => (await stage.pods()).every(({ status }) => status.phase === 'Succeeded'));
    const { items: volumes } = await kube.json(['-n', STORES, 'get', 'pvc']);
    const began = performance.now();
    await stage.stores('install');
    const after = await counts(kube);
    await stage.platform('install');
    const seconds = Math.round((performance.now() - began) / 1_000);
    const different = Object.keys(before).filter((table) => before[table] !== after[table]);
    if (different.length > 0) throw new Error(different.map((table) => `${table}: ${before[table]} → ${after[table]}`).join('\n'));
    return { 'ổ còn giữ / volumes kept': volumes.length, 'bảng / tables': Object.keys(before).length, 'dòng / rows': Object.values(before).reduce((a, b) => a + b, 0), 'cài lại, s / installed again, s': seconds };
  },
};

/** @param {import('../kube.js').Kube} kube @returns {Promise<Record<string, number>>} rows by table */
async function counts(kube) {
  const all = await Promise.all(services.map(async ({ name }) => Object.entries(await countsOf(kube, name)).map(([table, rows]) => /** @type {const} */ ([`${name}.${table}`, rows]))));
  return Object.fromEntries(all.flat().filter(([table]) => !PASSING.test(table.split('.')[1] ?? '')));
}
